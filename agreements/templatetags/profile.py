"""The words of a profile: what a group counts, with singular and plural, and a sentence where there is nothing."""

from django import template
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from sources.reading.drawing import draw

register = template.Library()

# Group → what its rows are, counted; and the sentence that stands for none.
_GROUPS = {
    "in_force": (
        ngettext_lazy("%(n)s instrument in force", "%(n)s instruments in force", "n"),
        _("No instrument in force is recorded."),
    ),
    "not_established": (
        ngettext_lazy(
            "%(n)s instrument of which it is not established whether it is in force",
            "%(n)s instruments of which it is not established whether they are in force",
            "n",
        ),
        _("There is no instrument of which it is not established whether it is in force."),
    ),
    "not_in_force": (
        ngettext_lazy(
            "%(n)s instrument ended, rejected or shown not to be in force",
            "%(n)s instruments ended, rejected or shown not to be in force",
            "n",
        ),
        _("No instrument is recorded as ended, rejected or shown not to be in force."),
    ),
    "programmes": (
        ngettext_lazy("%(n)s programme or strategy", "%(n)s programmes and strategies", "n"),
        _("No programme or strategy is recorded."),
    ),
    "steps": (
        ngettext_lazy(
            "%(n)s instrument in whose life it took a step", "%(n)s instruments in whose lives it took a step", "n"
        ),
        _("No step that it took is recorded."),
    ),
    "on_soil": (
        ngettext_lazy("%(n)s exercise or deployment on its soil", "%(n)s exercises and deployments on its soil", "n"),
        _("No exercise or deployment on its soil is recorded."),
    ),
    "hosted": (
        ngettext_lazy(
            "%(n)s exercise or deployment that it hosted", "%(n)s exercises and deployments that it hosted", "n"
        ),
        _("No exercise or deployment that it hosted is recorded."),
    ),
    "taking_part": (
        ngettext_lazy(
            "%(n)s exercise or deployment in which it or its bodies took part",
            "%(n)s exercises and deployments in which it or its bodies took part",
            "n",
        ),
        _("No exercise or deployment in which it or its bodies took part is recorded."),
    ),
    "given": (
        ngettext_lazy("%(n)s delivery, sale or plan given", "%(n)s deliveries, sales and plans given", "n"),
        _("No assistance that it or its bodies gave is recorded."),
    ),
    "received": (
        ngettext_lazy("%(n)s delivery, sale or plan received", "%(n)s deliveries, sales and plans received", "n"),
        _("No assistance that it or its bodies received is recorded."),
    ),
    "supplied": (
        ngettext_lazy("%(n)s delivery that it made or installed", "%(n)s deliveries that it made or installed", "n"),
        _("No delivery that it made or installed is recorded."),
    ),
    "said": (
        ngettext_lazy("%(n)s public statement", "%(n)s public statements", "n"),
        _("No public statement of it, its bodies or their officials is recorded."),
    ),
    "events": (ngettext_lazy("%(n)s event", "%(n)s events", "n"), _("No event with it or in it is recorded.")),
}
_INSTRUMENTS = ngettext_lazy("%(n)s instrument", "%(n)s instruments", "n")


@register.simple_tag
def rows_of(section, rows, record):
    """The rows of a section on the page of ``record``."""
    if section == "agreements":
        return draw("agreements/rows.html", "agreements_of", rows, record["slug"])
    return draw("agreements/rows.html", section, rows)


def besides(parties, slug):
    """The parties other than the organisation called ``slug``."""
    return [party for party in parties if party["organisation"]["slug"] != slug]


def party_called(parties, slug):
    """That organisation as a party, or ``None``."""
    return next((party for party in parties if party["organisation"]["slug"] == slug), None)


@register.filter
def counted(group):
    """What a group holds, counted: “19 instruments in force”."""
    words, none = _GROUPS[group["name"]]
    return words % {"n": group["count"]} if group["count"] else none


@register.filter
def filled(groups):
    """The groups that have rows."""
    return [group for group in groups if group["count"]]


@register.filter
def empty(groups):
    """The groups without rows that a reader may look for; few states have programmes or are suppliers."""
    return [
        group for group in groups if not group["count"] and group["name"] not in ("programmes", "supplied", "steps")
    ]


@register.simple_tag
def in_short(**sections):
    """``[{"anchor", "count", "words"}]``: what the head of a profile counts; instruments together, of the rest each group."""
    instruments = sum(group["count"] for group in sections["agreements"] if group["name"] != "steps")
    entries = [("agreements", instruments, _INSTRUMENTS)] if instruments else []
    entries += [
        (anchor, group["count"], _GROUPS[group["name"]][0])
        for anchor, groups in sections.items()
        for group in groups
        if group["count"] and (anchor != "agreements" or group["name"] == "steps")
    ]
    return [
        {"anchor": anchor, "count": count, "words": (words % {"n": count}).partition(" ")[2]}
        for anchor, count, words in entries
    ]
