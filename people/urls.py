from django.urls import path

from kb.core.version_views import HistoryPage, VersionPage
from people import views


def urlpatterns_with(of_person, of_organisation):
    """The addresses of this app; the roof passes the functions that find what a person or body did elsewhere."""
    return [
        path("people/", views.PersonList.as_view(), name="people"),
        path("people/<slug:slug>/", views.PersonPage.as_view(related=staticmethod(of_person)), name="people-page"),
        path("people/<slug:slug>/history/", HistoryPage.as_view(page=views.PersonPage), name="people-history"),
        path(
            "people/<slug:slug>/v/<version:number>/", VersionPage.as_view(page=views.PersonPage), name="people-version"
        ),
        path("organisations/", views.OrganisationList.as_view(), name="organisations"),
        path(
            "organisations/<slug:slug>/",
            views.OrganisationPage.as_view(related=staticmethod(of_organisation)),
            name="organisations-page",
        ),
        path(
            "organisations/<slug:slug>/history/",
            HistoryPage.as_view(page=views.OrganisationPage),
            name="organisations-history",
        ),
        path(
            "organisations/<slug:slug>/v/<version:number>/",
            VersionPage.as_view(page=views.OrganisationPage),
            name="organisations-version",
        ),
    ]
