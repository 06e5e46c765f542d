"""Two to six agreements side by side, topic by topic.

``asked`` reads what a reader asks for out of the address; ``build`` makes the table as plain data. The page, the JSON and the
CSV are three renderings of that one table, so that all show the same cells.

A table is::

    {"codebook", "only", "groups", "agreements": [...], "instrument": [...], "sections": [...], "notes": [...], "counts"}

``instrument`` has a row for each fact of the instruments themselves (type, term …), ``sections`` the groups of the codebook
with their topics. A topic's row has a cell for each agreement; a cell has an entry for each class of person that the agreement
tells apart, or one entry *not coded*. Entries name their footnotes by number; ``notes`` is the list of them.
"""

import csv
import io
from dataclasses import dataclass, field
from itertools import combinations
from typing import NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db.models import BooleanField, Case, Prefetch, Q, Value, When
from django.utils.translation import gettext_lazy as _

from agreements import answers
from agreements.matrix import matrix_of
from agreements.models import Agreement, Approach, Codebook, Coding, Party, Topic
from kb.core.api import api_address, link
from kb.core.filters import BadParameters, check_names
from kb.core.problems import hint
from kb.core.renderers import escape_cell
from sources.facts import fact_of
from sources.models import Adjudication, Citation, NegativeFinding, Source

FEWEST, MOST = 2, 6
ONLY = ("all", "coded", "differences")
FORMATS = ("json", "csv")
PARAMETERS = ("agreement", "only", "group", "format")
# Facts of the instrument itself that a lawyer looks at first, with the field whose citations support each.
INSTRUMENT = {
    "type": _("Type"),
    "status": _("Status"),
    "signed": _("Signed"),
    "parties": _("Parties"),
    "term": _("Term"),
    "termination": _("Termination"),
    "text_availability": _("Text"),
}
# Who is named beside the parties without being bound.
NO_PARTY = ("depositary", "subject")
_CLASS_ORDER = Coding.PersonClass.values
# The worst comes first: what a reader must know of the entry as a whole.
_STATES = ("contested", "unsourced", "settled", "supported")


class UnknownAgreements(Exception):
    """``slugs`` name nothing that readers can see."""

    def __init__(self, slugs):
        self.slugs = slugs
        super().__init__(", ".join(slugs))


@dataclass(frozen=True)
class Asked:
    """What a reader asks for: the slugs in their order, which rows, which groups (none: all), which format."""

    slugs: tuple
    only: str = "all"
    groups: tuple = ()
    format: str = ""


# Reading the address


def asked(params):
    """The ``Asked`` of a query string. Raises ``BadParameters``."""
    check_names(params, PARAMETERS, repeatable=("agreement", "group"))
    errors = {}
    slugs = params.getlist("agreement")
    groups = [letter.upper() for letter in params.getlist("group") if letter]
    only, format_ = params.get("only") or "all", params.get("format", "")
    if not FEWEST <= len(slugs) <= MOST:
        errors["agreement"] = [f"Name {FEWEST} to {MOST} agreements; the address names {len(slugs)}."]
    elif len(set(slugs)) < len(slugs):
        twice = next(slug for slug in slugs if slugs.count(slug) > 1)
        errors["agreement"] = [f"“{twice[:60]}” is named twice; compare it with another agreement."]
    if only not in ONLY:
        errors["only"] = [f"“{only[:60]}” is not one of: {', '.join(ONLY)}.{hint(only[:60], ONLY)}"]
    if format_ and format_ not in FORMATS:
        errors["format"] = [f"“{format_[:60]}” is not one of: {', '.join(FORMATS)}.{hint(format_[:60], FORMATS)}"]
    known = known_groups() if groups else ()
    for letter in groups:
        if letter not in known:
            errors["group"] = [f"“{letter[:60]}” is not one of: {', '.join(known)}."]
    if errors:
        raise BadParameters(errors)
    return Asked(tuple(slugs), only, tuple(dict.fromkeys(groups)), format_)


def known_groups():
    """The letters of the codebook's groups, in order."""
    rows = Topic.objects.order_by("group_order").values_list("group", flat=True).distinct()
    return tuple(dict.fromkeys(rows))


