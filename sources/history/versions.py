"""The frozen versions of a record, and the differences between them in words for readers.

A frozen body is the public representation. ``as_dossier`` shapes it as a dossier, so that ``sources.records.dossier_diff`` can
compare two of them. Fields that come from other records or are derived are only named, not compared in detail.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import takewhile

import orjson
from django.contrib.contenttypes.models import ContentType
from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from sources.lib.date_words import in_words
from sources.lib.filters import BadParameters, check_names
from sources.reading import fact_wording, kinds
from sources.reading.api import api_address
from sources.records import dossier_diff

# Versions on one page of a history.
PAGE = 20
# A version's number: from 1, without leading zeros, small enough for both databases.
NUMBER = "[1-9][0-9]{0,8}"
# Texts longer than LONG letters are cut to the words that differ, BESIDE words around them, and at most MOST_WORDS words.
LONG, BESIDE, MOST_WORDS = 160, 6, 60

# Fields that differ in every version, and addresses.
HEAD = {"ref", "slug", "page", "api", "published_at"}


class VersionNumber:
    """``<version:number>`` in addresses."""

    regex = NUMBER

    def to_python(self, value):
        return int(value)

    def to_url(self, value):
        return str(value)


@dataclass(frozen=True)
class Difference:
    """One change in words: where, what kind of change (``what``), and the text before and after."""

    what: str
    part: str
    field: str
    label: str
    before: str = ""
    after: str = ""

    def as_data(self):
        return dict(vars(self))


def asked(params, also=()):
    """The version number in ``before=``, or ``None``. Raises ``BadParameters``, also for parameters that are not in ``also``."""
    check_names(params, ("before", *also))
    number = params.get("before", "")
    if not number:
        return None
    if not re.fullmatch(NUMBER, number) or number == "1":
        raise BadParameters({"before": [_("Give the number of a version, from 2 on, without leading zeros.")]})
    return int(number)


def history_of(record, before=None):
    """A page of a record's versions, the newest first: ``{"current", "versions", "next", "previous"}``.

    ``next`` and ``previous`` are values for ``before=``, or ``None`` without such a page; 0 is the first page.
    """
    rows = record.versions.filter(number__lt=before) if before else record.versions.all()
    rows = list(rows.order_by("-number")[: PAGE + 1])
    current = current_number(record) if before else rows[0].number if rows else None
    closures = {gone.version: gone for gone in record.removals.all()} if any(row.is_closed for row in rows) else {}
    versions = [
        {**described(record, row, current, closures.get(row.number)), **_since(row, older)}
        for row, older in zip(rows[:PAGE], _open_before(record, rows), strict=False)
    ]
    following = rows[PAGE - 1].number if len(rows) > PAGE else None
    return {"current": current, "versions": versions, "next": following, "previous": _page_before(record, before)}


def _page_before(record, before):
    """The ``before=`` of the page with newer versions: 0 for the first page, ``None`` if there is none."""
    newer = record.versions.filter(number__gte=before).order_by("number") if before else record.versions.none()
    numbers = list(newer.values_list("number", flat=True)[: PAGE + 1])
    if not numbers:
        return None
    return numbers[PAGE - 1] + 1 if len(numbers) > PAGE else 0


def _open_before(record, rows):
    """For each of ``rows``, the newest first, the next older version that is not closed, or ``None``."""
    older = None
    if rows and rows[-1].is_closed:
        older = record.versions.filter(number__lt=rows[-1].number).exclude(body="").order_by("-number").first()
    older_versions = []
    for row in reversed(rows):
        older_versions.append(older)
        older = older if row.is_closed else row
    return older_versions[::-1]


def _since(version, older):
    """The changes since ``older``; none for a closed version, whose content must not be shown."""
    if version.is_closed or older is None:
        return {"compared_with": None, "changes": [], "elsewhere": []}
    return {"compared_with": older.number, **compared(orjson.loads(older.body), orjson.loads(version.body))}


def closure(record, number):
    """The removal that closed one version."""
    return record.removals.get(version=number)


def compared(before, after):
    """``{"changes", "elsewhere"}``: changes of the record itself, and names of what it shows of other records that changed."""
    changes = [] if before is None else differences(before, after)
    elsewhere = [] if before is None else _elsewhere(before, after, is_same=not changes)
    return {"changes": [change.as_data() for change in changes], "elsewhere": elsewhere}


def current_number(record):
    """The number of the newest version; ``None`` before the first."""
    return record.versions.order_by("-number").values_list("number", flat=True).first()


def with_current(rows):
    """Records annotated with the number of their newest version, ``current_version``."""
    versions = rows.model._meta.get_field("versions").related_model.objects
    own = versions.filter(record_type=ContentType.objects.get_for_model(rows.model), record_id=OuterRef("pk"))
    return rows.annotate(current_version=Subquery(own.order_by("-number").values("number")[:1]))


def described(record, version, current, closed=None):
    """A version as data, without its body. ``closed`` is the removal that closed it; then the digest is left out as well."""
    return {
        "number": version.number,
        "at": version.at,
        "sha256": None if closed else version.sha256,
        "closed_on": closed and closed.at.date(),
        "closed_reason": closed and closed.reason,
        "schema": version.schema,
        "is_current": version.number == current,
        "page": reverse(f"{record.KIND}-version", args=[record.slug, version.number]),
        "api": f"{api_address(record)}v/{version.number}/",
    }


# What changed


def differences(before, after):
    """What a reader of ``after`` finds changed since ``before``, the record's own fields first."""
    words = _Words(before, after)
    changed = dossier_diff.diff(*map(as_dossier, (before, after)), words.lists)
    # An added or removed entry is one change, not one for each field.
    whole = {dossier_diff.split(change.path)[0] for change in changed if _is_entry(change)}
    changed = [change for change in changed if _is_entry(change) or dossier_diff.split(change.path)[0] not in whole]
    told = [difference for change in changed if not change.is_citation and (difference := words.tell(change))]
    told += _joined(words.sources(*place, changes) for place, changes in _citations(changed).items())
    told += words.standings(whole)
    return sorted(told, key=words.place)


