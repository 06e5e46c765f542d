"""The public form of evidence: sources, citations, rulings, findings; and the facts they carry on every record."""

from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.db.models import Prefetch
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from sources.evidence.record_facts import facts_of
from sources.filters import AdjudicationFilter, CitationFilter, ContestedFactFilter, FindingFilter, SourceFilter
from sources.history.version_api import VersionedViewSet
from sources.lib.paging import Column, Orderings
from sources.lib.sifted import SiftedList
from sources.models import Adjudication, Citation, ContestedFact, NegativeFinding, Publisher, Source
from sources.reading import kinds
from sources.reading.api import (
    RELATED_LIMIT,
    LinkField,
    LinkSerializer,
    PartSerializer,
    PlainSerializer,
    RecordSerializer,
    RecordViewSet,
    link,
    links_to,
    shown_title_field,
)
from sources.reading.jsonld import day
from sources.reading.search.entries import times_of
from sources.reading.store.cards import filtered
from sources.reading.store.disputes import Disputes, disputes_of
from sources.records.base import record_models


class RecordRefSerializer(serializers.Serializer):
    """The record that a row is about."""

    kind = serializers.CharField(help_text="Kind of record: the name of its list.")
    slug = serializers.CharField(help_text="Identifier within the kind.")
    ref = serializers.CharField(help_text="The record as kind/slug.")


class NamedRecordRefSerializer(RecordRefSerializer):
    name = serializers.CharField(help_text="Name.")
    page = serializers.CharField(help_text="Address of the page on this site.")


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
            "slug", "title", "title_note", "publisher", "authors", "date", "kind", "language", "url", "archived_url", "access",
            "reliability", "standing", "derived_from", "wire_credit", "page",
        )  # fmt: skip


class CitedFindingSerializer(PlainSerializer):
    """A search that found nothing, as a footnote shows it."""

    class Meta:
        model = NegativeFinding
        fields = ("slug", "question", "is_gap", "looked_in", "query", "on", "resolved", "outcome")


class AboutRecordMixin(metaclass=serializers.SerializerMetaclass):
    """The public identifier of a row about a record, and the record it is about."""

    id = serializers.CharField(source="uid", read_only=True, help_text="Identifier, the same in every installation.")
    record = serializers.SerializerMethodField(help_text="The record that the row is about.")

    @extend_schema_field(RecordRefSerializer)
    def get_record(self, row):
        kind, _slash, slug = row.record_ref.partition("/")
        return {"kind": kind, "slug": slug, "ref": row.record_ref}


class CitationSerializer(AboutRecordMixin, PartSerializer):
    source = CitedSourceSerializer(read_only=True, allow_null=True)
    finding = CitedFindingSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Citation
        fields = (
            "id", "record", "part", "field", "source", "finding", "locator", "locator_type", "stance", "value",
            "quotation", "credibility", "against_text", "note",
        )  # fmt: skip
        includes = ()

    @classmethod
    def rows(cls, include=()):
        return Citation.objects.published().with_source()


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


class ContestedFactSerializer(AboutRecordMixin, PlainSerializer):
    """A fact on which sources differ, with every reported value and the ruling if there is one."""

    record = NamedRecordRefSerializer(read_only=True, help_text="The record that states the fact.")
    citations = CitationSerializer(many=True, read_only=True, help_text="What each source says.")
    ruling = AdjudicationSerializer(read_only=True, allow_null=True, help_text="The editors' ruling, if there is one.")

    class Meta:
        model = ContestedFact
        includes = ()
        fields = (
            "id", "record", "part", "field", "state", "stated_value", "confidence", "sources", "independent", "disputing",
            "importance", "citations", "ruling",
        )  # fmt: skip

    @classmethod
    def rows(cls, include=()):
        return ContestedFact.objects.published()

    def to_representation(self, fact):
        """``fact`` is one of ``sources.reading.store.disputes``."""
        return {name: fact[name] for name in self.fields}


class FindingSerializer(PlainSerializer):
    about = LinkField()

    class Meta:
        model = NegativeFinding
        fields = (
            "slug", "question", "is_gap", "looked_in", "query", "on", "about", "part", "field", "resolved", "outcome",
        )  # fmt: skip
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
    independent = serializers.IntegerField(
        help_text="How many of them are independent; a document and its reprints count once."
    )
    disputing = serializers.IntegerField(help_text="Citations that dispute it or report another value.")
    citations = serializers.ListField(child=serializers.CharField(), help_text="Identifiers of its citations.")
    ruling = serializers.CharField(allow_null=True, help_text="Identifier of its adjudication.")


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
        citations = (cls._citations,)
        rulings = (cls._rulings,)
        parts = super().prefetches()
        rows = tuple(make for name in cls.Meta.model.PARTS for make in parts.get(name, ()))
        return {
            **parts,
            "citations": citations,
            "adjudications": rulings,
            "findings": (lambda: Prefetch("findings", NegativeFinding.objects.usable()),),
            "facts": citations + rulings + rows,
        }

    @classmethod
    def _citations(cls):
        rows = Citation.objects.usable().on_visible_parts(cls.Meta.model)
        return Prefetch("citations", rows.with_source())

    @classmethod
    def _rulings(cls):
        return Prefetch("adjudications", Adjudication.objects.on_visible_parts(cls.Meta.model))


