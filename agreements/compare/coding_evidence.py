"""The clauses, citations and rulings of the compared agreements, read with one query each; and the footnotes of the table."""

from dataclasses import dataclass, field
from typing import NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db.models import BooleanField, Case, Q, Value, When
from django.utils.translation import gettext_lazy as _

from agreements.models import Agreement, Approach, Codebook, Coding
from sources.models import Adjudication, Citation, NegativeFinding, Source

# The first rows of the table: fields of the agreement, with their labels.
INSTRUMENT = {
    "type": _("Type"),
    "status": _("Status"),
    "signed": _("Signed"),
    "parties": _("Parties"),
    "term": _("Term"),
    "termination": _("Termination"),
    "text_availability": _("Text"),
}


class Cited(NamedTuple):
    """The columns of a citation that the table needs, then its source and finding."""

    uid: str
    record_id: int
    part: str
    field: str
    source_id: int | None
    finding_id: int | None
    locator: str
    stance: str
    value: str
    quotation: str
    credibility: int
    against_text: str
    note: str
    source: Source | None
    finding: NegativeFinding | None


_COLUMNS = Cited._fields[: Cited._fields.index("source")]
# The columns that identify a footnote: all but the fact that the citation is about.
_WHAT_IT_SAYS = slice(Cited._fields.index("source_id"), len(_COLUMNS))


class Evidence:
    """The codings of some agreements with their clauses, citations and rulings. One query for each kind of row."""

    def __init__(self, agreements, topics):
        self.agreements = {agreement.pk: agreement for agreement in agreements}
        self.pages = {agreement.pk: agreement.get_absolute_url() for agreement in agreements}
        self.topic_codes = {topic.pk: topic.code for topic in topics}
        self.codebook_of = dict(Codebook.objects.values_list("pk", "version"))
        codings = Coding.objects.filter(agreement__in=agreements)
        taken = Approach.objects.filter(pk__in=codings.values("approach"))
        approaches = {row.pk: row for row in taken}
        self.codings = list(codings.order_by("agreement_id", "topic_id", "person_class"))
        # Many codings share few approaches, so read each approach once instead of joining.
        for coding in self.codings:
            if coding.approach_id:
                coding.approach = approaches[coding.approach_id]
        self.codebooks = sorted({self.codebook_of[coding.codebook_id] for coding in self.codings})
        self.clauses = self._read_clauses()
        self.citations, self.rulings = self._read_citations()

    def of_part(self, agreement_id, part):
        """``({field: [citation]}, {field: ruling})`` of a part, or of the agreement itself (``""``)."""
        return self.citations.get((agreement_id, part), {}), self.rulings.get((agreement_id, part), {})

    def _read_clauses(self):
        """``{coding id: [clause]}`` without the texts, which may be long."""
        columns = ("agreement", "key", "number", "heading")
        rows = (
            Coding.clauses.through.objects.filter(coding__agreement__in=list(self.agreements))
            .annotate(holds_text=_has("clause__text"), holds_summary=_has("clause__summary"))
            .order_by("coding_id", "clause__order", "clause__key")
            .values_list("coding", *(f"clause__{name}" for name in columns), "holds_text", "holds_summary")
        )
        clauses = {}
        for coding, *clause in rows:
            clauses.setdefault(coding, []).append(self._clause(*clause))
        return clauses

    def _clause(self, agreement, key, number, heading, holds_text, holds_summary):
        return {
            "id": f"{self.agreements[agreement].slug}.{key}",
            "key": key,
            "number": number,
            "heading": heading,
            "label": f"Art. {number}" if number else heading,
            "page": f"{self.pages[agreement]}#clause-{key}",
            "held": [name for name, held in (("text", holds_text), ("summary", holds_summary)) if held],
        }

    def _read_citations(self):
        """Citations and rulings by ``(agreement id, part)``, then by field."""
        content_type = ContentType.objects.get_for_model(Agreement)
        about = Q(part__startswith="codings/") | Q(part="", field__in=list(INSTRUMENT))
        place = {"record_type": content_type, "record_id__in": list(self.agreements)}
        # Many citations share few sources, so read each source once; and read citations as tuples, without model instances.
        rows = list(
            Citation.objects.usable().filter(about, **place).order_by("part", "field", "pk").values_list(*_COLUMNS)
        )
        source, finding = _COLUMNS.index("source_id"), _COLUMNS.index("finding_id")
        sources = Source.objects.as_cited().in_bulk({row[source] for row in rows} - {None})
        findings = NegativeFinding.objects.in_bulk({row[finding] for row in rows} - {None})
        citations, rulings = {}, {}
        for row in rows:
            citation = Cited(*row, sources.get(row[source]), findings.get(row[finding]))
            citations.setdefault((citation.record_id, citation.part), {}).setdefault(citation.field, []).append(
                citation
            )
        for ruling in Adjudication.objects.filter(about, **place):
            rulings.setdefault((ruling.record_id, ruling.part), {})[ruling.field] = ruling
        return citations, rulings


def _has(column):
    """The expression that a text column is not empty."""
    return Case(When(~Q(**{column: ""}), then=Value(True)), default=Value(False), output_field=BooleanField())


@dataclass
class Notes:
    """The footnotes of the table, numbered in the order of ``number()`` calls: one for each statement of a source."""

    rows: list = field(default_factory=list)
    _numbers: dict = field(default_factory=dict)
    _origins: dict = field(default_factory=dict)

    def number(self, citations):
        """``[{"number", "stance"}]`` for a list of citations, each number once."""
        marks = {}
        for citation in citations:
            key = citation[_WHAT_IT_SAYS]
            if key not in self._numbers:
                self._numbers[key] = len(self.rows) + 1
                self.rows.append({"number": len(self.rows) + 1, **self._note(citation)})
            marks[self._numbers[key]] = citation.stance
        return [{"number": number, "stance": stance} for number, stance in marks.items()]

    def _note(self, citation):
        return {
            "id": citation.uid,
            "source": self._origin(citation.source_id, citation.source, _source),
            "finding": self._origin(citation.finding_id, citation.finding, _finding),
            "locator": citation.locator,
            "stance": citation.stance,
            "value": citation.value,
            "quotation": citation.quotation,
            "credibility": citation.credibility,
            "against_text": citation.against_text,
            "note": citation.note,
        }

    def _origin(self, number, row, describe):
        """A source or finding as data, made once for all its notes."""
        if row is None:
            return None
        if (describe, number) not in self._origins:
            self._origins[describe, number] = describe(row)
        return self._origins[describe, number]


def _source(source):
    return {
        "slug": source.slug,
        "title": source.title,
        "language": source.language,
        "publisher": source.publisher.name,
        "date": str(source.date) if source.date else None,
        "reliability": source.reliability,
        "standing": source.standing,
        "url": source.url,
        "page": source.get_absolute_url(),
    }


def _finding(finding):
    return {"slug": finding.slug, "question": finding.question, "looked_in": finding.looked_in, "on": str(finding.on)}
