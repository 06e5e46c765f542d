"""The first rows of a comparison: facts of the instruments themselves, such as their type and term."""

from django.utils.translation import gettext_lazy as _

from agreements.life.course import NO_PARTY
from agreements.life.status import InForce, status_words
from agreements.models import Agreement
from sources.reading import fact_wording

# Fields of the agreement, with their labels.
INSTRUMENT = {
    "type": _("Type"),
    "status": _("Status"),
    "signed": _("Signed"),
    "parties": _("Parties"),
    "term": _("Term"),
    "termination": _("Termination"),
    "text_availability": _("Text"),
}


def instrument_rows(compared, notes):
    """A row for each fact, with a cell for each of the ``Compared``."""
    return [_row(name, label, compared, notes) for name, label in INSTRUMENT.items()]


def _row(name, label, compared, notes):
    values = [_value(name, one.form) for one in compared]
    comparable = {_comparable(name, one.form, value) for one, value in zip(compared, values, strict=True)} - {None}
    cells = [_cell(name, one, value, notes) for one, value in zip(compared, values, strict=True)]
    return {"field": name, "label": str(label), "differs": len(comparable) > 1, "cells": cells}


def _cell(name, one, value, notes):
    fact, citations = one.fact(name)
    certainty = {key: fact[key] if fact else "" for key in ("state", "confidence")}
    return {"agreement": one.slug, **certainty, **value, "notes": notes.number(citations)}


def _comparable(name, form, value):
    """What can be compared of a fact of the instrument, or ``None``: a term told in other words is not another term."""
    if name == "term":
        kind = form["term_kind"]
        return None if kind == Agreement.TermKind.UNKNOWN else (kind, form["term_years"])
    if name == "termination":
        return form["termination_days"]
    if name == "status" and form["in_force"] == InForce.NOT_ESTABLISHED:
        return None
    return None if value["value"] in ("", "unknown") else value["value"]


def _value(name, form):
    if name == "parties":
        bound = [party["organisation"] for party in form["parties"] if party["role"] not in NO_PARTY]
        names, called = ((link["name"] for link in bound), map(fact_wording.called, bound))
        return {"value": "; ".join(dict.fromkeys(names)), "label": "; ".join(dict.fromkeys(called))}
    if name == "status":
        certainty = {"state": form["status_standing"], "confidence": form["status_confidence"]}
        label = status_words(form["status"], form["status_since"] or "")
        return {"value": form["status"], "label": label, **certainty}
    value = form[name] or ""
    if name in ("type", "text_availability"):
        return {"value": value, "label": fact_wording.choice_label(Agreement, name, value)}
    return {"value": value, "label": value}
