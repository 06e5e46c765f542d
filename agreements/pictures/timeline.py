"""Timelines: dated things as rows of a picture, each drawn as exactly as its date is known.

A known day is a dot. A month or a year is a pale bar over all its days. An interval is a line, with an arrow where it goes on
and a gap where an end is not known. A date with ``~`` or ``?`` is dashed. Lengths are units of the SVG's view box.
"""

import datetime
from collections import Counter
from dataclasses import dataclass

from sources.lib.dates import PartialDate

WIDTH, MARGIN = 360, 14
HEAD, ROW = 26, 34
# More rows than this are drawn as a number for each year.
MOST_ROWS = 60
_STEPS = (1, 2, 5, 10, 20, 50, 100, 200)
_MOST_TICKS = 6
# A bar of a single month would vanish on a scale of decades.
_LEAST_WIDTH = 7


@dataclass(frozen=True)
class Entry:
    """One dated thing: its EDTF ``date`` (empty if not known), what it is, and the page that tells more.

    ``mark`` is ``evidenced``, ``claimed`` or ``planned``, as on the ladder of an agreement.
    """

    date: str
    label: str
    page: str = ""
    mark: str = "evidenced"
    is_contested: bool = False
    is_statement: bool = False


def timeline_of(entries, today):
    """``{"rows", "undated", "ticks", "today", "width", "height"}``, rows in the order of time.

    A row has the ``entry``, its ``y``, and ``x``/``x_end`` with the ``form``: ``day``, ``within`` or ``span``; ``opens`` and ``ends``
    say whether the two ends of a span are known.
    """
    dated = [(PartialDate.parse(entry.date), entry) for entry in in_order(entries) if entry.date]
    scale = _Scale([date for date, _entry in dated], today)
    rows = [_row(date, entry, HEAD + index * ROW, scale) for index, (date, entry) in enumerate(dated)]
    return {
        "rows": rows,
        "undated": [entry for entry in entries if not entry.date],
        "ticks": scale.ticks(),
        "today": scale.x(today) if scale.holds(today) else None,
        "width": WIDTH,
        "height": HEAD + len(rows) * ROW + 4,
    }


def in_order(entries):
    """The entries in the order of time, those without a date last."""
    return sorted(entries, key=_place_in_time)


def _place_in_time(entry):
    if not entry.date:
        return (True, datetime.date.max, datetime.date.max, entry.label)
    date = PartialDate.parse(entry.date)
    return (False, _first(date), _last(date), entry.label)


def to_draw(entries):
    """The entries that a picture shows as rows: what was said is left to the table where all would be too many. Empty where even
    the rest is too many; then a picture counts by year."""
    if len(entries) > MOST_ROWS:
        entries = [entry for entry in entries if not entry.is_statement]
    return entries if len(entries) <= MOST_ROWS else []


def by_year(entries):
    """``bars`` of how many of the entries lie surely within each year."""
    years = Counter((entry.date and PartialDate.parse(entry.date).sure_year) or None for entry in entries)
    unplaced = years.pop(None, 0)
    return bars(years, unplaced)


def bars(numbers, unplaced):
    """``{"years": [{"year", "number", "height"}], "unplaced": number}`` from ``{year: number}``, every year from the first to the last;
    the highest bar is 100 high. Things that may lie in several years, or are undated, are ``unplaced``."""
    most = max(numbers.values(), default=0)
    span = range(min(numbers), max(numbers) + 1) if numbers else ()
    years = [
        {"year": year, "number": numbers.get(year, 0), "height": 100 * numbers.get(year, 0) / most} for year in span
    ]
    return {"years": years, "unplaced": unplaced}


def _first(date):
    return date.earliest or date.latest


def _last(date):
    return date.latest or date.earliest


def _row(date, entry, y, scale):
    start, end = scale.x(_first(date)), scale.x(_last(date))
    form = "span" if date.is_interval else "day" if date.earliest == date.latest else "within"
    if form != "day":
        end = min(max(end, start + _LEAST_WIDTH), WIDTH - MARGIN)
        start = min(start, end - _LEAST_WIDTH)
    if date.text.endswith("/.."):
        end = WIDTH - MARGIN
    return {
        "entry": entry,
        "y": y,
        "x": round(start, 1),
        "x_end": round(end, 1),
        "form": form,
        "is_uncertain": date.is_uncertain,
        "opens": date.earliest is not None,
        "ends": date.latest is not None,
        "goes_on": date.text.endswith("/.."),
    }


class _Scale:
    """Days on the width of the picture, from the first year to the last."""

    def __init__(self, dates, today):
        days = [day for date in dates for day in (date.earliest, date.latest) if day]
        days += [today] if any(date.text.endswith("/..") for date in dates) else []
        years = [day.year for day in days] or [today.year]
        self.first, self.last = min(years), max(years) + 1
        self._start = datetime.date(self.first, 1, 1).toordinal()
        self._days = datetime.date(self.last, 1, 1).toordinal() - self._start

    def holds(self, day):
        return self.first <= day.year < self.last

    def x(self, day):
        share = (day.toordinal() - self._start) / self._days
        return round(MARGIN + share * (WIDTH - 2 * MARGIN), 1)

    def ticks(self):
        """``[{"year", "x"}]`` at round years, at most ``_MOST_TICKS`` or a few more."""
        span = self.last - self.first
        step = next((step for step in _STEPS if span / step <= _MOST_TICKS), _STEPS[-1])
        years = [year for year in range(self.first, self.last + 1) if year % step == 0] or [self.first]
        return [{"year": year, "x": self.x(datetime.date(year, 1, 1))} for year in years]
