from django.urls import path

from sources import views
from sources.reading import record_urls

urlpatterns = [
    path("contested/", views.ContestedList.as_view(), name="contested"),
    *record_urls.of_kind("sources", views.SourcePage, views.SourceList),
]
