"""Pages of people and organisations."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from people import api
from sources.reading.views import RecordListPage, RecordPage


class PersonList(RecordListPage):
    viewset = api.PersonViewSet
    title = _("People")
    intro = _("Those who signed, spoke, voted or took part, with their posts and their names as printed.")
    covers = _("This list covers persons whom a source in this collection names.")


class PersonPage(RecordPage):
    viewset = api.PersonViewSet


class OrganisationList(RecordListPage):
    viewset = api.OrganisationViewSet
    title = _("Organisations and states")
    unit = ngettext_lazy("%(n)s organisation or state", "%(n)s organisations and states", "n")
    menu_label = _("Organisations")
    intro = _("States, ministries, forces, legislatures, courts, companies, outlets and groups.")
    covers = _(
        "This list covers all states and territories of ISO 3166-1 and the bodies that a source in this collection names."
    )


class OrganisationPage(RecordPage):
    viewset = api.OrganisationViewSet
