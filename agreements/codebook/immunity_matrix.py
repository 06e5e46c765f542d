"""The immunity matrix: for each class of person, what an agreement says on jurisdiction, arrest, taxes, customs and claims.

Each column rests on one or two topics of the codebook. A cell is found by this rule, and says which step gave it
(``rule``):

``own_class``    a coding of the topic for that very class;
``coverage``     the agreement leaves the class out, or it is open whether it is covered (A2 for contractors and their
                 employees, A3 for dependants, A1 for locally hired staff);
``covered``      it covers the class, but nobody has coded what it says of the class on this: what the force has is not yet
                 theirs;
``all_persons``  for the force and its civilian component: a coding of the topic for all covered persons;
``none``         nobody has coded it for the class.

The status regime (D1) stands in for criminal jurisdiction (D2) only where D2 is not known, since immunity by status is then
the nearest answer. Works on codings as the API gives them, so that a frozen version has the same matrix as the living page.
"""

from django.utils.translation import gettext_lazy as _

from agreements.codebook.answer_comparison import ALL, CLASSES, is_known
from agreements.models import Coding
from sources.reading.fact_wording import choice_label

# Column → its topics; with ``first_known`` a later topic is asked only where the ones before it give no known answer.
COLUMNS = {
    "criminal": {"label": _("Criminal jurisdiction"), "topics": ("D2", "D1"), "first_known": True},
    "civil": {"label": _("Civil and administrative"), "topics": ("D9",)},
    "arrest": {"label": _("Arrest and custody"), "topics": ("D5", "D11", "D12")},
    "taxes": {"label": _("Taxes"), "topics": ("F1", "F2")},
    "customs": {"label": _("Customs"), "topics": ("F3", "F4")},
    "claims": {"label": _("Claims"), "topics": ("E1", "E2")},
}
# By class: the topic that says whether the class is covered, and the classes whose coding counts, nearest first.
COVERAGE = {
    "contractor": ("A2", ("contractor", ALL)),
    "contractor_employee": ("A2", ("contractor_employee", "contractor", ALL)),
    "dependant": ("A3", ("dependant", ALL)),
    "locally_hired": ("A1", ("locally_hired",)),
}
# Approaches of A2 under which contractors have part of the privileges only, and the columns of that part.
PARTLY_COVERED = {"covered_for_entry_and_customs_only": ("customs",)}
NOT_COVERED = "not_covered"
# What is found where nobody has coded anything.
NOTHING = ("none", ())
# What a cell shows of a coding.
SHOWN = ("key", "topic", "person_class", "stance", "approach", "basis", "summary", "clauses", "note")


def matrix_of(codings):
    """The matrix of one agreement: ``{"columns": [...], "rows": [{"person_class", "label", "cells": [...]}], "coded"}``.

    A cell is ``{"column", "person_class", "stance", "favours", "rule", "topics", "answers"}``. ``stance`` is one of the codebook's, or
    ``not_covered``; ``answers`` are the codings that the cell rests on (for ``coverage`` and ``covered``, the coding of A1, A2 or
    A3), as far as a cell shows them.
    ``coded`` counts the cells that somebody coded for their class.
    """
    answers = {}
    for coding in codings:
        answers.setdefault(coding["person_class"], {})[coding["topic"]["code"]] = coding
    rows = [
        {
            "person_class": name,
            "label": choice_label(Coding, "person_class", name),
            "cells": [_cell(answers, column, name) for column in COLUMNS],
        }
        for name in CLASSES
    ]
    return {
        "columns": [
            {"column": name, "label": str(column["label"]), "topics": list(column["topics"])}
            for name, column in COLUMNS.items()
        ],
        "rows": rows,
        "coded": sum(cell["rule"] not in ("none", "covered") for row in rows for cell in row["cells"]),
    }


def _cell(answers, column, person_class):
    """``answers`` are all codings, by class of person and then by the code of the topic."""
    rule, found = _found(answers, column, person_class)
    return {
        "column": column,
        "person_class": person_class,
        "stance": _stance(rule, found),
        "favours": _favours(found),
        "rule": rule,
        "topics": list(dict.fromkeys(answer["topic"]["code"] for answer in found)) or list(COLUMNS[column]["topics"]),
        "answers": [{name: answer[name] for name in SHOWN} for answer in found],
    }


def _found(answers, column, person_class):
    """``(rule, codings)``: the codings that a cell rests on, and how they were found."""
    if own := _on_column(answers.get(person_class, {}), column):
        return "own_class", own
    if person_class in COVERAGE:
        return _by_coverage(answers, column, person_class)
    of_all = _on_column(answers.get(ALL, {}), column)
    return ("all_persons", of_all) if of_all else NOTHING


def _on_column(by_topic, column):
    """The codings of one class under the topics of a column."""
    definition = COLUMNS[column]
    codings = [by_topic[code] for code in definition["topics"] if code in by_topic]
    if codings and definition.get("first_known"):
        return [next(filter(is_known, codings), codings[0])]
    return codings


def _by_coverage(answers, column, person_class):
    """What the coding of the class's coverage says of a column that nobody coded for the class itself."""
    topic, classes = COVERAGE[person_class]
    coding = next((answers[name][topic] for name in classes if topic in answers.get(name, {})), None)
    if coding is None or coding["stance"] in ("not_coded", "not_applicable"):
        return NOTHING
    approach = (coding["approach"] or {}).get("code", "")
    left_out = approach == NOT_COVERED or coding["stance"] in ("expressly_excluded", "silent")
    partly = approach in PARTLY_COVERED and column not in PARTLY_COVERED[approach]
    return ("coverage" if left_out or partly or not is_known(coding) else "covered"), [coding]


def _favours(answers):
    """Whom the answers of a cell favour; two that favour different sides are shared."""
    known = (answer["approach"] for answer in answers if answer["approach"] and is_known(answer))
    sides = {approach.get("favours", "") for approach in known} - {""}
    return "shared" if len(sides) > 1 else next(iter(sides), "")


def _stance(rule, answers):
    if rule in ("none", "covered"):
        return "not_coded"
    if rule == "coverage":
        stance = answers[0]["stance"]
        return NOT_COVERED if is_known(answers[0]) and stance != "silent" else stance
    return next((answer for answer in answers if is_known(answer)), answers[0])["stance"]


def merged(rows):
    """Rows of the matrix for reading: ``[{"labels", "cells"}]``, where classes with equal cells share a row."""
    by_content = {}
    for row in rows:
        content = repr([_as_read(cell) for cell in row["cells"]])
        by_content.setdefault(content, {"labels": [], "cells": row["cells"]})["labels"].append(row["label"])
    return list(by_content.values())


def _as_read(cell):
    answers = [
        {name: value for name, value in answer.items() if name not in ("key", "person_class")}
        for answer in cell["answers"]
    ]
    return cell["stance"], cell["rule"], answers
