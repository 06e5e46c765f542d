"""The immunity matrix: for each class of person, what an agreement says on jurisdiction, arrest, taxes, customs and claims.

Each column rests on one or two topics of the codebook. A cell is found by this rule, and says which step gave it
(``rule``):

``own_class``    a coding of the topic for that very class;
``coverage``     the agreement leaves the class out, or it is open whether it is covered (A2 for contractors and their
                 employees, A3 for dependants, A1 for locally hired staff), so that a coding for all covered persons cannot
                 be read as theirs;
``all_persons``  a coding of the topic for all covered persons; ``coverage_known`` is false where it is not coded whether these
                 include the class. Never for locally hired staff, unless A1 says that they are covered;
``none``         nobody has coded it.

The status regime (D1) stands in for criminal jurisdiction (D2) only where D2 is not known, since immunity by status is then
the nearest answer. Works on codings as the API gives them, so that a frozen version has the same matrix as the living page.
"""

from django.utils.translation import gettext_lazy as _

from agreements.codebook.answers import ALL, CLASSES, by_topic, is_known
from agreements.models import Coding

# Column → its topics; with ``first_known`` a later topic is asked only where the ones before it give no known answer.
COLUMNS = {
    "criminal": {"label": _("Criminal jurisdiction"), "topics": ("D2", "D1"), "first_known": True},
    "civil": {"label": _("Civil and administrative"), "topics": ("D9",)},
    "arrest": {"label": _("Arrest and custody"), "topics": ("D5", "D11", "D12")},
    "taxes": {"label": _("Taxes"), "topics": ("F1", "F2")},
    "customs": {"label": _("Customs"), "topics": ("F3", "F4")},
    "claims": {"label": _("Claims"), "topics": ("E1", "E2")},
}
# Which topic says whether a class is covered at all, and whose coding of it counts, nearest first.
COVERAGE = {
    "contractor": ("A2", ("contractor", ALL)),
    "contractor_employee": ("A2", ("contractor_employee", "contractor", ALL)),
    "dependant": ("A3", ("dependant", ALL)),
    "locally_hired": ("A1", ("locally_hired",)),
}
# Most agreements leave these out without a word: what all covered persons have is theirs only where their cover is coded.
ONLY_WHERE_COVERED = ("locally_hired",)
# Approaches of A2 under which contractors have part of the privileges only, and the columns of that part.
PARTLY_COVERED = {"covered_for_entry_and_customs_only": ("customs",)}
NOT_COVERED = "not_covered"
MISSING = object()
# What a cell shows of a coding.
SHOWN = ("key", "topic", "person_class", "stance", "approach", "basis", "summary", "clauses", "note")


def matrix_of(codings):
    """The matrix of one agreement: ``{"columns": [...], "rows": [{"person_class", "label", "cells": [...]}], "coded"}``.

    A cell is ``{"column", "person_class", "stance", "rule", "coverage_known", "topics", "answers"}``. ``stance`` is one of the codebook's, or
    ``not_covered``; ``answers`` are the codings that the cell rests on (for ``coverage``, the coding of A2 or A3), as far as a
    cell shows them.
    ``coded`` counts the cells that somebody coded.
    """
    topics = by_topic(codings)
    labels = dict(Coding.PersonClass.choices)
    rows = [
        {
            "person_class": name,
            "label": str(labels[name]),
            "cells": [_cell(topics, column, name) for column in COLUMNS],
        }
        for name in CLASSES
    ]
    return {
        "columns": [
            {"column": name, "label": str(column["label"]), "topics": list(column["topics"])}
            for name, column in COLUMNS.items()
        ],
        "rows": rows,
        "coded": sum(cell["rule"] != "none" for row in rows for cell in row["cells"]),
    }


def _cell(topics, column, person_class):
    found = (
        _own(topics, column, person_class)
        or _outside(topics, column, person_class)
        or _of_all(topics, column, person_class)
    )
    rule, answers = found or ("none", [])
    return {
        "column": column,
        "person_class": person_class,
        "stance": _stance(rule, answers),
        "rule": rule,
        "coverage_known": rule != "all_persons" or _coverage(topics, person_class) is not MISSING,
        "topics": list(dict.fromkeys(answer["topic"]["code"] for answer in answers)) or list(COLUMNS[column]["topics"]),
        "answers": [{name: answer[name] for name in SHOWN} for answer in answers],
    }


def _own(topics, column, person_class):
    answers = _answers(topics, column, person_class)
    return ("own_class", answers) if answers else None


def _of_all(topics, column, person_class):
    if person_class in ONLY_WHERE_COVERED and _coverage(topics, person_class) is MISSING:
        return None
    answers = _answers(topics, column, ALL)
    return ("all_persons", answers) if answers else None


def _answers(topics, column, person_class):
    """The codings for a class under the topics of a column."""
    place = COLUMNS[column]
    found = [topics[code][person_class] for code in place["topics"] if person_class in topics.get(code, {})]
    if place.get("first_known"):
        known = next((coding for coding in found if is_known(coding)), None)
        return [known] if known else found[:1]
    return found


def _coverage(topics, person_class):
    """The coding that says whether a class is covered; ``None`` for those who always are, ``MISSING`` if nobody coded it."""
    if person_class not in COVERAGE:
        return None
    topic, classes = COVERAGE[person_class]
    coding = next((topics[topic][name] for name in classes if name in topics.get(topic, {})), None)
    return MISSING if coding is None or coding["stance"] in ("not_coded", "not_applicable") else coding


def _outside(topics, column, person_class):
    """The coding that keeps the class from what all covered persons have, if there is one."""
    coding = _coverage(topics, person_class)
    if coding is None or coding is MISSING:
        return None
    approach = (coding["approach"] or {}).get("code", "")
    left_out = approach == NOT_COVERED or coding["stance"] == "expressly_excluded"
    partly = approach in PARTLY_COVERED and column not in PARTLY_COVERED[approach]
    if left_out or partly or not is_known(coding):
        return "coverage", [coding]
    return None


def _stance(rule, answers):
    if rule == "none":
        return "not_coded"
    if rule == "coverage":
        return NOT_COVERED if is_known(answers[0]) else answers[0]["stance"]
    return next((answer for answer in answers if is_known(answer)), answers[0])["stance"]
