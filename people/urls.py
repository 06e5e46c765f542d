from django.urls import path

from people import views


def urlpatterns_with(of_person, of_organisation):
    """The addresses of this app; the roof passes the functions that find what a person or body did elsewhere."""
    return [
        path("people/", views.PersonList.as_view(), name="people"),
        path("people/<slug:slug>/", views.PersonPage.as_view(related=staticmethod(of_person)), name="people-page"),
        path("organisations/", views.OrganisationList.as_view(), name="organisations"),
        path(
            "organisations/<slug:slug>/",
            views.OrganisationPage.as_view(related=staticmethod(of_organisation)),
            name="organisations-page",
        ),
    ]
