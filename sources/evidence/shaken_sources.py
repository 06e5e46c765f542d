"""Records whose sources have fallen: withdrawn from this base, or corrected or retracted by their publishers."""

from collections import defaultdict

from django.contrib.contenttypes.models import ContentType

from sources.models import Citation, Source
from sources.records.status import UNCHOOSABLE, Status


def _citations():
    """Citations of sources that were withdrawn from this base, or corrected or retracted by their publishers, in published records."""
    # The few sources first, each way by an index that has no others: with either way allowed, every source is looked at.
    withdrawn = Source.objects.exclude(status=Status.PUBLISHED).filter(status__in=UNCHOOSABLE)
    corrected = Source.objects.exclude(standing=Source.Standing.STANDS)
    shaken = {key for rows in (withdrawn, corrected) for key in rows.order_by().values_list("pk", flat=True)}
    return Citation.objects.filter(source__in=shaken).of_published_records()


def refs_resting_on_shaken_sources():
    """The refs of published records that cite a shaken source, each once."""
    return _citations().order_by("record_ref").values_list("record_ref", flat=True).distinct()


def records_resting_on_shaken_sources(refs=None):
    """Worklist: ``(record, sources)`` for each published record that cites a shaken source, or for those of ``refs``; the
    sources are those it should no longer rest on unread."""
    citations = _citations()
    if refs is not None:
        citations = citations.filter(record_ref__in=list(refs))
    by_record = defaultdict(set)
    for record_type, record_id, source in citations.order_by().values_list("record_type", "record_id", "source"):
        by_record[record_type, record_id].add(source)
    rows = Source.objects.in_bulk({source for sources in by_record.values() for source in sources})
    resting = []
    for record in citations.records():
        cited = by_record[ContentType.objects.get_for_model(record).pk, record.pk]
        resting.append((record, sorted((rows[pk] for pk in cited), key=lambda row: row.slug)))
    return resting
