"""Checks that nobody tampered with the trail: recomputes seals and digests, compares heads, and replays each status.

Each check yields one item per row: ``None``, or a sentence that names the row and says what is wrong.
"""

import datetime
import hashlib
from heapq import merge
from itertools import groupby

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from sources.history.chain import plain
from sources.models import Removal, Review, Revision, TrailHead, Version
from sources.records import dossier
from sources.records.base import Record, Reviewed
from sources.records.dossier import documented_models
from sources.records.status import Status

BATCH = 100
CHAINED = (Review, Revision, Version, Removal)
# The status after a review. Reviews of proposals also have the verbs in BEFORE_PUBLIC; they do not change a published record.
TURNS = {"publish": Status.PUBLISHED, "withdraw": Status.WITHDRAWN, "merge": Status.MERGED}
BEFORE_PUBLIC = {"submit": Status.IN_REVIEW, "return": Status.DRAFT}


def broken_trails():
    """Yield ``None`` or a fault for each row of the trail, each head, and each record without a trail."""
    heads = {(head.record_type_id, head.record_id): head for head in TrailHead.objects.all()}
    kinds = {ContentType.objects.get_for_model(model).pk: model for model in documented_models().values()}
    missing = {pk: {*model.objects.values_list("pk", flat=True)} for pk, model in kinds.items()}
    for about, rows in groupby(merge(*map(_rows, CHAINED), key=_order), key=_about):
        missing.get(about[0], set()).discard(about[1])
        yield from _Trail(about, kinds.get(about[0]), list(rows), heads.pop(about, None)).faults()
    for head in heads.values():
        yield f"{_place(head.record_type.model_class(), head.record_id)}: none of its {head.steps} steps is there"
    for content_type, keys in missing.items():
        for pk in sorted(keys):
            yield f"{_place(kinds[content_type], pk)}: it has no history"


def _rows(model):
    rows = model.objects.select_related("record_type").order_by("record_type_id", "record_id", "step", "pk")
    return rows.iterator(chunk_size=500)


def _about(row):
    return row.record_type_id, row.record_id


def _order(row):
    return (*_about(row), row.step, CHAINED.index(type(row)))


def _place(kind, pk, slug=""):
    record = kind.objects.filter(pk=pk).first() if kind else None
    if record:
        return record.ref
    return slug or f"{kind._meta.model_name if kind else 'record'} {pk} (removed)"


class _Trail:
    """The trail of one record: its rows by step."""

    def __init__(self, about, kind, rows, head):
        self.about, self.kind, self.rows, self.head = about, kind, rows, head
        self.record = kind.objects.filter(pk=about[1]).first() if kind else None
        self.removals = {row.version: row for row in rows if isinstance(row, Removal)}
        named = next((f"{row.kind}/{row.slug} (removed)" for row in self.removals.values() if not row.version), "")
        self.place = self.record.ref if self.record else _place(kind, about[1], named)

    def faults(self):
        last = {"step": 0, "chain": "", Revision: (0, ""), Version: (0, "")}
        for row in self.rows:
            fault = self._row(row, last)
            yield f"{self.place} {_named(row)}: {fault}" if fault else None
            last["step"], last["chain"] = row.step, row.chain
            if type(row) in (Revision, Version):
                last[type(row)] = row.number, row.sha256
        for fault in self._whole(last):
            yield f"{self.place}: {fault}"

    def _row(self, row, last):
        if not row.chain or row.step == last["step"]:
            return "the site did not write it"
        if row.step != last["step"] + 1:
            return f"step {last['step'] + 1} before it is not there"
        if row.seal(last["chain"]) != row.chain:
            return "who, when or what it says is not what its seal was made of"
        return self._body(row, last) if type(row) in (Revision, Version) else None

    def _body(self, row, last):
        number, digest = last[type(row)]
        if row.number != number + 1:
            return f"number {number + 1} is not there"
        is_removed = 0 in self.removals or (isinstance(row, Version) and row.number in self.removals)
        text = row.body if isinstance(row, Version) else row.dossier
        if is_removed:
            return "it was removed, and its content is there" if text else None
        if not text:
            return "its content is gone, and no removal says why"
        whole = text if isinstance(row, Version) else f"{digest}{text}"
        if hashlib.sha256(whole.encode()).hexdigest() != row.sha256:
            return "its content is not what its digest was made of"
        return None

    def _whole(self, last):
        if self.head is None:
            yield "nothing says where its trail ends"
        elif (self.head.steps, self.head.chain) != (last["step"], last["chain"]):
            yield f"its trail ends with step {last['step']}, and {self.head.steps} were written"
        if self.record is None and 0 not in self.removals:
            yield "the record is gone, and no removal says why"
        if self.record is not None and 0 in self.removals:
            yield "it was removed, and is there again"
        if isinstance(self.record, Reviewed):
            yield from self._published()

    def _published(self):
        status, has_version = Status.DRAFT, False
        for row in self.rows:
            if isinstance(row, Review):
                status = self._turned(status, row.verb)
            elif isinstance(row, Version):
                has_version = True
                if status in BEFORE_PUBLIC.values() or status == Status.DRAFT:
                    yield f"version {row.number} was frozen before any publication"
        if self.record.status != status:
            yield f"it is {self.record.status}, and after its last step it should be {status}"
        if isinstance(self.record, Record) and self.record.is_published and not has_version:
            yield "readers see it, and no version was kept"

    @staticmethod
    def _turned(status, verb):
        if verb in TURNS:
            return TURNS[verb]
        return BEFORE_PUBLIC.get(verb, status) if status in (Status.DRAFT, Status.IN_REVIEW) else status


def _named(row):
    """``revision 3``, ``review 2 (publish)``: by its own number or, where it has none, by its step."""
    number = row.number if isinstance(row, (Revision, Version)) else row.step
    return f"{row._meta.model_name} {number}" + (f" ({row.verb})" if isinstance(row, Review) else "")


def strayed_records():
    """Yield ``None`` or a fault for each documented row: a row that differs from its last revision was changed without a trace."""
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


# An anchor outside


def head_of_all(moment=None):
    """A digest of the heads of all chains at ``moment`` (default: now), as ``digest@moment``.

    Kept elsewhere, it shows later whether the owner of the database recomputed a whole chain.
    """
    moment = moment or timezone.now()
    digest = hashlib.sha256()
    columns = ("record_type_id", "record_id", "step", "at", "chain")
    rows = (model.objects.order_by(*columns[:3]).values_list(*columns).iterator() for model in CHAINED)
    for about, steps in groupby(merge(*rows), key=lambda row: row[:2]):
        # A version is dated by its publication, which is earlier than the row; so take the latest date up to each step.
        latest, end = None, ""
        for *_about, _step, at, chain in steps:
            latest = max(latest, at) if latest else at
            end = chain if latest <= moment else end
        if end:
            kind = ContentType.objects.get_for_id(about[0])
            digest.update(f"{kind.app_label}.{kind.model} {about[1]} {end}\n".encode())
    return f"{digest.hexdigest()}@{plain(moment)}"


def holds(anchor):
    """Whether an earlier result of ``head_of_all`` is still right. Raises ``ValueError`` for a malformed one."""
    _digest, _at, moment = anchor.partition("@")
    then = datetime.datetime.fromisoformat(moment)
    return head_of_all(then) == anchor
