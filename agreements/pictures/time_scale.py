"""Days on a line, with ticks at round months or years."""

import datetime

from django.utils.formats import date_format

from agreements.pictures.lettering import width_of

# How many months may lie between two ticks; names of months need more room than years.
_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000)
_MOST_TICKS, _MOST_MONTHS = 6, 4
LABEL_SIZE = 9.5
# Not fewer months than this, so that a single day does not stand alone on the line.
_LEAST_MONTHS = 6


class Scale:
    """Whole months that hold the days from ``first`` to ``last``, between two places on a line."""

    def __init__(self, first, last, start, end):
        self._first, self._last = _months(first), _months(last) + 1
        missing = max(_LEAST_MONTHS - (self._last - self._first), 0)
        self._first, self._last = self._first - missing // 2, self._last + missing - missing // 2
        self._start, self._width = start, end - start
        self._days = _ordinal(self._last) - _ordinal(self._first)

    def holds(self, day):
        return self._first <= _months(day) < self._last

    def x(self, day):
        return self._x(day.toordinal())

    def _x(self, ordinal):
        return round(self._start + (ordinal - _ordinal(self._first)) / self._days * self._width, 1)

    def ticks(self):
        """``[{"label", "x", "anchor"}]``: years, or months where they are few. A label at an end of the line stays within it."""
        step = next((step for step in _STEPS if self._has_room(step)), _STEPS[-1])
        months = range(-(-self._first // step) * step, self._last + 1, step)
        return [self._tick(_label(month, step), self._x(_ordinal(month))) for month in months]

    def _has_room(self, step):
        return (self._last - self._first) / step <= (_MOST_TICKS if step >= 12 else _MOST_MONTHS)

    def _tick(self, label, x):
        half = width_of(label, LABEL_SIZE) / 2 - self._start
        anchor = "start" if x - self._start < half else "end" if self._start + self._width - x < half else "middle"
        return {"label": label, "x": x, "anchor": anchor}


def _months(day):
    """The months since the beginning of the count of years."""
    return day.year * 12 + day.month - 1


def _ordinal(months):
    # Beyond the days that Python knows, the last one it knows.
    year, month = divmod(months, 12)
    return datetime.date(year, month + 1, 1).toordinal() if year <= datetime.MAXYEAR else datetime.date.max.toordinal()


def _label(months, step):
    year, month = divmod(months, 12)
    return str(year) if step >= 12 else date_format(datetime.date(year, month + 1, 1), "M Y")
