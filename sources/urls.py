from django.urls import path

from sources import views

urlpatterns = [
    path("sources/", views.SourceList.as_view(), name="sources"),
    path("sources/<slug:slug>/", views.SourcePage.as_view(), name="sources-page"),
]
