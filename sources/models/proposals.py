"""Edits of published records: stored beside the record, joined with it when a second person approves."""

from contextlib import contextmanager

import orjson
from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sources.desk.wording import Wording, refusal_in_words
from sources.lib.fields import ProseField
from sources.lib.text import clean
from sources.models.about import about_index
from sources.models.trail import Trail
from sources.reading.store import keeping as store
from sources.records import dossier, dossier_diff
from sources.records.base import Reviewed
from sources.records.status import VerbRefused

AMENDMENTS_NAMED = 12


class ProposalQuerySet(models.QuerySet):
    def live(self):
        """Proposals without a final decision."""
        return self.filter(state__in=Proposal.LIVE)

    def own(self, user):
        """The live proposal of this user, or ``None``. Call it on the proposals of one record."""
        return self.live().filter(by=user).first()


class Proposal(Trail):
    """An edit to a published record that waits for a second person; the public sees nothing of it.

    ``base`` is the dossier that the edit began from, so changes made meanwhile can be found: ``joined`` gives the state after
    approval, and the paths that both sides changed. Each verb is one transaction and writes a review of the record.
    """

    class State(models.TextChoices):
        OPEN = "open", _("being written")
        SUBMITTED = "submitted", _("awaiting review")
        RETURNED = "returned", _("returned to its author")
        APPROVED = "approved", _("approved")
        DISCARDED = "discarded", _("discarded")

    LIVE = (State.OPEN, State.SUBMITTED, State.RETURNED)

    record_ref = models.CharField(max_length=160, db_index=True, help_text=_("The record as “kind/slug”."))
    state = models.CharField(
        max_length=10,
        choices=State.choices,
        default=State.OPEN,
        db_index=True,
        help_text=_("Whether it is being written, awaits review, was returned, approved or discarded."),
    )
    base = models.TextField(help_text=_("The dossier of the record when the proposal was begun, as canonical JSON."))
    dossier = models.TextField(help_text=_("The proposed dossier, as canonical JSON."))
    changed_at = models.DateTimeField(auto_now=True, help_text=_("When it was last changed."))
    decided_by_name = models.CharField(max_length=150, blank=True, help_text=_("Who approved or returned it."))
    decided_at = models.DateTimeField(null=True, help_text=_("When it was approved or returned."))
    answer = ProseField(blank=True, help_text=_("The reviewer's comment."))
    amended_by = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        related_name="+",
        help_text=_("Who edited it besides its author; none of them approves it."),
    )

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["changed_at"]
        indexes = [about_index("proposal_about", "state")]
        constraints = [
            models.UniqueConstraint(
                fields=["record_type", "record_id", "by"],
                condition=Q(state__in=["open", "submitted", "returned"]),
                name="proposal_one_an_author",
            )
        ]

    def __str__(self):
        return f"{self.record_ref} · {self.by_name}"

    # Content

    @property
    def base_dossier(self):
        """The dossier of the record when the proposal was begun."""
        return orjson.loads(self.base)

    @property
    def proposed_dossier(self):
        return orjson.loads(self.dossier)

    def changes(self):
        """What the proposal changes, as ``dossier_diff.Change`` rows."""
        return dossier_diff.diff(self.base_dossier, self.proposed_dossier, self.record.PARTS)

    def changes_nothing(self):
        return clean(self.dossier) == clean(self.base)

    def joined(self, choices=None):
        """``(dossier, conflicts)``: the proposal joined with the present record."""
        record = self.record
        return dossier_diff.join(record, self.base_dossier, record.dossier(), self.proposed_dossier, choices)

    def seen(self):
        """A digest of what a reviewer sees: the proposal and its record."""
        return dossier.digest([self.base, self.dossier, self.record.dossier()])

    def authors(self):
        """Primary keys of the accounts whose work the proposal is."""
        return {self.by_id, *self.amended_by.values_list("pk", flat=True)}

    # Verbs

    def submit(self, by, comment=""):
        """Hand the proposal to the reviewers."""
        return self._turn((self.State.OPEN, self.State.RETURNED), self.State.SUBMITTED, "submit", by, comment)

    def send_back(self, by, comment):
        """Return it to its author with a comment."""
        if not comment:
            raise VerbRefused(gettext("Say what should change."))
        return self._turn((self.State.SUBMITTED,), self.State.RETURNED, "return", by, comment)

    def discard(self, by, comment=""):
        """Close the proposal without using it; the trail keeps it."""
        return self._turn(self.LIVE, self.State.DISCARDED, "return", by, comment or gettext("Discarded"))

    def lapse(self, by, comment):
        """Discard it because its record no longer exists. Writes no review, since a review needs the record."""
        self._decide(self.State.DISCARDED, by, comment)

    def amend(self, by, proposed, comment=""):
        """Save a reviewer's edit of a submitted proposal and return it to its author, who submits it again for another reviewer.
        ``answer`` names the amended fields."""
        before = self.proposed_dossier
        amended = dossier_diff.diff(before, proposed, self.record.PARTS)
        wording = Wording(self.record, before, proposed)
        amendments = "; ".join(change.label for change in wording.changes(amended[:AMENDMENTS_NAMED]))
        words = gettext("Amended: %(places)s") % {"places": amendments}
        with transaction.atomic():
            self.dossier = dossier.canonical(proposed).decode()
            self._decide(self.State.RETURNED, by, f"{comment} ({words})" if comment else words)
            self.amended_by.add(by)
            self._note_review("amend", by, self.answer)

    def approve(self, by, comment="", choices=None, bypass=False, saw=None):
        """Write the joined state to the record and publish it, in one transaction.

        Raises ``VerbRefused`` for one of its authors (unless the site allows it), for conflicts without an entry in
        ``choices``, and if ``saw`` is not what ``seen`` gives now; ``NotReady`` when the gate refuses the joined state.
        """
        with store.together():
            record = type(self.record).objects.select_for_update().get(pk=self.record_id)
            self.lock()
            self.record = record
            self.require(self.State.SUBMITTED, *([self.State.OPEN] if self.by_id == (by and by.pk) else []))
            record.is_own_work(by, bypass, self.authors())
            if not record.is_shown:
                raise VerbRefused(gettext("The record is not public now. Publish it again before its proposals."))
            with dossier.gathered(record), self._joined_state_written(choices or {}, comment, saw):
                review = record.publish(by, comment, bypass=bypass, authors=self.authors())
            self._decide(self.State.APPROVED, by, comment)
        return review

    @contextmanager
    def _joined_state_written(self, choices, comment, saw):
        record = self.record
        if saw is not None and saw != self.seen():
            raise VerbRefused(gettext("The record or the proposal changed while you looked at it. Please look again."))
        state, conflicts = self.joined(choices)
        if any(conflict.path not in choices for conflict in conflicts):
            raise VerbRefused(gettext("The record changed meanwhile. Choose a side for each conflict."))
        try:
            with dossier.written(record, state):
                if isinstance(record, Reviewed):
                    record.changed_by = self.by
                record.note_revision(by=self.by, comment=self.comment or comment)
                yield
        except dossier.DossierError as error:
            raise VerbRefused(refusal_in_words(record, error)) from None

    def require(self, *states):
        """Raises ``VerbRefused`` unless the proposal is in one of these states."""
        if self.state not in states:
            raise VerbRefused(
                gettext("The proposal is %(state)s; this cannot be done now.") % {"state": self.get_state_display()}
            )

    def lock(self):
        """Lock and reread the row, since its author may be saving it at this moment."""
        self.refresh_from_db(from_queryset=Proposal.objects.select_for_update())

    def _turn(self, wanted, state, verb, by, comment):
        with transaction.atomic():
            self.lock()
            self.require(*wanted)
            self._decide(state, by, comment)
            return self._note_review(verb, by, comment)

    def _decide(self, state, by, comment):
        self.state = state
        if state != self.State.SUBMITTED:
            self.decided_by_name, self.decided_at, self.answer = str(by) if by else "", timezone.now(), comment
        self.save()

    def _note_review(self, verb, by, comment):
        return self.record.reviews.create(verb=verb, by=by, by_name=str(by), comment=comment)
