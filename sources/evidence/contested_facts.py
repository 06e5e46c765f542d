"""Facts on which sources differ: kept beside the records, listed across all kinds, graded again when a source falls.

``ContestedFact`` holds a row for each fact that is contested, or settled by a ruling. ``keep`` brings a record's rows up to
date; ``regrade`` and ``regrade_resting_on`` do so when not the record but a source under it has changed.
"""

from collections import defaultdict

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils.translation import override

from sources.models import Citation, ContestedFact, Source
from sources.records.base import Record
from sources.records.dossier import documented_models

COLUMNS = ("state", "stated_value", "confidence", "sources", "independent", "disputing", "kind", "record_name")


def keep(record, facts):
    """Bring the ``ContestedFact`` rows of ``record`` to its ``facts`` (see ``sources.evidence.record_facts.facts_of``)."""
    content_type = ContentType.objects.get_for_model(record)
    present = {
        (row.part, row.field): row
        for row in ContestedFact.objects.filter(record_type=content_type, record_id=record.pk)
    }
    disputed = [fact for fact in facts if fact["state"] in ContestedFact.State.values]
    rows_of = dict(record.cited_rows()) if disputed else {}
    for fact in disputed:
        old = present.pop((fact["part"], fact["field"]), None)
        new = ContestedFact(
            record_type=content_type,
            record_id=record.pk,
            part=fact["part"],
            field=fact["field"],
            kind=record.KIND,
            record_name=str(record)[:500],
            state=fact["state"],
            stated_value=value_as_text(rows_of[fact["part"]], fact["field"]),
            confidence=fact["confidence"],
            sources=fact["sources"],
            independent=fact["independent"],
            disputing=fact["disputing"],
        )
        if old is None or any(getattr(old, name) != getattr(new, name) for name in COLUMNS):
            new.pk = old.pk if old else None
            new._state.adding = old is None
            new.record = record
            new.save()
    for row in present.values():
        row.delete()


def value_as_text(row, field):
    """What a row states in a field, as a reader sees it in English."""
    model_field = row._meta.get_field(field)
    if model_field.is_relation:
        named = getattr(row, field).all() if model_field.many_to_many else [getattr(row, field)]
        return "; ".join(sorted(str(target) for target in named if target and getattr(target, "is_published", True)))
    value = row.fact_value(field)
    display = getattr(row, f"get_{field}_display", None)
    with override("en"):
        return "" if value is None else str(display() if display else value)


# Grading again


def regrade(records):
    """Bring the derived columns of records up to date. Returns those whose disputes or confidence changed."""
    changed = []
    for record in records:
        before = _grades(record)
        record.refresh_derived()
        if _grades(record) != before:
            changed.append(record)
    return changed


def regrade_resting_on(sources=(), findings=()):
    """Grade again every record that cites one of ``findings`` or of ``sources``, or a document that derives from one of these."""
    return regrade(records_resting_on(sources, findings))


def records_resting_on(sources=(), findings=()):
    """Records that cite one of ``findings`` or of ``sources``, or a document that derives from one of these, by kind and slug."""
    rests = Q(source__in=_with_reprints(sources)) | Q(finding__in=findings)
    return _records(Citation.objects.filter(rests))


def shaken_sources():
    """Sources that were withdrawn from this base, or corrected or retracted by their publishers."""
    return Source.objects.filter(Q(status__in=["withdrawn", "merged"]) | ~Q(standing="stands"))


def refs_resting_on_shaken_sources():
    """The refs of published records that cite a shaken source, each once."""
    citations = Citation.objects.filter(source__in=shaken_sources()).of_published_records()
    return citations.order_by("record_ref").values_list("record_ref", flat=True).distinct()


def records_resting_on_shaken_sources(refs=None):
    """Worklist: ``(record, sources)`` for each published record that cites a shaken source, or for those of ``refs``; the
    sources are those it should no longer rest on unread."""
    citations = Citation.objects.filter(source__in=shaken_sources()).of_published_records()
    if refs is not None:
        citations = citations.filter(record_ref__in=list(refs))
    by_record = defaultdict(set)
    for record_type, record_id, source in citations.order_by().values_list("record_type", "record_id", "source"):
        by_record[record_type, record_id].add(source)
    rows = Source.objects.in_bulk({source for sources in by_record.values() for source in sources})
    return [
        (record, sorted((rows[pk] for pk in by_record[_identity(record)]), key=lambda row: row.slug))
        for record in _records(citations)
    ]


def _grades(record):
    rows = ContestedFact.objects.filter(record_type=ContentType.objects.get_for_model(record), record_id=record.pk)
    return sorted(rows.values_list("part", "field", "state", "confidence"))


def _with_reprints(sources):
    """Primary keys of the sources and of all that derives from them."""
    found, edge = set(), {source.pk for source in sources}
    while edge:
        found |= edge
        edge = set(Source.objects.filter(derived_from__in=edge).values_list("pk", flat=True)) - found
    return found


def _records(citations):
    """The records that citations are about, one query a kind."""
    wanted = defaultdict(set)
    for record_type, record_id in citations.order_by().values_list("record_type", "record_id").distinct():
        wanted[record_type].add(record_id)
    records = []
    for _kind, model in sorted(documented_models().items()):
        ids = wanted.get(ContentType.objects.get_for_model(model).pk)
        if ids and issubclass(model, Record):
            records += model.objects.filter(pk__in=ids).order_by("slug")
    return records


def _identity(record):
    return ContentType.objects.get_for_model(record).pk, record.pk
