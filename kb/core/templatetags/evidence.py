"""Evidence on pages: the numbers beside a fact, its marks, and how facts are called in the lists they lead to."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kb.core import factwords
from kb.core.footnotes import fact_anchor

register = template.Library()

# From so many neighbours on, numbers are written as a range, as in print: 4–9.
RANGE = 3


@register.simple_tag
def cite(notes, part, *fields):
    """The footnote numbers of a fact, with a mark where it is contested, settled or unsourced.

    Facts that stand in one place, such as a party and its role, share their numbers: ``{% cite notes part "a" "b" %}``.
    """
    shown = [(notes.is_placed(part, field), notes.place(part, field)) for field in fields] if notes else []
    facts = [fact for _seen, fact in shown if fact is not None]
    if not facts:
        return ""
    anchors = [fact.anchor for seen, fact in shown if fact is not None and not seen]
    numbered = sorted({note.number: note for fact in facts for note in fact.notes}.items())
    numbers = format_html_join(
        mark_safe('<span class="comma">,</span>'), "{}", ((link,) for link in _numbers([note for _n, note in numbered]))
    )
    identity = format_html(' id="{}"', anchors[0]) if anchors else ""
    others = format_html_join("", '<span id="{}"></span>', ((anchor,) for anchor in anchors[1:]))
    marks = format_html_join("", "{}", ((_mark(fact),) for fact in facts))
    if not numbered:
        return format_html('<span class="cites"{}></span>{}{}', identity, others, marks)
    return format_html('<sup class="cites"{}>{}</sup>{}{}', identity, numbers, others, marks)


def _numbers(notes):
    """Links to the notes; the disputing ones stand alone and say so."""
    calm = sorted(note.number for note in notes if not note.disputes)
    for run in _runs(calm):
        words = f"{run[0]}–{run[-1]}" if len(run) > 1 else run[0]
        yield format_html('<a href="#note-{}" role="doc-noteref">{}</a>', run[0], words)
    for note in notes:
        if note.disputes:
            yield format_html(
                '<a class="against" href="#note-{}" role="doc-noteref">{}<span class="sr"> {}</span></a>',
                note.number, note.number, _("disputes"),
            )  # fmt: skip


def _runs(numbers):
    """Neighbouring numbers together where there are enough of them, the others each alone."""
    runs = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    for run in runs:
        if len(run) >= RANGE:
            yield run
        else:
            yield from ([number] for number in run)


def _mark(fact):
    if fact.is_unsourced:
        return format_html('<span class="mark unsourced">{}</span>', _("unsourced"))
    if not (fact.is_contested or fact.is_settled):
        return ""
    word = _("contested") if fact.is_contested else _("settled")
    return format_html(
        '<a class="mark {}" href="#about-{}">{}<span class="sr">: {}</span></a>',
        fact.state, fact.anchor, word, disputed_by(fact),
    )  # fmt: skip


@register.filter
def disputed_by(fact):
    count = fact.data["disputing"]
    if not count:
        return _("the sources leave it open") if fact.is_contested else _("the editors have ruled on it")
    return ngettext("disputed by %(count)s source", "disputed by %(count)s sources", count) % {"count": count}


@register.filter
def support(fact):
    """How many stand behind a fact: “5 sources, 2 independent”."""
    sources, independent = fact.data["sources"], fact.data["independent"]
    words = ngettext("%(count)s source", "%(count)s sources", sources) % {"count": sources}
    if sources > 1:
        words += ", " + _("%(count)s independent") % {"count": independent}
    return words


@register.simple_tag
def fact_name(record, part, field):
    """What a fact is called, for example “Signed · date”."""
    return factwords.fact_label(record, part, field)


@register.simple_tag
def fact_value(record, part, field):
    """What the record states."""
    return factwords.stated(record, part, field)


@register.simple_tag
def field_name(kind, part, field):
    """What a field is called, where the record itself is not at hand."""
    return factwords.field_label(kind, part, field)


@register.simple_tag
def way_back(note, record, notes):
    """Links from a note to the facts it stands beside: one for each entry, since its facts stand together."""
    links = {}
    for part, field in note.fields:
        if notes.is_placed(part, field):
            links.setdefault(part or field, (part, field))
    return format_html_join(
        " · ",
        '<a href="#{}" role="doc-backlink">{}</a>',
        ((notes.get(part, field).anchor, _place_label(record, part, field)) for part, field in links.values()),
    )


def _place_label(record, part, field):
    return factwords.entry_label(record, part) or factwords.field_label(record["ref"].partition("/")[0], part, field)


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
    """The fact that a source's statement is about, named without the record at hand."""
    kind, part, field = statement["record"]["kind"], statement["part"], statement["field"]
    label = factwords.field_label(kind, part, field)
    return f"{factwords.part_label(kind, part)} · {label[:1].lower()}{label[1:]}" if part else label


@register.simple_tag
def fact_address(part, field):
    """The anchor of a fact on its record's page."""
    return fact_anchor(part, field)
