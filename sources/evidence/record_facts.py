"""From a record's rows and citations to its facts: what each field says, who says so, and how sure that is."""

from functools import cache

from django.db import models
from django.utils.translation import override

from sources.evidence import confidence as evidence
from sources.lib.fields import PartialDateField, ProseField
from sources.records.base import Documented
from sources.records.cited import is_blank

# Single-line fields that hold a name; other lines of text are not compared word by word.
NAME_FIELDS = ("name", "name_as_printed")
# Under which names a row is known, for a field that names it; a record's search text holds its other names.
NAMES_OF_A_ROW = (
    "name", "title", "short_title", "short_name", "name_es", "title_es", "iso_alpha2", "iso_alpha3", "code", "slug",
    "search_text",
)  # fmt: skip


@cache
def comparison_kind(model_field):
    """How values of a model field are compared: see ``evidence.Kind``."""
    if isinstance(model_field, PartialDateField):
        return evidence.Kind("date")
    if model_field.choices:
        # In English whoever asks: what agrees must not depend on the language of the reader.
        with override("en"):
            return evidence.Kind("choice", {code: str(label) for code, label in model_field.flatchoices})
    if isinstance(model_field, (models.IntegerField, models.DecimalField)):
        return evidence.Kind("number")
    if isinstance(model_field, models.ForeignKey):
        return evidence.Kind("name" if issubclass(model_field.related_model, Documented) else "label")
    if model_field.name in NAME_FIELDS:
        return evidence.Kind("name")
    return evidence.TEXT


def stated_value(row, model_field):
    """The value a row states, in the form ``evidence.agrees`` takes."""
    if model_field.many_to_many or isinstance(model_field, ProseField):
        return ""
    value = getattr(row, model_field.name)
    if isinstance(model_field, models.ForeignKey) and value is not None:
        return tuple(name for attribute in NAMES_OF_A_ROW if (name := getattr(value, attribute, "")))
    return "" if value is None else str(value)


def family_of(source):
    """The origin that a source shares with its reprints: its root document, or the wire's report of that day."""
    root = source
    seen = {source.pk}
    while root.derived_from_id and root.derived_from_id not in seen:
        seen.add(root.derived_from_id)
        root = root.derived_from
    if root.wire_credit and root.date:
        return f"{root.wire_credit.casefold()} {root.date}"
    return root.slug


def as_item(citation, row=None):
    """A citation as the rule of ``evidence`` sees it; ``row`` is the record or part it is about."""
    if citation.source is None:
        return evidence.Item(
            stance=citation.stance, reliability="B", credibility=2, family=f"finding {citation.finding_id}"
        )
    source = citation.source
    return evidence.Item(
        stance=citation.stance,
        reliability=source.reliability,
        credibility=citation.credibility,
        family=family_of(source),
        kind=source.kind,
        standing=source.standing,
        agrees=_agrees(citation, row),
        derived=source.derived_from_id is not None,
    )


def _agrees(citation, row):
    if row is None or not citation.value:
        return None
    model_field = row._meta.get_field(citation.field)
    return evidence.agrees(comparison_kind(model_field), stated_value(row, model_field), citation.value)


def facts_of(record, citations, rulings):
    """One dict per field that says something, is cited or is ruled on, in the record's own order.

    ``{"part", "field", "state", "confidence", "sources", "independent", "disputing", "citations": [id], "ruling": id}``
    """
    by_place, ruled = {}, {(ruling.part, ruling.field): ruling for ruling in rulings}
    for citation in citations:
        by_place.setdefault((citation.part, citation.field), []).append(citation)
    facts = []
    for part, row in record.cited_rows():
        required = row.required_citations()
        for field in row.CITABLE_FIELDS:
            place = (part, field)
            if place in by_place or place in ruled or (field in required and not is_blank(row.fact_value(field))):
                facts.append(fact_of(place, row, by_place.get(place, []), ruled.get(place)))
    return facts


def fact_of(place, row, citations, ruling):
    """The fact at ``place`` (``(part, field)``) of ``row``, as ``facts_of`` gives it."""
    ruled = ruling and evidence.Ruling(settled=ruling.state == ruling.State.SETTLED, confidence=ruling.confidence)
    found = evidence.assess([as_item(citation, row) for citation in citations], ruled)
    return {
        "part": place[0],
        "field": place[1],
        "state": found.state,
        "confidence": found.confidence,
        "sources": found.sources,
        "independent": found.independent,
        "disputing": found.disputing,
        "citations": [citation.uid for citation in citations],
        "ruling": ruling.uid if ruling else None,
    }
