"""Bars: how many things lie in each year. Lengths are units of the SVG's view box."""

from collections import Counter

from sources.lib.dates import PartialDate

WIDTH, HEIGHT = 300, 140
# Where the bars stand: beside their numbers, above the years.
LEFT, TOP, BOTTOM = 30, 8, 118
_STEPS = tuple(step * 10**power for power in range(9) for step in (1, 2, 5))
_MOST_LINES, _MOST_YEARS = 4, 6
# Between two bars.
_GAP = 0.6


def by_year(entries):
    """``bars`` of how many of the entries lie surely within each year."""
    years = Counter((entry.date and PartialDate.parse(entry.date).sure_year) or None for entry in entries)
    unplaced = years.pop(None, 0)
    return bars(years, unplaced)


def bars(numbers, unplaced):
    """From ``{year: number}`` every year from the first to the last: ``{"years": [{"year", "number", "x", "y", "width", "height"}],
    "ticks": [{"year", "x"}], "lines": [{"number", "y"}], "left", "bottom", "width", "height", "unplaced"}``. Things that may lie in
    several years, or are undated, are ``unplaced``, a number."""
    span = range(min(numbers), max(numbers) + 1) if numbers else range(0)
    step = _step(max(numbers.values(), default=1), _MOST_LINES)
    # The highest line is at or above the highest bar.
    top = -(-max(numbers.values(), default=1) // step) * step
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "bottom": BOTTOM,
        "years": [_bar(year, numbers.get(year, 0), span, top) for year in span],
        "ticks": [
            {"year": year, "x": _middle(year, span)} for year in span if year % _step(len(span), _MOST_YEARS) == 0
        ],
        "lines": [{"number": number, "y": _height(number, top)} for number in range(0, top + 1, step)],
        "unplaced": unplaced,
    }


def _step(length, most):
    return next(step for step in _STEPS if length / step <= most)


def _height(number, top):
    return round(BOTTOM - (BOTTOM - TOP) * number / top, 1)


def _bar(year, number, span, top):
    room, y = (WIDTH - LEFT) / len(span), _height(number, top)
    return {
        "year": year,
        "number": number,
        "x": round(LEFT + (year - span[0]) * room, 2),
        "y": y,
        "width": round(max(room - _GAP, room * 0.6), 2),
        "height": round(BOTTOM - y, 1),
    }


def _middle(year, span):
    return round(LEFT + (year - span[0] + 0.5) * (WIDTH - LEFT) / len(span), 1)
