"""Whether the trail is what was written: digests recomputed, numbers without gaps."""

import hashlib

from django.contrib.contenttypes.models import ContentType

from kb.core import dossier
from kb.core.dossier import documented_models
from sources.models import Revision, Version

BATCH = 100
ORDER = ("record_type", "record_id", "number")


def broken_revisions():
    """For each revision, in order, ``None`` or a sentence that says what is wrong.

    A revision's digest covers its dossier and the digest before it, so that a change anywhere breaks every later link; the
    chain goes on from the digest that is stored, which names the place instead of all that follows.
    """
    last = None
    for row in _rows(Revision):
        is_first = last is None or _about(row) != _about(last)
        before = "" if is_first else last.sha256
        yield _fault(row, 1 if is_first else last.number + 1, f"{before}{row.dossier}")
        last = row


def broken_versions():
    """The same for versions, whose digests cover the body alone."""
    last = None
    for row in _rows(Version):
        is_first = last is None or _about(row) != _about(last)
        yield _fault(row, 1 if is_first else last.number + 1, row.body)
        last = row


def strayed_records():
    """For each documented row, ``None`` or a sentence when it is not what its last revision says: the last links of the
    chain were removed, or something changed the row without a trace."""
    for model in documented_models().values():
        rows = model.objects.order_by("pk")
        for start in range(0, rows.count(), BATCH):
            batch = list(rows[start : start + BATCH])
            dossier.gather(batch)
            content_type = ContentType.objects.get_for_model(model)
            revisions = Revision.objects.filter(record_type=content_type, record_id__in=[row.pk for row in batch])
            last = {revision.record_id: revision.dossier for revision in revisions.order_by("number")}
            for row in batch:
                same = last.get(row.pk) == dossier.canonical(dossier.read(row)).decode()
                yield None if same else f"{row.ref}: it differs from its last revision"


def _rows(model):
    return model.objects.select_related("record_type").order_by(*ORDER).iterator(chunk_size=500)


def _about(row):
    return row.record_type_id, row.record_id


def _fault(row, expected, text):
    if row.number != expected:
        return f"{_name(row)}: number {expected} is not there"
    if hashlib.sha256(text.encode()).hexdigest() != row.sha256:
        return f"{_name(row)}: its content is not what its digest was made of"
    return None


def _name(row):
    """``agreements/us-paraguay-sofa revision 3``; a removed record is named by its number."""
    kind = row.record_type.model_class()
    record = kind.objects.filter(pk=row.record_id).first() if kind else None
    place = record.ref if record else f"{row.record_type.model} {row.record_id} (removed)"
    return f"{place} {row._meta.verbose_name} {row.number}"
