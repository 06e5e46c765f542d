"""A record in the words of schema.org, for search engines and reference managers; from the public representation."""

import re

_TYPES = {
    "agreements": "Legislation",
    "people": "Person",
    "organisations": "Organization",
    "exercises": "Event",
    "series": "EventSeries",
    "assistance": "Action",
    "events": "Event",
    "positions": "Claim",
    "sources": "CreativeWork",
}


def describe(record, absolute):
    """The JSON-LD of a record; ``absolute`` makes an address whole. Empty values are left out."""
    kind = record["ref"].partition("/")[0]
    described = {
        "@context": "https://schema.org",
        "@type": "Country" if record.get("iso_alpha3") else _TYPES[kind],
        "@id": absolute(record["page"]),
        "url": absolute(record["page"]),
        "name": record.get("title") or record.get("name") or record.get("statement"),
        "alternateName": record.get("short_title") or record.get("short_name"),
        "description": record.get("summary"),
        **_MORE.get(kind, lambda record: {})(record),
    }
    return {name: value for name, value in described.items() if value}


def _agreement(record):
    return {
        "legislationType": record["type"],
        "legislationDate": _day(record["signed"]),
        "legislationIdentifier": [f"{row['series']} {row['number']}" for row in record["registry_numbers"]],
        "about": [{"@type": "Thing", "name": row["organisation"]["name"]} for row in record["parties"]],
    }


def _person(record):
    return {
        "familyName": record["family_name"],
        "givenName": record["given_name"],
        "alternateName": [row["name"] for row in record["other_names"]],
    }


def _organisation(record):
    names = [row["name"] for row in record["other_names"]]
    return {"alternateName": [name for name in (record["name_es"], record["short_name"], *names) if name]}


def _source(record):
    return {
        "datePublished": _day(record["date"]),
        "inLanguage": record["language"],
        "sameAs": record["url"],
        "publisher": {"@type": "Organization", "name": record["publisher"]["name"]},
        "author": [{"@type": "Person", "name": name.strip()} for name in record["authors"].split(";") if name.strip()],
    }


def _event(record):
    date = record.get("date") or record.get("dates") or ""
    start, _slash, end = date.partition("/")
    return {"startDate": _day(start), "endDate": _day(end), "location": record.get("place") or record.get("venue")}


_ISO = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


def _day(text):
    """An ISO date as schema.org takes it, or nothing: for "about", "perhaps", spans and open ends it has no words."""
    return text if text and _ISO.fullmatch(text) else ""


_MORE = {
    "agreements": _agreement,
    "people": _person,
    "organisations": _organisation,
    "sources": _source,
    "events": _event,
    "exercises": _event,
}
