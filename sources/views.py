"""Pages of sources: each shows what it supports."""

from django.utils.translation import gettext_lazy as _

from kb.core.views import RecordListPage, RecordPage
from sources import api


class SourceList(RecordListPage):
    viewset = api.SourceViewSet
    template_name = "sources/source_list.html"
    title = _("Sources")
    intro = _("The documents behind every fact, with their grades and what each of them says.")


class SourcePage(RecordPage):
    viewset = api.SourceViewSet
    template_name = "sources/source_page.html"
