"""Footnotes of a record's page: numbers beside facts, and the list that they point to.

Uses the public representation only, so that a frozen version has the same notes. A note is one statement of one source; facts
that cite it share its number.
"""

from dataclasses import dataclass, field

# This many consecutive numbers or more are written as a range: 4–9.
RANGE = 3


@dataclass
class Note:
    """One footnote: its citation, and the facts that it supports on the page."""

    number: int
    citation: dict
    fields: list = field(default_factory=list)

    @property
    def anchor(self):
        return f"note-{self.number}"

    @property
    def disputes(self):
        return self.citation["stance"] == "disputes"

    @property
    def grade(self):
        """Both Admiralty axes in the usual short form, for example B2; nothing for a search that found nothing."""
        source = self.citation["source"]
        return f"{source['reliability']}{self.citation['credibility']}" if source else ""


@dataclass
class Fact:
    """A fact's evidence with its notes, as the template shows it."""

    data: dict
    notes: list
    ruling: dict | None
    citations: list = field(default_factory=list)

    @property
    def anchor(self):
        return fact_anchor(self.data["part"], self.data["field"])

    @property
    def state(self):
        return self.data["state"]

    @property
    def is_contested(self):
        return self.data["state"] == "contested"

    @property
    def is_settled(self):
        return self.data["state"] == "settled"

    @property
    def is_unsourced(self):
        return self.data["state"] == "unsourced"

    @property
    def is_disputed(self):
        """Whether the page shows the reported values side by side."""
        return self.ruling is not None or self.is_contested or self.is_settled


def fact_anchor(part, field_name):
    return "fact-" + "-".join(word for word in (part.replace("/", "-"), field_name) if word)


class Footnotes:
    """The facts and notes of one page. ``get(part, field)`` gives a ``Fact`` or ``None``; ``notes`` is the numbered list.

    A template calls ``place`` where it shows a fact. At the end, ``unplaced`` lists the facts that it did not show, so that no
    evidence is lost.

    ``address`` is the page that shows the notes, where that is another one than the page with the numbers.
    """

    address = ""

    def __init__(self, record):
        self.notes = []
        self._facts = {}
        self._placed = set()
        self._citations = {citation["id"]: citation for citation in record.get("citations", ())}
        rulings = {ruling["id"]: ruling for ruling in record.get("adjudications", ())}
        numbered = {}
        for data in record.get("facts", ()):
            citations = [self._citations[uid] for uid in data["citations"] if uid in self._citations]
            notes = [self._note(citation, numbered, data) for citation in citations]
            # The same place may be cited twice for one fact, for example with two values.
            notes = list({note.number: note for note in notes}.values())
            self._facts[data["part"], data["field"]] = Fact(data, notes, rulings.get(data["ruling"]), citations)

    def _note(self, citation, numbered, fact):
        key = _same_place(citation)
        if key not in numbered:
            numbered[key] = Note(len(self.notes) + 1, citation)
            self.notes.append(numbered[key])
        note = numbered[key]
        if (fact["part"], fact["field"]) not in note.fields:
            note.fields.append((fact["part"], fact["field"]))
        return note

    def get(self, part, field_name):
        return self._facts.get((part, field_name))

    def place(self, part, field_name):
        """As ``get``, and note that the page shows the fact here."""
        fact = self.get(part, field_name)
        if fact is not None:
            self._placed.add((part, field_name))
        return fact

    def is_placed(self, part, field_name):
        return (part, field_name) in self._placed

    @property
    def unplaced(self):
        return [fact for place, fact in self._facts.items() if place not in self._placed]

    @property
    def facts(self):
        return list(self._facts.values())

    @property
    def contested(self):
        return [fact for fact in self.facts if fact.is_contested]

    @property
    def settled(self):
        return [fact for fact in self.disputed if not fact.is_contested]

    @property
    def disputed(self):
        """Facts whose sources differ or that were ruled on, the open ones first."""
        return sorted((fact for fact in self.facts if fact.is_disputed), key=lambda fact: not fact.is_contested)

    @property
    def unsourced(self):
        return [fact for fact in self.facts if fact.is_unsourced]

    @property
    def sources(self):
        """The documents behind the notes, each once, in the order of their first note."""
        documents = {}
        for note in self.notes:
            source = note.citation["source"]
            if source:
                documents.setdefault(source["slug"], source)
        return list(documents.values())


def _same_place(citation):
    origin = (citation.get("source") or citation.get("finding") or {}).get("slug", "")
    names = ("locator", "stance", "value", "quotation", "credibility", "against_text", "note")
    return (origin, *(str(citation.get(name, "")) for name in names))


# Numbers in print


def note_links(marks):
    """Links to the notes of ``marks`` (``[{"number", "stance"}]``), as ``[{"number", "words", "disputes"}]``.

    Consecutive numbers become a range that links to the first. Disputing notes come last, one by one.
    """
    runs = _runs(sorted(mark["number"] for mark in marks if mark["stance"] != "disputes"))
    against = sorted(mark["number"] for mark in marks if mark["stance"] == "disputes")
    return [
        *(
            {"number": run[0], "words": f"{run[0]}–{run[-1]}" if len(run) > 1 else run[0], "disputes": False}
            for run in runs
        ),
        *({"number": number, "words": number, "disputes": True} for number in against),
    ]


def _runs(numbers):
    """Yield lists of consecutive numbers; a run shorter than ``RANGE`` is split into single numbers."""
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