# Building the table


def build(wish):
    """The table for an ``Asked``. Raises ``UnknownAgreements``. About ten queries, however many agreements and topics."""
    agreements = _agreements(wish.slugs)
    topics = list(Topic.objects.in_order())
    evidence = _Evidence(agreements, topics)
    cells = _cells(agreements, evidence)
    notes = _Notes()
    instrument = [_instrument_row(name, agreements, evidence, notes) for name in INSTRUMENT]
    counts = {"topics": 0, "shown": 0, "differs": 0, "same": 0, "open": 0}
    sections = []
    for topic in topics:
        if wish.groups and topic.group not in wish.groups:
            continue
        row = _topic_row(topic, agreements, cells.get(topic.pk, {}))
        counts["topics"] += 1
        counts[row["result"]] += 1
        if not _is_wanted(row, wish.only):
            continue
        counts["shown"] += 1
        if not sections or sections[-1]["group"] != topic.group:
            sections.append(
                {
                    "group": topic.group,
                    "name": topic.group_name,
                    "name_es": topic.group_name_es,
                    "topics": [],
                }
            )
        sections[-1]["topics"].append(row)
    for section in sections:
        for row in section["topics"]:
            for cell in row["cells"]:
                for entry in cell["entries"]:
                    entry["notes"] = notes.number(entry.pop("citations"))
    return {
        "codebook": evidence.codebooks,
        "only": wish.only,
        "groups": list(wish.groups),
        "counts": counts,
        "agreements": [_head(agreement) for agreement in agreements],
        "instrument": instrument,
        "sections": sections,
        "matrices": [_matrix(agreement, cells) for agreement in agreements],
        "notes": notes.rows,
    }


def _agreements(slugs):
    parties = Prefetch("parties", Party.objects.published().select_related("organisation"))
    found = {row.slug: row for row in Agreement.objects.published().filter(slug__in=slugs).prefetch_related(parties)}
    missing = [slug for slug in slugs if slug not in found]
    if missing:
        raise UnknownAgreements(missing)
    return [found[slug] for slug in slugs]


def _head(agreement):
    return {**link(agreement), "title": agreement.title, "api": api_address(agreement)}


def _is_wanted(row, only):
    if only == "differences":
        return row["result"] == "differs"
    if only == "coded":
        return any(entry["stance"] != "not_coded" for cell in row["cells"] for entry in cell["entries"])
    return True


def _topic_row(topic, agreements, by_agreement):
    cells = [
        {
            "agreement": agreement.slug,
            "entries": by_agreement.get(agreement.pk) or [_not_coded(topic)],
        }
        for agreement in agreements
    ]
    return {
        "topic": topic.code,
        "slug": topic.slug,
        "name": topic.name,
        "name_es": topic.name_es,
        "definition": topic.definition,
        "definition_es": topic.definition_es,
        "page": topic.get_absolute_url(),
        "result": result_of(cells),
        "cells": cells,
        "wording": _wording(cells),
    }


def result_of(cells):
    """``differs`` when two agreements are known to answer differently, ``same`` when some are known to answer alike and none
    differently, else ``open``."""
    sides = [{entry["person_class"]: entry for entry in cell["entries"]} for cell in cells]
    results = {answers.same_on_topic(left, right) for left, right in combinations(sides, 2)}
    if False in results:
        return "differs"
    return "same" if True in results else "open"


def _not_coded(topic):
    return {
        "key": "",
        "topic": {"code": topic.code},
        "person_class": answers.ALL,
        "stance": "not_coded",
        "approach": None,
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
        "citations": [],
    }


def _wording(cells):
    """Pairs of clauses whose words can be compared: the first agreement that has one, against each of the others."""
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


def _matrix(agreement, cells):
    """The immunity matrix of one agreement; its cells name codings that the table's own cells describe."""
    entries = [entry for by_agreement in cells.values() for entry in by_agreement.get(agreement.pk, ())]
    return {"agreement": agreement.slug, **matrix_of(entries)}


