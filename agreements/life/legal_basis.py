"""Legal-basis check: which instrument was in force between the states concerned when something happened.

For an exercise or deployment, for assistance, and for an event that concerns an instrument. The check reports; it does not
judge: an instrument in force between two states need not be the one that an activity rested on, and the absence of one from
this base proves nothing.

``state`` of a check:

``named_in_force``      a source names the instrument, and it was in force the whole time;
``named_in_part``       a source names it, and it was in force at the start or at the end, but not at both;
``named_not_in_force``  a source names it, and by its milestones it was not in force;
``named_unknown``       a source names it, and its status at that time is not known;
``named_undated``       a source names it, but not when the activity took place;
``candidates``          no source names one; these were in force between the states concerned, the whole time or in part;
``none_known``          no source names one and none is known here to have been in force;
``undated``             no source names one, nor when the activity took place;
``concerned``           an event about an instrument, such as its signature, with the instrument's status on that day.

``others`` are instruments between the same states that were not in force then, for a reader who looks for one.
"""

import datetime

from django.db.models import Count, Prefetch, Q
from django.utils.translation import gettext as _

from agreements.compare import NO_PARTY
from agreements.life.status import InstrumentStatus
from agreements.models import Agreement, Event, Exercise, Milestone, Party
from people.models import Organisation
from sources.reading.api import link

# Instruments under which forces, training or equipment can come to another state; a strategy is no legal basis.
CAN_BE_BASIS = (
    "sofa", "visiting_forces", "supplementary", "defence_cooperation", "access", "memorandum", "letter_of_offer",
    "exchange_of_notes", "alliance", "mission", "partnership", "withdrawal",
)  # fmt: skip
IN_FORCE = (InstrumentStatus.IN_FORCE, InstrumentStatus.PROVISIONAL, InstrumentStatus.LAUNCHED)
LIMIT = 20


def check(activity):
    """The legal-basis check of a published exercise, assistance or event, as plain data; ``None`` for an event that concerns
    no instrument, since a telephone call needs none.

    ``{"state", "day", "states": [link], "instruments": [finding], "others": [finding], "note", "explanation"}`` with findings
    ``{"agreement", "status", "on", "because", "whole"}``; ``whole`` says whether it was in force the whole time.
    """
    date, named = _date_of(activity), _named(activity)
    days = _days(date)
    if isinstance(activity, Event):
        return _check_event(activity, named, date, days) if named else None
    if named is not None:
        return _check_named(activity, named, date, days)
    states = states_of(activity)
    if not days:
        return _answer(activity, "undated", date, states, [], _("No source says when it took place."))
    held = [(agreement, _findings(agreement, days)) for agreement in _between(states)]
    found = [(agreement, findings) for agreement, findings in held if any(map(_holds, findings))]
    others = [(agreement, findings) for agreement, findings in held if not any(map(_holds, findings))]
    if found:
        state, text = "candidates", _("No source names the legal basis. In force between the states concerned:")
    else:
        state, text = (
            "none_known",
            _("No source names the legal basis, and none in force between these states is known here."),
        )
    return _answer(activity, state, date, states, found, text, others)


def _check_named(activity, named, date, days):
    states = states_of(activity)
    if not days:
        text = _("A source names the instrument, but none says when the activity took place.")
        return _answer(activity, "named_undated", date, states, [(named, _findings_today(named))], text)
    findings = _findings(named, days)
    held = [_holds(finding) for finding in findings]
    if all(held):
        state, text = "named_in_force", _("A source names the instrument, and it was in force at that time.")
    elif any(held):
        state, text = "named_in_part", _("A source names the instrument. It was in force for part of that time.")
    elif any(finding.status == InstrumentStatus.UNKNOWN for finding, _shown in findings):
        state, text = "named_unknown", _("A source names the instrument. Its status at that time is not known.")
    else:
        state, text = (
            "named_not_in_force",
            _("A source names the instrument. By its recorded steps it was not in force then."),
        )
    return _answer(activity, state, date, states, [(named, findings)], text)


def _check_event(event, named, date, days):
    if days:
        findings, text = _findings(named, days), _("The instrument that it concerns, with its status then.")
    else:
        findings, text = _findings_today(named), _("No source says when it happened; the status is today's.")
    return _answer(event, "concerned", date, states_of(event), [(named, findings)], text)


def _answer(activity, state, date, states, found, explanation, others=()):
    return {
        "state": state,
        "day": str(date) if date else None,
        "states": [shown for row in states if (shown := link(row))],
        "instruments": [_finding(*entry) for entry in found[:LIMIT]],
        "others": [_finding(*entry) for entry in others[:LIMIT]],
        "note": getattr(activity, "legal_basis_note", ""),
        "explanation": explanation,
    }


def _finding(agreement, findings):
    """The most telling of the findings: one that holds, else the first."""
    finding, shown = next((item for item in findings if _holds(item)), findings[0])
    return {
        "agreement": link(agreement),
        "status": finding.status,
        "on": shown,
        "because": finding.because,
        "whole": all(map(_holds, findings)),
    }


def _findings(agreement, days):
    """``(StatusFinding, the date it holds for as the source gives it)`` for each of ``days`` (see ``_days``)."""
    return [(agreement.status_on(day), shown) for day, shown in days]


def _findings_today(agreement):
    today = datetime.date.today()
    return _findings(agreement, [(today, str(today))])


def _holds(found):
    finding, _shown = found
    return finding.status in IN_FORCE


def _date_of(activity):
    return activity.dates if isinstance(activity, Exercise) else activity.date


def _named(activity):
    """The published instrument that a source names, or ``None``."""
    key = activity.agreement_id if isinstance(activity, Event) else activity.legal_basis_id
    return Agreement.objects.published().filter(pk=key).first() if key else None


def _days(date):
    """The first and the last day that matter, each with the date that it stands for, as precise as the source:
    ``(day, text)``. An open or unknown end means until today."""
    if not date or (date.earliest is None and date.latest is None):
        return []
    last = date.latest or max(datetime.date.today(), date.earliest)
    shown_last = str(date.end) if date.end else str(last)
    first, shown_first = (date.earliest, str(date.start)) if date.start else (last, shown_last)
    return sorted({first: shown_first, last: shown_last}.items())


def states_of(activity):
    """The published states concerned: where it was, who took part, who gave and received, as far as readers see it."""
    if isinstance(activity, Exercise):
        named = [activity.country_id, activity.host_id, *_organisations_in(activity.participations)]
    elif isinstance(activity, Event):
        named = [activity.country_id, *_organisations_in(activity.participants)]
    else:
        named = [activity.provider_id, *activity.recipients.values_list("pk", flat=True)]
    organisations = Organisation.objects.published().filter(pk__in={*named} - {None}).select_related("country")
    states = (row if row.kind == "state" else row.country for row in organisations)
    found = {row.pk: row for row in states if row is not None and row.is_published}
    return sorted(found.values(), key=lambda row: row.slug)


def _organisations_in(parts):
    return parts.published().values_list("organisation_id", flat=True)


def _between(states):
    """Published instruments with at least two of the states as parties, oldest signature first."""
    if len(states) < 2:
        return []
    shared = Q(parties__organisation__in=states) & ~Q(parties__role__in=NO_PARTY)
    return (
        Agreement.objects.published()
        .filter(type__in=CAN_BE_BASIS)
        .annotate(concerned=Count("parties__organisation", filter=shared, distinct=True))
        .filter(concerned__gte=2)
        .order_by("signed_earliest", "slug")
        .prefetch_related(
            Prefetch("milestones", Milestone.objects.all()), Prefetch("parties", Party.objects.published())
        )
    )
