"""The ladder of an instrument: its steps for all parties and for each, what comes next, and how long that has been waiting.

A pure function of the public representation (``milestones``, ``parties``, ``derived_status``, ``status_note``) and a day, so
that a frozen version draws the same ladder as the living page.

The next step is the one that a source announces (evidence *planned*), else the one that usually follows, in the order of the
Vienna Convention on the Law of Treaties (1969): text, signature, consent of each party, entry into force (articles 9–24).
What usually follows is said to be that: it is an expectation, not a fact. It is named only while the last step is recent; what
a source announced, until its day is long past.
"""

import datetime

from django.utils.translation import gettext as _

from agreements.life.status import InstrumentStatus, status_words
from agreements.models import Milestone
from sources.lib import clock
from sources.lib.date_words import in_words
from sources.lib.dates import PartialDate

EVIDENCED, CLAIMED, PLANNED = "evidenced", "claimed", "planned"
# The steps of one party's own procedure, in their usual order; a rejection or a ruling may end it anywhere.
_CONSENT = ("submitted", "hearing", "committee", "chamber", "ratified", "promulgated", "notes")
_AFTER = {
    "talks": "signed",
    "negotiated": "signed",
    "initialled": "signed",
    "signed": "in_force",
    "submitted": "chamber",
    "hearing": "chamber",
    "committee": "chamber",
    "chamber": "ratified",
    "challenged": "court",
    "court": "ratified",
    "ratified": "notes",
    "promulgated": "notes",
    "notes": "in_force",
    "provisional": "in_force",
    "suspended": "",
    "notice": "terminated",
}
# Nothing is awaited any more.
_SETTLED = (
    InstrumentStatus.IN_FORCE,
    InstrumentStatus.LAUNCHED,
    InstrumentStatus.TERM_ENDED,
    InstrumentStatus.TERMINATED,
    InstrumentStatus.REJECTED,
)
# After so many days the next step is no longer awaited: nothing is known of it.
RECENT = 730
_VOTES = ("votes_for", "votes_against", "votes_abstaining", "votes_absent")


def ladder_of(record, today=None):
    """The ladder of one agreement's representation.

    ``{"steps", "parties": [{"party", "steps", "next"}], "next", "status", "words", "unknown_because": [...], "claimed": [...]}``;
    ``words`` are those of the status.

    A step is its milestone with ``label``, ``votes`` (``None`` or the four numbers and their ``cast`` total) and
    ``is_evidenced`` / ``is_claimed`` / ``is_planned``; one that rests on weak sources alone is claimed. A party has the
    ``status``, ``since`` and ``milestone`` of ``derived_status.parties``, or empty ones. ``next`` is ``None`` or ``{"kind", "label", "announced", "date",
    "since", "waiting_days", "overdue_days", "because", "claims"}``, the claims being steps by which somebody says that it has
    been taken. ``unknown_because`` is empty unless the status is unknown, and never
    empty when it is.
    """
    today = today or clock.today()
    steps = [_step(milestone) for milestone in record.get("milestones") or ()]
    status = (record.get("derived_status") or {}).get("status", InstrumentStatus.UNKNOWN)
    return {
        "status": status,
        "words": status_words(status, (record.get("derived_status") or {}).get("since")),
        "steps": [step for step in steps if step["party"] is None],
        "parties": _parties(record, steps, status, today),
        "next": None if status in _SETTLED else _next(steps, today),
        "claimed": [step for step in steps if step["is_claimed"]],
        "unknown_because": _why_unknown(record, steps) if status == InstrumentStatus.UNKNOWN else [],
    }


def _step(milestone):
    labels = dict(Milestone.Kind.choices)
    return {
        **milestone,
        "label": str(labels.get(milestone["kind"], milestone["kind"])),
        "votes": _votes(milestone),
        "is_evidenced": milestone["evidence"] == EVIDENCED
        and not milestone.get("is_weak")
        and not milestone.get("is_foretold"),
        "is_claimed": milestone["evidence"] == CLAIMED or bool(milestone.get("is_weak")),
        "is_planned": milestone["evidence"] == PLANNED or bool(milestone.get("is_foretold")),
    }


def _votes(milestone):
    """The four numbers, each ``None`` where no source gives it, and the sum of those that are known."""
    numbers = {name.removeprefix("votes_"): milestone.get(name) for name in _VOTES}
    known = [number for number in numbers.values() if number is not None]
    return {**numbers, "total": sum(known)} if known else None