def _cells(agreements, evidence):
    """``{topic id: {agreement id: [entry]}}`` for everything that is coded."""
    found = {}
    for coding in evidence.codings:
        entry = _entry(coding, evidence)
        found.setdefault(coding.topic_id, {}).setdefault(coding.agreement_id, []).append(entry)
    for by_agreement in found.values():
        for entries in by_agreement.values():
            entries.sort(key=lambda entry: _CLASS_ORDER.index(entry["person_class"]))
    return found


def _entry(coding, evidence):
    """One coding as the comparison shows it, with the citations that support and dispute it."""
    part = f"codings/{coding.key}"
    citations = {name: evidence.of(coding.agreement_id, part, name) for name in coding.CITABLE_FIELDS}
    rulings = {name: evidence.ruling(coding.agreement_id, part, name) for name in coding.CITABLE_FIELDS}
    facts = [
        fact_of((part, name), coding, citations[name], rulings[name])
        for name in coding.CITABLE_FIELDS
        if citations[name] or rulings[name]
    ]
    main = next((fact for fact in reversed(facts) if fact["field"] == "approach"), facts[0] if facts else None)
    return {
        "key": coding.key,
        "topic": {"code": evidence.topic_codes[coding.topic_id]},
        "person_class": coding.person_class,
        "stance": coding.stance,
        "approach": _approach(coding.approach),
        "summary": coding.summary,
        "basis": coding.basis,
        "clauses": evidence.clauses.get(coding.pk, []),
        "codebook": coding.codebook.version,
        "note": coding.note,
        "state": _worst(facts, coding),
        "confidence": main["confidence"] if main else "",
        "sources": main["sources"] if main else 0,
        "independent": main["independent"] if main else 0,
        "disputing": sum(fact["disputing"] for fact in facts),
        "reason": " ".join(dict.fromkeys(ruling.reason for ruling in rulings.values() if ruling)),
        "citations": [citation for name in coding.CITABLE_FIELDS for citation in citations[name]],
    }


def _approach(approach):
    if approach is None:
        return None
    return {"code": approach.code, "name": approach.name, "name_es": approach.name_es, "meaning": approach.meaning}


def _worst(facts, coding):
    """The state that a reader must know of: contested before unsourced before settled before supported."""
    states = {fact["state"] for fact in facts}
    if not states and coding.required_citations():
        return "unsourced"
    return next((state for state in _STATES if state in states), "")


def _instrument_row(name, agreements, evidence, notes):
    cells = []
    for agreement in agreements:
        citations, ruling = evidence.of(agreement.pk, "", name), evidence.ruling(agreement.pk, "", name)
        fact = fact_of(("", name), agreement, citations, ruling) if citations or ruling else {"state": ""}
        value = _fact_of_instrument(name, agreement)
        cells.append({"agreement": agreement.slug, **value, "state": fact["state"], "notes": notes.number(citations)})
    values = {cell["value"] for cell in cells if cell["value"] not in ("", "unknown")}
    return {"field": name, "label": str(INSTRUMENT[name]), "differs": len(values) > 1, "cells": cells}


def _fact_of_instrument(name, agreement):
    if name == "parties":
        parties = [party.organisation for party in agreement.parties.all() if party.role not in NO_PARTY]
        names = "; ".join(dict.fromkeys(map(str, parties)))
        return {"value": names, "label": names}
    if name == "status":
        return {"value": agreement.current_status, "label": str(agreement.get_current_status_display())}
    if name in ("type", "text_availability"):
        return {"value": getattr(agreement, name), "label": str(getattr(agreement, f"get_{name}_display")())}
    value = str(getattr(agreement, name) or "")
    return {"value": value, "label": value}


