"""The table of a comparison as plain data."""

from collections import Counter
from itertools import groupby

import orjson
from django.urls import reverse

from agreements.codebook import answer_comparison
from agreements.codebook.headlines import headlines_of
from agreements.compare.compared import Compared, worst_of
from agreements.compare.instrument_rows import instrument_rows
from agreements.compare.notes import Notes
from agreements.compare.verdict import DIFFERENCES, RESULTS, verdict
from agreements.models import Agreement, Topic
from sources.reading.store import reading

OF_TOPIC = ("code", "slug", "name", "name_es", "definition", "definition_es", "group", "group_name", "group_name_es")
# What the summary repeats of an entry.
SHOWN_OF_ANSWER = ("topic", "person_class", "stance", "approach", "basis", "summary", "clauses")


class UnknownAgreements(Exception):
    """``slugs`` name nothing that readers can see."""

    def __init__(self, slugs):
        self.slugs = slugs
        super().__init__(", ".join(slugs))


def build(query):
    """The table for a ``ComparisonQuery``, from the forms of the agreements. Raises ``UnknownAgreements``."""
    compared, notes = _compared(query.slugs), Notes()
    summary = _summary(compared, notes)
    instrument = instrument_rows(compared, notes)
    rows = _topic_rows(query.groups, compared)
    shown = [(topic, row) for topic, row in rows if _is_wanted(row, query.only)]
    for _topic, row in shown:
        _number_citations(row, notes)
    return {
        "codebook": sorted(set().union(*(one.codebooks() for one in compared))),
        "only": query.only,
        "groups": list(query.groups),
        "counts": _counts(rows, shown),
        "agreements": [one.head for one in compared],
        "instrument": instrument,
        "summary": summary,
        "sections": _sections(shown),
        "matrices": [{"agreement": one.slug, **one.matrix} for one in compared],
        "notes": notes.rows,
    }


def _compared(slugs):
    forms = reading.forms_of(Agreement, slugs)
    missing = [slug for slug in slugs if slug not in forms]
    if missing:
        raise UnknownAgreements(missing)
    return [Compared(orjson.loads(forms[slug].form), orjson.loads(forms[slug].link)) for slug in slugs]


def _topic_rows(groups, compared):
    """``[(topic, row)]`` of the topics in ``groups``, or of all topics if no group was chosen."""
    topics, page = Topic.objects.in_order().values(*OF_TOPIC), reverse("topics")
    return [(topic, _topic_row(topic, compared, page)) for topic in topics if not groups or topic["group"] in groups]


def _counts(rows, shown):
    """The number of topics, of shown topics, and of topics with each result."""
    results = Counter(row["result"] for _topic, row in rows)
    return {"topics": len(rows), "shown": len(shown), **{result: results[result] for result in RESULTS}}


def _sections(rows):
    """The groups of the codebook with their rows; ``rows`` are ``(topic, row)`` in the order of the codebook."""
    return [
        {"group": group, "name": name, "name_es": name_es, "topics": [row for _topic, row in in_group]}
        for (group, name, name_es), in_group in groupby(
            rows, key=lambda pair: tuple(pair[0][key] for key in ("group", "group_name", "group_name_es"))
        )
    ]


def _number_citations(row, notes):
    """Replace the citations of each entry by the numbers of their footnotes."""
    for cell in row["cells"]:
        for entry in cell["entries"]:
            if "citations" in entry:
                entry["notes"] = notes.number(entry.pop("citations"))


def _is_wanted(row, only):
    if only == "differences":
        return row["result"] in DIFFERENCES
    if only == "coded":
        return any(entry["stance"] != "not_coded" for cell in row["cells"] for entry in cell["entries"])
    return True


def _topic_row(topic, compared, topics_page):
    code = topic["code"]
    uncoded = [_not_coded(code)]
    cells = [{"agreement": one.slug, "entries": one.answers.get(code, uncoded)} for one in compared]
    result, untold = verdict(cells)
    return {
        "topic": code,
        **{name: topic[name] for name in ("slug", "name", "name_es", "definition", "definition_es")},
        "page": f"{topics_page}{topic['slug']}/",
        "result": result,
        "untold": untold,
        "cells": cells,
        "wording": _wording(cells),
    }


def _not_coded(code):
    """The entry of every agreement that nobody has coded on the topic."""
    return {
        "key": "",
        "topic": {"code": code},
        "person_class": answer_comparison.ALL,
        "stance": "not_coded",
        "approach": None,
        "value": None,
        "summary": "",
        "basis": "",
        "clauses": [],
        "codebook": "",
        "note": "",
        "state": "",
        "confidence": "",
        "sources": 0,
        "independent": 0,
        "disputing": 0,
        "reason": "",
        "notes": [],
    }


def _wording(cells):
    """Pairs of clauses for a word diff: the clause of the first agreement that has one, with that of each other agreement."""
    held = [
        (clause["id"], clause["label"], clause["held"]) for cell in cells if (clause := _first_held(cell)) is not None
    ]
    if len(held) < 2:
        return []
    (first, label, kinds), *others = held
    return [
        {"a": first, "a_label": label, "b": other, "b_label": other_label, "of": of}
        for other, other_label, other_kinds in others
        if (of := next((kind for kind in ("text", "summary") if kind in kinds and kind in other_kinds), ""))
    ]


def _first_held(cell):
    clauses = [clause for entry in cell["entries"] for clause in entry["clauses"] if clause["held"]]
    return next((clause for clause in clauses if "text" in clause["held"]), clauses[0] if clauses else None)


def _summary(compared, notes):
    """What a lawyer asks first: a row for each question, with a cell for each agreement and the notes it rests on."""
    rows = {}
    for one in compared:
        by_key = {entry["key"]: entry for entry in one.entries}
        for answer in headlines_of(one.entries, one.matrix, one.form):
            question = {"question": answer["question"], "label": answer["label"], "cells": []}
            entries = [by_key[given["key"]] for given in answer["answers"]]
            row = rows.setdefault(answer["question"], question)
            row["cells"].append({"agreement": one.slug, **_summary_cell(answer, entries, notes)})
    return [row for row in rows.values() if any(cell["answers"] or cell["words"] for cell in row["cells"])]


def _summary_cell(answer, entries, notes):
    return {
        **{name: answer[name] for name in ("stance", "favours", "value", "words")},
        "rule": answer.get("rule", ""),
        "answers": [{name: entry[name] for name in ("key", *SHOWN_OF_ANSWER)} for entry in entries],
        "state": worst_of({entry["state"] for entry in entries}),
        "confidence": entries[0]["confidence"] if entries else "",
        "notes": notes.number([citation for entry in entries for citation in entry["citations"]]),
    }
