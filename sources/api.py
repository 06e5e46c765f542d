"""The public form of evidence: sources, citations, rulings, findings; and the facts they carry on every record."""

from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kb.core.api import LinkField, PartSerializer, PlainSerializer, RecordSerializer, RecordViewSet, link
from kb.core.paging import Column, Orderings
from kb.core.records import Record
from sources.facts import facts_of
from sources.filters import AdjudicationFilter, CitationFilter, FindingFilter, SourceFilter
from sources.models import Adjudication, Citation, NegativeFinding, Publisher, Source

_RECORD_SCHEMA = {
    "type": "object",
    "properties": {"kind": {"type": "string"}, "slug": {"type": "string"}, "ref": {"type": "string"}},
    "required": ["kind", "slug", "ref"],
}


class PublisherSerializer(PlainSerializer):
    class Meta:
        model = Publisher
        fields = ("slug", "name", "kind", "country_code", "website", "note")


class CitedSourceSerializer(PlainSerializer):
    """A source as a footnote shows it."""

    publisher = serializers.CharField(source="publisher.name", read_only=True)
    page = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Source
        fields = (
            "slug", "title", "publisher", "authors", "date", "kind", "language", "url", "archived_url", "access",
            "reliability", "standing", "page",
        )  # fmt: skip


class CitedFindingSerializer(PlainSerializer):
    """A search that found nothing, as a footnote shows it."""

    class Meta:
        model = NegativeFinding
        fields = ("slug", "question", "looked_in", "query", "on", "resolved", "outcome")


class AboutRecordMixin(metaclass=serializers.SerializerMetaclass):
    """The public identifier of a row about a record, and the record it is about."""

    id = serializers.CharField(source="uid", read_only=True, help_text="Identifier, the same in every installation.")
    record = serializers.SerializerMethodField(help_text="The record that the row is about.")

    @extend_schema_field(_RECORD_SCHEMA)
    def get_record(self, row):
        kind, _slash, slug = row.record_ref.partition("/")
        return {"kind": kind, "slug": slug, "ref": row.record_ref}


class CitationSerializer(AboutRecordMixin, PartSerializer):
    source = CitedSourceSerializer(read_only=True)
    finding = CitedFindingSerializer(read_only=True)

    class Meta:
        model = Citation
        fields = (
            "id", "record", "part", "field", "source", "finding", "locator", "locator_type", "stance", "value",
            "quotation", "credibility", "against_text", "note",
        )  # fmt: skip
        includes = ()

    @classmethod
    def rows(cls, include=()):
        return Citation.objects.published().select_related(*SOURCE_OF_CITATION)


# A source's family is found through what it derives from.
SOURCE_OF_CITATION = ("source__publisher", "source__derived_from__derived_from", "finding")


class AdjudicationSerializer(AboutRecordMixin, PartSerializer):
    class Meta:
        model = Adjudication
        fields = (
            "id", "record", "part", "field", "state", "adopted_value", "reason", "confidence", "ruled_by", "ruled_on",
        )  # fmt: skip
        includes = ()

    @classmethod
    def rows(cls, include=()):
        return Adjudication.objects.published()


class FindingSerializer(PlainSerializer):
    about = LinkField()

    class Meta:
        model = NegativeFinding
        fields = ("slug", "question", "looked_in", "query", "on", "about", "part", "field", "resolved", "outcome")
        includes = ()

    @classmethod
    def rows(cls, include=()):
        return NegativeFinding.objects.published().prefetch_related("about")


class FactSerializer(serializers.Serializer):
    """What one field of the record rests on."""

    part = serializers.CharField(help_text="The entry of the record, empty for the record itself.")
    field = serializers.CharField(help_text="The field.")
    state = serializers.ChoiceField(["unsourced", "supported", "contested", "settled"])
    confidence = serializers.CharField(help_text="high, medium, low, or empty without support.")
    sources = serializers.IntegerField(help_text="Citations that support it.")
    independent = serializers.IntegerField(help_text="Families of sources among them.")
    disputing = serializers.IntegerField(help_text="Citations that dispute it or report another value.")
    citations = serializers.ListField(child=serializers.CharField(), help_text="Identifiers of its citations.")
    ruling = serializers.CharField(allow_null=True, help_text="Identifier of its adjudication.")


def usable_citations():
    return Citation.objects.usable().select_related(*SOURCE_OF_CITATION)


EVIDENCE = ("facts", "citations", "adjudications", "findings")