class _Evidence:
    """What the codings of some agreements rest on: clauses, citations, rulings. A query for each kind."""

    def __init__(self, agreements, topics):
        self.agreements = {agreement.pk: agreement for agreement in agreements}
        self.pages = {agreement.pk: agreement.get_absolute_url() for agreement in agreements}
        self.topic_codes = {topic.pk: topic.code for topic in topics}
        approaches = {row.pk: row for row in Approach.objects.filter(codings__agreement__in=agreements).distinct()}
        codebooks = {row.pk: row for row in Codebook.objects.all()}
        codings = Coding.objects.filter(agreement__in=agreements)
        self.codings = list(codings.order_by("agreement", "topic", "person_class"))
        # Few approaches and codebooks serve many codings: read each once, not joined to every coding.
        for coding in self.codings:
            coding.codebook = codebooks[coding.codebook_id]
            if coding.approach_id:
                coding.approach = approaches[coding.approach_id]
        self.codebooks = sorted({coding.codebook.version for coding in self.codings})
        self.clauses = self._read_clauses()
        self.citations, self.rulings = self._read_citations()

    def of(self, agreement_id, part, name):
        return self.citations.get((agreement_id, part, name), [])

    def ruling(self, agreement_id, part, name):
        return self.rulings.get((agreement_id, part, name))

    def _read_clauses(self):
        """``{coding id: [clause]}`` without the texts, which may be long."""

        def holds(name):
            return Case(
                When(~Q(**{f"clause__{name}": ""}), then=Value(True)), default=Value(False), output_field=BooleanField()
            )

        rows = (
            Coding.clauses.through.objects.filter(coding__agreement__in=list(self.agreements))
            .annotate(holds_text=holds("text"), holds_summary=holds("summary"))
            .order_by("coding", "clause__order", "clause__key")
            .values_list(
                "coding",
                "clause__agreement",
                "clause__key",
                "clause__number",
                "clause__heading",
                "holds_text",
                "holds_summary",
            )
        )
        found = {}
        for coding, agreement, key, number, heading, holds_text, holds_summary in rows:
            slug = self.agreements[agreement].slug
            clause = {
                "id": f"{slug}.{key}",
                "key": key,
                "number": number,
                "heading": heading,
                "label": f"Art. {number}" if number else heading,
                "page": f"{self.pages[agreement]}#clause-{key}",
                "held": [name for name, held in (("text", holds_text), ("summary", holds_summary)) if held],
            }
            found.setdefault(coding, []).append(clause)
        return found

    def _read_citations(self):
        """Citations and rulings by ``(agreement id, part, field)``."""
        content_type = ContentType.objects.get_for_model(Agreement)
        about = Q(part__startswith="codings/") | Q(part="", field__in=list(INSTRUMENT))
        place = {"record_type": content_type, "record_id__in": list(self.agreements)}
        # Few sources bear many citations: read each source once, and a citation's columns without an instance around them.
        names = [name if name not in ("source", "finding") else f"{name}_id" for name in Cited._fields]
        rows = list(
            Citation.objects.usable().filter(about, **place).order_by("part", "field", "pk").values_list(*names)
        )
        sources = Source.objects.select_related("publisher", "derived_from__derived_from")
        source, finding = names.index("source_id"), names.index("finding_id")
        sources = sources.in_bulk({row[source] for row in rows} - {None})
        findings = NegativeFinding.objects.in_bulk({row[finding] for row in rows} - {None})
        found, rulings = {}, {}
        for row in rows:
            citation = Cited(*row)._replace(source=sources.get(row[source]), finding=findings.get(row[finding]))
            found.setdefault((citation.record_id, citation.part, citation.field), []).append(citation)
        for ruling in Adjudication.objects.filter(about, **place):
            rulings[ruling.record_id, ruling.part, ruling.field] = ruling
        return found, rulings


class Cited(NamedTuple):
    """What the table needs of a citation; ``source`` and ``finding`` are the rows."""

    uid: str
    record_id: int
    part: str
    field: str
    source: Source | None
    finding: NegativeFinding | None
    locator: str
    stance: str
    value: str
    quotation: str
    credibility: int
    against_text: str
    note: str

    @property
    def finding_id(self):
        return self.finding and self.finding.pk


