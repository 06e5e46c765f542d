"""The status of an instrument on every day, as spans of days: a filter for any day is then one look at an index.

A span holds for a reader who looks on one of its days. An evidenced step without a date has happened for every such reader.
"""

import datetime
from dataclasses import dataclass

from agreements.life.course import Course
from agreements.life.status import status_of
from agreements.life.term import end_of_term

ONE_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """``status``, ``in_force``, ``since`` (EDTF or empty) and the certainty hold from ``first`` to ``last``, both included."""

    first: datetime.date
    last: datetime.date
    status: str
    in_force: str
    since: str
    milestone: str
    confidence: str
    standing: str

    @property
    def content(self):
        """All but the days, in the order of the columns."""
        return self.status, self.in_force, self.since, self.milestone, self.confidence, self.standing


def spans_of(life):
    """The spans of a ``Life``, from the first day of the calendar to the last, without a gap."""
    spans = []
    for day in turning_days(life):
        found = status_of(life, day, today=day)
        since = str(found.since) if found.since else ""
        content = (found.status, found.in_force, since, found.milestone, found.confidence, found.standing)
        span = Span(day, datetime.date.max, *content)
        if spans and spans[-1].content == span.content:
            continue
        if spans:
            spans[-1] = _until(spans[-1], day - ONE_DAY)
        spans.append(span)
    return spans


def turning_days(life):
    """The days on which the status may change, the first day of the calendar first."""
    days = {datetime.date.min}
    for date in (*(step.date for step in life.milestones if step.date), *_ends(life)):
        for bound in (date.earliest, date.latest):
            days |= {bound, bound + ONE_DAY} if bound else set()
    return sorted(days)


def _ends(life):
    """Every day on which a term may run out, whichever of the steps have been taken by then."""
    course = Course(life)
    for step in life.solid:
        course.take(step)
        end = end_of_term(life, course) if course.start else None
        if end:
            yield end.date


def _until(span, last):
    return Span(span.first, last, *span.content)
