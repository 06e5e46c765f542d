"""The status of an instrument on a day, derived from its milestones and never typed.

A step counts for a day when the whole of its date lies on or before that day; a step that may lie before or after it
leaves the earlier status standing and is named in the reason. An evidenced step without a date counts for today only: it
has happened, and no day in the past can be told. Claimed and planned steps never change the status, nor does a step that
rests on weak sources alone.

What is not known is not denied: *signed* and *approved* say nothing of the entry into force, unless a step shows that the
instrument was not in force on that day.
"""

import datetime
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agreements.life.course import LIVE, Course, words_of
from agreements.life.not_yet import last_seen_not_in_force, not_yet
from agreements.life.term import end_of_term
from sources.evidence.confidence import Confidence, State
from sources.lib import clock
from sources.lib.dates import PartialDate


class InstrumentStatus(models.TextChoices):
    """Stages in the life of a treaty (VCLT parts II and V), and of a programme that is launched rather than signed."""

    NEGOTIATING = "negotiating", gettext_lazy("under negotiation")
    SIGNED = "signed", gettext_lazy("signed; entry into force not established")
    SIGNED_NOT_IN_FORCE = "signed_not_in_force", gettext_lazy("signed, not in force")
    APPROVED = "approved", gettext_lazy("approved; entry into force not established")
    APPROVED_NOT_IN_FORCE = "approved_not_in_force", gettext_lazy("approved, not in force")
    REJECTED = "rejected", gettext_lazy("rejected or struck down")
    PROVISIONAL = "provisional", gettext_lazy("applied provisionally")
    IN_FORCE = "in_force", gettext_lazy("in force")
    SUSPENDED = "suspended", gettext_lazy("suspended")
    TERM_ENDED = "term_ended", gettext_lazy("term ended; renewal not established")
    TERMINATED = "terminated", gettext_lazy("ended")
    LAUNCHED = "launched", gettext_lazy("launched")
    UNKNOWN = "unknown", gettext_lazy("unknown")


class InForce(models.TextChoices):
    """Whether an instrument is in force on a day, as far as the recorded steps carry."""

    YES = "yes", gettext_lazy("yes")
    PROVISIONALLY = "provisionally", gettext_lazy("applied provisionally")
    SUSPENDED = "suspended", gettext_lazy("in force, but suspended")
    NO = "no", gettext_lazy("no, and a recorded step shows it")
    NOT_ESTABLISHED = "not_established", gettext_lazy("not established")
    NOT_APPLICABLE = "not_applicable", gettext_lazy("a programme, which is launched rather than in force")


_IN_FORCE = {
    InstrumentStatus.IN_FORCE: InForce.YES,
    InstrumentStatus.PROVISIONAL: InForce.PROVISIONALLY,
    InstrumentStatus.SUSPENDED: InForce.SUSPENDED,
    InstrumentStatus.TERMINATED: InForce.NO,
    InstrumentStatus.LAUNCHED: InForce.NOT_APPLICABLE,
    InstrumentStatus.TERM_ENDED: InForce.NOT_ESTABLISHED,
}
_SHOWN_NOT_IN_FORCE = {
    InstrumentStatus.SIGNED: InstrumentStatus.SIGNED_NOT_IN_FORCE,
    InstrumentStatus.APPROVED: InstrumentStatus.APPROVED_NOT_IN_FORCE,
}


@dataclass(frozen=True)
class StatusFinding:
    """A status with the day it holds for, since when (a ``PartialDate`` or ``None``) and the step that brought it about.

    ``reasons`` are functions that give a phrase in the reader's language. ``doubts`` are steps that somebody reports, that no
    good source shows, and that would change the status.
    """

    status: str
    in_force: str
    on: datetime.date
    since: object
    turning: object
    reasons: tuple
    doubts: tuple = ()
    note: str = ""

    @property
    def milestone(self):
        return self.turning.key if self.turning else ""

    @property
    def confidence(self):
        """How well the sources support the step that brought it about, or the contested step that would change it; never
        high where sources differ. Empty without such a step."""
        step = next(iter(self._contested), self.turning)
        level = step.confidence if step else ""
        return Confidence.MEDIUM.value if level == Confidence.HIGH and self.standing == State.CONTESTED else level

    @property
    def standing(self):
        """Whether sources differ on that step, or on one that would change the status."""
        if self._contested:
            return State.CONTESTED.value
        return self.turning.standing if self.turning else ""

    @property
    def _contested(self):
        """The doubts on which sources differ, the least certain first."""
        contested = [step for step in self.doubts if step.standing == State.CONTESTED]
        return sorted(contested, key=lambda step: (*Confidence.values[::-1], "").index(step.confidence))

    @property
    def label(self):
        return status_words(self.status, self.since)

    @property
    def because(self):
        because = "; ".join(reason() for reason in self.reasons)
        return f"{because}. {self.note}" if self.note else because


