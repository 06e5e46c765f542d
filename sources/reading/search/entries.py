"""What of a public form can be found."""

import hashlib
from dataclasses import dataclass, field
from functools import cache

from django.db import models
from django.utils.text import capfirst

from sources.lib.date_words import in_words
from sources.lib.fields import PartialDateField, WebAddressField
from sources.reading import fact_wording, kinds
from sources.reading.answers import answers_of
from sources.reading.footnotes import fact_anchor
from sources.reading.search.sorts import DAY

# What the column holds.
LONGEST_REF = 200


@dataclass
class Entry:
    """One thing that can be found.

    ``ref`` is ``kind/name`` and unique; ``names`` are all its names and numbers as printed, the first being what it is called;
    ``among`` are names of those that it is between, such as parties, by which it is known together with its own;
    ``passages`` are pairs ``(what it is, what it says)`` of its text; ``facets`` are lists of values by the name of the property.
    """

    ref: str
    page: str
    names: list
    passages: list = field(default_factory=list)
    facets: dict = field(default_factory=dict)
    weight: int = 0
    among: list = field(default_factory=list)

    @property
    def kind(self):
        return self.ref.partition("/")[0]


def entry_of(model, body, name, facets, but=()):
    """The entry of a record itself, from its public form ``body``; ``name`` is what others call it. ``but`` are lists of parts that
    are found by themselves."""
    names = [name, *(_text(body.get(column)) for column in model.SEARCH_FIELDS)]
    if model.NAMES_PART:
        names += [row.get("name") or row.get("text") for row in body[model.NAMES_PART]]
    return Entry(
        ref=body["ref"],
        page=body["page"],
        names=[*dict.fromkeys(filter(None, names))],
        passages=[*passages_of(model, body, but)],
        facets=facets,
        weight=len(body["citations"]),
    )


def ref_of_part(kind, name):
    """The ``ref`` of something within a record; a long one ends with a digest."""
    ref = f"{kind}/{name}"
    if len(ref) <= LONGEST_REF:
        return ref
    digest = hashlib.sha256(ref.encode()).hexdigest()[:32]
    return f"{ref[: LONGEST_REF - len(digest) - 1]}-{digest}"


def disputed_entries(body, name, facets):
    """Yield the entries of the questions to which the sources of a record give different answers; ``facets`` are those of the record."""
    cited = {citation["id"]: citation for citation in body["citations"]}
    for fact in body["facts"]:
        if fact["state"] in ("contested", "settled"):
            yield _disputed_entry(body, name, facets, fact, [cited[uid] for uid in fact["citations"]])


def _disputed_entry(body, name, facets, fact, citations):
    kind, place = body["ref"].partition("/")[0], (fact["part"], fact["field"])
    question = fact_wording.question_of(body, *place)
    answers = answers_of(citations, fact_wording.stated(body, *place))
    anchor = fact_anchor(*place)
    return Entry(
        ref=ref_of_part("contested", f"{kind}.{body['slug']}.{anchor}"),
        page=f"{kinds.facts_address(kind, body['page'])}#{anchor}",
        names=[f"{name}: {question}", question],
        passages=[("What sources say", said)] if (said := "; ".join(filter(None, _said(answers)))) else [],
        facets={**_without_days(facets), "contested": ["true" if fact["state"] == "contested" else "false"]},
        weight=len(citations),
    )


def _said(answers):
    return (answer["value"] for answer in answers)


def passages_of(model, body, but=()):
    """Yield ``(what it is, what it says)`` of the texts, the names and the dates in a form; ``but`` are lists of parts to leave out."""
    for name in _told(model):
        if said := _text(body.get(name)):
            yield fact_wording.field_label(model.KIND, "", name), said
    for part in model.PARTS:
        if part not in but:
            yield from _of_parts(model, part, body.get(part) or ())
    for name in _dates_of(model):
        if body.get(name):
            yield fact_wording.field_label(model.KIND, "", name), in_words(body[name])


def _of_parts(model, part, rows):
    part_model = model._meta.get_field(part).related_model
    label = capfirst(str(part_model._meta.verbose_name))
    for row in rows:
        said = [said for name in _told(part_model) if (said := _text(row.get(name)))]
        if said:
            yield label, ". ".join(said)


@cache
def _told(model):
    """The fields of a form that hold text or names."""
    return [name for name in model.DOSSIER_FIELDS if _is_told(model._meta.get_field(name))]


@cache
def _dates_of(model):
    return [name for name in model.DOSSIER_FIELDS if isinstance(model._meta.get_field(name), PartialDateField)]


def _is_told(model_field):
    if model_field.is_relation:
        return True
    is_text = isinstance(model_field, (models.CharField, models.TextField)) and not model_field.choices
    return is_text and not isinstance(model_field, (PartialDateField, WebAddressField, models.SlugField))


def _text(value):
    """Text of a value in a form: itself, the name of a linked record, or the names of several."""
    if isinstance(value, dict):
        return value.get("name") or value.get("label") or ""
    if isinstance(value, list):
        return ", ".join(filter(None, map(_text, value)))
    return value if isinstance(value, str) else ""


def year_of(date):
    """The year of an EDTF date as a facet: a list of one text, or empty."""
    year = (date or "")[:4]
    return [year] if year.isdigit() else []


def times_of(date):
    """The year and the days of an EDTF date, as facets."""
    return {"year": year_of(date), DAY: days_of([date])}


def days_of(dates):
    """The days and months in which EDTF dates begin and end, as a facet by which a day is looked for."""
    points = (point.rstrip("~?%") for date in dates if date for point in date.split("/"))
    return [point for point in points if "-" in point]


def _without_days(facets):
    """Questions are found by what is disputed, and not by the days of their record."""
    return {name: values for name, values in facets.items() if name != DAY}


def contested(body):
    """Whether sources differ on a fact of the record, as a facet."""
    return ["true" if any(fact["state"] == "contested" for fact in body["facts"]) else "false"]


def codes(links):
    """The codes of linked states, or the slugs of others."""
    return [link.get("code") or link["slug"] for link in links if link]
