"""The facts of a record: for each field its state, its confidence, its citations and its ruling."""

from functools import cache

from django.db import models
from django.utils.translation import override

from sources.evidence import confidence, reported_values
from sources.evidence.reported_values import ValueKind
from sources.lib.fields import PartialDateField, ProseField
from sources.records.dossier.kinds import is_documented
from sources.records.fact_fields import is_blank

# Text fields whose values are compared as names; other text is not compared.
NAME_FIELDS = ("name", "name_as_printed")
# The attributes that hold the names of a related row. The search text of a record holds its other names.
NAMES_OF_A_ROW = (
    "name", "title", "short_title", "short_name", "name_es", "title_es", "iso_alpha2", "iso_alpha3", "code", "slug",
    "search_text",
)  # fmt: skip


@cache
def comparison_kind(model_field):
    """How values of a model field are compared: see ``ValueKind``."""
    if isinstance(model_field, PartialDateField):
        return ValueKind("date")
    if model_field.choices:
        # Always in English: whether values agree must not depend on the language of the reader.
        with override("en"):
            return ValueKind("choice", {code: str(label) for code, label in model_field.flatchoices})
    if isinstance(model_field, (models.IntegerField, models.DecimalField)):
        return ValueKind("number")
    if isinstance(model_field, models.ForeignKey):
        return ValueKind("name" if is_documented(model_field.related_model) else "label")
    if model_field.name in NAME_FIELDS:
        return ValueKind("name")
    return reported_values.TEXT


def stated_value(row, model_field):
    """The value of a field as ``reported_values.agrees`` takes it: text, or for a relation the names of the row."""
    if model_field.many_to_many or isinstance(model_field, ProseField):
        return ""
    value = getattr(row, model_field.name)
    if isinstance(model_field, models.ForeignKey) and value is not None:
        return tuple(name for attribute in NAMES_OF_A_ROW if (name := getattr(value, attribute, "")))
    return "" if value is None else str(value)


def value_as_text(row, field):
    """What a row states in a field, as a reader sees it in English."""
    model_field = row._meta.get_field(field)
    if model_field.is_relation:
        named = getattr(row, field).all() if model_field.many_to_many else [getattr(row, field)]
        return "; ".join(sorted(str(target) for target in named if target and getattr(target, "is_published", True)))
    value = row.fact_value(field)
    display = getattr(row, f"get_{field}_display", None)
    with override("en"):
        return "" if value is None else str(display() if display else value)


def family_of(source):
    """The name of a source's family: the agency and day of a wire report, else the slug of the original document."""
    root = source
    seen = {source.pk}
    while root.derived_from_id and root.derived_from_id not in seen:
        seen.add(root.derived_from_id)
        root = root.derived_from
    if root.wire_credit and root.date:
        return f"{root.wire_credit.casefold()} {root.date}"
    return root.slug


def graded(citation, row=None):
    """The ``GradedCitation`` of a citation about ``row``, a record or part."""
    if citation.source is None:
        return confidence.GradedCitation(
            stance=citation.stance, reliability="B", credibility=2, family=f"finding {citation.finding_id}"
        )
    source = citation.source
    return confidence.GradedCitation(
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
    return reported_values.agrees(comparison_kind(model_field), stated_value(row, model_field), citation.value)


def facts_of(record, citations, rulings):
    """A dict for each field that has a value, a citation or a ruling, in the record's own order.

    ``{"part", "field", "state", "confidence", "sources", "independent", "disputing", "citations": [id], "ruling": id}``
    """
    cited, ruled = {}, {(ruling.part, ruling.field): ruling for ruling in rulings}
    for citation in citations:
        cited.setdefault((citation.part, citation.field), []).append(citation)
    facts = []
    for part, row in record.cited_rows():
        required = row.required_citations()
        for field in row.CITABLE_FIELDS:
            key = (part, field)
            if key in cited or key in ruled or (field in required and not is_blank(row.fact_value(field))):
                facts.append(fact_of(part, field, row, cited.get(key, []), ruled.get(key)))
    return facts


def fact_of(part, field, row, citations, ruling):
    """The fact that ``field`` of ``row`` is, as ``facts_of`` gives it; ``ruling`` may be ``None``."""
    ruled = ruling and confidence.Ruling(settled=ruling.state == ruling.State.SETTLED, confidence=ruling.confidence)
    assessment = confidence.assess([graded(citation, row) for citation in citations], ruled)
    return {
        "part": part,
        "field": field,
        "state": assessment.state,
        "confidence": assessment.confidence,
        "sources": assessment.sources,
        "independent": assessment.independent,
        "disputing": assessment.disputing,
        "citations": [citation.uid for citation in citations],
        "ruling": ruling.uid if ruling else None,
    }