def status_words(status, since=None):
    """The status in words; of a term that ran out with the year, where there is one."""
    if status == InstrumentStatus.TERM_ENDED and since and (year := _year_of(since)):
        return _("term ended in %(year)s; renewal not established") % {"year": year}
    return str(InstrumentStatus(status).label) if status in InstrumentStatus.values else str(status)


def _year_of(since):
    date = PartialDate.parse(since)
    years = {day.year for day in (date.earliest, date.latest) if day}
    return years.pop() if len(years) == 1 else None


def status_of(life, day=None, today=None):
    """The ``StatusFinding`` of a ``Life`` for ``day`` (today by default)."""
    today = today or clock.today()
    day = day or today
    course, maybe = _course(life, day, today)
    doubts = tuple(step for step in life.milestones if _is_reported(step, day) and course.changes(step))
    reasons = _why(course, maybe, doubts, life)
    status, since = course.status, (course.turning.date or None) if course.turning else None
    if status in LIVE and status != InstrumentStatus.LAUNCHED:
        end = end_of_term(life, course)
        if end and end.is_over(day):
            status, since = InstrumentStatus.TERM_ENDED, end.date
            reasons = [end.why, *reasons]
        elif end and end.may_be_over(day):
            reasons = [*reasons, end.why_perhaps]
    in_force, status, more = _whether_in_force(life, course, InstrumentStatus(status), day)
    return StatusFinding(status.value, in_force.value, day, since, course.turning, (*reasons, *more), doubts, life.note)


def _course(life, day, today):
    """The course up to the day, and the steps that may lie before or after it and would change the status."""
    course, maybe, undated = Course(life), [], []
    for step in life.solid:
        if not step.date:
            undated.append(step)
        elif step.date.surely_by(day):
            course.take(step)
        elif not step.date.surely_after(day):
            maybe.append(step)
    for step in undated if day >= today else ():
        # It may lie before an end that is dated, so it never undoes one.
        if course.status not in ("terminated", "rejected", "suspended"):
            course.take(step)
    places = {step.key: place for place, step in enumerate(life.solid)}
    last = places[course.turning.key] if course.turning else -1
    return course, [step for step in maybe if places[step.key] > last and course.changes(step)]


def _whether_in_force(life, course, status, day):
    """``(in force, the status that says so, further reasons)``."""
    if status in _IN_FORCE:
        return _IN_FORCE[status], status, ()
    if course.lived:
        return InForce.NOT_ESTABLISHED, status, ()
    if status == InstrumentStatus.REJECTED:
        return InForce.NO, status, ()
    shown = not_yet(life, day)
    if shown:
        return InForce.NO, _SHOWN_NOT_IN_FORCE.get(status, status), (shown,)
    before = last_seen_not_in_force(life, day)
    return InForce.NOT_ESTABLISHED, status, (before,) if before else ()


def _is_reported(step, day):
    """Whether somebody says that the step was taken by the day, and no good source shows it."""
    if step.date and step.date.surely_after(day):
        return False
    return step.evidence == "claimed" or (step.evidence == "evidenced" and step.is_weak)


def _why(course, maybe, doubts, life):
    """The reasons, as functions that speak the reader's language."""
    reasons = [lambda: _turned(course.turning)]
    reasons += [lambda pair=pair: _unordered(*pair) for pair in course.unordered]
    reasons += [
        lambda step=step: _("“%(step)s” may fall before or after this day") % {"step": _dated(step)} for step in maybe
    ]
    reasons += [
        lambda step=step: _("%(step)s, but no source gives the day") % words_of(step)
        for step in life.solid
        if not step.date and step is not course.turning and Course(life).changes(step)
    ]
    if course.turning and not course.turning.date:
        reasons.append(lambda: _("no source gives the day"))
    reasons += [lambda step=step: _doubted(step) for step in doubts]
    return reasons


def _turned(step):
    if step is None:
        return _("no dated, evidenced step is recorded")
    words = words_of(step)
    if not step.date:
        return words["step"]
    return _("%(step)s on %(date)s") % words if step.date.is_exact else _("%(step)s, %(date)s") % words


def _doubted(step):
    words = {"step": _dated(step)}
    if step.evidence == "claimed":
        return _("“%(step)s” is claimed, and no document shows it") % words
    return _("“%(step)s” rests on weak sources alone") % words


def _dated(step):
    """The name of a step and, where it has one, its date."""
    return ", ".join(filter(None, words_of(step).values()))


def _unordered(first, second):
    values = {"first": words_of(first)["step"], "second": words_of(second)["step"]}
    return _("the sources do not tell whether “%(first)s” or “%(second)s” came first") % values