def named_records():
    """The prefetch of the records that rows are about, of every kind, each with what its name is made of."""
    models = record_models()
    related = {model: getattr(kinds.serializer_of(model).Meta, "related", ()) for model in models}
    return GenericPrefetch("record", [model.objects.select_related(*related[model]) for model in models])


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
    schema_type = "CreativeWork"
    elsewhere = {"reprints": _("documents that derive from it"), "statements": _("what it supports")}

    publisher = PublisherSerializer(read_only=True)
    shown_title = shown_title_field()
    reprints = serializers.SerializerMethodField(help_text="Sources that derive from this one.")
    statements = serializers.SerializerMethodField(help_text="What this source says, about which record.")

    class Meta:
        model = Source
        includes = ("reprints", "statements", *EVIDENCE)
        related = ("publisher", "derived_from")
        fields = (
            *RecordSerializer.head, "title", "title_note", "shown_title", "subtitle", "publisher", "via", "authors", "date", "date_note",
            "kind", "section", "dateline", "language", "url", "archived_url", "retrieved_on", "access", "derived_from",
            "wire_credit", "reliability", "reliability_reason", "outlook", "standing", "standing_note", "note", *includes,
        )  # fmt: skip

    @classmethod
    def schema_org(cls, record):
        authors = (name.strip() for name in record["authors"].split(";"))
        return {
            "datePublished": day(record["date"]),
            "inLanguage": record["language"],
            "sameAs": record["url"],
            "publisher": {"@type": "Organization", "name": record["publisher"]["name"]},
            "author": [{"@type": "Person", "name": name} for name in authors if name],
        }

    @classmethod
    def search_facets(cls, body):
        facets = {"source_kind": [body["kind"]], "language": [body["language"]], **times_of(body["date"])}
        return {**super().search_facets(body), **facets}

    @extend_schema_field(LinkSerializer(many=True))
    def get_reprints(self, source):
        return [link(row) for row in source.reprints.all()]

    @extend_schema_field(StatementSerializer(many=True))
    def get_statements(self, source):
        """The first of them; the list of citations has the rest, by ``source=``."""
        return [self._of_statements.to_representation(row) for row in source.first_statements]

    @cached_property
    def _of_statements(self):
        return StatementSerializer()

    @classmethod
    def prefetches(cls):
        def statements():
            rows = Citation.objects.of_published_records().order_by("record_ref", "part", "field", "uid")
            rows = rows.prefetch_related(named_records())[:RELATED_LIMIT]
            # Into an attribute of its own: a relation cannot hold a part of its rows.
            return Prefetch("statements", rows, to_attr="first_statements")

        return {
            **super().prefetches(),
            "reprints": (lambda: Prefetch("reprints", links_to(Source).order_by("slug")),),
            "statements": (statements,),
        }


class SourceViewSet(VersionedViewSet):
    """Documents: articles, treaty texts, transcripts, gazettes."""

    serializer_class = SourceSerializer
    filterset_class = SourceFilter
    orderings = Orderings(
        {"date": Column("date_earliest", nullable=True), "title": Column("sort_key"), "slug": Column("slug")},
        default="-date",
    )


class CitationViewSet(RecordViewSet):
    """A source's support for one field of one record."""

    listed_as = "citations"
    lookup_field = "uid"
    lookup_url_kwarg = "uid"
    serializer_class = CitationSerializer
    filterset_class = CitationFilter
    orderings = Orderings({"record": Column("record_ref")}, default="record", tie=(Column("uid"),))

    def filtered(self, filterset):
        rows = filterset.rows(Citation.objects.all)
        return SiftedList(rows, Citation.objects.of_published_records(), Citation.objects.usable().with_source())


class AdjudicationViewSet(RecordViewSet):
    """The editors' rulings on fields whose sources differ."""

    listed_as = "adjudications"
    lookup_field = "uid"
    serializer_class = AdjudicationSerializer
    filterset_class = AdjudicationFilter
    orderings = Orderings(
        {"ruled_on": Column("ruled_on"), "record": Column("record_ref")}, default="-ruled_on", tie=(Column("uid"),)
    )


class ContestedFactViewSet(RecordViewSet):
    """Facts on which sources differ, or differed until a ruling, across all kinds of record."""

    listed_as = "contested"
    lookup_field = "uid"
    serializer_class = ContestedFactSerializer
    filterset_class = ContestedFactFilter
    orderings = Orderings(
        {"importance": Column("importance"), "record": Column("record_ref")},
        default="-importance",
        tie=(Column("record_ref"), Column("uid")),
    )

    def filtered(self, filterset):
        return filtered(filterset, ContestedFact)

    def rows_reader(self):
        return Disputes()

    def find(self, **condition):
        return next(iter(disputes_of(self.get_queryset().filter(**condition))), None)


class FindingViewSet(RecordViewSet):
    """Searches that found nothing."""

    serializer_class = FindingSerializer
    filterset_class = FindingFilter
    orderings = Orderings({"on": Column("on"), "slug": Column("slug")}, default="slug")
