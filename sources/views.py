"""Pages of sources, and the list of what they differ on."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from sources import api
from sources.models import Citation
from sources.reading.fact_wording import labels_of_facts
from sources.reading.views import RecordListPage, RecordPage


class SourceList(RecordListPage):
    viewset = api.SourceViewSet
    title = _("Sources")
    intro = _("The documents behind every fact, with their grades and what each of them says.")
    covers = _("This list covers every document that a published fact rests on, and documents read without result.")


class SourcePage(RecordPage):
    viewset = api.SourceViewSet

    def context(self, record, data):
        """The statements are named as on the pages of their records. A frozen version has their keys alone."""
        statements = {
            row.uid: row for row in Citation.objects.filter(uid__in=[row["id"] for row in data["statements"]])
        }
        labels = labels_of_facts(statements.values())
        for row in data["statements"]:
            row["label"] = labels[statements[row["id"]].pk]
        return super().context(record, data)


class ContestedList(RecordListPage):
    """Every fact on which sources differ, with what each of them says."""

    viewset = api.ContestedFactViewSet
    template_name = "sources/contested_list.html"
    title = _("Where sources differ")
    unit = ngettext_lazy("%(n)s fact", "%(n)s facts", "n")
    menu_label = _("Contested")
    intro = _(
        "Facts that a source disputes or reports otherwise, with every value, and the ruling where the editors gave one."
    )

    def label_rows(self, instances, data):
        labels = labels_of_facts(instances)
        return [{**row, "label": labels[instance.pk]} for instance, row in zip(instances, data, strict=True)]
