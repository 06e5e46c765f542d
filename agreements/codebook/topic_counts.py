"""How agreements answer one topic: how many take each approach, with every kind of not knowing counted apart.

Counts agreements, not codings: an agreement that treats classes of person differently is counted under each approach it
takes. Filters are those of the codings' list, so that the counts, the rows below them, the API and the CSV agree.
"""

from django.db.models import Count, Exists, OuterRef

from agreements.api import CodingRowSerializer
from agreements.filters import AgreementFilter, CodingFilter
from agreements.models import Agreement, Coding

# Filters of codings that choose agreements; the others choose among an agreement's codings.
OF_AGREEMENTS = ("party", "between", "region", "signed_after", "signed_before", "year", "agreement")


def filtered(topic, params, is_form=False):
    """The filter set of the published codings on a topic. Raises ``BadParameters`` from its ``check()``."""
    rows = CodingRowSerializer.rows().filter(topic=topic)
    return CodingFilter(params, rows, is_form=is_form, of_topic=topic)


def counts_of(topic, params, is_form=False):
    """``{"agreements", "coded", "approaches": [...], "stances": [...]}`` for the agreements that ``params`` choose.

    An approach is ``{"code", "name", "name_es", "meaning", "until", "agreements"}``; the last one, without a code, counts those that
    deal with the topic in another way. ``stances`` counts the rest; *not coded* has those that nobody coded, whatever
    filters among codings say. Without such filters every agreement is counted at least once. Raises ``BadParameters``.
    """
    found = filtered(topic, params, is_form).check()
    rows = (
        found.qs.order_by()
        .values("stance", "approach")
        .annotate(agreements=Count("agreement", distinct=True))
        .order_by()
    )
    by_approach, by_stance = {}, {}
    for row in rows:
        if row["approach"] or row["stance"] == Coding.Stance.PRESENT:
            by_approach[row["approach"]] = by_approach.get(row["approach"], 0) + row["agreements"]
        else:
            by_stance[row["stance"]] = row["agreements"]
    chosen = _agreements(params, is_form).annotate(
        is_coded=Exists(Coding.objects.filter(topic=topic, agreement=OuterRef("pk")))
    )
    numbers = {
        row["is_coded"]: row["number"] for row in chosen.order_by().values("is_coded").annotate(number=Count("pk"))
    }
    not_coded = by_stance.get(Coding.Stance.NOT_CODED, 0) + numbers.get(False, 0)
    by_stance[Coding.Stance.NOT_CODED] = not_coded
    return {
        "agreements": sum(numbers.values()),
        "coded": numbers.get(True, 0),
        "approaches": [*_named(topic, by_approach), *_other(by_approach)],
        "stances": [
            {"stance": stance, "agreements": by_stance.get(stance, 0)}
            for stance in Coding.Stance.values
            if stance != Coding.Stance.PRESENT
        ],
    }


def _named(topic, by_approach):
    return [
        {
            "code": row.code,
            "name": row.name,
            "name_es": row.name_es,
            "meaning": row.meaning,
            "until": row.until.version if row.until else "",
            "agreements": by_approach.get(row.pk, 0),
        }
        for row in topic.approaches.select_related("until")
    ]


def _other(by_approach):
    number = by_approach.get(None, 0)
    return [{"code": "", "name": "", "name_es": "", "meaning": "", "until": "", "agreements": number}] if number else []


def _agreements(params, is_form):
    """Published agreements that the filters choose, coded or not."""
    params = params.copy()
    slugs = [slug for slug in params.getlist("agreement") if slug]
    for name in list(params):
        if name not in AgreementFilter.base_filters or name not in OF_AGREEMENTS:
            del params[name]
    rows = AgreementFilter(params, Agreement.objects.published(), is_form=is_form).check().qs
    return rows.filter(slug__in=slugs) if slugs else rows
