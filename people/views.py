"""Pages of people and organisations."""

from django.utils.translation import gettext_lazy as _

from people import api
from sources.reading.views import RecordListPage, RecordPage


class PersonList(RecordListPage):
    viewset = api.PersonViewSet
    template_name = "people/person_list.html"
    title = _("People")
    intro = _("Those who signed, spoke, voted or took part, with their posts and their names as printed.")
    covers = _("This list covers persons whom a source in this collection names.")


class PersonPage(RecordPage):
    """``related`` is a function of the roof that finds what a person signed and said: this app imports nothing above."""

    viewset = api.PersonViewSet
    template_name = "people/person_page.html"
    related = None

    def more(self, record, data):
        return self.related(record)


class OrganisationList(RecordListPage):
    viewset = api.OrganisationViewSet
    template_name = "people/organisation_list.html"
    title = _("Organisations and states")
    intro = _("States, ministries, forces, legislatures, courts, companies, outlets and groups.")
    covers = _(
        "This list covers all states and territories of ISO 3166-1 and the bodies that a source in this collection names."
    )


class OrganisationPage(RecordPage):
    viewset = api.OrganisationViewSet
    template_name = "people/organisation_page.html"
    related = None

    def more(self, record, data):
        return self.related(record)
