"""Pages of sources, and the list of what they differ on."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy

from sources import api
from sources.lib import paging
from sources.models import ContestedFact
from sources.reading import kinds
from sources.reading.answers import answers_of
from sources.reading.fact_wording import question_with
from sources.reading.footnotes import fact_anchor
from sources.reading.statements import Statements, groups_of
from sources.reading.store.cards import filtered
from sources.reading.store.disputes import Disputes
from sources.reading.views import RecordListPage, RecordPage, numbered_page


class SourceList(RecordListPage):
    viewset = api.SourceViewSet
    title = _("Sources")
    intro = _("The documents behind every fact, with their grades and what each of them says.")
    covers = _("This list covers every document that a published fact rests on, and documents read without result.")


class SourcePage(RecordPage):
    """A document with what it says. A frozen version has its first statements alone, by their keys."""

    viewset = api.SourceViewSet
    parameters = ("page",)
    # The page reads the statements itself: all of them, and beside each what the record states.
    left_out = ("statements",)
    SIZE = 100
    # With so few statements nothing is folded.
    FEW = 20

    def more(self, record, data):
        statements = Statements(record)
        page = numbered_page(statements, self.SIZE, self.request.GET.get("page", "1"))
        groups = groups_of(list(page.object_list))
        few = page.paginator.count <= self.FEW
        return {"statement_page": page, "groups": groups, "stances": statements.stances, "is_short": few}


class ContestedList(RecordListPage):
    """Every fact on which sources differ: as a question, with its answers and who gives them."""

    viewset = api.ContestedFactViewSet
    template_name = "sources/contested_list.html"
    title = _("Where sources differ")
    unit = ngettext_lazy("%(n)s disputed question", "%(n)s disputed questions", "n")
    menu_label = _("Contested")
    intro = _(
        "Questions to which sources give different answers, with every answer, and the ruling where the editors gave one."
    )
    ordering_labels = {"importance": _("importance"), "record": _("record")}
    newest_first = ("importance",)

    def more(self, filterset):
        number = filterset.counted_open()
        if number is None:
            rows = filterset.all_rows(ContestedFact.objects.published)
            number = rows.filter(state=ContestedFact.State.CONTESTED).order_by().count()
        words = ngettext("%(n)s question is open", "%(n)s questions are open", number) % {"n": number}
        is_unfolded = self.request.GET.get("state") == ContestedFact.State.SETTLED
        return {"still_open": words if number else _("No question is open"), "is_unfolded": is_unfolded}

    def page_of(self, filterset, params):
        rows = filtered(filterset, ContestedFact)
        return paging.paginate(rows, params, self.viewset.orderings, Disputes(), filterset.counted)

    def rows_of(self, page):
        return [self._row(row) for row in page.rows]

    @staticmethod
    def _row(row):
        record, place = row["record"], (row["part"], row["field"])
        address = f"{kinds.facts_address(record['kind'], record['page'])}#{fact_anchor(*place)}"
        return {
            **row,
            "question": question_with(record["kind"], *place, row["entry"]),
            "address": address,
            "answers": answers_of(row["citations"], row["stated_value"]),
        }
