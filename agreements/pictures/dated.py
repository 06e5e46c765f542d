"""What can be put on a timeline: the dated things in the public forms of records."""

from functools import reduce
from operator import or_

from django.db.models import Count, F, Q
from django.db.models.functions import ExtractYear
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from agreements.models import Agreement, Assistance, Event, Exercise, Milestone
from agreements.pictures.picture_tallies import SIGNED
from agreements.pictures.timeline import MOST_ROWS, Entry
from agreements.profiles.timeline import latest_of, numbers_by_year, votes_of
from agreements.templatetags.life import drawn_as
from people.models import Organisation
from sources.evidence.confidence import State
from sources.lib.dates import PartialDate
from sources.reading.fact_wording import localised
from sources.reading.kinds import page_of
from sources.reading.store import answers
from sources.reading.store.reading import data_of, tallies_of
from sources.templatetags.reading import naming, post

# More things than this are not read for one timeline.
MOST_READ = 200
_NOT_YET = ("planned", "announced")
# Steps of one day stand in the order in which the kinds of steps follow each other.
_RANKS = {kind: number for number, kind in enumerate(Milestone.Kind.values)}
# By kind, the field of the public form that says when.
_WHEN = {"agreements": "signed", "exercises": "dates", "assistance": "date", "events": "date", "positions": "date"}
# The field that says how its sources stand to it; of an agreement the step itself says so.
_STANDING = {model.KIND: f"{model.HEADLINE}_standing" for model in (Exercise, Assistance, Event)}


def entries_around(record):
    """``(entries, number)`` of one record: its own steps and dates, and the records on its page that have a date; and how many there
    are. Of a state or body with more than ``MOST_READ``, the latest ``MOST_ROWS`` alone."""
    if isinstance(record, Organisation):
        rows, number = latest_around(record.slug)
        return [_of_profile(row) for row in rows], number
    data, page = data_of(record), page_of(type(record))
    beside = page().more(record, data) if page else {}
    related = [row for rows in beside.values() if isinstance(rows, list) for row in rows if _is_record(row)]
    unique = {row["ref"]: row for row in related}
    contested = _contested_signings(
        row["slug"] for row in unique.values() if row["ref"].startswith(f"{Agreement.KIND}/")
    )
    entries = [*own_entries(data), *(entry_of(row, row["slug"] in contested, record.ref) for row in unique.values())]
    return entries, len(entries)


@answers.kept("timeline")
def latest_around(slug):
    """``[rows, number]`` of a state or body (see ``latest_of``)."""
    return latest_of(Organisation.objects.published().get(slug=slug), MOST_READ, MOST_ROWS)


def years_around(record):
    """``({year: how many entries lie surely in it}, how many others)`` of a state or body, of all that it has."""
    numbers = _numbers_around(record.slug)
    return {int(year): number for year, number in numbers.items() if year}, numbers.get("", 0)


@answers.kept("timeline_years")
def _numbers_around(slug):
    numbers = numbers_by_year(Organisation.objects.published().get(slug=slug))
    return {str(year or ""): number for year, number in sorted(numbers.items(), key=lambda pair: pair[0] or 0)}


def entries_of(agreements):
    """The entries of the agreements of a queryset: when each was signed."""
    rows = list(agreements.order_by().values_list("slug", "title", "short_title", "signed"))
    contested = _contested_signings(slug for slug, *_more in rows)
    return [
        Entry(str(signed or ""), short_title or title, _address(slug), is_contested=slug in contested)
        for slug, title, short_title, signed in rows
    ]


def _address(slug):
    return reverse("agreements-page", args=[slug])


def _contested_signings(slugs):
    """Those of the agreements with these slugs on whose signing sources differ."""
    steps = Milestone.objects.published().filter(agreement__slug__in=list(slugs), kind=Milestone.Kind.SIGNED)
    return set(steps.filter(standing=State.CONTESTED).values_list("agreement__slug", flat=True))


