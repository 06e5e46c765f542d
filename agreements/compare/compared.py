"""One agreement of a comparison: what its public form says on each topic, and what that rests on."""

from agreements.codebook.immunity_matrix import matrix_of
from agreements.codebook.values import value_of
from agreements.models import Coding

_PLACE_OF_CLASS = {name: place for place, name in enumerate(Coding.PersonClass.values)}
# The states of a fact, the worst first; an entry shows the worst state of its facts.
_STATES = ("contested", "unsourced", "settled", "supported")


class Compared:
    """``form`` is the agreement's public form as plain data, ``link`` is how others name it.

    ``answers`` are its entries by the code of their topic, ``entries`` all of them, ``matrix`` is its immunity matrix.
    """

    def __init__(self, form, link):
        self.form, self.slug = form, form["slug"]
        self.head = {**link, **{name: form[name] for name in ("title", "api", "topics_coded")}}
        self._citations, self._rulings = _by_id(form["citations"]), _by_id(form["adjudications"])
        self._facts = {}
        for fact in form["facts"]:
            self._facts.setdefault(fact["part"], []).append(fact)
        self._clauses = {row["key"]: self._clause(row) for row in form["clauses"]}
        self.answers = self._answers()
        self.entries = [entry for entries in self.answers.values() for entry in entries]
        self.matrix = matrix_of(self.entries)

    def codebooks(self):
        return {entry["codebook"] for entry in self.entries}

    def fact(self, field):
        """``(fact, citations)`` of a field of the instrument itself; ``(None, [])`` if no source speaks of it."""
        told = (fact for fact in self._facts.get("", ()) if fact["field"] == field and _is_told(fact))
        fact = next(told, None)
        return fact, self._cited([fact]) if fact else []

    def _answers(self):
        answers = {}
        for coding in self.form["codings"]:
            answers.setdefault(coding["topic"]["code"], []).append(self._entry(coding))
        for entries in answers.values():
            entries.sort(key=lambda entry: _PLACE_OF_CLASS[entry["person_class"]])
        return answers

    def _entry(self, coding):
        """One coding as the comparison shows it, with the citations that support and dispute it."""
        facts = self._facts.get(f"codings/{coding['key']}", ())
        told, code, approach = [*filter(_is_told, facts)], coding["topic"]["code"], coding["approach"]
        return {
            "key": coding["key"],
            "topic": {"code": code},
            "person_class": coding["person_class"],
            "stance": coding["stance"],
            "approach": approach,
            "value": approach and value_of(self.form, code, approach["code"]),
            "summary": coding["summary"],
            "basis": coding["basis"],
            "clauses": [self._clauses[clause["key"]] for clause in coding["clauses"]],
            "codebook": coding["codebook"],
            "note": coding["note"],
            "state": worst_of({fact["state"] for fact in told or facts}),
            **_weight(told),
            "reason": self._reason(told),
            "citations": self._cited(told),
        }

    def _reason(self, facts):
        reasons = (self._rulings[fact["ruling"]]["reason"] for fact in facts if fact["ruling"])
        return " ".join(dict.fromkeys(reasons))

    def _cited(self, facts):
        return [self._citations[name] for fact in facts for name in fact["citations"]]

    def _clause(self, row):
        number, heading = row["number"], row["heading"]
        return {
            "id": f"{self.slug}.{row['key']}",
            "key": row["key"],
            "number": number,
            "heading": heading,
            "label": f"Art. {number}" if number else heading,
            "page": f"{self.form['page']}#clause-{row['key']}",
            "held": [name for name in ("text", "summary") if row[name]],
        }


def worst_of(states):
    """The worst of the states of facts; empty without any."""
    return next((state for state in _STATES if state in states), "")


def _by_id(rows):
    return {row["id"]: row for row in rows}


def _is_told(fact):
    """Whether a source or a ruling speaks of the fact."""
    return fact["citations"] or fact["ruling"]


def _weight(facts):
    """How well a coding is supported: as its approach is, or else its first fact."""
    main = next((fact for fact in reversed(facts) if fact["field"] == "approach"), facts[0] if facts else {})
    return {
        "confidence": main.get("confidence", ""),
        "sources": main.get("sources", 0),
        "independent": main.get("independent", 0),
        "disputing": sum(fact["disputing"] for fact in facts),
    }
