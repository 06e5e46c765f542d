"""Edits to published records: written down beside the record, joined with it when a second person approves.

A proposal keeps the dossier it began from, so that what happened meanwhile is seen: ``joined`` gives the state that
approving would make, and the paths on which the two sides differ.
"""

import orjson
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kb.core import dossier, states
from kb.core.records import VerbRefused
from sources.models import Proposal

State = Proposal.State


def own_proposal(record, user):
    """The proposal that this user is writing for the record, or ``None``."""
    return record.proposals.filter(by=user, state__in=Proposal.LIVE).first()


def keep(record, user, base, proposed, comment=""):
    """Write down what the user proposes. A proposal equal to its base is discarded. Returns it or ``None``."""
    existing = own_proposal(record, user)
    proposal = existing or Proposal(record=record, record_ref=record.ref, by=user, by_name=str(user))
    if existing is None:
        proposal.base = dossier.canonical(base).decode()
    proposal.dossier = dossier.canonical(proposed).decode()
    if proposal.dossier == proposal.base:
        if existing:
            existing.delete()
        return None
    proposal.state = State.OPEN
    proposal.comment = comment or proposal.comment
    proposal.save()
    return proposal


def base_of(proposal):
    return orjson.loads(proposal.base)


def proposed_by(proposal):
    return orjson.loads(proposal.dossier)


def changes(proposal):
    """What the proposal changes, as ``states.Change`` rows."""
    return states.diff(base_of(proposal), proposed_by(proposal), proposal.record.PARTS)


def joined(proposal, choices=None):
    """``(dossier, conflicts)``: the proposal joined with the record as it stands."""
    record = proposal.record
    return states.merge(base_of(proposal), record.dossier(), proposed_by(proposal), record.PARTS, choices)


def submit(proposal, by, comment=""):
    """Hand the proposal to the reviewers."""
    _require(proposal, State.OPEN, State.RETURNED)
    return _turn(proposal, State.SUBMITTED, "submit", by, comment)


def send_back(proposal, by, comment):
    """Return it to its author with a comment."""
    _require(proposal, State.SUBMITTED)
    if not comment:
        raise VerbRefused(_("Say what should change."))
    return _turn(proposal, State.RETURNED, "return", by, comment)


def discard(proposal, by, comment=""):
    """Give the proposal up; it stays in the trail."""
    _require(proposal, *Proposal.LIVE)
    return _turn(proposal, State.DISCARDED, "return", by, comment or _("Discarded"))


def approve(proposal, by, comment="", choices=None, bypass=False):
    """Bring the record to the joined state and publish it, in one transaction.

    Raises ``VerbRefused`` for the author's own proposal (unless the site allows it) and for conflicts that ``choices`` does
    not settle; ``NotReady`` when the gate refuses the joined state.
    """
    _require(proposal, State.SUBMITTED, *([State.OPEN] if _alone(proposal, by) else []))
    if _alone(proposal, by) and settings.CONCORDANCE_FOUR_EYES and not bypass:
        raise VerbRefused(_("The author of a change does not publish it. Ask another reviewer."))
    with transaction.atomic():
        record = type(proposal.record).objects.select_for_update().get(pk=proposal.record_id)
        state, conflicts = states.merge(
            base_of(proposal), record.dossier(), proposed_by(proposal), record.PARTS, choices
        )
        open_conflicts = [conflict for conflict in conflicts if conflict.path not in (choices or {})]
        if open_conflicts:
            raise VerbRefused(_("The record changed meanwhile. Choose a side for each conflict."))
        try:
            dossier.write(record, state)
        except dossier.DossierError as error:
            raise VerbRefused(str(error)) from None
        record.changed_by = proposal.by
        record.note_revision(by=proposal.by, comment=proposal.comment or comment)
        proposal.record = record
        review = record.publish(by, comment, bypass=bypass)
        _decide(proposal, State.APPROVED, by, comment)
    return review


def _alone(proposal, by):
    return by is not None and proposal.by_id == by.pk


def _require(proposal, *wanted):
    if proposal.state not in wanted:
        raise VerbRefused(
            _("The proposal is %(state)s; this cannot be done now.") % {"state": proposal.get_state_display()}
        )


def _turn(proposal, state, verb, by, comment):
    with transaction.atomic():
        _decide(proposal, state, by, comment)
        return proposal.record.reviews.create(verb=verb, by=by, by_name=str(by), comment=comment)


def _decide(proposal, state, by, comment):
    proposal.state = state
    if state != State.SUBMITTED:
        proposal.decided_by_name, proposal.decided_at, proposal.answer = str(by), timezone.now(), comment
    proposal.save()
