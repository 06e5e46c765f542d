"""Footnotes of a record's page: numbers beside facts, and the list they point to.

Works on the public representation alone, so that a frozen version has the same notes as the living page. One note is one
place in one source: facts that rest on the same line share its number.
"""

from dataclasses import dataclass, field


@dataclass
class Note:
    """One footnote: the citation it shows, and the facts it stands beside."""

    number: int
    citation: dict
    fields: list = field(default_factory=list)

    @property
    def anchor(self):
        return f"note-{self.number}"


@dataclass
class Fact:
    """A fact's evidence with its notes, as the template shows it."""

    data: dict
    notes: list
    ruling: dict | None

    @property
    def anchor(self):
        return fact_anchor(self.data["part"], self.data["field"])

    @property
    def is_contested(self):
        return self.data["state"] == "contested"

    @property
    def is_settled(self):
        return self.data["state"] == "settled"

    @property
    def disputing(self):
        return [note for note in self.notes if note.citation["stance"] == "disputes"]


def fact_anchor(part, field_name):
    return "fact-" + "-".join(word for word in (part.replace("/", "-"), field_name) if word)


class Footnotes:
    """``get(part, field)`` gives a ``Fact`` or ``None``; ``notes`` is the numbered list."""

    def __init__(self, record):
        self.notes = []
        self._facts = {}
        citations = {citation["id"]: citation for citation in record.get("citations", ())}
        rulings = {ruling["id"]: ruling for ruling in record.get("adjudications", ())}
        numbered = {}
        for data in record.get("facts", ()):
            notes = [self._note(citations[uid], numbered, data) for uid in data["citations"] if uid in citations]
            # The same place may be cited twice for one fact, for example with two values.
            notes = list({note.number: note for note in notes}.values())
            self._facts[data["part"], data["field"]] = Fact(data, notes, rulings.get(data["ruling"]))

    def _note(self, citation, numbered, fact):
        key = _same_place(citation)
        if key not in numbered:
            numbered[key] = Note(len(self.notes) + 1, citation)
            self.notes.append(numbered[key])
        note = numbered[key]
        note.fields.append((fact["part"], fact["field"]))
        return note

    def get(self, part, field_name):
        return self._facts.get((part, field_name))

    @property
    def facts(self):
        return list(self._facts.values())

    @property
    def contested(self):
        return [fact for fact in self.facts if fact.is_contested]

    @property
    def ruled(self):
        return [fact for fact in self.facts if fact.ruling]

    @property
    def unsourced(self):
        return [fact for fact in self.facts if fact.data["state"] == "unsourced"]


def _same_place(citation):
    origin = (citation.get("source") or citation.get("finding") or {}).get("slug", "")
    return tuple(str(citation.get(name, "")) for name in ("locator", "stance", "value", "quotation", "note")) + (origin,)