def _citations(changed):
    """The changed citations of each fact."""
    places = defaultdict(list)
    for change in changed:
        if change.is_citation:
            places[dossier_diff.split(change.path)[:2]].append(change)
    return places


def _joined(told):
    """Join the differences of fields of one entry whose sources changed alike: one citation often supports several fields."""
    alike = defaultdict(list)
    for difference in told:
        alike[difference.part, difference.before, difference.after].append(difference)
    for first, *others in alike.values():
        fields = ",".join(difference.field for difference in (first, *others))
        labels = ", ".join((first.label, *(difference.label.rpartition(" · ")[2] for difference in others)))
        yield replace(first, field=fields, label=labels)


def _elsewhere(before, after, is_same):
    """Names of the fields in ``ELSEWHERE`` that changed. Without any, and if nothing else changed, a sentence about repeated names
    and grades."""
    elsewhere = kinds.serializer_of(fact_wording.model_of(after["ref"].partition("/")[0])).elsewhere
    names = [str(label) for name, label in elsewhere.items() if _both_have(name, before, after)]
    repeated = [name for name in after if name not in (*HEAD, *elsewhere) and _both_have(name, before, after)]
    return names if names or not (is_same and repeated) else [_("names or grades that other records gave it")]


def _both_have(name, before, after):
    """Whether both have the field with different values."""
    return name in before and name in after and before[name] != after[name]


def _is_entry(change):
    """Whether the change is that a whole entry was added or removed."""
    part, field, _proof = dossier_diff.split(change.path)
    return bool(part) and not field and "/" in part


