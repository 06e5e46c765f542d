"""What can be put on a timeline: the dated things in the public forms of records."""

from functools import reduce
from operator import or_

from django.db.models import Count, F, Q
from django.db.models.functions import ExtractYear
from django.urls import reverse
from django.utils.translation import gettext as _

from agreements.models import Agreement, Milestone
from agreements.pictures.picture_tallies import SIGNED
from agreements.pictures.timeline import MOST_ROWS, Entry
from agreements.profiles.timeline import latest_of
from agreements.templatetags.life import drawn_as
from people.models import Organisation
from sources.lib.dates import PartialDate
from sources.reading.fact_wording import localised
from sources.reading.kinds import page_of
from sources.reading.store.reading import data_of, tallies_of
from sources.templatetags.reading import naming, post

# More things than this are not read for one timeline.
MOST_READ = 200
_NOT_YET = ("planned", "announced")
# By kind, the field of the public form that says when.
_WHEN = {"agreements": "signed", "exercises": "dates", "assistance": "date", "events": "date", "positions": "date"}


def entries_around(record):
    """``(entries, number)`` of one record: its own steps and dates, and the records on its page that have a date; and how many there
    are. Of a state or body with more than ``MOST_READ``, the latest ``MOST_ROWS`` alone."""
    if isinstance(record, Organisation):
        rows, number = latest_of(record, MOST_READ, MOST_ROWS)
        return [_of_profile(row) for row in rows], number
    data, page = data_of(record), page_of(type(record))
    beside = page().more(record, data) if page else {}
    related = [row for rows in beside.values() if isinstance(rows, list) for row in rows if _is_record(row)]
    unique = {row["ref"]: row for row in related}
    entries = [*own_entries(data), *(entry_of(row) for row in unique.values())]
    return entries, len(entries)


def entries_of(agreements):
    """The entries of the agreements of a queryset: when each was signed."""
    rows = agreements.order_by().values_list("slug", "title", "short_title", "signed", "is_contested")
    return [
        Entry(
            str(signed or ""), short_title or title, reverse("agreements-page", args=[slug]), is_contested=is_contested
        )
        for slug, title, short_title, signed, is_contested in rows
    ]


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


def entry_of(row):
    """The entry of a record as a list shows it."""
    kind = row["ref"].partition("/")[0]
    name = naming(row)
    if kind == "agreements":
        name = _("Signed: %(agreement)s") % {"agreement": row.get("short_title") or name}
    elif kind == "positions":
        who = (row.get("person") or row.get("organisation") or {}).get("name") or row["holder_note"]
        name = name if not who or name.startswith(who) else f"{who}: {name}"
    mark = "planned" if row.get("state") in _NOT_YET else "evidenced"
    is_contested, is_statement = bool(row.get("is_contested")), kind == "positions"
    return Entry(row[_WHEN[kind]] or "", name, row["page"], mark, is_contested, is_statement)


def _of_profile(row):
    """The entry of a row of a state's or body's profile (see ``agreements.profiles.timeline``)."""
    label = f"{_step_label(row)}: {row['name']}" if row["kind"] == Agreement.KIND else row["name"]
    page = f"{row['page']}#step-{row['key']}" if row["key"] else row["page"]
    mark = row["evidence"] or ("planned" if row["what"] in _NOT_YET else "evidenced")
    return Entry(row["date"], label, page, mark, row["standing"] == "contested")


def _step_label(row):
    label = str(dict(Milestone.Kind.choices).get(row["what"], row["what"]))
    return label[:1].upper() + label[1:]


def _of_step(step, page):
    label = str(dict(Milestone.Kind.choices).get(step["kind"], step["kind"]))
    if step["outcome"]:
        label = f"{label}: {dict(Milestone.Outcome.choices).get(step['outcome'], step['outcome'])}"
    if step["votes_for"] is not None and step["votes_against"] is not None:
        label = f"{label} ({step['votes_for']}–{step['votes_against']})"
    who = step["body"] or step["party"]
    label = f"{label}, {localised(who, 'name')}" if who else label
    address = f"{page}#step-{step['key']}"
    return Entry(
        step["date"] or "", label[:1].upper() + label[1:], address, drawn_as(step), step["standing"] == "contested"
    )


def _of_post(membership):
    where = localised(membership["organisation"], "name") if membership["organisation"] else ""
    label = ", ".join(word for word in (post(membership), where) if word)
    return Entry(membership["dates"] or "", label, (membership["organisation"] or {}).get("page", ""))
