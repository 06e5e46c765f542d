"""The status of each party on a day, derived from its own steps."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from agreements.life.course import effect_of


class PartyStatus(models.TextChoices):
    SIGNED = "signed", _("signed")
    APPROVED = "approved", _("approved it")
    PROVISIONAL = "provisional", _("applies it provisionally")
    BOUND = "bound", _("bound")
    SUSPENDED = "suspended", _("suspended it")
    REJECTED = "rejected", _("rejected it or struck it down")
    LEFT = "left", _("left")


@dataclass(frozen=True)
class PartyFinding:
    """The status of one party; ``since`` is a ``PartialDate`` or ``None``."""

    status: str
    since: object
    milestone: str


_TURNS = {
    "signed": PartyStatus.SIGNED,
    "approved": PartyStatus.APPROVED,
    "provisional": PartyStatus.PROVISIONAL,
    "in_force": PartyStatus.BOUND,
    "suspended": PartyStatus.SUSPENDED,
    "rejected": PartyStatus.REJECTED,
    "terminated": PartyStatus.LEFT,
}
_ORDER = [PartyStatus.SIGNED, PartyStatus.APPROVED, PartyStatus.PROVISIONAL, PartyStatus.BOUND]


def parties_on(life, day, today):
    """``{organisation id: PartyFinding}`` of the parties with steps of their own that count for the day."""
    findings, rejected_from = {}, {}
    for step in life.solid:
        counts = step.date.surely_by(day) if step.date else day >= today
        if not step.party_id or not counts:
            continue
        before = findings.get(step.party_id)
        status = _next(before.status if before else "", step, rejected_from.get(step.party_id, ""))
        if status == PartyStatus.REJECTED and before:
            rejected_from[step.party_id] = before.status
        if status:
            findings[step.party_id] = PartyFinding(str(status), step.date or None, step.key)
    return findings


def _next(before, step, rejected_from):
    """The status that the step leads to, or empty if it changes nothing."""
    effect = effect_of(step)
    if effect == "chamber":
        # One chamber does not approve for the state, but its approval undoes a rejection.
        return rejected_from if before == PartyStatus.REJECTED else ""
    status = _TURNS.get(effect, "")
    if before == PartyStatus.LEFT:
        return status if status in (PartyStatus.BOUND, PartyStatus.APPROVED) else ""
    if status == PartyStatus.REJECTED and before == PartyStatus.BOUND:
        return status if step.kind == "court" else ""
    if status in _ORDER and before in _ORDER:
        return status if _ORDER.index(status) > _ORDER.index(before) else ""
    return status if status != before else ""
