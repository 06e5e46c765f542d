from django.urls import path

from kb.core.version_views import HistoryPage, VersionPage
from sources import views

urlpatterns = [
    path("contested/", views.ContestedList.as_view(), name="contested"),
    path("sources/", views.SourceList.as_view(), name="sources"),
    path("sources/<slug:slug>/", views.SourcePage.as_view(), name="sources-page"),
    path("sources/<slug:slug>/history/", HistoryPage.as_view(page=views.SourcePage), name="sources-history"),
    path("sources/<slug:slug>/v/<version:number>/", VersionPage.as_view(page=views.SourcePage), name="sources-version"),
]
