"""Partial dates in words, for readers; as precise as the source.

``2025-12`` is “December 2025”, ``2026-01-08/2026-01-16`` is “8–16 January 2026”, ``2001/..`` is “since 2001”, ``2001/`` is
“from 2001; end not known”, ``2025?`` is “2025 (uncertain)”.
"""

from django.utils.dates import MONTHS
from django.utils.translation import gettext as _

from sources.lib.dates import PartialDate, PartialDateError

_MARKS = "~?%"


def in_words(text):
    """EDTF text as a phrase. Text that is not a partial date is returned unchanged."""
    try:
        date = PartialDate.parse(text)
    except PartialDateError:
        return str(text)
    if not date.is_interval:
        return _point(date.text)
    start, end = date.text.split("/")
    if end == "..":
        return _("since %(date)s") % {"date": _point(start)}
    if start == "..":
        return _("until %(date)s") % {"date": _point(end)}
    if not end:
        return _("from %(date)s; end not known") % {"date": _point(start)}
    if not start:
        return _("until %(date)s; start not known") % {"date": _point(end)}
    return _span(start, end)


def _point(text):
    mark = text[-1] if text[-1] in _MARKS else ""
    words = _plain(*text.rstrip(_MARKS).split("-"))
    if mark in ("~", "%"):
        words = _("about %(date)s") % {"date": words}
    if mark in ("?", "%"):
        words = _("%(date)s (uncertain)") % {"date": words}
    return words


def _plain(year, month="", day=""):
    if not month:
        return year
    values = {"year": year, "month": MONTHS[int(month)], "day": int(day) if day else ""}
    if not day:
        return _("%(month)s %(year)s") % values
    return _("%(day)s %(month)s %(year)s") % values


def _span(start, end):
    """An interval. A month or year that both ends share is written once, unless an end is marked as uncertain."""
    if start[-1] in _MARKS or end[-1] in _MARKS:
        return _wide(_point(start), _point(end))
    first, last = start.split("-"), end.split("-")
    if len(first) == len(last) == 1:
        return f"{start}–{end}"
    if len(first) != len(last) or first[0] != last[0]:
        return _wide(_point(start), _point(end))
    year, month = first[0], MONTHS[int(first[1])]
    if len(first) == 2:
        return f"{month}–{_plain(*last)}"
    if first[1] == last[1]:
        days = f"{int(first[2])}–{int(last[2])}"
        return _("%(day)s %(month)s %(year)s") % {"year": year, "month": month, "day": days}
    return _wide(_("%(day)s %(month)s") % {"day": int(first[2]), "month": month}, _plain(*last))


def _wide(start, end):
    return f"{start} – {end}"
