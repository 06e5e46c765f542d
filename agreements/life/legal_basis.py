"""Legal-basis check: which instrument was in force between the states concerned when something happened.

For an exercise or deployment, for assistance, and for an event that concerns an instrument. The check reports; it does not
judge: an instrument in force between two states need not be the one that an activity rested on, and the absence of one from
this base proves nothing.

``state`` of a check:

``named_in_force``         a source names the instrument, and it was in force the whole time;
``named_in_part``          a source names it, and it was in force for a part of the time;
``named_not_in_force``     a source names it, and recorded steps show that it was not in force at any time of it;
``named_not_established``  a source names it, and whether it was in force then is not established;
``named_undated``          a source names it, but not when the activity took place;
``candidates``             no source names one; these were in force between the states concerned, the whole time or in part;
``none_known``             no source names one and none is known here to have been in force;
``undated``                no source names one, nor when the activity took place;
``concerned``              an event about an instrument, such as its signature, with the instrument's status on that day.

``others`` are instruments between the same states that are not known to have been in force then, for a reader who looks for
one. ``in_force`` of a finding has the codes of ``InForce``. A state that had left a multilateral instrument, or was not yet
bound by it, is none of the states that it binds.
"""

from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q
from django.utils.translation import gettext as _

from agreements.life.course import NO_PARTY, Life, effect_of
from agreements.life.parties import PartyStatus, parties_on
from agreements.life.spans import turning_days
from agreements.life.status import InForce, status_of
from agreements.models import Agreement, Event, Exercise, Milestone, Party
from people.models import Organisation
from sources.lib import clock
from sources.reading.api import link

# Instruments under which forces, training or equipment can come to another state; a strategy is no legal basis.
CAN_BE_BASIS = (
    "sofa", "visiting_forces", "supplementary", "defence_cooperation", "access", "memorandum", "letter_of_offer",
    "exchange_of_notes", "alliance", "mission", "partnership", "withdrawal",
)  # fmt: skip
IN_FORCE = (InForce.YES, InForce.PROVISIONALLY, InForce.NOT_APPLICABLE)
LIMIT = 20


def check(activity):
    """The legal-basis check of a published exercise, assistance or event, as plain data; ``None`` for an event that concerns
    no instrument, since a telephone call needs none.

    ``{"state", "day", "states": [link], "instruments": [finding], "others": [finding], "note", "explanation"}`` with findings
    ``{"agreement", "status", "words", "in_force", "on", "because", "confidence", "standing", "whole"}``; ``words`` are those
    of the status, ``whole`` says whether it was in force the whole time.
    """
    date = activity.dates if isinstance(activity, Exercise) else activity.date
    named = _named(activity)
    days = _days(date)
    if isinstance(activity, Event):
        return _check_event(activity, named, date, days) if named else None
    if named is not None:
        return _check_named(activity, named, date, days)
    return _check_unnamed(activity, date, days)


def _check_unnamed(activity, date, days):
    states = states_of(activity)
    if not days:
        return _answer(activity, "undated", date, states, [], _("No source says when it took place."))
    held = [(agreement, _findings(agreement, days, states)) for agreement in _between(states)]
    in_force = [(agreement, findings) for agreement, findings in held if any(map(_holds, findings))]
    others = [(agreement, findings) for agreement, findings in held if not any(map(_holds, findings))]
    if in_force:
        state, text = "candidates", _("No source names the legal basis. In force between the states concerned:")
    else:
        state, text = (
            "none_known",
            _("No source names the legal basis, and none in force between these states is known here."),
        )
    return _answer(activity, state, date, states, in_force, text, others)


def _check_named(activity, named, date, days):
    states = states_of(activity)
    if not days:
        text = _("A source names the instrument, but none says when the activity took place.")
        return _answer(activity, "named_undated", date, states, [(named, _findings_today(named))], text)
    findings = _findings(named, days, states)
    state, text = _of_named(findings)
    return _answer(activity, state, date, states, [(named, findings)], text)


def _of_named(findings):
    """The state of the check of an instrument that a source names, and its explanation."""
    held = [_holds(finding) for finding in findings]
    if all(held):
        return "named_in_force", _("A source names the instrument, and it was in force at that time.")
    if any(held):
        return "named_in_part", _("A source names the instrument. It was in force for part of that time.")
    if all(finding.in_force == InForce.NO for finding in findings):
        return "named_not_in_force", _(
            "A source names the instrument. Its recorded steps show that it was not in force."
        )
    return (
        "named_not_established",
        _("A source names the instrument. Whether it was in force at that time is not established."),
    )


def _check_event(event, named, date, days):
    if days:
        findings, text = _findings(named, days), _("The instrument that it concerns, with its status then.")
    else:
        findings, text = _findings_today(named), _("No source says when it happened; the status is today's.")
    return _answer(event, "concerned", date, states_of(event), [(named, findings)], text)


