"""Tags for evidence on pages: footnote numbers, marks, and names of facts."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sources.reading import fact_wording
from sources.reading.drawing import draw
from sources.reading.footnotes import fact_anchor

register = template.Library()


@register.simple_tag
def cite(notes, part, *fields):
    """The footnote numbers of a fact, with a mark where it is contested, settled or unsourced.

    Facts shown in one place, such as a party and its role, share their numbers: ``{% cite notes part "a" "b" %}``.
    """
    shown = [(notes.is_placed(part, field), notes.place(part, field)) for field in fields] if notes else []
    facts = [fact for _seen, fact in shown if fact is not None]
    if not facts:
        return ""
    anchors = [fact.anchor for seen, fact in shown if fact is not None and not seen]
    numbered = sorted({note.number: note for fact in facts for note in fact.notes}.items())
    marks = [{"number": number, "stance": note.citation["stance"]} for number, note in numbered]
    return draw("sources/marks.html", "beside", facts, marks, anchors, notes.address)


@register.filter
def disputed_by(fact):
    count = fact.data["disputing"]
    if not count:
        return _("the sources leave it open") if fact.is_contested else _("the editors have ruled on it")
    return disputing_sources(count)


def disputing_sources(count):
    """How many sources dispute something, in words."""
    return ngettext("disputed by %(count)s source", "disputed by %(count)s sources", count) % {"count": count}


@register.filter
def support(fact):
    """The number of sources of a fact: “5 sources, 2 independent”."""
    sources, independent = fact.data["sources"], fact.data["independent"]
    words = ngettext("%(count)s source", "%(count)s sources", sources) % {"count": sources}
    if sources > 1:
        words += ", " + _("%(count)s independent") % {"count": independent}
    return words


@register.simple_tag
def fact_name(record, part, field):
    """The name of a fact, for example “Signed · date”."""
    return fact_wording.fact_label(record, part, field)


@register.simple_tag
def fact_question(record, part, field):
    """The question in plain words that a fact answers."""
    return fact_wording.question_of(record, part, field)


@register.simple_tag
def fact_value(record, part, field):
    """What the record states."""
    return fact_wording.stated(record, part, field)


@register.simple_tag
def field_name(kind, part, field):
    """The name of a field, for a page without the record."""
    return fact_wording.field_label(kind, part, field)


@register.simple_tag
def note_items(record, notes):
    """The footnotes of a page as data, each with links to its facts."""
    return [
        {"number": note.number, "citation": note.citation, "back": _way_back(note, record, notes)}
        for note in notes.notes
    ]


def _way_back(note, record, notes):
    """``[{"anchor", "name"}]``: one for each entry of the record, since its facts stand together."""
    places = {}
    for part, field in note.fields:
        if notes.is_placed(part, field):
            places.setdefault(part or field, (part, field))
    return [
        {"anchor": notes.get(part, field).anchor, "name": _place_label(record, part, field)}
        for part, field in places.values()
    ]


def _place_label(record, part, field):
    return fact_wording.entry_label(record, part) or fact_wording.field_label(
        record["ref"].partition("/")[0], part, field
    )


@register.filter
def label_of_state(state):
    """A fact's state in words."""
    return {
        "unsourced": _("unsourced"),
        "supported": _("ruled on"),
        "contested": _("contested"),
        "settled": _("settled"),
    }.get(state, state)


@register.filter
def label_of_confidence(level):
    """A fact's confidence in words."""
    return {"high": _("high"), "medium": _("medium"), "low": _("low")}.get(level, level)


@register.simple_tag
def statement_name(statement):
    """The fact that a source's statement is about: by its ``label`` where the page has looked that up, else by its key."""
    if statement.get("label"):
        return statement["label"]
    kind, part, field = statement["record"]["kind"], statement["part"], statement["field"]
    label = fact_wording.field_label(kind, part, field)
    return f"{fact_wording.part_label(kind, part)} · {label[:1].lower()}{label[1:]}" if part else label


@register.simple_tag
def fact_address(part, field):
    """The anchor of a fact on its record's page."""
    return fact_anchor(part, field)
