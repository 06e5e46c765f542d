"""The names that an organisation had in time, and which of them was in use on a day."""

from functools import lru_cache

from sources.lib.dates import PartialDate

ENGLISH = ("", "en")


def spans_of(names):
    """``[[name, span]]`` of the rows of ``OrganisationName`` with dates, in their order; other languages are left out."""
    return [[row.name, str(row.dates)] for row in names if row.dates and row.language in ENGLISH]


def name_on(spans, day, today):
    """The first name whose span surely covers the whole of ``day`` (EDTF text), unless it is the name of ``today``; else
    ``""``."""
    if not day:
        return ""
    name = next((name for name, span in spans if _covers(span, day)), "")
    return "" if name == today else name


@lru_cache(4096)
def _covers(span, day):
    return PartialDate.parse(span).surely_covers(PartialDate.parse(day))
