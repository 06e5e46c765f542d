"""A record in the words of schema.org, for search engines and reference managers; from the public representation.

The serializer of a kind has its type and its further properties: ``schema_type`` and ``schema_org``.
"""

import re

_ISO = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


def describe(record, serializer, absolute):
    """The JSON-LD of a record, without empty values. ``absolute(path)`` gives the whole address."""
    described = {
        "@context": "https://schema.org",
        "@type": serializer.schema_type,
        "@id": absolute(record["page"]),
        "url": absolute(record["page"]),
        "name": record.get("shown_title") or record.get("title") or record.get("name") or record.get("statement"),
        "alternateName": record.get("short_title") or record.get("short_name"),
        "description": record.get("summary"),
        **serializer.schema_org(record),
    }
    return {name: value for name, value in described.items() if value}


def day(text):
    """An ISO date as schema.org takes it, or nothing: for "about", "perhaps", spans and open ends it has no words."""
    return text if text and _ISO.fullmatch(text) else ""


def time_and_place(date, place):
    """When something took place, by an EDTF date or interval, and where."""
    start, _slash, end = (date or "").partition("/")
    return {"startDate": day(start), "endDate": day(end), "location": place}
