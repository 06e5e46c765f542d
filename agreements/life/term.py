"""The end of an instrument's term, so that the status does not say “in force” after it."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from agreements.life.course import FIXED_TERMS
from sources.lib.date_words import in_words
from sources.lib.dates import PartialDate, PartialDateError


@dataclass(frozen=True)
class EndOfTerm:
    """The last day of the term, as a ``PartialDate``."""

    date: PartialDate

    def is_over(self, day):
        return self.date.latest is not None and self.date.latest < day

    def may_be_over(self, day):
        return self.date.earliest is not None and self.date.earliest < day and not self.is_over(day)

    def why(self):
        return _("its term ended (%(date)s), and no renewal is recorded") % {"date": in_words(self.date)}

    def why_perhaps(self):
        return _("its term may have ended before this day (%(date)s)") % {"date": in_words(self.date)}


def end_of_term(life, course):
    """The ``EndOfTerm`` of a term that began with ``course.start``, or ``None`` if no end is fixed or known."""
    ends = [step.date for step in life.announced if step.kind == "expired" and not step.party_id]
    ends = [date for date in ends if date.latest]
    renewals = [step for step in course.start if step.kind == "renewed" and step.date and step.date.latest]
    years = life.term_years if life.term_kind in FIXED_TERMS else None
    first = course.start[0].date if course.start else None
    if years and first:
        last = years_later(first, years)
        for step in renewals:
            # Most renewals count from the end of the previous term. The later of both days claims less, so it is taken.
            from_day = step.date if last is None or _is_later(step.date, last) else last
            last = years_later(from_day, years)
        ends += [last] if last and last.latest else []
    elif renewals:
        latest = max(step.date.latest for step in renewals)
        ends = [date for date in ends if date.latest > latest]
    return EndOfTerm(max(ends, key=lambda date: date.latest)) if ends else None


def _is_later(first, second):
    return first.latest is not None and second.latest is not None and first.latest > second.latest


def years_later(date, years):
    """The same partial date ``years`` later; ``None`` outside the calendar."""
    text = re.sub(r"\d{4}(?=-|/|[~?%]|$)", lambda year: str(int(year[0]) + years), str(date))
    try:
        return PartialDate.parse(text)
    except PartialDateError:
        return _before_leap_day(text)


def _before_leap_day(text):
    try:
        return PartialDate.parse(text.replace("-02-29", "-02-28"))
    except PartialDateError:
        return None
