"""The frozen versions of a record, and what a reader finds changed from one to the next.

A frozen body is the public representation. To tell two apart it is shaped as a dossier, so that ``sources.records.dossier_diff`` compares
them as it compares proposals and revisions; then each difference is put in readers' words. What follows from the rest, and
what other records say of this one, is named and not spelt out.
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

# How many versions a history shows at once.
PAGE = 20
# A version's number from 1, in the one way of writing it, and no larger than both databases take.
NUMBER = "[1-9][0-9]{0,8}"
# Texts of more letters are shown from some words before the first that differs to some after the last, and no more than
# so many words of them.
LONG, BESIDE, MOST_WORDS = 160, 6, 60

# What is different in every version, or an address.
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
    """One thing that changed, in words: where, in what way (``what``), and what stood there before and after."""

    what: str
    part: str
    field: str
    label: str
    before: str = ""
    after: str = ""

    def as_data(self):
        return dict(vars(self))


def asked(params, also=()):
    """The version number that ``before=`` gives, or ``None``. Raises ``BadParameters``."""
    check_names(params, ("before", *also))
    given = params.get("before", "")
    if not given:
        return None
    if not re.fullmatch(NUMBER, given) or given == "1":
        raise BadParameters({"before": [_("Give the number of a version, from 2 on, without leading zeros.")]})
    return int(given)


def history_of(record, before=None):
    """A page of a record's versions, the newest first: ``{"current", "versions", "next", "previous"}``.

    The last two go into ``before=``, and are ``None`` where there is no such page; ``previous`` is 0 for the first page.
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
    """What to give as ``before=`` for the newer page: 0 when that is the first, ``None`` when there is none."""
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
    found = []
    for row in reversed(rows):
        found.append(older)
        older = older if row.is_closed else row
    return found[::-1]


def _since(version, older):
    """What changed since ``older``. Of a closed version nothing is told, here or by the next one."""
    if version.is_closed or older is None:
        return {"compared_with": None, "changes": [], "elsewhere": []}
    return {"compared_with": older.number, **compared(orjson.loads(older.body), orjson.loads(version.body))}


def closure(record, number):
    """The removal that closed one version."""
    return record.removals.get(version=number)


def compared(before, after):
    """``{"changes", "elsewhere"}``: what changed in the record itself, and what of other records it shows differently."""
    changes = [] if before is None else differences(before, after)
    elsewhere = [] if before is None else _elsewhere(before, after, is_same=not changes)
    return {"changes": [change.as_data() for change in changes], "elsewhere": elsewhere}


def current_number(record):
    """The number of the newest version; ``None`` before the first."""
    return record.versions.order_by("-number").values_list("number", flat=True).first()


def with_current(rows):
    """Records with the number of their newest version as ``current_version``, for no query more."""
    versions = rows.model._meta.get_field("versions").related_model.objects
    own = versions.filter(record_type=ContentType.objects.get_for_model(rows.model), record_id=OuterRef("pk"))
    return rows.annotate(current_version=Subquery(own.order_by("-number").values("number")[:1]))


def described(record, version, current, closed=None):
    """A version without its body. ``closed`` is the removal that closed it; its digest would vouch for what nobody may see."""
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
    found = dossier_diff.diff(*map(as_dossier, (before, after)), words.lists)
    # An entry that came or went is told once and not field by field.
    whole = {dossier_diff.split(change.path)[0] for change in found if _is_entry(change)}
    found = [change for change in found if _is_entry(change) or dossier_diff.split(change.path)[0] not in whole]
    told = [difference for change in found if not change.is_citation and (difference := words.tell(change))]
    told += _joined(words.sources(*place, changes) for place, changes in _citations(found).items())
    told += words.standings(whole)
    return sorted(told, key=words.place)


def _citations(found):
    """The changed citations of each fact."""
    places = defaultdict(list)
    for change in found:
        if change.is_citation:
            places[dossier_diff.split(change.path)[:2]].append(change)
    return places


