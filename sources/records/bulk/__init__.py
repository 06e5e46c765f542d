"""Writes many new records at once: rows, parts, citations, history and versions, in one transaction.

The result is what writing and publishing each dossier by itself gives, under the same rules, at a fraction of the time: every row of
a batch is made and checked in memory, gets its primary key there, and is inserted once, in its final state.
"""

from itertools import groupby

from django.contrib.contenttypes.models import ContentType

from sources.lib.collecting import no_garbage_collection
from sources.lib.inserting import insert
from sources.models import Review, Revision, TrailHead, Version
from sources.reading.search import index as search
from sources.reading.store import counter
from sources.reading.store import keeping as store
from sources.records.base import Record
from sources.records.bulk.building import Batch, Entry
from sources.records.bulk.inserting import Refusal
from sources.records.bulk.keys import Keys
from sources.records.status import Status

__all__ = ["Entry", "Refusal", "load"]

# How many records are represented together.
AT_ONCE = 100


def load(batches, comment, progress=lambda number: None):
    """Write ``batches``, lists of ``Entry``, in one transaction; ``progress(number of records so far)`` is called after each.

    A record may name records of its own batch, of earlier ones and of the database. Raises ``Refusal`` at the first mistake, and
    then nothing is written. Only one batch is held in memory.
    """
    number = 0
    with store.together():
        keys = Keys()
        for entries in batches:
            with no_garbage_collection():
                _write(Batch(entries, keys, comment))
            number += len(entries)
            progress(number)
    return number


def _write(batch):
    batch.build()
    try:
        batch.finish()
    finally:
        # Also after a refusal: if a constraint refuses a row too, that is the mistake to name.
        batch.insert()
    _freeze_versions(batch.entries)
    search.keep_shown({ContentType.objects.get_for_model(type(entry.record)).pk for entry in batch.entries})
    trail = [row for entry in batch.entries for row in entry.trail.rows]
    for model in (Revision, Review, Version):
        insert(model, [row for row in trail if type(row) is model])
    insert(TrailHead, [entry.trail.head() for entry in batch.entries])


def _freeze_versions(entries):
    """The public forms and versions of the published records, now that everything that they show can be read."""
    public = [entry for entry in entries if isinstance(entry.record, Record) and entry.record.is_published]
    frozen = [entry for entry in public if entry.wanted_status != Status.MERGED]
    store.settle()
    since = counter.now()
    for model, group in groupby(frozen, key=lambda entry: type(entry.record)):
        group = list(group)
        for start in range(0, len(group), AT_ONCE):
            some = group[start : start + AT_ONCE]
            forms = store.keep_many(model, [entry.record.pk for entry in some], since)
            forms = {form.record_id: form for form in forms}
            for entry in some:
                entry.trail.freeze(forms[entry.record.pk])
