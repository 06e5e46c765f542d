"""The cells of a comparison and of the immunity matrix as HTML.

A comparison of six agreements has some five hundred answers and a thousand footnotes, each with a dozen marks. Drawn by
templates they take many times as long as everything before them, so they are put together here. ``_e`` escapes, and every
piece of content goes through it; labels are escaped once, when the writer is made.
"""

from functools import lru_cache
from html import escape
from urllib.parse import quote_plus

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext, ngettext

from agreements.models import Clause, Coding
from kb.core.datewords import in_words
from kb.core.factwords import localised
from sources.models import Citation, Source

_BASIS_CLASS = {Clause.Basis.TEXT: "outline", Clause.Basis.OFFICIAL_SUMMARY: "calm", Clause.Basis.PRESS: "warn"}
# Words of a summary that stand in for an approach in a narrow cell.
_SUMMARY_WORDS = 14


def _e(value):
    return escape(str(value))


# Addresses of clauses come again on every topic that rests on them.
_quoted = lru_cache(4096)(quote_plus)


def _labels(choices):
    return {str(value): _e(label) for value, label in choices}


class CellWriter:
    """Draws answers in the reader's language. ``notes`` are the table's footnotes, ``names`` the agreements' names by slug."""

    def __init__(self, notes=(), names=()):
        self.names = {slug: _e(name) for slug, name in dict(names).items()}
        self.notes = {note["number"]: note for note in notes}
        self.article = _e(gettext("Art."))
        self.unsourced = f' <span class="mark unsourced">{_e(gettext("unsourced"))}</span>'
        self.stances = {
            value: f'<span class="stance stance-{value}">{label}</span>'
            for value, label in _labels(Coding.Stance.choices).items()
        }
        self.stances["not_covered"] = f'<span class="stance stance-not_covered">{_e(gettext("not covered"))}</span>'
        bases = {
            Clause.Basis.TEXT: gettext("text read"),
            Clause.Basis.OFFICIAL_SUMMARY: gettext("official summary"),
            Clause.Basis.PRESS: gettext("press only"),
        }
        self.bases = {
            str(value): f' <span class="chip {_BASIS_CLASS[value]}">{_e(label)}</span>'
            for value, label in bases.items()
        }
        self.classes = {value: capfirst(label) for value, label in _labels(Coding.PersonClass.choices).items()}
        self.sides = _labels(Citation.Stance.choices)
        self.rules = {
            "left_out": _e(gettext("The agreement leaves this class out.")),
            "coverage": _e(gettext("Whether this class is covered decides it.")),
            "all_persons": _e(gettext("As for all covered persons.")),
            "perhaps_all": _e(gettext("As for all covered persons; whether these include the class is not coded.")),
        }
        self.held = {"text": _e(gettext("Wording")), "summary": _e(gettext("Summaries"))}
        self.topics, self.clauses = reverse("topics"), reverse("compare-clauses")
        # Content is written in English and says so on a page in another language.
        self.english = "" if (get_language() or "en").startswith("en") else ' lang="en"'
        self.results = {
            "differs": f' <span class="chip calm">{_e(gettext("differs"))}</span>',
            "same": f' <span class="chip outline">{_e(gettext("same"))}</span>',
        }
        self.states = {"contested": _e(gettext("contested")), "settled": _e(gettext("settled"))}
        # Put into words once: a clause is the ground of many answers, an approach is taken by many, a source cited for many.
        self.articles, self.approaches, self.origins, self.disputing = {}, {}, {}, {}

    # The comparison

    def head_row(self, heads, can_drop):
        """The agreements as the head of a table; each can be taken out, as long as two remain."""
        cells = [f'<th scope="col"><span class="sr">{_e(gettext("Topic"))}</span></th>']
        for head in heads:
            name, drop = self.names[head["slug"]], ""
            if can_drop:
                words = _e(gettext("Take out"))
                drop = (
                    f' <a class="drop" href="{_e(head["without"])}" title="{words}"><span aria-hidden="true">×</span>'
                    f'<span class="sr">{words} {name}</span></a>'
                )
            cells.append(f'<th scope="col"><a href="{_e(head["page"])}"><bdi>{name}</bdi></a>{drop}</th>')
        return SafeString(f"<thead><tr>{''.join(cells)}</tr></thead>")

    def topic_rows(self, rows):
        """A row for each topic: whether the agreements differ on it, and what each of them says."""
        return SafeString("\n".join(map(self._topic_row, rows)))

    def _topic_row(self, row):
        return (
            f'<tr id="topic-{_e(row["topic"])}" class="result-{row["result"]}"><th scope="row"><a href="{_e(row["page"])}">'
            f"{_e(row['topic'])} {_e(localised(row, 'name'))}</a>{self.results.get(row['result'], '')}{self._wording(row)}</th>"
            f"{self._cells(row)}</tr>"
        )

    def _cells(self, row):
        """In each cell all classes of person that the agreement tells apart."""
        return "".join(
            f'<td data-label="{self.names[cell["agreement"]]}">{"".join(map(self._answer, cell["entries"]))}</td>'
            for cell in row["cells"]
        )

    def _wording(self, row):
        """Links to the pairs of clauses whose words can be compared."""
        return "".join(
            f'<a class="wording" href="{self.clauses}?a={_quoted(pair["a"])}&amp;b={_quoted(pair["b"])}">'
            f"{self.held[pair['of']]}: {_e(pair['a_label'])} ↔ {_e(pair['b_label'])}</a>"
            for pair in row["wording"]
        )

    def _answer(self, entry):
        state = entry["state"]
        parts = [f'<div class="answer{" contested" if state == "contested" else ""}">']
        if entry["person_class"] != "all":
            parts.append(f'<p class="who">{self.classes[entry["person_class"]]}</p>')
        parts += ["<p>", self.stances[entry["stance"]], self._approach(entry), marks(entry["notes"])]
        parts += [self.unsourced if state == "unsourced" else "", "</p>", self._prose("summary", entry["summary"])]
        if entry["clauses"] or entry["basis"]:
            parts.append(f'<p class="meta">{self._articles(entry["clauses"])}{self.bases.get(entry["basis"], "")}</p>')
        parts.append(self._prose("note", entry["note"]))
        if state in ("contested", "settled"):
            parts.append(self._dispute(entry))
        return "".join([*parts, "</div>"])

    def _approach(self, entry):
        approach = entry["approach"]
        if not approach or approach["code"] == entry["stance"]:
            return ""
        name, meaning = self._words_of_approach(entry)
        return f' <strong title="{meaning}">{name}</strong>'

    def _words_of_approach(self, entry):
        """``(name, meaning)`` of the approach that an answer takes."""
        approach, place = entry["approach"], (entry["topic"]["code"], entry["approach"]["code"])
        if place not in self.approaches:
            self.approaches[place] = _e(localised(approach, "name")), _e(approach["meaning"])
        return self.approaches[place]

    def _prose(self, name, text):
        return f'<p class="{name}"{self.english}>{_e(text)}</p>' if text else ""

    def _articles(self, clauses, place=""):
        """The articles, each leading to its clause; ``place`` is the page that clauses without one stand on."""
        return ", ".join(self._article(clause, place) for clause in clauses)

    def _article(self, clause, place):
        address = clause.get("page") or f"{place}#clause-{clause['key']}"
        if address not in self.articles:
            name = f"{self.article} {_e(clause['number'])}" if clause["number"] else _e(clause["heading"])
            self.articles[address] = f'<a href="{_e(address)}" title="{_e(clause["heading"])}">{name}</a>'
        return self.articles[address]

    def _dispute(self, entry):
        """Every side of a contested or settled answer, with the editors' reason."""
        state, number = entry["state"], entry["disputing"]
        if number not in self.disputing:
            words = ngettext("disputed by %(count)s source", "disputed by %(count)s sources", number)
            self.disputing[number] = _e(words % {"count": number})
        sides = "".join(self._side(mark["number"]) for mark in entry["notes"])
        return (
            f'<details class="sides"><summary><span class="mark {state}">{self.states[state]}</span> '
            f"{self.disputing[number]}</summary>"
            f"<ul>{sides}</ul>{self._prose('note', entry['reason'])}</details>"
        )

    def _side(self, number):
        """What one source reports."""
        note = self.notes[number]
        source = note["source"]
        slug = source["slug"] if source else ""
        if slug not in self.origins:
            date = f", {_e(in_words(source['date']))}" if source and source["date"] else ""
            self.origins[slug] = _e(source["publisher"] if source else gettext("a search that found nothing")) + date
        value = f": <bdi>{_e(note['value'])}</bdi>" if note["value"] else ""
        return (
            f'<li class="{note["stance"]}">{self.origins[slug]} <span class="soft">({self.sides[note["stance"]]})</span>{value} '
            f'<a href="#note-{number}">[{number}]</a></li>'
        )

    # The matrix

    def matrix_cells(self, cells, columns, place=""):
        """The cells of a row of the matrix, each with the name of its column for narrow screens."""
        return SafeString(
            "".join(
                f'<td class="cell-{cell["stance"]}" data-label="{_e(column["label"])}">{self.matrix_cell(cell, place)}</td>'
                for cell, column in zip(cells, columns, strict=True)
            )
        )

    def matrix_cell(self, cell, place=""):
        """One class of person in one column; ``place`` is the agreement's page, empty on that page itself."""
        parts = [self.stances[cell["stance"]]] if cell["stance"] != "present" else []
        parts += [self._short_answer(answer, cell, place) for answer in cell["answers"]]
        rule = cell["rule"]
        if rule == "coverage":
            rule = "left_out" if cell["stance"] == "not_covered" else "coverage"
        elif rule == "all_persons" and not cell["coverage_known"]:
            rule = "perhaps_all"
        if rule in self.rules:
            parts.append(f'<p class="rule">{self.rules[rule]}</p>')
        return SafeString("".join(parts))

    def _short_answer(self, answer, cell, place):
        approach, code = answer["approach"], answer["topic"]["code"]
        name = ""
        if cell["rule"] != "coverage":
            if approach and approach["code"] != answer["stance"]:
                name, _meaning = self._words_of_approach(answer)
            elif answer["stance"] == "present":
                name = _e(_first_words(answer["summary"]))
        articles = self._articles(answer["clauses"], place)
        return (
            f'<p><span class="answer-name">{name}</span> <span class="where"><a href="{self.topics}{_e(code.lower())}/">'
            f"{_e(code)}</a>{', ' if articles else ''}{articles}</span>{self.bases.get(answer['basis'], '')}</p>"
        )


