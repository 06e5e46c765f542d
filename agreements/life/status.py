"""The status of an instrument on a day, derived from its milestones and never typed.

A step counts for a day when the whole of its date lies on or before that day; a step that may lie before or after it
leaves the earlier status standing and is named in the reason. An evidenced step without a date counts for today only: it
has happened, and no day in the past can be told. Claimed and planned steps never change the status.
"""

import datetime
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sources.lib.date_words import in_words


class InstrumentStatus(models.TextChoices):
    """Stages in the life of a treaty (VCLT parts II and V), and of a programme that is launched rather than signed."""

    NEGOTIATING = "negotiating", gettext_lazy("under negotiation")
    SIGNED = "signed", gettext_lazy("signed, not in force")
    APPROVED = "approved", gettext_lazy("approved, not in force")
    REJECTED = "rejected", gettext_lazy("rejected or struck down")
    PROVISIONAL = "provisional", gettext_lazy("applied provisionally")
    IN_FORCE = "in_force", gettext_lazy("in force")
    SUSPENDED = "suspended", gettext_lazy("suspended")
    TERMINATED = "terminated", gettext_lazy("ended")
    LAUNCHED = "launched", gettext_lazy("launched")
    UNKNOWN = "unknown", gettext_lazy("unknown")


_EFFECT = {
    "talks": InstrumentStatus.NEGOTIATING,
    "negotiated": InstrumentStatus.NEGOTIATING,
    "initialled": InstrumentStatus.NEGOTIATING,
    "signed": InstrumentStatus.SIGNED,
    "ratified": InstrumentStatus.APPROVED,
    "promulgated": InstrumentStatus.APPROVED,
    "notes": InstrumentStatus.APPROVED,
    "provisional": InstrumentStatus.PROVISIONAL,
    "in_force": InstrumentStatus.IN_FORCE,
    "renewed": InstrumentStatus.IN_FORCE,
    "suspended": InstrumentStatus.SUSPENDED,
    "terminated": InstrumentStatus.TERMINATED,
    "expired": InstrumentStatus.TERMINATED,
    "superseded": InstrumentStatus.TERMINATED,
    "launched": InstrumentStatus.LAUNCHED,
}
# Approvals are steps on the way: they never undo that an instrument is in force, suspended or ended.
_ON_THE_WAY = {
    InstrumentStatus.NEGOTIATING: 1,
    InstrumentStatus.SIGNED: 2,
    InstrumentStatus.APPROVED: 3,
    InstrumentStatus.PROVISIONAL: 4,
    InstrumentStatus.IN_FORCE: 5,
    InstrumentStatus.LAUNCHED: 5,
}


@dataclass(frozen=True)
class StatusFinding:
    """A status with the day it holds for, since when (a ``PartialDate`` or ``None``) and why."""

    status: str
    on: datetime.date
    since: object
    because: str
    milestone: str = ""

    @property
    def label(self):
        return InstrumentStatus(self.status).label


def status_of(milestones, day=None, note=""):
    """Derive the status from milestone rows. ``day`` defaults to today; ``note`` is the editors' word on doubt."""
    day = day or datetime.date.today()
    status, turning, undated, maybe = InstrumentStatus.UNKNOWN, None, [], []
    for step in sorted(milestones, key=_in_time):
        effect = _effect_of(step)
        if effect is None or not step.is_evidenced:
            continue
        if not step.date:
            undated.append(step)
        elif step.date.surely_by(day):
            if _moves(status, effect):
                status, turning = effect, step
        elif not step.date.surely_after(day):
            maybe.append(step)
    for step in undated if day >= datetime.date.today() else ():
        # It may lie before the end that is dated, so it never undoes one.
        if status in (InstrumentStatus.UNKNOWN, *_ON_THE_WAY) and _moves(status, _effect_of(step)):
            status, turning = _effect_of(step), step
    return StatusFinding(
        status=status.value,
        on=day,
        since=(turning.date or None) if turning else None,
        because=_because(turning, undated, maybe, note),
        milestone=turning.key if turning else "",
    )


def _in_time(step):
    return (step.date_latest or datetime.date.max, _ON_THE_WAY.get(_effect_of(step), 9))


def _effect_of(step):
    if step.kind in ("chamber", "court") and step.outcome in ("rejected", "struck_down"):
        return InstrumentStatus.REJECTED
    if step.kind == "court" and step.outcome == "suspended":
        return InstrumentStatus.SUSPENDED
    if step.kind == "chamber" and step.outcome == "approved":
        return InstrumentStatus.SIGNED  # one chamber of perhaps two: the instrument stays signed until ratified
    return _EFFECT.get(step.kind)


def _moves(status, effect):
    if effect in _ON_THE_WAY and status in _ON_THE_WAY:
        return _ON_THE_WAY[effect] > _ON_THE_WAY[status]
    if status in (InstrumentStatus.TERMINATED, InstrumentStatus.REJECTED):
        return effect == InstrumentStatus.IN_FORCE
    return True


def _because(turning, undated, maybe, note):
    parts = []
    if turning and turning.date:
        parts.append(_("%(step)s on %(date)s") % {"step": turning.get_kind_display(), "date": in_words(turning.date)})
    elif turning:
        parts.append(turning.get_kind_display())
    else:
        parts.append(_("no dated, evidenced step is recorded"))
    for step in maybe:
        parts.append(
            _("%(step)s %(date)s may fall before or after this day")
            % {"step": step.get_kind_display(), "date": in_words(step.date)}
        )
    for step in undated:
        parts.append(_("%(step)s, but no source gives the day") % {"step": step.get_kind_display()})
    because = "; ".join(parts)
    return f"{because}. {note}" if note else because
