"""What is dated in the profile of a state or body, the latest first: steps of its agreements, exercises, events, deliveries."""

from django.db.models import Case, CharField, F, Q, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse

from agreements import by_state
from agreements.models import Agreement, Assistance, Event, Exercise, Milestone
from people.bodies import with_their_bodies
from sources.records.status import Status

# What every part of the union selects, in this order.
COLUMNS = (
    "day",
    "kind",
    "slug",
    "name",
    "key",
    "what",
    "outcome",
    "evidence",
    "confidence",
    "standing",
    "date",
    "body",
)
_NOTHING = Value("", output_field=CharField())


def timeline_of(organisation, first=0, number=None):
    """``[{"kind", "slug", "name", "page", "key", "what", "outcome", "evidence", "confidence", "standing", "date", "body"}]``.

    The entries from ``first`` on, at most ``number``, in one query. ``what`` is a code: the kind of step, exercise or event, or
    how far a delivery has come. What has no date in any source is left out.
    """
    return _told(_entries(organisation)[first : None if number is None else first + number])


def latest_of(organisation, most, fewer):
    """``(entries, how many there are)``: all, if they are at most ``most``; else only the latest ``fewer``."""
    rows = _entries(organisation)
    found = list(rows[: most + 1])
    return (_told(found), len(found)) if len(found) <= most else (_told(found[:fewer]), rows.count())


def _told(rows):
    return [_entry(dict(zip(COLUMNS, row, strict=True))) for row in rows]


def length_of(organisation):
    """How many entries the whole timeline has."""
    return _entries(organisation).count()


def _entry(row):
    """A row of the union as plain data: the date in EDTF, the address of the page; without the day to sort by."""
    page = reverse(f"{row['kind']}-page", args=[row["slug"]])
    return {**{name: row[name] for name in COLUMNS[1:]}, "date": str(row["date"]), "page": page}


def _entries(organisation):
    rows = [organisation]
    steps, *others = (
        _steps(rows),
        _of(Exercise, Q(by_state.held_in(rows)) | Q(by_state.taking_part(rows)), "dates", what="kind"),
        _of(Event, by_state.involving(rows), "date", what="kind"),
        _of(Assistance, Q(by_state.given_by(rows)) | Q(by_state.received_by(rows)), "date", what="state"),
    )
    return steps.union(*others, all=True).order_by("-in_day", "in_kind", "in_slug", "in_key")


def _steps(rows):
    """Steps of all parties or of this one in the agreements that it is party to, and steps that its bodies took."""
    party_to = Agreement.objects.published().filter(by_state.party_to(rows)).values("pk")
    of_it = Q(agreement__in=party_to) & (Q(party__isnull=True) | Q(party__in=rows))
    steps = Milestone.objects.published().filter(of_it | Q(body__in=with_their_bodies(rows)))
    body = Case(When(body__status=Status.PUBLISHED, then=F("body__name")), default=_NOTHING)
    short_title = NullIf(F("agreement__short_title"), _NOTHING)
    columns = {"slug": F("agreement__slug"), "name": Coalesce(short_title, F("agreement__title")), "what": F("kind")}
    same = {name: F(name) for name in ("key", "outcome", "evidence", "confidence", "standing")}
    return _selected(steps, Agreement.KIND, "date", {**columns, **same, "body": body})


def _of(model, condition, date, what):
    rows = model.objects.published().filter(condition)
    certainty = {"confidence": F("headline_confidence"), "standing": F("headline_standing")}
    columns = {"slug": F("slug"), "name": F(model.NAMED_BY[0]), "what": F(what), **certainty}
    return _selected(rows, model.KIND, date, columns)


def _selected(rows, kind, date, columns):
    """The dated ones of ``rows`` as the union selects them; ``date`` is the field, columns not given are empty."""
    columns |= {"kind": Value(kind, output_field=CharField()), "date": F(date)}
    columns["day"] = Coalesce(F(f"{date}_earliest"), F(f"{date}_latest"))
    chosen = {f"in_{name}": columns.get(name, _NOTHING) for name in COLUMNS}
    return rows.exclude(**{date: ""}).order_by().annotate(**chosen).values_list(*chosen)
