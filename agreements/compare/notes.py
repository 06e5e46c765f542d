"""The footnotes of a comparison."""

# What a footnote says of a citation, beside its source or finding.
OF_CITATION = ("locator", "stance", "value", "quotation", "credibility", "against_text", "note")
OF_SOURCE = ("slug", "title", "language", "publisher", "date", "reliability", "standing", "url", "page")
OF_FINDING = ("slug", "question", "looked_in", "on")


class Notes:
    """The footnotes, numbered in the order of ``number()`` calls: one for each statement of a source.

    ``rows`` are the footnotes. Citations are those of public forms.
    """

    def __init__(self):
        self.rows, self._numbers, self._numbers_by_id = [], {}, {}

    def number(self, citations):
        """``[{"number", "stance"}]`` for a list of citations, each number once."""
        marks = {self._number(citation): citation["stance"] for citation in citations}
        return [{"number": number, "stance": stance} for number, stance in marks.items()]

    def _number(self, citation):
        number = self._numbers_by_id.get(citation["id"])
        if number is None:
            number = self._numbers_by_id[citation["id"]] = self._number_of_statement(citation)
        return number

    def _number_of_statement(self, citation):
        """Several facts may rest on one statement; they share a footnote."""
        origins = (origin and origin["slug"] for origin in (citation["source"], citation["finding"]))
        key = (*origins, *(citation[name] for name in OF_CITATION))
        if key not in self._numbers:
            self._numbers[key] = len(self.rows) + 1
            self.rows.append(self._note(citation))
        return self._numbers[key]

    def _note(self, citation):
        source, finding = citation["source"], citation["finding"]
        return {
            "number": len(self.rows) + 1,
            "id": citation["id"],
            "source": source and {name: source[name] for name in OF_SOURCE},
            "finding": finding and {name: finding[name] for name in OF_FINDING},
            **{name: citation[name] for name in OF_CITATION},
        }