def as_dossier(body):
    """A frozen body in the form of a dossier: the record's own fields, parts, citations and rulings.

    Related records become their slugs, so that a new name of another record is not a change of this one.
    """
    model = fact_wording.model_of(body["ref"].partition("/")[0])
    state = _row(body, model.DOSSIER_FIELDS)
    state |= {name: body[name] for name in model.DERIVED if body.get(name)}
    for name in model.PARTS:
        fields = model._meta.get_field(name).related_model.DOSSIER_FIELDS
        state[name] = [{"key": row["key"], **_row(row, fields)} for row in body.get(name) or ()]
    state["findings"] = [{"key": row["slug"], **_row(row, row)} for row in body.get("findings") or ()]
    rows = {"": state} | {f"{name}/{row['key']}": row for name in model.PARTS for row in state[name]}
    for citation in body.get("citations") or ():
        _beside(rows, citation, "citations", {"fields": [citation["field"]], **_cited(citation)})
    for ruling in body.get("adjudications") or ():
        content = {name: ruling.get(name) for name in ("state", "adopted_value", "reason")}
        _beside(rows, ruling, "rulings", {"field": ruling["field"], **content})
    return state


def _row(row, fields):
    """``{field: comparable value}`` of the fields that have a value."""
    values = {name: _comparable(row.get(name)) for name in fields}
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def _comparable(value):
    if isinstance(value, dict):
        return next((value[name] for name in ("slug", "code", "key", "label") if value.get(name)), str(value))
    return [_comparable(item) for item in value] if isinstance(value, list) else value


def _cited(citation):
    """The content of a citation, with its source or finding as a slug."""
    origin, name = (citation["source"], "source") if citation.get("source") else (citation["finding"], "finding")
    names = ("locator", "stance", "value", "quotation", "credibility", "note")
    return {name: (origin or {}).get("slug", ""), **{key: citation.get(key) for key in names}}


def _beside(rows, proof, name, content):
    row = rows.get(proof["part"])
    if row is not None:
        row.setdefault(name, []).append(content)