def signed_by_year(agreements, is_all):
    """``({year: how many were surely signed in it}, how many others)`` of a queryset of agreements; ``is_all``: of every one between
    parties, whose numbers are kept."""
    if is_all:
        [numbers] = tallies_of(SIGNED)
        return {int(year): number for year, number in numbers.items() if year}, numbers.get("", 0)
    first, last = ExtractYear("signed_earliest"), ExtractYear("signed_latest")
    sure = agreements.order_by().annotate(first_year=first, last_year=last).filter(first_year=F("last_year"))
    doubtful = reduce(or_, (Q(signed__contains=mark) for mark in PartialDate.UNCERTAIN))
    counted = sure.exclude(doubtful).values_list("first_year").annotate(number=Count("pk", distinct=True))
    numbers = dict(counted)
    return numbers, agreements.count() - sum(numbers.values())


def _is_record(row):
    return isinstance(row, dict) and row.get("ref", "").partition("/")[0] in _WHEN


def own_entries(data):
    """The dates of the record itself: the steps of an agreement, the posts of a person, the days of an activity."""
    kind = data["ref"].partition("/")[0]
    if kind == "agreements":
        return [_of_step(step, data["page"]) for step in data["milestones"]]
    if kind == "people":
        return [_of_post(membership) for membership in data["memberships"]]
    return [entry_of(data)] if kind in _WHEN else []


def entry_of(row, is_signing_contested=False, around=""):
    """The entry of a record as a list shows it; what somebody said names them, unless the timeline is ``around`` them."""
    kind = row["ref"].partition("/")[0]
    name = naming(row)
    if kind == "agreements":
        name = _("Signed: %(agreement)s") % {"agreement": row.get("short_title") or name}
    elif kind == "positions":
        speaker = row.get("person") or row.get("organisation") or {}
        who = speaker.get("name") or row["holder_note"]
        is_known = f"{speaker.get('kind')}/{speaker.get('slug')}" == around
        name = name if not who or is_known or name.startswith(who) else f"{who}: {name}"
    mark = "planned" if row.get("state") in _NOT_YET else "evidenced"
    is_statement = kind == "positions"
    differs = row["is_contested"] if is_statement else row.get(_STANDING.get(kind)) == State.CONTESTED
    return Entry(row[_WHEN[kind]] or "", name, row["page"], mark, differs or is_signing_contested, is_statement)


def _of_profile(row):
    """The entry of a row of a state's or body's profile (see ``agreements.profiles.timeline``)."""
    is_contested = row["standing"] == State.CONTESTED
    if row["kind"] != Agreement.KIND:
        mark = "planned" if row["what"] in _NOT_YET else "evidenced"
        return Entry(row["date"], row["name"], row["page"], mark, is_contested)
    votes, body = row["votes"], localised(row, "body")
    step, more = _step_words(row["what"], row["outcome"], votes, body)
    label = f"{step}: {row['name']} ({more})" if more else f"{step}: {row['name']}"
    return Entry(
        row["date"], label, f"{row['page']}#step-{row['key']}", _mark_of(row), is_contested, rank=_RANKS[row["what"]]
    )


def _of_step(step, page):
    votes = votes_of(step["votes_for"], step["votes_against"])
    who = step["body"] or step["party"]
    words, more = _step_words(step["kind"], step["outcome"], votes, localised(who, "name") if who else "")
    return Entry(
        step["date"] or "",
        f"{words}: {more}" if more else words,
        f"{page}#step-{step['key']}",
        _mark_of(step),
        step["standing"] == State.CONTESTED,
        rank=_RANKS[step["kind"]],
    )


def _mark_of(step):
    """As the ladder draws it; what only the terms of the instrument say has a mark of its own."""
    is_foretold = step["evidence"] == "evidenced" and step.get("is_foretold")
    return "foretold" if is_foretold else drawn_as(step)


def _step_words(kind, outcome, votes, who):
    """``("Voted on by a chamber", "approved 22–17, Senate")``; the second may be empty."""
    how = f"{Milestone.Outcome(outcome).label if outcome else ''} {votes}".strip()
    return capfirst(str(Milestone.Kind(kind).label)), ", ".join(filter(None, (how, who)))


def _of_post(membership):
    where = localised(membership["organisation"], "name") if membership["organisation"] else ""
    label = ", ".join(word for word in (post(membership), where) if word)
    return Entry(membership["dates"] or "", label, (membership["organisation"] or {}).get("page", ""))