@dataclass
class _Notes:
    """The footnotes of the table: one number for one place in one source, in the order of reading."""

    rows: list = field(default_factory=list)
    _numbers: dict = field(default_factory=dict)
    _origins: dict = field(default_factory=dict)

    def number(self, citations):
        """``[{"number", "stance"}]`` for a list of citations, each number once."""
        marks = {}
        for citation in citations:
            source, finding = citation.source, citation.finding
            key = (
                source and source.pk, finding and finding.pk, citation.locator, citation.stance, citation.value,
                citation.quotation, citation.note, citation.against_text,
            )  # fmt: skip
            if key not in self._numbers:
                self._numbers[key] = len(self.rows) + 1
                self.rows.append({"number": len(self.rows) + 1, **self._note(citation)})
            marks[self._numbers[key]] = citation.stance
        return [{"number": number, "stance": stance} for number, stance in marks.items()]

    def _note(self, citation):
        return {
            "id": citation.uid,
            "source": self._origin(citation.source, _source),
            "finding": self._origin(citation.finding, _finding),
            "locator": citation.locator,
            "stance": citation.stance,
            "value": citation.value,
            "quotation": citation.quotation,
            "credibility": citation.credibility,
            "against_text": citation.against_text,
            "note": citation.note,
        }

    def _origin(self, row, describe):
        """A source or finding as data, made once for all its notes."""
        if row is None:
            return None
        if row not in self._origins:
            self._origins[row] = describe(row)
        return self._origins[row]


def _source(source):
    return {
        "slug": source.slug,
        "title": source.title,
        "publisher": source.publisher.name,
        "date": str(source.date) if source.date else None,
        "reliability": source.reliability,
        "standing": source.standing,
        "url": source.url,
        "page": source.get_absolute_url(),
    }


def _finding(finding):
    return {"slug": finding.slug, "question": finding.question, "looked_in": finding.looked_in, "on": str(finding.on)}


# As a spreadsheet

CSV_HEADER = (
    "group", "topic", "topic_name", "result", "agreement", "person_class", "stance", "approach", "approach_name", "summary",
    "articles", "basis", "codebook", "state", "confidence", "sources", "independent", "disputing", "cited", "note",
)  # fmt: skip


def csv_rows(table):
    """The table's cells as flat rows under ``CSV_HEADER``: the instrument first, then an entry a row."""
    notes = {note["number"]: note for note in table["notes"]}
    for row in table["instrument"]:
        for cell in row["cells"]:
            yield {
                "group": "instrument",
                "topic": row["field"],
                "topic_name": row["label"],
                "result": "differs" if row["differs"] else "",
                "agreement": cell["agreement"],
                "stance": cell["value"],
                "summary": cell["label"],
                "state": cell["state"],
                "cited": _cited(cell["notes"], notes),
            }
    for section in table["sections"]:
        for row in section["topics"]:
            for cell in row["cells"]:
                for entry in cell["entries"]:
                    yield _csv_row(section, row, cell, entry, notes)


def _csv_row(section, row, cell, entry, notes):
    approach = entry["approach"] or {"code": "", "name": ""}
    same_names = (
        "person_class",
        "stance",
        "summary",
        "basis",
        "codebook",
        "state",
        "confidence",
        "sources",
        "independent",
    )
    return {
        "group": section["group"],
        "topic": row["topic"],
        "topic_name": row["name"],
        "result": row["result"],
        "agreement": cell["agreement"],
        "approach": approach["code"],
        "approach_name": approach["name"],
        "articles": "; ".join(clause["label"] for clause in entry["clauses"]),
        "disputing": entry["disputing"],
        "cited": _cited(entry["notes"], notes),
        "note": entry["note"],
        **{name: entry[name] for name in same_names},
    }


def _cited(marks, notes):
    """``slug, locator`` of each source, with its stance where it does not support."""
    parts = []
    for mark in marks:
        note = notes[mark["number"]]
        origin = (note["source"] or note["finding"])["slug"]
        where = f"{origin}, {note['locator']}" if note["locator"] else origin
        parts.append(where if note["stance"] == "supports" else f"{where} ({note['stance']})")
    return "; ".join(parts)


def as_csv(table):
    """The whole table as CSV bytes; no cell runs as a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(CSV_HEADER)
    for row in csv_rows(table):
        writer.writerow([escape_cell(row.get(name, "")) for name in CSV_HEADER])
    return out.getvalue().encode()
