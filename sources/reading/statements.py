"""What one source says, for its page: statements by record, disputes first, each with what the record states."""

from itertools import groupby

from django.db.models import Case, Count, Exists, OuterRef, When, prefetch_related_objects

from sources.api import named_records
from sources.models import Citation
from sources.reading import fact_wording, kinds
from sources.reading.api import link
from sources.reading.footnotes import fact_anchor

_SAID = ("stance", "locator", "value", "quotation", "credibility", "note")


def statements_of(source):
    """The citations of a source, those about a record that it disputes first, and of each record the disputes first."""
    rows = Citation.objects.of_published_records().filter(source=source)
    same_record = {name: OuterRef(name) for name in ("record_type", "record_id")}
    # Of those that readers see: a dispute about a hidden entry must not move its record.
    disputes = rows.filter(stance=Citation.Stance.DISPUTES, **same_record)
    first = {
        "disputed": Exists(disputes),
        "against": Case(When(stance=Citation.Stance.DISPUTES, then=0), default=1),
        "mention": Case(When(stance=Citation.Stance.MENTIONS, then=1), default=0),
    }
    order = ("-disputed", "record_ref", "against", "part", "field", "mention", "uid")
    return rows.annotate(**first).order_by(*order).prefetch_related(named_records())


class Statements:
    """What a source says, as Django's paginator takes a list. ``stances`` has its number by stance, counted once for both."""

    def __init__(self, source):
        self._rows = statements_of(source)
        self.stances = stances_of(source)

    def __len__(self):
        return sum(self.stances.values())

    def __getitem__(self, part):
        return self._rows[part]


def stances_of(source):
    """``{stance: number}`` of the published statements of a source."""
    rows = Citation.objects.of_published_records().filter(source=source).order_by()
    return {**dict.fromkeys(Citation.Stance.values, 0), **dict(rows.values_list("stance").annotate(Count("pk")))}


def groups_of(citations):
    """``[{"record", "number", "disputes", "facts"}]`` of published citations in the order of ``statements_of``.

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
