from sources.reading import record_urls

urlpatterns = record_urls.of_everything()
