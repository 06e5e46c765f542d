"""Reads dates as people write them (``15/12/2025``, ``Dec 15, 2025``, ``15 de diciembre de 2025``) and returns EDTF text.

Whether the date exists in the calendar is checked by ``sources.lib.dates``.
"""

import datetime
import re

from django.utils.dates import MONTHS as MONTH_NAMES
from django.utils.translation import gettext as _

from sources.lib.text import fold

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan enero ene", "february feb febrero", "march mar marzo", "april apr abril abr", "may mayo",
            "june jun junio", "july jul julio", "august aug agosto ago", "september sep sept septiembre setiembre",
            "october oct octubre", "november nov noviembre", "december dec diciembre dic",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
FILLER_WORDS = ("de", "of", "the", "del", "on", "el")
_ORDINAL = re.compile(r"(?P<number>\d{1,4})(?:st|nd|rd|th|o|er)?", re.ASCII)
_NUMBERS = re.compile(r"(\d{1,4})\s*[-/.]\s*(\d{1,4})(?:\s*[-/.]\s*(\d{1,4}))?", re.ASCII)
_YEARS = re.compile(r"(\d{4})\s*(?:-|–|to|a)\s*(\d{4})", re.ASCII)


def from_words(text):
    """``2025-12-15`` for a date whose month is a word, or ``2025`` for a lone year; ``""`` for anything else."""
    words = [word for word in fold(text).split() if word not in FILLER_WORDS]
    months = [MONTHS[word] for word in words if word in MONTHS]
    numbers = [_ORDINAL.fullmatch(word) for word in words if word not in MONTHS]
    if len(months) > 1 or not all(numbers):
        return ""
    numbers = [match["number"] for match in numbers]
    years = [number for number in numbers if len(number) == 4]
    days = [number for number in numbers if len(number) <= 2]
    if len(years) != 1 or len(days) > 1 or len(numbers) != 1 + len(days) or (days and not months):
        return ""
    return _notation(years[0], months[0] if months else None, days[0] if days else None)


def _notation(year, month=None, day=None):
    return "-".join([str(year), *(f"{int(number):02d}" for number in (month, day) if number)])


def readings(text):
    """The possible meanings as EDTF texts: none, one, or two where ``03/04/2025`` can be March or April."""
    text = text.strip()
    if words := from_words(text):
        return [words]
    if years := _YEARS.fullmatch(text):
        return ["/".join(years.groups())]
    if numbers := _NUMBERS.fullmatch(text):
        return list(dict.fromkeys(_from_numbers(*numbers.groups())))
    return []


def _from_numbers(first, second, third):
    if len(first) == 4:
        dates = [(first, second, third)]
    elif third is None:
        dates = [(second, first, None)]
    else:
        dates = [(third, second, first), (third, first, second)]
    return [_notation(*date) for date in dates if _is_date(*date)]


def _is_date(year, month, day):
    try:
        return bool(len(year) == 4 and datetime.date(int(year), int(month), int(day or 1)))
    except ValueError:
        return False


def hint(text):
    """A sentence that says how to write the date, or an empty text if it cannot be guessed."""
    meant = readings(text)
    if len(meant) == 1:
        return _("Write %(date)s.") % {"date": meant[0]}
    if meant:
        words = {"first": meant[0], "first_day": _day(meant[0]), "second": meant[1], "second_day": _day(meant[1])}
        return _("Write %(first)s for %(first_day)s, or %(second)s for %(second_day)s.") % words
    return ""


def _day(date):
    year, month, day = date.split("-")
    return f"{int(day)} {MONTH_NAMES[int(month)]} {year}"