def _answer(activity, state, date, states, instruments, explanation, others=()):
    return {
        "state": state,
        "day": str(date) if date else None,
        "states": [shown for row in states if (shown := link(row, activity))],
        "instruments": [_finding(*entry) for entry in instruments[:LIMIT]],
        "others": [_finding(*entry) for entry in others[:LIMIT]],
        "note": getattr(activity, "legal_basis_note", ""),
        "explanation": explanation,
    }


def _finding(agreement, findings):
    """The most telling of the findings: one that holds, else the first."""
    finding = next(filter(_holds, findings), findings[0])
    return {
        "agreement": link(agreement),
        "status": finding.status,
        "words": finding.words,
        "in_force": finding.in_force,
        "on": finding.shown,
        "because": finding.because,
        "confidence": finding.confidence,
        "standing": finding.standing,
        "whole": all(map(_holds, findings)),
    }


@dataclass(frozen=True)
class Then:
    """How an instrument stood on a day between the states concerned; ``shown`` is the date as the source gives it."""

    status: str
    words: str
    in_force: str
    because: str
    confidence: str
    standing: str
    shown: str


def _findings(agreement, days, states=()):
    """A ``Then`` for each of ``days`` (see ``_days``) and each day between them on which the status turns."""
    (first, shown_first), (last, shown_last) = days[0], days[-1]
    life = Life.of(agreement)
    turns = [day for day in turning_days(life) if first < day < last]
    shown = {**{day: str(day) for day in turns}, first: shown_first, last: shown_last}
    return [_then(agreement, life, day, shown[day], states) for day in sorted(shown)]


def _then(agreement, life, day, shown, states):
    status = status_of(life, day)
    in_force, because = status.in_force, status.because
    unbound = _unbound(agreement, life, day, states) if life.is_multilateral else []
    if unbound and in_force != InForce.NOT_ESTABLISHED:
        names = ", ".join(sorted(map(str, unbound)))
        in_force = InForce.NO
        because = _("%(because)s; not bound by it then: %(states)s") % {"because": because, "states": names}
    return Then(
        status.status,
        status.label,
        str(in_force),
        because,
        status.confidence,
        status.standing,
        shown,
    )


def _unbound(agreement, life, day, states):
    """The states concerned that were not bound by a multilateral instrument, where fewer than two others were."""
    parties = {party.organisation_id for party in agreement.parties.all() if party.role not in NO_PARTY}
    concerned = [state for state in states if state.pk in parties]
    own = parties_on(life, day, clock.today())
    later = {
        step.party_id
        for step in life.solid
        if effect_of(step) == "in_force" and step.date and step.date.surely_after(day)
    }
    away = [state for state in concerned if _is_away(own.get(state.pk), state.pk in later)]
    are_two_left = len(concerned) - len(away) >= 2
    return [] if len(concerned) < 2 or are_two_left else away


def _is_away(finding, is_bound_later):
    status = finding.status if finding else ""
    if status in (PartyStatus.LEFT, PartyStatus.REJECTED):
        return True
    return is_bound_later and status not in (PartyStatus.BOUND, PartyStatus.PROVISIONAL)


def _findings_today(agreement):
    today = clock.today()
    return _findings(agreement, [(today, str(today))])


def _holds(finding):
    return finding.in_force in IN_FORCE


def _named(activity):
    """The published instrument that a source names, or ``None``."""
    key = activity.agreement_id if isinstance(activity, Event) else activity.legal_basis_id
    return _with_steps(Agreement.objects.published().filter(pk=key)).first() if key else None


def _with_steps(agreements):
    """The agreements with what their status follows from."""
    return agreements.prefetch_related(
        Prefetch("milestones", Milestone.objects.all()), Prefetch("parties", Party.objects.published())
    )


def _days(date):
    """The first and the last day that matter, each with the date that it stands for, as precise as the source:
    ``(day, text)``. An open or unknown end means until today."""
    if not date or (date.earliest is None and date.latest is None):
        return []
    last = date.latest or max(clock.today(), date.earliest)
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
    by_key = {row.pk: row for row in states if row is not None and row.is_published}
    return sorted(by_key.values(), key=lambda row: row.slug)


def _organisations_in(parts):
    return parts.published().values_list("organisation_id", flat=True)


def _between(states):
    """Published instruments with at least two of the states as parties, oldest signature first."""
    if len(states) < 2:
        return []
    shared = Q(parties__organisation__in=states) & ~Q(parties__role__in=NO_PARTY)
    return _with_steps(
        Agreement.objects.published()
        .filter(type__in=CAN_BE_BASIS)
        .annotate(concerned=Count("parties__organisation", filter=shared, distinct=True))
        .filter(concerned__gte=2)
        .order_by("signed_earliest", "slug")
    )