class _Words:
    """Words for the differences of two bodies. A row that only one of them has is named from that one."""

    def __init__(self, before, after):
        self.before, self.after = before, after
        self.kind = after["ref"].partition("/")[0]
        model = fact_wording.model_of(self.kind)
        self.lists, self.ordered = (*model.PARTS, "findings"), model.ordered_parts()
        self._fields = ("status", *model.DOSSIER_FIELDS)
        self._origins = {
            origin["slug"]: origin.get("title") or origin.get("question")
            for body in (before, after)
            for citation in body.get("citations") or ()
            if (origin := citation.get("source") or citation.get("finding"))
        }

    def place(self, told):
        """The sort key of a difference: by list, entry and field, as on the page; values before their sources."""
        name = told.part.partition("/")[0]
        order = self._fields.index(told.field) if not name and told.field in self._fields else 0
        return (
            ["", *self.lists].index(name) if name in self.lists else 0,
            told.part,
            order,
            told.field,
            told.what == "sources",
        )

    def _side(self, part):
        """The body to name an entry from: the later one if it has the entry."""
        name, _slash, key = part.partition("/")
        keys = {row.get("key") or row.get("slug") for row in self.after.get(name) or ()} if part else {key}
        return self.after if key in keys else self.before

    def tell(self, change):
        """The ``Difference`` of a change that is not about a citation, or ``None`` if readers do not see it."""
        part, field, proof = dossier_diff.split(change.path)
        if _is_entry(change):
            return self.entry(part, change)
        if proof:
            return self.ruling(part, field, change)
        # An entry may have a field with the name of a list: the clauses of a coding.
        if not part and field in self.lists:
            return Difference("order", field, "", self.list_name(field)) if field in self.ordered else None
        return self.value(part, field) if self.both_know(part, field) else None

    def list_name(self, name):
        if name == "findings":
            return _("Searches that found nothing")
        return capfirst(str(fact_wording.model_of(self.kind, name)._meta.verbose_name_plural))

    def label(self, part, field):
        if part.startswith("findings/"):
            return self._finding(part)
        if (part, field) == ("", "status"):
            return _("Status")
        return fact_wording.fact_label(self._side(part), part, field)

    def _finding(self, part):
        rows = {row["slug"]: row for body in (self.before, self.after) for row in body.get("findings") or ()}
        return _("Searched without result: %(question)s") % {"question": rows[part.partition("/")[2]]["question"]}

    def both_know(self, part, field):
        """Whether both bodies have the field. A field that only one has was added to the API, not changed in the record."""
        rows = [fact_wording.entry(body, part) if part else body for body in (self.before, self.after)]
        return all(row is None or field in row for row in rows)

    def value(self, part, field):
        pair = [self._stated(body, part, field) for body in (self.before, self.after)]
        return Difference("value", part, field, self.label(part, field), *narrowed(*pair))

    def _stated(self, body, part, field):
        if part.startswith("findings/"):
            row = next((row for row in body["findings"] if f"findings/{row['slug']}" == part), {})
            value = row.get(field)
            return {True: _("answered since"), False: _("still missing")}.get(value, str(value or ""))
        model = fact_wording.model_of(self.kind)
        if not part and field in model.DERIVED:
            return model.DERIVED[field](body)
        return fact_wording.stated(body, part, field)

    def entry(self, part, change):
        side, what = (self.after, "added") if change.after else (self.before, "removed")
        if part.startswith("findings/"):
            return Difference(what, part, "", self._finding(part))
        row = fact_wording.entry(side, part) or {}
        day = in_words(row["date"]) if row.get("date") else ""
        label = fact_wording.entry_label(side, part)
        return Difference(what, part, "", label, **{"after" if change.after else "before": day})

    def ruling(self, part, field, change):
        before, after = (self._ruled(content) for content in (change.before, change.after))
        return Difference("ruling", part, field, self.label(part, field), *narrowed(before, after))

    @staticmethod
    def _ruled(content):
        if not content:
            return ""
        state = _("settled") if content["state"] == "settled" else _("left open")
        adopted = in_words(content["adopted_value"]) if content["adopted_value"] else ""
        return ". ".join(word for word in (f"{state}: {adopted}" if adopted else state, content["reason"]) if word)

    def sources(self, part, field, changes):
        """The change of the sources of one fact."""
        gone = [self._citation(change.before) for change in changes if change.before]
        new = [self._citation(change.after) for change in changes if change.after]
        alike = {*gone} & {*new}
        new = [
            _("%(citation)s (its quotation, grade or note)") % {"citation": word} if word in alike else word
            for word in new
        ]
        gone = [word for word in gone if word not in alike]
        return Difference("sources", part, field, self.label(part, field), "; ".join(gone), "; ".join(new))

    def _citation(self, content):
        origin = content.get("source") or content.get("finding") or ""
        words = [self._origins.get(origin) or origin, content["locator"]]
        if content["stance"] != "supports":
            words.append({"disputes": _("disputes it"), "mentions": _("mentions it")}.get(content["stance"]))
        if content["value"]:
            words.append(_("reports “%(value)s”") % {"value": in_words(content["value"])})
        return ", ".join(word for word in words if word)

    def standings(self, came_or_went):
        """Yield the facts whose state changed, such as from contested to settled."""
        old, new = (
            {(fact["part"], fact["field"]): fact["state"] for fact in body.get("facts") or ()}
            for body in (self.before, self.after)
        )
        states_ = {
            "contested": _("contested"),
            "settled": _("settled"),
            "supported": _("not disputed"),
            "unsourced": _("unsourced"),
        }
        for place in sorted(old.keys() & new.keys()):
            if old[place] != new[place] and place[0] not in came_or_went:
                pair = [states_.get(side[place], side[place]) for side in (old, new)]
                yield Difference("standing", *place, self.label(*place), *pair)


def narrowed(before, after):
    """Both texts; of long ones only the words that differ and some around them."""
    if max(len(before), len(after)) <= LONG:
        return before, after
    old, new = before.split(), after.split()
    start = _same(old, new)
    end = min(_same(reversed(old), reversed(new)), min(len(old), len(new)) - start)
    return _cut(old, start, end), _cut(new, start, end)


def _same(one, other):
    """The number of equal words at the beginning of both."""
    return sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _cut(words, start, end):
    first = max(start - BESIDE, 0)
    last = min(len(words) - end + BESIDE, len(words), first + MOST_WORDS)
    return f"{'… ' if first else ''}{' '.join(words[first:last])}{' …' if last < len(words) else ''}"
