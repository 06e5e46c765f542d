"""Partial dates: as precise as the source, and never padded to a day that it does not give.

The notation is the Extended Date/Time Format of the Library of Congress (EDTF, ISO 8601-2): level 0 plus the
qualifiers ``~`` (approximate), ``?`` (uncertain) and ``%`` (both), intervals and open ends::

    2025            2025-12         2025-12-15
    2025-12~        2005?           1995-06-19%
    2026-01-08/2026-01-16           2001/..          ../2006-12-31
    2001/           /2006

``2001/..`` is still going on; ``2001/`` has ended on an unknown day.

Sorting and filtering use the bounds of a date: the earliest and the latest day that it can mean.
"""

import calendar
import datetime
import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from sources.lib.date_hints import hint

_POINT = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?(?P<mark>[~?%])?", re.ASCII)
_OPEN = ".."
_UNKNOWN = ""  # the interval has this end, but no source gives it
MIN_YEAR, MAX_YEAR = 1000, 2999


class PartialDateError(ValueError):
    """The text is not a partial date; the message says why, in words for an editor."""


@dataclass(frozen=True)
class _Point:
    earliest: datetime.date
    latest: datetime.date
    text: str
    mark: str


def _parse_point(text):
    match = _POINT.fullmatch(text)
    if not match:
        raise PartialDateError(
            _("“%(text)s” is not a date. Write 2025, 2025-12 or 2025-12-15, with ~ or ? for about or perhaps.")
            % {"text": text[:40]}
        )
    year, month, day = (int(part) if part else None for part in match.group("year", "month", "day"))
    if not MIN_YEAR <= year <= MAX_YEAR:
        raise PartialDateError(_("The year %(year)s is out of range.") % {"year": match["year"]})
    try:
        # ``is None`` and not falsy: a month or day of 00 was given, and must be refused.
        earliest = datetime.date(year, 1 if month is None else month, 1 if day is None else day)
        last_month = 12 if month is None else month
        last_day = calendar.monthrange(year, last_month)[1] if day is None else day
        latest = datetime.date(year, last_month, last_day)
    except (ValueError, calendar.IllegalMonthError):
        raise PartialDateError(_("“%(text)s” is not in the calendar.") % {"text": text}) from None
    return _Point(earliest, latest, text, match["mark"] or "")


@dataclass(frozen=True)
class PartialDate:
    """A date or an interval. ``text`` is EDTF; the bound of an open or unknown end is ``None``."""

    text: str
    earliest: datetime.date | None
    latest: datetime.date | None

    # The marks of EDTF of a date that is about right, doubtful, or both.
    UNCERTAIN = "~?%"

    @classmethod
    def parse(cls, text):
        """Read EDTF text. Raises ``PartialDateError``; its message says how to write the date if that can be guessed."""
        text = str(text).strip()
        try:
            return cls._parse(text)
        except PartialDateError:
            if meant := hint(text):
                raise PartialDateError(meant) from None
            raise

    @classmethod
    def _parse(cls, text):
        if "/" not in text:
            point = _parse_point(text)
            return cls(text, point.earliest, point.latest)
        parts = text.split("/")
        if len(parts) != 2 or set(parts) <= {_OPEN, _UNKNOWN}:
            raise PartialDateError(_("An interval has one slash and at least one date: 2001/2005 or 2001/.."))
        start, end = (None if part in (_OPEN, _UNKNOWN) else _parse_point(part) for part in parts)
        if start and end and end.latest < start.earliest:
            raise PartialDateError(_("The interval ends before it starts."))
        return cls(text, start.earliest if start else None, end.latest if end else None)

    def __str__(self):
        return self.text

    @property
    def is_interval(self):
        return "/" in self.text

    @property
    def is_exact(self):
        """Whether it is one known day, without a mark such as ``~`` or ``?``."""
        return self.earliest is not None and self.earliest == self.latest and self.text[-1].isdigit()

    @property
    def is_uncertain(self):
        return any(mark in self.text for mark in self.UNCERTAIN)

    @property
    def sure_year(self):
        """The year in which the date surely lies, or ``None``."""
        if not self.earliest or not self.latest or self.is_uncertain:
            return None
        return self.earliest.year if self.earliest.year == self.latest.year else None

    @property
    def start(self):
        """The first date of an interval, or the date itself; ``None`` for an open or unknown start."""
        return self._end_of_interval(0)

    @property
    def end(self):
        return self._end_of_interval(1)

    def _end_of_interval(self, index):
        if not self.is_interval:
            return self
        part = self.text.split("/")[index]
        return None if part in (_OPEN, _UNKNOWN) else PartialDate.parse(part)

    @property
    def is_ongoing(self):
        """Whether it is an interval that has not ended: ``2001/..``."""
        return self.text.endswith(f"/{_OPEN}")

    def contains(self, day):
        return (self.earliest is None or self.earliest <= day) and (self.latest is None or day <= self.latest)

    def surely_covers(self, other):
        """Whether every day that ``other`` can mean lies in this span, whichever days its first and last date mean.

        ``../1997`` has no first day. ``/1997`` began on an unknown day, so nothing lies in it for sure.
        """
        if self.is_uncertain or other.is_uncertain or other.earliest is None or other.latest is None:
            return False
        first, last = self.start, self.end
        begun = self.text.startswith(_OPEN) or (first is not None and first.latest <= other.earliest)
        not_over = self.text.endswith(_OPEN) or (last is not None and other.latest <= last.earliest)
        return begun and not_over

    def surely_by(self, day):
        """Whether the whole of the date lies on or before ``day``."""
        return self.latest is not None and self.latest <= day

    def surely_after(self, day):
        return self.earliest is not None and self.earliest > day

    def may_lie_between(self, first, last):
        """Whether some day of the date may lie from ``first`` to ``last``; ``None`` leaves that side unlimited."""
        begins_in_time = last is None or self.earliest is None or self.earliest <= last
        ends_in_time = first is None or self.latest is None or self.latest >= first
        return begins_in_time and ends_in_time

    def compatible_with(self, other):
        """Whether some day fits both dates: 2025-12 and 2025-12-15 are compatible."""
        starts = [day for day in (self.earliest, other.earliest) if day]
        ends = [day for day in (self.latest, other.latest) if day]
        return not starts or not ends or max(starts) <= min(ends)
