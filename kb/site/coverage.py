"""Numbers about the collection for the home page and the methods page. Only published rows are counted."""

from django.db.models import Count
from django.urls import reverse

from agreements.models import Agreement, Coding, StatusSpan
from sources.models import Citation, NegativeFinding, Source
from sources.reading import kinds
from sources.reading.store import answers
from sources.reading.store.reading import tallies_of
from sources.records.base import record_models

PARTS = (
    "sources/kind",
    "sources/language",
    "sources/reliability",
    "agreements/text",
    "agreements/status",
    "codings/basis",
    "codings/stance",
)


def in_all():
    """``{"records", "citations"}``: the rows of ``_records`` and how many citations there are."""
    published, contested, stances = tallies_of("records", "contested", "citations")
    return {"records": _records(published, contested), "citations": sum(stances.values())}


def _records(published, contested):
    """``[{"kind", "name", "counted", "address", "published", "contested"}]`` by kind: the name that goes with the number
    (``counted``), the address of its list (empty without one), how many records readers can see, and how many of them have a fact
    on which sources differ and no ruling has settled it."""
    return [_row(model, published.get(model.KIND, 0), contested.get(model.KIND, 0)) for model in record_models()]


def _row(model, published, contested):
    name = model._meta.verbose_name_plural
    return {
        "kind": model.KIND,
        "name": str(name),
        "counted": str(model._meta.verbose_name if published == 1 else name),
        "address": reverse(model.KIND) if kinds.list_of(model) else "",
        "published": published,
        "contested": contested,
    }


@answers.kept("methods")
def of_methods():
    """Counts for the methods page: ``records``, ``evidence``, and what the sources, the agreements and the codings are made of."""
    published, contested, stances, facts, rulings, *parts = tallies_of(
        "records", "contested", "citations", "facts", "rulings", *PARTS
    )
    return {
        "records": _records(published, contested),
        "evidence": _evidence(stances, facts, rulings),
        **_breakdowns(*parts),
    }


def _evidence(stances, facts, rulings):
    """Counts of citations, of facts with a citation, of rulings and of findings."""
    stances = shares(stances, Citation, "stance")
    searches = NegativeFinding.objects.published().filter(is_gap=False)
    gaps = NegativeFinding.objects.published().filter(is_gap=True, resolved=False)
    findings = dict(searches.order_by().values_list("resolved").annotate(Count("pk")))
    return {
        "stances": stances,
        "citations": sum(count for _label, count in stances),
        "facts": facts.get("", 0),
        "disputed": facts.get("disputes", 0),
        "settled": rulings.get("settled", 0),
        "open": rulings.get("open", 0),
        "found_nothing": findings.get(False, 0),
        "answered_since": findings.get(True, 0),
        "gaps": gaps.count(),
    }


def _breakdowns(kinds, languages, reliability, texts, statuses, bases, stances):
    return {
        "source_kinds": shares(kinds, Source, "kind"),
        "source_languages": shares(languages, Source, "language"),
        "source_reliability": grades(reliability),
        "agreement_texts": shares(texts, Agreement, "text_availability"),
        "agreement_statuses": shares(statuses, StatusSpan, "status"),
        "coding_bases": [row for row in shares(bases, Coding, "basis") if row[0]],
        "coding_stances": shares(stances, Coding, "stance"),
    }


def shares(numbers, model, field):
    """``[(label, count)]`` of a choice field, the most frequent first; ``numbers`` are by value."""
    labels = dict(model._meta.get_field(field).flatchoices)
    counted = sorted(numbers.items(), key=lambda row: (-row[1], row[0]))
    return [(str(labels.get(code, code)), number) for code, number in counted]


def grades(numbers):
    """``[(grade with its meaning, number of sources)]`` from A to F."""
    labels = dict(Source._meta.get_field("reliability").flatchoices)
    return [(f"{code} – {labels[code]}", number) for code, number in sorted(numbers.items())]
