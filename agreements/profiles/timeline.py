"""What is dated in the profile of a state or body, the latest first: steps of its agreements, exercises, events, deliveries.

Of each sort only as many rows are read as are shown, in the order of an index where they are many. The page of a state, its whole
timeline, and the picture, table and files of it (``agreements.pictures``) read the same entries.
"""

from functools import cached_property
from heapq import merge
from itertools import islice

from django.db.models import Exists, OuterRef, Q, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse

from agreements import by_state
from agreements.models import Agreement, Assistance, Event, Exercise, Milestone, StepEntry
from agreements.models.list_entries import under_party
from people.bodies import LookedUp, with_their_bodies
from sources.records.status import Status

_CERTAINTY = ("evidence", "is_weak", "is_foretold", "confidence", "standing")
# What an entry has only if it is a step.
_OF_STEPS = {
    **dict.fromkeys(("key", "outcome", "votes", "evidence", "body", "body_es"), ""),
    "is_weak": False,
    "is_foretold": False,
}


def timeline_of(organisation, first=0, number=None):
    """``[{"kind", "slug", "name", "page", "key", "what", "outcome", "votes", "evidence", "is_weak", "is_foretold", "confidence",
    "standing", "date", "body", "body_es"}]``.

    The entries from ``first`` on, at most ``number``. ``what`` is a code: the kind of step, exercise or event, or how far a delivery
    has come. ``votes`` are those for and against. What has no date in any source is left out.
    """
    end = None if number is None else first + number
    return list(islice(_merged(_parts(organisation, end)), first, end))


def votes_of(votes_for, votes_against):
    """The votes of a chamber in words, empty unless both numbers are known."""
    return "" if None in (votes_for, votes_against) else f"{votes_for}–{votes_against}"


def latest_of(organisation, most, fewer):
    """``(entries, how many there are)``: all, if they are at most ``most``; else only the latest ``fewer``."""
    parts = _parts(organisation, most + 1)
    if sum(len(part.found) for part in parts) <= most:
        return list(_merged(parts)), sum(len(part.found) for part in parts)
    return list(islice(_merged(parts), fewer)), sum(part.number for part in parts)


def length_of(organisation):
    """How many entries the whole timeline has."""
    return sum(part.number for part in _parts(organisation, 0))


def _merged(parts):
    # Each part stays in its own order where days are equal, so that one page follows the other.
    rows = merge(*([(part, row) for row in part.found] for part in parts), key=lambda found: _place_in_time(*found))
    return (part.entry(row) for part, row in rows)


def _place_in_time(part, row):
    return (-row["day"].toordinal(), part.kind)


class _Part:
    """Dated rows of one kind, of which the latest ``end`` are read."""

    COLUMNS = {"slug": "slug", "confidence": "headline_confidence", "standing": "headline_standing"}

    def __init__(self, model, rows, end, date="date", **columns):
        self.kind, self.end = model.KIND, end
        self.columns = {**self.COLUMNS, "name": model.NAMED_BY[0], "date": date, **columns}
        self._day = Coalesce(f"{date}_earliest", f"{date}_latest")
        self.rows = rows.exclude(**{date: ""}).order_by()

    @cached_property
    def found(self):
        """``[{column: value}]``, the latest first."""
        order = [self.columns[name] for name in ("slug", "key") if name in self.columns]
        rows = self.rows.order_by(self._day.desc(), *order).values_list(self._day, *self.columns.values())
        return [dict(zip(("day", *self.columns), row, strict=True)) for row in rows[: self.end]]

    @property
    def number(self):
        """How many there are in all."""
        is_all_read = self.end is None or len(self.found) < self.end
        return len(self.found) if is_all_read else self.rows.count()

    def entry(self, row):
        """A row as ``timeline_of`` gives it: the date in EDTF, the address of the page; without the day to sort by."""
        page = reverse(f"{self.kind}-page", args=[row["slug"]])
        entry = {"kind": self.kind, "page": page, **_OF_STEPS, **row, "date": str(row["date"])}
        del entry["day"]
        return entry


class _Steps(_Part):
    """Steps; each has the name of its agreement."""

    COLUMNS = {
        **{name: name for name in ("key", "outcome", "votes_for", "votes_against", *_CERTAINTY)},
        "slug": "agreement__slug",
        "short_title": "agreement__short_title",
        "body_status": "body__status",
        "body": "body__name",
        "body_es": "body__name_es",
    }

    def __init__(self, rows, end):
        super().__init__(Agreement, rows, end, name="agreement__title", what="kind")

    def entry(self, row):
        row = {**row, "votes": votes_of(row["votes_for"], row["votes_against"])}
        del row["votes_for"], row["votes_against"]
        row["name"] = row.pop("short_title") or row["name"]
        if row.pop("body_status") != Status.PUBLISHED:
            row["body"] = row["body_es"] = ""
        return super().entry(row)


class _OwnSteps(_Steps):
    """Steps of all parties or of this one in the agreements that it is party to."""

    def __init__(self, organisation, end):
        self.entries = _entries_of(organisation)
        # The latest so many steps are in as many agreements, those with the latest steps.
        latest = self.entries.order_by("-last_step", "slug")[:end] if end else self.entries
        steps = Milestone.objects.published().filter(_of_it(organisation), agreement__in=latest.values("agreement"))
        super().__init__(steps, end)

    @property
    def number(self):
        return self.entries.aggregate(number=Coalesce(Sum("steps"), 0))["number"]


def _parts(organisation, end):
    rows = LookedUp([organisation])
    held = Q(by_state.held_in(rows)) | Q(by_state.taking_part(rows))
    given = Q(by_state.given_by(rows)) | Q(by_state.received_by(rows))
    return (
        _OwnSteps(organisation, end),
        _Steps(_other_steps(organisation, rows), end),
        _Part(Exercise, Exercise.objects.published().filter(held), end, date="dates", what="kind"),
        _Part(Event, Event.objects.published().filter(by_state.involving(rows)), end, what="kind"),
        _Part(Assistance, Assistance.objects.published().filter(given), end, what="state"),
    )


def _entries_of(organisation):
    return StepEntry.objects.filter(heading=under_party(organisation.pk))


def _of_it(organisation):
    return Q(party__isnull=True) | Q(party=organisation)


def _other_steps(organisation, rows):
    """Steps that it or its bodies took beside those of ``_OwnSteps``."""
    is_party = Exists(_entries_of(organisation).filter(agreement=OuterRef("agreement")))
    steps = Milestone.objects.published().filter(body__in=with_their_bodies(rows))
    return steps.exclude(is_party & _of_it(organisation))
