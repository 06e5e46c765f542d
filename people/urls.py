from people import views
from sources.reading import record_urls


def urlpatterns_with(of_person, of_organisation):
    """The addresses of this app; the roof passes the functions that find what a person or body did elsewhere."""
    return [
        *record_urls.of_kind("people", views.PersonPage, views.PersonList, related=staticmethod(of_person)),
        *record_urls.of_kind(
            "organisations", views.OrganisationPage, views.OrganisationList, related=staticmethod(of_organisation)
        ),
    ]
