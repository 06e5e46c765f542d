"""Pages of sources: each shows what it supports."""

from django.utils.translation import gettext_lazy as _

from sources import api
from sources.reading.views import RecordListPage, RecordPage


class SourceList(RecordListPage):
    viewset = api.SourceViewSet
    template_name = "sources/source_list.html"
    title = _("Sources")
    intro = _("The documents behind every fact, with their grades and what each of them says.")
    covers = _("This list covers every document that a published fact rests on, and documents read without result.")


class SourcePage(RecordPage):
    viewset = api.SourceViewSet
    template_name = "sources/source_page.html"


class ContestedList(RecordListPage):
    """Every fact on which sources differ, with what each of them says."""

    viewset = api.ContestedFactViewSet
    template_name = "sources/contested_list.html"
    api_name = "contested"
    title = _("Where sources differ")
    intro = _(
        "Facts that a source disputes or reports otherwise, with every value, and the ruling where the editors gave one."
    )
