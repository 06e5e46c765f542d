"""What one source says, for its page: statements by record, disputes first, each with what the record states."""

from collections import Counter
from itertools import groupby

from django.db.models import Case, Count, When, prefetch_related_objects

from sources.api import named_records
from sources.models import Citation
from sources.reading import fact_wording, kinds
from sources.reading.api import link
from sources.reading.footnotes import fact_anchor
from sources.reading.store import answers

# A source with more statements has very many.
MANY = 1000
_SAID = ("stance", "locator", "value", "quotation", "credibility", "note")


class Statements:
    """What a source says, as Django's paginator takes a list: the citations of it, those about a record that it disputes first, and of
    each record the disputes first. ``stances`` has its number by stance.

    Of a source with very many each of the two parts is a query of its own, which comes in the order of an index.
    """

    def __init__(self, source):
        # Of those that readers see: a dispute about a hidden entry must not move its record.
        rows = Citation.objects.of_published_records().filter(source=source).order_by()
        said = list(rows.values_list("stance", "record_ref")[: MANY + 1])
        is_large = len(said) > MANY
        if is_large:
            said = list(rows.filter(stance=Citation.Stance.DISPUTES).values_list("stance", "record_ref"))
        disputed = {ref for stance, ref in said if stance == Citation.Stance.DISPUTES}
        self.stances = _kept_stances(source.slug) if is_large else _by_stance(Counter(stance for stance, _ref in said))
        self._parts = _parts(rows, disputed) if is_large else [_in_order(rows, disputed)]

    def __len__(self):
        return sum(self.stances.values())

    def __getitem__(self, part):
        start, stop, found = part.start, part.stop, []
        for rows in self._parts:
            some = list(rows[start:stop])
            found += some
            if len(found) == part.stop - part.start or rows is self._parts[-1]:
                break
            passed = start + len(some) if some else rows.order_by().count()
            start, stop = max(start - passed, 0), stop - passed
        return found


def _parts(rows, disputed):
    return [_in_order(rows.filter(record_ref__in=disputed)), _in_order(rows.exclude(record_ref__in=disputed))]


def _in_order(rows, disputed=()):
    """The citations, those about the records of the references ``disputed`` first, with what ``groups_of`` asks of them."""
    calm = [Case(When(record_ref__in=disputed, then=0), default=1)] if disputed else []
    rows = rows.annotate(
        against=Case(When(stance=Citation.Stance.DISPUTES, then=0), default=1),
        mention=Case(When(stance=Citation.Stance.MENTIONS, then=1), default=0),
    )
    rows = rows.order_by(*calm, "record_ref", "against", "part", "field", "mention", "uid")
    return rows.prefetch_related(named_records())


@answers.kept("stances")
def _kept_stances(slug):
    """To count the statements of a source, each is looked at."""
    rows = Citation.objects.of_published_records().filter(source__slug=slug).order_by()
    return _by_stance(dict(rows.values_list("stance").annotate(Count("pk"))))


def _by_stance(numbers):
    return {**dict.fromkeys(Citation.Stance.values, 0), **numbers}


def groups_of(citations):
    """``[{"record", "number", "disputes", "facts"}]`` of published citations in the order of ``Statements``.

    A fact has its name (``label``), what the record says (``stated``), its address, and what the source says of it (``said``).
    """
    entries = fact_wording.entries_of(citations)
    labels = fact_wording.labels_of_facts(citations, entries)
    stated = _stated(citations, entries)
    groups = []
    for _ref, rows in groupby(citations, key=lambda row: row.record_ref):
        rows = list(rows)
        facts = [
            _fact(list(same), labels, stated)
            for _place, same in groupby(rows, key=lambda row: (row.against, row.part, row.field))
        ]
        disputes = sum(row.stance == Citation.Stance.DISPUTES for row in rows)
        groups.append({"record": link(rows[0].record), "number": len(rows), "disputes": disputes, "facts": facts})
    return groups


def _fact(rows, labels, stated):
    """One fact with all that the source says of it in ``rows``, either the disputes or the rest."""
    row = rows[0]
    page = kinds.facts_address(fact_wording.kind_of(row), row.record.get_absolute_url())
    said = [{name: getattr(row, name) for name in _SAID} for row in rows]
    address = f"{page}#{fact_anchor(row.part, row.field)}"
    return {"label": labels[row.pk], "stated": stated[row.pk].rstrip("."), "address": address, "said": said}


def _stated(citations, entries):
    """``{citation.pk: what its record states}``; one query for each relation to many that is cited."""
    targets = {row.pk: _target(row, entries) for row in citations}
    lists = {}
    for row in citations:
        target = targets[row.pk]
        if target is not None and target._meta.get_field(row.field).many_to_many:
            lists.setdefault((type(target), row.field), []).append(target)
    for (_model, field), rows in lists.items():
        prefetch_related_objects(rows, field)
    return {
        row.pk: fact_wording.stated_in(target, row.field) if (target := targets[row.pk]) is not None else ""
        for row in citations
    }


def _target(row, entries):
    """The record, or the entry of it, that a citation is about; ``None`` for an entry that is gone."""
    return entries.get((fact_wording.kind_of(row), row.record_id, row.part)) if row.part else row.record
