from django.urls import path

from sources import views

urlpatterns = [
    path("contested/", views.ContestedList.as_view(), name="contested"),
    path("sources/", views.SourceList.as_view(), name="sources"),
    path("sources/<slug:slug>/", views.SourcePage.as_view(), name="sources-page"),
]
