"""Numbers about the collection for the home page and the methods page. Only published rows are counted."""

from django.db.models import Count, Q, Value
from django.urls import reverse

from agreements.models import Agreement, Coding, StatusSpan
from sources.models import Adjudication, Citation, NegativeFinding, Source
from sources.reading import kinds
from sources.records.base import record_models


def records():
    """``[{"kind", "name", "counted", "address", "published", "contested"}]`` by kind: the name that goes with the number
    (``counted``), the address of its list (empty without one), how many records readers can see, and how many of them have a fact
    on which sources differ and no ruling has settled it. One query."""
    models = record_models()
    first, *others = [_counted(model) for model in models]
    numbers = {kind: counts for kind, *counts in first.union(*others, all=True)}
    return [_row(model, *numbers.get(model.KIND, (0, 0))) for model in models]


def _row(model, published, contested):
    name = model._meta.verbose_name_plural
    return {
        "kind": model.KIND,
        "name": name,
        "counted": model._meta.verbose_name if published == 1 else name,
        "address": reverse(model.KIND) if kinds.list_of(model) else "",
        "published": published,
        "contested": contested,
    }


def _counted(model):
    rows = model.objects.published().counted().order_by().annotate(of_kind=Value(model.KIND)).values("of_kind")
    numbers = {"published": Count("pk"), "contested": Count("pk", filter=Q(is_contested=True))}
    return rows.annotate(**numbers).values_list("of_kind", "published", "contested")


def evidence():
    """Counts of citations, of facts with a citation, of rulings and of findings."""
    citations = Citation.objects.published()
    places = ("record_ref", "part", "field")
    stances = shares(citations, Citation, "stance")
    rulings = dict(Adjudication.objects.published().order_by().values_list("state").annotate(Count("pk")))
    searches = NegativeFinding.objects.published().filter(is_gap=False)
    gaps = NegativeFinding.objects.published().filter(is_gap=True, resolved=False)
    findings = dict(searches.order_by().values_list("resolved").annotate(Count("pk")))
    return {
        "stances": stances,
        "citations": sum(count for _label, count in stances),
        "facts": citations.order_by().values(*places).distinct().count(),
        "disputed": citations.filter(stance="disputes").order_by().values(*places).distinct().count(),
        "settled": rulings.get("settled", 0),
        "open": rulings.get("open", 0),
        "found_nothing": findings.get(False, 0),
        "answered_since": findings.get(True, 0),
        "gaps": gaps.count(),
    }


def breakdowns():
    """What the sources, the agreements and the codings are made of."""
    sources, agreements = Source.objects.published(), Agreement.objects.published().counted()
    return {
        "source_kinds": shares(sources, Source, "kind"),
        "source_languages": shares(sources, Source, "language"),
        "source_reliability": grades(sources),
        "agreement_texts": shares(agreements, Agreement, "text_availability"),
        "agreement_statuses": shares(StatusSpan.objects.today().filter(agreement__in=agreements), StatusSpan, "status"),
        "coding_bases": [row for row in shares(Coding.objects.published(), Coding, "basis") if row[0]],
        "coding_stances": shares(Coding.objects.published(), Coding, "stance"),
    }


def shares(rows, model, field):
    """``[(label, count)]`` of a choice field, the most frequent first."""
    labels = dict(model._meta.get_field(field).flatchoices)
    counted = rows.order_by().values_list(field).annotate(number=Count("pk"))
    return [(labels.get(code, code), number) for code, number in sorted(counted, key=lambda row: (-row[1], row[0]))]


def grades(sources):
    """``[(grade with its meaning, number of sources)]`` from A to F."""
    labels = dict(Source._meta.get_field("reliability").flatchoices)
    counted = sources.order_by().values_list("reliability").annotate(number=Count("pk"))
    return [(f"{code} – {labels[code]}", number) for code, number in sorted(counted)]
