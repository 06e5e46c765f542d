"""How many agreements take each approach on a topic; each kind of unknown is counted separately.

Counts agreements, not codings: an agreement that treats classes of person differently is counted under each approach it
takes. Filters are those of the codings' list, so that the counts, the rows below them, the API and the CSV agree.
"""

from django.db.models import Case, Count, F, Q, Value, When
from django.utils.translation import gettext_lazy as _

from agreements.api import CodingRowSerializer
from agreements.codebook.answer_comparison import ALL, CLASSES, CORE_CLASSES
from agreements.codebook.topic_tallies import APPROACH, CODED, FORCE, STANCE, subject_of
from agreements.filters import AgreementFilter, CodingFilter
from agreements.models import Agreement, Coding
from sources.reading.store.reading import tallies_of

# Filters of codings that choose agreements; the others choose among an agreement's codings.
OF_AGREEMENTS = ("party", "between", "region", "signed_after", "signed_before", "year", "agreement")

ANY = ""
_LABELS = {FORCE: _("force and civilian component"), **dict(Coding.PersonClass.choices)}
_GROUP = Case(When(person_class__in=[ALL, *CORE_CLASSES], then=Value(FORCE)), default=F("person_class"))


def filtered(topic, params, is_form=False):
    """The filter set of the published codings on a topic. Raises ``BadParameters`` from its ``check()``."""
    rows = CodingRowSerializer.rows().filter(topic=topic)
    return CodingFilter(params, rows, is_form=is_form, of_topic=topic)


def counts_of(topic, params, is_form=False):
    """``{"agreements", "coded", "known", "classes", "approaches", "stances"}`` for the agreements that ``params`` choose.

    ``classes`` are the groups of persons that the codings tell apart, as ``{"person_class", "label"}``: ``force`` for the force
    and its civilian component, then each further class that some agreement is coded for. What an agreement says of one class
    counts for that class only, so every number is a dict by class.

    ``known`` counts the agreements that are coded on no topic at all.

    An approach is ``{"code", "name", "name_es", "meaning", "until", "agreements": {class: number}}``; the last one, without a code,
    counts those that deal with the topic in another way. ``stances`` counts the rest as ``{"stance", "agreements": {class: number}}``;
    *not coded* counts agreements without a coding for the class, whatever the filters on codings are. Raises ``BadParameters``.
    """
    filterset = filtered(topic, params, is_form).check()
    is_all = not any(value for name, value in filterset.cleaned.items() if name != "topic")
    counted = _of_all(topic) if is_all else _of_some(topic, params, is_form, filterset)
    total, known, coded, by_approach, by_stance = counted
    present = {name for numbers in (*by_approach.values(), *by_stance.values()) for name in numbers}
    classes = [FORCE, *(name for name in CLASSES if name in present)]
    _add_not_coded(by_stance, {name: total - coded.get(name, 0) for name in classes})
    return {
        "agreements": total,
        "coded": coded[ANY],
        "known": known,
        "classes": [{"person_class": name, "label": str(_LABELS[name])} for name in classes],
        "approaches": [*_named(topic, by_approach, classes), *_other(by_approach, classes)],
        "stances": _stances(by_stance, classes),
    }


def _of_all(topic):
    """``(agreements, those coded on nothing, {class or ANY: coded}, {approach: {class: number}}, {stance: {class: number}})`` of all
    agreements."""
    coded, answers = {ANY: 0}, {APPROACH: {}, STANCE: {}}
    numbers, records = tallies_of(subject_of(topic.slug), "records")
    for value, number in numbers.items():
        sort, _slash, rest = value.partition("/")
        group, _slash, answer = rest.partition("/")
        if sort == CODED:
            coded[group] = number
        else:
            answers[sort].setdefault(answer, {})[group] = number
    known = Agreement.objects.published().between_parties().filter(topics_coded=0).count()
    return records.get(Agreement.KIND, 0), known, coded, answers[APPROACH], answers[STANCE]


def _of_some(topic, params, is_form, filterset):
    """As ``_of_all``, of the agreements that ``params`` choose and of the codings that ``filterset`` leaves."""
    chosen = _agreements(params, is_form, filterset.cleaned.get("agreement"))
    counted = chosen.aggregate(all=Count("pk"), known=Count("pk", filter=Q(topics_coded=0)))
    rows = filterset.qs.order_by().values("stance", "approach__code", group=_GROUP)
    by_approach, by_stance = _by_answer(rows.annotate(agreements=Count("agreement", distinct=True)))
    return counted["all"], counted["known"], _coded(topic, chosen), by_approach, by_stance


def _add_not_coded(by_stance, without_coding):
    not_coded = by_stance.setdefault(Coding.Stance.NOT_CODED, {})
    for name, number in without_coding.items():
        not_coded[name] = not_coded.get(name, 0) + number


def _stances(by_stance, classes):
    stances = [stance for stance in Coding.Stance.values if stance != Coding.Stance.PRESENT]
    return [{"stance": stance, "agreements": _by_class(by_stance.get(stance, {}), classes)} for stance in stances]


def _by_answer(rows):
    """``({approach: {class: number}}, {stance: {class: number}})``: an answer counts by its approach, which is empty for another way
    of dealing with the topic; other stances count by themselves."""
    by_approach, by_stance = {}, {}
    for row in rows:
        approach = row["approach__code"] or ""
        is_answer = approach or row["stance"] == Coding.Stance.PRESENT
        numbers = by_approach.setdefault(approach, {}) if is_answer else by_stance.setdefault(row["stance"], {})
        numbers[row["group"]] = numbers.get(row["group"], 0) + row["agreements"]
    return by_approach, by_stance


def _coded(topic, agreements):
    """How many of the agreements are coded on the topic, for each class and (``ANY``) at all."""
    codings = Coding.objects.filter(topic=topic, agreement__in=agreements).order_by()
    by_class = codings.values(group=_GROUP).annotate(agreements=Count("agreement", distinct=True))
    return {
        ANY: codings.aggregate(agreements=Count("agreement", distinct=True))["agreements"],
        **{row["group"]: row["agreements"] for row in by_class},
    }


def _by_class(numbers, classes):
    return {name: numbers.get(name, 0) for name in classes}


def _named(topic, by_approach, classes):
    """The approaches in use, and of the retired ones those that some coding still names."""
    return [
        {
            "code": row.code,
            "name": row.name,
            "name_es": row.name_es,
            "meaning": row.meaning,
            "until": row.until.version if row.until else "",
            "agreements": _by_class(by_approach.get(row.code, {}), classes),
        }
        for row in topic.approaches.all()
        if not row.until_id or row.code in by_approach
    ]


def _other(by_approach, classes):
    if "" not in by_approach:
        return []
    numbers = _by_class(by_approach[""], classes)
    return [{"code": "", "name": "", "name_es": "", "meaning": "", "until": "", "agreements": numbers}]


def _agreements(params, is_form, named):
    """The published agreements that match the filters, coded or not; of those ``named``, if there are any."""
    params = params.copy()
    for name in list(params):
        if name not in AgreementFilter.base_filters or name not in OF_AGREEMENTS:
            del params[name]
    rows = AgreementFilter(params, Agreement.objects.published(), is_form=is_form).check().qs
    return rows.filter(pk__in=[row.pk for row in named]) if named else rows
