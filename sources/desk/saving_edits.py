"""Saving an editor's form: straight into a draft, or into a proposal; never overwrites somebody else's work.

A form carries the dossier that it was drawn from and is read back into a dossier. The editor's changes are joined with those that
others saved meanwhile, and the result is written once.
"""

import sys
from contextlib import nullcontext
from dataclasses import dataclass

import orjson
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from sources.desk.wording import fact_label
from sources.models import Proposal
from sources.records import dossier, dossier_diff
from sources.records.base import Reviewed
from sources.records.status import VerbRefused

SALT = "concordance.form-base"


class Stale(Exception):
    """Others changed the same fields. ``base`` is the dossier that the editor began from, ``theirs`` the present one, ``mine`` the
    editor's; ``conflicts`` lists the fields."""

    def __init__(self, base, theirs, mine, conflicts):
        self.base, self.theirs, self.mine, self.conflicts = base, theirs, mine, conflicts
        super().__init__(f"{len(conflicts)} conflicts")


@dataclass(frozen=True)
class Saved:
    """The result of a save: the proposal it went into (or ``None``), and whether others' changes were joined.

    ``taken_back``: the proposal awaited review and is with its author again.
    """

    proposal: object = None
    joined: bool = False
    unchanged: bool = False
    taken_back: bool = False

    @property
    def is_discarded(self):
        """Whether the save left nothing of the proposal, so that it was discarded."""
        return self.proposal is not None and self.proposal.state == Proposal.State.DISCARDED


class _Canonical:
    """Serializes equal states as equal text, so that a browser can tell whether the record has changed."""

    def dumps(self, state):
        return dossier.canonical(state)

    def loads(self, data):
        return orjson.loads(data)


def seal(state):
    """A dossier as text for a hidden field; only this site can have written it."""
    return signing.Signer(salt=SALT).sign_object(state, serializer=_Canonical, compress=True)


def unseal(text):
    """The dossier in a hidden field. Raises ``signing.BadSignature``."""
    return signing.Signer(salt=SALT).unsign_object(text, serializer=_Canonical)


def edited_state(record, user):
    """The state that this user edits: the user's own proposal if there is one for a public record, else the record."""
    if record.is_shown:
        proposal = record.proposals.own(user)
        if proposal:
            return proposal.proposed_dossier
    return record.dossier()


class rehearsal:
    """``with rehearsal(record, state):`` is a transaction in which the record has the state ``state``. It is always rolled back.
    Derived columns do not change.

    Raises ``DossierError`` when the state names something that no longer exists.
    """

    def __init__(self, record, state, present=None):
        """``present`` is the present dossier of the record, if the caller has read it."""
        self.record, self.state, self.present = record, state, present
        self.atomic = transaction.atomic()

    def __enter__(self):
        self.atomic.__enter__()
        try:
            if (self.present or self.record.dossier()) != self.state:
                dossier.write(self.record, self.state, derive=False)
        except BaseException:
            self.__exit__(*sys.exc_info())
            raise
        return self.record

    def __exit__(self, *error):
        transaction.set_rollback(True)
        return self.atomic.__exit__(*error)


def misfit(record):
    """Why a citation no longer fits its fact in a record in memory; an empty text if all fit."""
    rows = dict(record.cited_rows())
    for citation in record.citations.all():
        try:
            if citation.part in rows:  # else the part was removed, and the citation with it
                citation.check_target(rows[citation.part])
        except ValidationError as refusal:
            fact = fact_label(record.KIND, citation.part, citation.field, rows[citation.part])
            return f"{fact} · {citation.source or citation.finding}: {' '.join(refusal.messages)}"
    return ""


def store(record, user, base, mine, comment=""):
    """Save the editor's changes to ``base``. Raises ``Stale`` when others changed the same fields meanwhile, and
    ``DossierError`` when the two sides together break a rule.

    A draft is written at once, with a revision. For a public record the edit is saved as the user's proposal.
    """
    with transaction.atomic():
        record = type(record).objects.select_for_update().get(pk=record.pk)
        # What readers see is not written, and its proposal is often all that is read.
        with nullcontext() if record.is_shown else dossier.gathered(record):
            return _store(record, user, base, mine, comment)


def _store(record, user, base, mine, comment):
    theirs = edited_state(record, user)
    state, conflicts = dossier_diff.join(record, base, theirs, mine)
    if conflicts:
        raise Stale(base, theirs, mine, conflicts)
    joined = theirs != base
    if state == theirs:
        return Saved(unchanged=True)
    if record.is_shown:
        return _propose(record, user, theirs, state, comment, joined)
    if isinstance(record, Reviewed):
        record.changed_by = user
    with dossier.written(record, state):
        record.note_revision(by=user, comment=comment)
    return Saved(joined=joined)


def amend(proposal, user, base, mine, comment=""):
    """Save a reviewer's changes to another's proposal. Raises ``VerbRefused`` when its author has taken it back, or changed
    it, or somebody has decided on it; ``DossierError`` when it breaks a rule."""
    with transaction.atomic():
        record = type(proposal.record).objects.select_for_update().get(pk=proposal.record_id)
        proposal.lock()
        proposal.require(Proposal.State.SUBMITTED)
        if proposal.proposed_dossier != base:
            raise VerbRefused(_("The proposal changed while you looked at it. Please look again."))
        state = _as_written(record, mine)
        if state == base:
            return Saved(unchanged=True)
        proposal.amend(user, state, comment)
        return Saved(proposal=proposal)


def settle(record, user, base, theirs, mine, choices, comment=""):
    """Save the editor's choices on the conflict screen, which showed ``theirs``; ``choices`` as ``dossier_diff.merge`` takes them.
    Changes made after the screen was drawn are joined or become new conflicts. Raises what ``store`` raises."""
    state, conflicts = dossier_diff.join(record, base, theirs, mine, choices)
    unsettled = [conflict for conflict in conflicts if conflict.path not in choices]
    if unsettled:
        raise Stale(base, theirs, mine, conflicts)
    return store(record, user, theirs, state, comment)


def _propose(record, user, theirs, state, comment, joined):
    """Save the state in the proposal as the record would read it back. A state that cannot be written is refused here, not at approval."""
    own = record.proposals.own(user)
    present = record.dossier() if own else theirs
    proposal = record.propose(user, present, _as_written(record, state, present), comment)
    if proposal is None:
        return Saved(unchanged=True)
    return Saved(proposal=proposal, joined=joined, taken_back=bool(own and own.state == Proposal.State.SUBMITTED))


def _as_written(record, state, present=None):
    """The state as the record reads it back after writing it."""
    with rehearsal(type(record).objects.get(pk=record.pk), state, present) as trial:
        return trial.dossier()