def _joined(told):
    """One for all fields of an entry whose sources changed alike: an edit of one citation mostly touches several."""
    alike = defaultdict(list)
    for difference in told:
        alike[difference.part, difference.before, difference.after].append(difference)
    for first, *others in alike.values():
        fields = ",".join(difference.field for difference in (first, *others))
        labels = ", ".join((first.label, *(difference.label.rpartition(" · ")[2] for difference in others)))
        yield replace(first, field=fields, label=labels)


def _elsewhere(before, after, is_same):
    """By name; names and grades that the record only repeats are spoken of when nothing else explains the new version."""
    elsewhere = kinds.serializer_of(fact_wording.model_of(after["ref"].partition("/")[0])).elsewhere
    names = [str(label) for name, label in elsewhere.items() if _both_have(name, before, after)]
    repeated = [name for name in after if name not in (*HEAD, *elsewhere) and _both_have(name, before, after)]
    return names if names or not (is_same and repeated) else [_("names or grades that other records gave it")]


def _both_have(name, before, after):
    """Whether both have it, each its own."""
    return name in before and name in after and before[name] != after[name]


def _is_entry(change):
    """Whether a whole entry of a list came or went."""
    part, field, _proof = dossier_diff.split(change.path)
    return bool(part) and not field and "/" in part


def as_dossier(body):
    """A frozen body in the form of a dossier: what the record itself states, with its evidence beside each row.

    Records that it names are their slugs, so that another record's new name is no change of this one.
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
    """The fields that say something, each as a value that can be compared."""
    values = {name: _comparable(row.get(name)) for name in fields}
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def _comparable(value):
    if isinstance(value, dict):
        return next((value[name] for name in ("slug", "code", "key", "label") if value.get(name)), str(value))
    return [_comparable(item) for item in value] if isinstance(value, list) else value


def _cited(citation):
    """A citation without its place and without what it repeats of its source."""
    origin, name = (citation["source"], "source") if citation.get("source") else (citation["finding"], "finding")
    names = ("locator", "stance", "value", "quotation", "credibility", "note")
    return {name: (origin or {}).get("slug", ""), **{key: citation.get(key) for key in names}}


def _beside(rows, proof, name, content):
    row = rows.get(proof["part"])
    if row is not None:
        row.setdefault(name, []).append(content)


class _Words:
    """Words for the differences of two bodies. A row that is in one of them only is named from that one."""

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
        """Where it stands on the page, roughly: by list, then by entry, then by field, values before their sources."""
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
        """The later body that has the entry."""
        name, _slash, key = part.partition("/")
        keys = {row.get("key") or row.get("slug") for row in self.after.get(name) or ()} if part else {key}
        return self.after if key in keys else self.before

    def tell(self, change):
        """The difference that a change of anything but a citation makes to a reader, or ``None``."""
        part, field, proof = dossier_diff.split(change.path)
        if _is_entry(change):
            return self.entry(part, change)
        if proof:
            return self.ruling(part, field, change)
        if field in self.lists:
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
        """Whether both bodies have the field: what only one has is a change of the form, not of the record."""
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
            return fact_wording.choice_label(model, model.DERIVED[field], body.get(field) or "")
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
        """All that changed in what one fact rests on."""
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
        """Facts that became contested, or settled, or are so no more."""
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
    """Two texts; of long ones only the words around what differs."""
    if max(len(before), len(after)) <= LONG:
        return before, after
    old, new = before.split(), after.split()
    start = _same(old, new)
    end = min(_same(reversed(old), reversed(new)), min(len(old), len(new)) - start)
    return _cut(old, start, end), _cut(new, start, end)


def _same(one, other):
    """With how many equal words both begin."""
    return sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _cut(words, start, end):
    first = max(start - BESIDE, 0)
    last = min(len(words) - end + BESIDE, len(words), first + MOST_WORDS)
    return f"{'… ' if first else ''}{' '.join(words[first:last])}{' …' if last < len(words) else ''}"