def _parties(record, steps, status, today):
    """A ladder for each party that has steps of its own, parties in the record's order."""
    own = {}
    for step in steps:
        if step["party"]:
            own.setdefault(step["party"]["slug"], []).append(step)
    links = {party["organisation"]["slug"]: party["organisation"] for party in record.get("parties") or ()}
    links |= {slug: theirs[0]["party"] for slug, theirs in own.items() if slug not in links}
    waiting = status not in _SETTLED
    standing = {row["party"]["slug"]: row for row in (record.get("derived_status") or {}).get("parties") or ()}
    return [
        {
            "party": link,
            "status": standing.get(slug, {}).get("status", ""),
            "since": standing.get(slug, {}).get("since"),
            "steps": own[slug],
            "next": _next(own[slug], today) if waiting else None,
        }
        for slug, link in links.items()
        if slug in own
    ]


def _next(steps, today):
    """What is awaited after these steps, or ``None``."""
    done = [step for step in steps if step["is_evidenced"]]
    last = max(done, key=_when, default=None)
    planned = [
        step
        for step in steps
        if step["is_planned"]
        and step["kind"] not in {past["kind"] for past in done if past is not step}
        and _is_recent(step if step["date"] else last, today)
    ]
    if planned:
        step = min(planned, key=_when)
        awaited = {
            **_awaited(step["kind"], last, today),
            "announced": True,
            "date": step["date"],
            **_overdue(step, today),
        }
    else:
        kind = _usually_next(done, last) if _opens_a_next(last) and _is_recent(last, today) else ""
        if not kind:
            return None
        awaited = {**_awaited(kind, last, today), "announced": False, "date": None, "overdue_days": None}
    return {**awaited, "claims": [step for step in steps if step["is_claimed"] and step["kind"] == awaited["kind"]]}


def _opens_a_next(step):
    return bool(step) and step["outcome"] not in ("rejected", "struck_down")


def _is_recent(step, today):
    """Whether the step is in the future or not long ago. A step without a date is not."""
    latest = PartialDate.parse(step["date"]).latest if step and step["date"] else None
    return latest is not None and (today - latest).days <= RECENT


def _usually_next(done, last):
    """The kind of the step that usually follows, among those not yet taken."""
    kinds = {step["kind"] for step in done}
    kind = _AFTER.get(last["kind"], "")
    if kind == "ratified" and "promulgated" in kinds:
        kind = "notes"
    while kind in kinds and kind != "chamber":
        kind = _AFTER.get(kind, "")
    return kind


def _awaited(kind, last, today):
    labels = dict(Milestone.Kind.choices)
    since = last["date"] if last else None
    return {
        "kind": kind,
        "label": str(labels[kind]),
        "since": since,
        "waiting_days": _days_since(since, today),
        "because": _("Usually follows “%(step)s”.") % {"step": last["label"]} if last else "",
    }


def _days_since(text, today):
    """Whole days since a date at the latest, or ``None`` where it is not known or lies ahead."""
    latest = PartialDate.parse(text).latest if text else None
    return (today - latest).days if latest and latest <= today else None


def _overdue(step, today):
    days = _days_since(step["date"], today)
    return {"overdue_days": days if days else None, "because": step["description"] or _("A source announces it.")}


def _when(step):
    """Sort key: when a step surely had been taken; undated steps count as the latest of those before them in the list."""
    date = PartialDate.parse(step["date"]) if step["date"] else None
    return (date.latest or datetime.date.max) if date else datetime.date.min


def _why_unknown(record, steps):
    """The reasons, as sentences; at least one."""
    reasons = []
    if not steps:
        reasons.append(_("No step of its life has been recorded."))
    claimed = [step for step in steps if step["is_claimed"]]
    planned = [step for step in steps if step["is_planned"]]
    undated = [step for step in steps if step["is_evidenced"] and not step["date"]]
    for step in claimed:
        words = f"{step['label']}, {in_words(step['date'])}" if step["date"] else step["label"]
        reasons.append(_("“%(step)s” is claimed, and no document shows it.") % {"step": words})
    for step in planned:
        reasons.append(_("“%(step)s” was announced, and no source says that it happened.") % {"step": step["label"]})
    for step in undated:
        reasons.append(_("“%(step)s” happened, but no source gives the day.") % {"step": step["label"]})
    if record.get("status_note"):
        reasons.append(record["status_note"])
    because = (record.get("derived_status") or {}).get("because", "")
    if not reasons:
        reasons.append(
            because[:1].upper() + because[1:] + "." if because else _("No dated, evidenced step is recorded.")
        )
    return reasons
