"""The status of an instrument on every day, as spans of days, so that a filter for any day is one index lookup.

A span gives the status as it would be derived on that day itself: an evidenced step without a date always counts.
"""

import datetime
from dataclasses import dataclass, replace

from agreements.life.course import Course
from agreements.life.status import status_of
from agreements.life.term import end_of_term

ONE_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """``status``, ``in_force``, ``since`` (EDTF or empty) and the certainty from ``first`` to ``last``, inclusive."""

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
        """Everything except the days, in the order of the columns."""
        return self.status, self.in_force, self.since, self.milestone, self.confidence, self.standing


def spans_of(life):
    """The spans of a ``Life``, from the first day of the calendar to the last, without gaps."""
    spans = []
    for day in turning_days(life):
        finding = status_of(life, day, today=day)
        since = str(finding.since) if finding.since else ""
        content = (finding.status, finding.in_force, since, finding.milestone, finding.confidence, finding.standing)
        span = Span(day, datetime.date.max, *content)
        if spans and spans[-1].content == span.content:
            continue
        if spans:
            spans[-1] = replace(spans[-1], last=day - ONE_DAY)
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
    """Every day on which a term may end: the end of term after each step."""
    course = Course(life)
    for step in life.solid:
        course.take(step)
        end = end_of_term(life, course) if course.start else None
        if end:
            yield end.date