class CitedRecordSerializer(RecordSerializer):
    """A record with its evidence: ``facts`` point into ``citations`` and ``adjudications``."""

    facts = serializers.SerializerMethodField(help_text="What each field rests on.")
    citations = CitationSerializer(many=True, read_only=True)
    adjudications = AdjudicationSerializer(many=True, read_only=True)
    findings = CitedFindingSerializer(many=True, read_only=True)

    @extend_schema_field(FactSerializer(many=True))
    def get_facts(self, record):
        return facts_of(record, record.citations.all(), record.adjudications.all())

    @classmethod
    def prefetches(cls):
        citations = (lambda: Prefetch("citations", usable_citations()),)
        rulings = (lambda: Prefetch("adjudications", Adjudication.objects.all()),)
        parts = super().prefetches()
        rows = tuple(make for name in cls.Meta.model.PARTS for make in parts.get(name, ()))
        return {
            **parts,
            "citations": citations,
            "adjudications": rulings,
            "findings": (lambda: Prefetch("findings", NegativeFinding.objects.all()),),
            "facts": citations + rulings + rows,
        }

    @classmethod
    def rows(cls, include=None):
        """As the parent's, with each prefetch once: facts need the parts that may be included on their own."""
        include = cls.Meta.includes if include is None else include
        rows = cls.Meta.model.objects.published().select_related(*getattr(cls.Meta, "related", ()))
        made = {}
        for name in include:
            for make in cls.prefetches().get(name, ()):
                prefetch = make()
                made.setdefault(prefetch.prefetch_to, prefetch)
        return rows.prefetch_related(*made.values(), *getattr(cls.Meta, "prefetch", ()))


class StatementSerializer(AboutRecordMixin, PlainSerializer):
    """One statement that a source makes: the record, the field, and how the source stands to it."""

    record = serializers.SerializerMethodField()

    class Meta:
        model = Citation
        fields = ("id", "record", "part", "field", "locator", "stance", "value", "quotation", "credibility", "note")

    @extend_schema_field(LinkField)
    def get_record(self, row):
        return link(row.record)


class SourceSerializer(CitedRecordSerializer):
    publisher = PublisherSerializer(read_only=True)
    reprints = serializers.SerializerMethodField(help_text="Sources that derive from this one.")
    statements = serializers.SerializerMethodField(help_text="What this source says, about which record.")

    class Meta:
        model = Source
        includes = ("reprints", "statements", *EVIDENCE)
        related = ("publisher", "derived_from")
        fields = (
            *RecordSerializer.head, "title", "title_note", "subtitle", "publisher", "via", "authors", "date", "date_note",
            "kind", "section", "dateline", "language", "url", "archived_url", "retrieved_on", "access", "derived_from",
            "wire_credit", "reliability", "reliability_reason", "outlook", "standing", "standing_note", "note", *includes,
        )  # fmt: skip

    @extend_schema_field({"type": "array", "items": {"type": "object"}})
    def get_reprints(self, source):
        return [link(row) for row in source.reprints.all()]

    @extend_schema_field(StatementSerializer(many=True))
    def get_statements(self, source):
        rows = [row for row in source.statements.all() if isinstance(row.record, Record) and row.record.is_published]
        return StatementSerializer(rows, many=True).data

    @classmethod
    def prefetches(cls):
        statements = Citation.objects.order_by("record_ref", "part", "field").prefetch_related("record")
        return {
            **super().prefetches(),
            "reprints": (lambda: Prefetch("reprints", Source.objects.published().order_by("slug")),),
            "statements": (lambda: Prefetch("statements", statements),),
        }


class SourceViewSet(RecordViewSet):
    """Documents: articles, treaty texts, transcripts, gazettes."""

    serializer_class = SourceSerializer
    filterset_class = SourceFilter
    orderings = Orderings(
        {"date": Column("date_earliest", nullable=True), "title": Column("title"), "slug": Column("slug")}, default="-date"
    )


class CitationViewSet(RecordViewSet):
    """A source's support for one field of one record."""

    lookup_field = "uid"
    lookup_url_kwarg = "uid"
    serializer_class = CitationSerializer
    filterset_class = CitationFilter
    orderings = Orderings({"record": Column("record_ref")}, default="record", tie=(Column("uid"),))


class AdjudicationViewSet(RecordViewSet):
    """The editors' rulings on fields whose sources differ."""

    lookup_field = "uid"
    serializer_class = AdjudicationSerializer
    filterset_class = AdjudicationFilter
    orderings = Orderings(
        {"ruled_on": Column("ruled_on"), "record": Column("record_ref")}, default="-ruled_on", tie=(Column("uid"),)
    )


class FindingViewSet(RecordViewSet):
    """Searches that found nothing."""

    serializer_class = FindingSerializer
    filterset_class = FindingFilter
    orderings = Orderings({"on": Column("on"), "slug": Column("slug")}, default="slug")
