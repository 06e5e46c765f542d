"""What is dated in the profile of a state or body, the latest first: steps of its agreements, exercises, events, deliveries.

The steps are found by an index of the latest ones, so that no more agreements are read than entries are shown. The page of a state, its
whole timeline, and the picture, table and files of it (``agreements.pictures``) read the same entries.
"""

from collections import Counter

from django.db.models import BooleanField, CharField, Count, Exists, F, IntegerField, OuterRef, Q, Sum, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from agreements import by_state
from agreements.models import Agreement, Assistance, Event, Exercise, Milestone, StepEntry
from agreements.models.list_entries import under_party
from people.bodies import LookedUp, with_their_bodies
from sources.lib.dates import PartialDate
from sources.records.status import Status

# What every part of the union selects, in this order, and what stands where a sort of row has no such column.
_TEXT, _NUMBER = Value("", output_field=CharField()), Value(None, output_field=IntegerField())
_NO = Value(False, output_field=BooleanField())
COLUMNS = {
    **dict.fromkeys(
        ("day", "kind", "slug", "name", "key", "what", "outcome", "evidence", "confidence", "standing", "date"), _TEXT
    ),
    "is_weak": _NO,
    "is_foretold": _NO,
    "votes_for": _NUMBER,
    "votes_against": _NUMBER,
    **dict.fromkeys(("short_title", "body", "body_es", "body_status"), _TEXT),
}

_LATEST_FIRST = ("-in_day", "in_kind", "in_slug", "in_key")


def timeline_of(organisation, first=0, number=None):
    """``[{"kind", "slug", "name", "page", "key", "what", "outcome", "votes", "evidence", "is_weak", "is_foretold", "confidence",
    "standing", "date", "body", "body_es"}]``.

    The entries from ``first`` on, at most ``number``, in one query after that for the bodies. ``what`` is a code: the kind of step,
    exercise or event, or how far a delivery has come. ``votes`` are those for and against. What has no date in any source is left out.
    """
    end = None if number is None else first + number
    return _told(_together(_parts(organisation, end)).order_by(*_LATEST_FIRST)[first:end])


def latest_of(organisation, most, fewer):
    """``(entries, how many there are)``: all, if they are at most ``most``; else only the latest ``fewer``."""
    parts = _parts(organisation, most + 1)
    found = list(_together(parts).order_by(*_LATEST_FIRST)[: most + 1])
    if len(found) <= most:
        return _told(found), len(found)
    return _told(found[:fewer]), _number(organisation, parts)


def numbers_by_year(organisation):
    """``{year: how many entries lie surely in it}``; under ``None``, how many others there are."""
    numbers = Counter()
    for part in _parts(organisation, None):
        for date, number in part.order_by().values_list("in_date").annotate(number=Count("pk")):
            numbers[PartialDate.parse(str(date)).sure_year] += number
    return numbers


def length_of(organisation):
    """How many entries the whole timeline has."""
    return _number(organisation, _parts(organisation, 0))


def _number(organisation, parts):
    own = _entries_of(organisation).aggregate(number=Coalesce(Sum("steps"), 0))["number"]
    _own, *others = parts
    return own + _together(others).count()


def _together(parts):
    first, *others = parts
    return first.union(*others, all=True)


def _told(rows):
    return [_entry(dict(zip(COLUMNS, row, strict=True))) for row in rows]


def _entry(row):
    """A row of the union as plain data: the date in EDTF, the address of the page; without the day to sort by."""
    votes = votes_of(row.pop("votes_for"), row.pop("votes_against"))
    names = {"name": row.pop("short_title") or row["name"]}
    if row.pop("body_status") != Status.PUBLISHED:
        names |= {"body": "", "body_es": ""}
    del row["day"]
    page = reverse(f"{row['kind']}-page", args=[row["slug"]])
    return {**row, **names, "votes": votes, "date": str(row["date"]), "page": page}


def votes_of(votes_for, votes_against):
    """The votes of a chamber in words, empty unless both numbers are known."""
    return "" if None in (votes_for, votes_against) else f"{votes_for}–{votes_against}"


def _parts(organisation, end):
    """The parts of the union, the steps in its own agreements first; of these only what the latest ``end`` entries need."""
    rows = LookedUp([organisation])
    return (
        _steps(_own_steps(organisation, end)),
        _steps(_other_steps(organisation, rows)),
        _of(Exercise, Q(by_state.held_in(rows)) | Q(by_state.taking_part(rows)), "dates", what="kind"),
        _of(Event, by_state.involving(rows), "date", what="kind"),
        _of(Assistance, Q(by_state.given_by(rows)) | Q(by_state.received_by(rows)), "date", what="state"),
    )


def _entries_of(organisation):
    return StepEntry.objects.filter(heading=under_party(organisation.pk))


def _of_it(organisation):
    """Steps of all parties or of this one."""
    return Q(party__isnull=True) | Q(party=organisation)


def _own_steps(organisation, end):
    """Those of it in the agreements that it is party to. The latest so many are in as many agreements, those with the latest steps."""
    entries = _entries_of(organisation)
    entries = entries.order_by("-last_step", "slug")[:end] if end else entries
    return Milestone.objects.published().filter(_of_it(organisation), agreement__in=entries.values("agreement"))


def _other_steps(organisation, rows):
    """The other steps that it or its bodies took."""
    is_party = Exists(_entries_of(organisation).filter(agreement=OuterRef("agreement")))
    steps = Milestone.objects.published().filter(body__in=with_their_bodies(rows))
    return steps.exclude(is_party & _of_it(organisation))


def _steps(rows):
    same = (
        "key",
        "outcome",
        "evidence",
        "confidence",
        "standing",
        "is_weak",
        "is_foretold",
        "votes_for",
        "votes_against",
    )
    of_agreement = {"slug": "agreement__slug", "name": "agreement__title", "short_title": "agreement__short_title"}
    of_body = {"body": "body__name", "body_es": "body__name_es", "body_status": "body__status"}
    return _selected(rows, Agreement, "date", {name: name for name in same} | of_agreement | of_body | {"what": "kind"})


def _of(model, condition, date, what):
    certainty = {"confidence": "headline_confidence", "standing": "headline_standing"}
    rows = model.objects.published().filter(condition)
    return _selected(rows, model, date, {"slug": "slug", "name": model.NAMED_BY[0], "what": what, **certainty})


def _selected(rows, model, date, names):
    """The dated ones of ``rows`` as the union selects them; ``names`` of columns by those of the union."""
    day, kind = Coalesce(f"{date}_earliest", f"{date}_latest"), Value(model.KIND, output_field=CharField())
    columns = {
        **COLUMNS,
        "day": day,
        "kind": kind,
        "date": F(date),
        **{name: F(column) for name, column in names.items()},
    }
    chosen = {f"in_{name}": column for name, column in columns.items()}
    return rows.exclude(**{date: ""}).order_by().annotate(**chosen).values_list(*chosen)
