"""The trail of a new record in memory: its revision, reviews and version, sealed one after the other."""

import hashlib

from django.utils import timezone

from sources.models import Review, Revision, TrailHead, Version
from sources.records import dossier
from sources.records.base import SCHEMA_VERSION, Record, Reviewed
from sources.records.status import NotReady, Status

# The reviews that lead to a status.
VERBS = {
    Status.DRAFT: (),
    Status.IN_REVIEW: ("submit",),
    Status.PUBLISHED: ("publish",),
    Status.WITHDRAWN: ("publish", "withdraw"),
    # The merger itself follows when all records are there.
    Status.MERGED: ("publish",),
}


class Trail:
    """The rows of the trail of one new record, and where its chain ends."""

    def __init__(self, record, comment):
        self.record, self.comment = record, comment
        self.rows, self.steps, self.chain = [], 0, ""

    def _add(self, model, **said):
        row = model(record=self.record, step=self.steps + 1, **said)
        row.chain = row.seal(self.chain, is_new=True)
        self.steps, self.chain = row.step, row.chain
        self.rows.append(row)

    def note_revision(self):
        """The first revision: the dossier as it was written. The record must be gathered."""
        body = dossier.canonical(self.record.dossier()).decode()
        digest = hashlib.sha256(body.encode()).hexdigest()
        self._add(Revision, number=1, dossier=body, sha256=digest, by_name="", comment=self.comment)

    def turn(self, status, reason=""):
        """Bring the record to ``status``, through the publish gate if it is to be public. Raises as the verbs do."""
        record = self.record
        if not isinstance(record, Reviewed):
            if status != Status.PUBLISHED or reason:
                raise dossier.DossierError("status", "this kind has no publication status")
            return
        if status not in VERBS or (status == Status.MERGED and not isinstance(record, Record)):
            raise dossier.DossierError("status", f"“{status}” is not a status")
        if status == Status.WITHDRAWN and not reason:
            raise dossier.DossierError("withdrawn_reason", "a withdrawal needs a reason for readers")
        for verb in VERBS[status]:
            getattr(self, f"_{verb}")(reason)

    def _submit(self, _reason):
        self.record.status = Status.IN_REVIEW
        self._review("submit", self.comment)

    def _publish(self, _reason):
        missing = self.record.missing_for_publication()
        if missing:
            raise NotReady(missing)
        self.record.status, self.record.published_at = Status.PUBLISHED, timezone.now()
        self._review("publish", self.comment)

    def _withdraw(self, reason):
        self.record.status = Status.WITHDRAWN
        self.record.withdrawn_at, self.record.withdrawn_reason = timezone.now(), reason
        self._review("withdraw", reason)

    def _review(self, verb, comment):
        self._add(Review, verb=verb, by_name="", comment=comment)

    def freeze(self, form):
        """The first version, of the public form."""
        at = self.record.published_at
        self._add(Version, number=1, at=at, body=form.form, schema=SCHEMA_VERSION, sha256=form.sha256)

    def head(self):
        return TrailHead(
            record_type_id=self.rows[-1].record_type_id, record_id=self.record.pk, steps=self.steps, chain=self.chain
        )