def _first_words(text):
    words = text.split()
    return " ".join(words[:_SUMMARY_WORDS]) + (" …" if len(words) > _SUMMARY_WORDS else "")


def marks(notes):
    """Footnote numbers; the disputing ones look different."""
    if not notes:
        return ""
    links = '<span class="comma">,</span>'.join(
        f'<a href="#note-{mark["number"]}" role="doc-noteref"{_AGAINST if mark["stance"] == "disputes" else ""}>'
        f"{mark['number']}</a>"
        for mark in notes
    )
    return SafeString(f'<sup class="cites">{links}</sup>')


_AGAINST = ' class="against"'


class NoteWriter:
    """Draws the footnotes of a comparison."""

    def __init__(self):
        self.stances = {
            "supports": "",
            "disputes": f"<strong>{_e(gettext('Disputes:'))}</strong> ",
            "mentions": f'<span class="soft">{_e(gettext("Mentions:"))}</span> ',
        }
        self.against_text = _labels(Citation.AgainstText.choices)
        self.standings = _labels(Source.Standing.choices)
        self.reports = _e(gettext("Reports:"))
        self.nothing = _e(gettext("Looked for and not found"))
        self.heads = {}

    def items(self, notes):
        """The items of the list."""
        return SafeString("".join(f'<li id="note-{note["number"]}">{self.note(note)}</li>' for note in notes))

    def note(self, note):
        source = note["source"]
        if source is None:
            finding = note["finding"]
            return SafeString(f"{self.nothing}, {_e(in_words(finding['on']))}. {_e(finding['question'])}")
        parts = [self.stances[note["stance"]], self._head(source)]
        parts.append(f", {_e(note['locator'])}. " if note["locator"] else ". ")
        if note["value"]:
            parts.append(f"{self.reports} <bdi>{_e(note['value'])}</bdi>. ")
        if note["quotation"]:
            parts.append(f"<q>{_e(note['quotation'])}</q> ")
        if note["note"]:
            parts.append(f"{_e(note['note'])} ")
        if note["against_text"]:
            tone = {"matches": "good", "not_held": ""}.get(note["against_text"], "warn")
            parts.append(f'<span class="chip {tone}">{self.against_text[note["against_text"]]}</span> ')
        if source["standing"] != "stands":
            parts.append(f'<span class="chip bad">{self.standings[source["standing"]]}</span> ')
        parts.append(f'<span class="grade">{_e(source["reliability"])}{note["credibility"]}</span>')
        return SafeString("".join(parts))

    def _head(self, source):
        """The source's name, made once for all its notes."""
        if source["slug"] not in self.heads:
            date = f", {_e(in_words(source['date']))}" if source["date"] else ""
            self.heads[source["slug"]] = (
                f'<a href="{_e(source["page"])}">{_e(source["publisher"])}</a>, “<bdi>{_e(source["title"])}</bdi>”{date}'
            )
        return self.heads[source["slug"]]
