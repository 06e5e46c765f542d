"""Lists of sources, and of what they differ on."""

from django.utils.translation import gettext_lazy as _

from sources import api
from sources.reading.views import RecordListPage


class SourceList(RecordListPage):
    viewset = api.SourceViewSet
    title = _("Sources")
    intro = _("The documents behind every fact, with their grades and what each of them says.")
    covers = _("This list covers every document that a published fact rests on, and documents read without result.")


class ContestedList(RecordListPage):
    """Every fact on which sources differ, with what each of them says."""

    viewset = api.ContestedFactViewSet
    template_name = "sources/contested_list.html"
    title = _("Where sources differ")
    menu_label = _("Contested")
    intro = _(
        "Facts that a source disputes or reports otherwise, with every value, and the ruling where the editors gave one."
    )
