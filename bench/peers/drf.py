"""The peer that a competent developer would write in an afternoon: model viewsets, nested serializers, prefetched relations."""

import csv

import django_filters
from django.db.models import F
from django.http import StreamingHttpResponse
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from agreements.models import Agreement, Clause, Coding, Milestone, Party, Signature
from bench.peers import OTHERS
from people.models import Organisation, Person
from sources.models import Citation, Source
from sources.records.status import Status

CHUNK = 500


class OrganisationSerializer(serializers.ModelSerializer):
    class Meta:
        model = Organisation
        fields = ("slug", "name", "name_es", "iso_alpha3")


class PersonSerializer(serializers.ModelSerializer):
    class Meta:
        model = Person
        fields = ("slug", "name")


class PartySerializer(serializers.ModelSerializer):
    organisation = OrganisationSerializer()

    class Meta:
        model = Party
        fields = ("key", *Party.DOSSIER_FIELDS)


class MilestoneSerializer(serializers.ModelSerializer):
    date = serializers.CharField()
    party, body = OrganisationSerializer(), OrganisationSerializer()

    class Meta:
        model = Milestone
        fields = ("key", *Milestone.DOSSIER_FIELDS)


class SignatureSerializer(serializers.ModelSerializer):
    date = serializers.CharField()
    person, party = PersonSerializer(), OrganisationSerializer()

    class Meta:
        model = Signature
        fields = ("key", *Signature.DOSSIER_FIELDS)


class ClauseSerializer(serializers.ModelSerializer):
    class Meta:
        model = Clause
        fields = ("key", *Clause.DOSSIER_FIELDS)


class CodingSerializer(serializers.ModelSerializer):
    topic, approach = (
        serializers.SlugRelatedField("slug", read_only=True),
        serializers.SlugRelatedField("code", read_only=True),
    )
    clauses = serializers.SlugRelatedField("key", many=True, read_only=True)
    codebook = serializers.SlugRelatedField("slug", read_only=True)

    class Meta:
        model = Coding
        fields = ("key", *Coding.DOSSIER_FIELDS)


class SourceSerializer(serializers.ModelSerializer):
    date = serializers.CharField()
    publisher = serializers.CharField(source="publisher.name")

    class Meta:
        model = Source
        fields = ("slug", "title", "kind", "publisher", "date", "url", "reliability")


class CitationSerializer(serializers.ModelSerializer):
    source = SourceSerializer()

    class Meta:
        model = Citation
        fields = (
            "uid",
            "part",
            "field",
            "source",
            "locator",
            "locator_type",
            "stance",
            "value",
            "quotation",
            "credibility",
            "note",
        )


class AgreementSerializer(serializers.ModelSerializer):
    parties = PartySerializer(many=True)

    class Meta:
        model = Agreement
        fields = ("slug", *Agreement.DOSSIER_FIELDS, "signed", "published_at", "is_contested", "parties")


class ComparedSerializer(AgreementSerializer):
    codings = CodingSerializer(many=True)

    class Meta(AgreementSerializer.Meta):
        fields = (*AgreementSerializer.Meta.fields, "codings")


class DetailSerializer(ComparedSerializer):
    clauses, milestones = ClauseSerializer(many=True), MilestoneSerializer(many=True)
    signatures, citations = SignatureSerializer(many=True), CitationSerializer(many=True)

    class Meta(AgreementSerializer.Meta):
        fields = (*ComparedSerializer.Meta.fields, "clauses", "milestones", "signatures", "citations")


class AgreementFilter(django_filters.FilterSet):
    party = django_filters.CharFilter(field_name="parties__organisation__iso_alpha3", distinct=True)

    class Meta:
        model = Agreement
        fields = ("type",)


PARTIES = ("parties__organisation",)
CODINGS = ("codings__topic", "codings__approach", "codings__clauses", "codings__codebook")
ALL = (
    *PARTIES, *CODINGS, "clauses", "milestones__party", "milestones__body", "signatures__person", "signatures__party",
    "citations__source__publisher",
)  # fmt: skip


class AgreementViewSet(viewsets.ReadOnlyModelViewSet):
    lookup_field = "slug"
    serializer_class = AgreementSerializer
    filterset_class = AgreementFilter
    search_fields = ("title", "title_es", "short_title", "parties__organisation__name")

    def get_queryset(self):
        rows = Agreement.objects.filter(status=Status.PUBLISHED).order_by(
            F("signed_earliest").desc(nulls_last=True), "slug"
        )
        if self.action in ("list", "export") and "type" not in self.request.query_params:
            rows = rows.exclude(type__in=OTHERS)
        return rows.prefetch_related(*{"retrieve": ALL, "compare": PARTIES + CODINGS}.get(self.action, PARTIES))

    def get_serializer_class(self):
        return {"retrieve": DetailSerializer, "compare": ComparedSerializer}.get(self.action, AgreementSerializer)

    @action(detail=False)
    def compare(self, request):
        rows = self.get_queryset().filter(slug__in=request.query_params.getlist("agreement"))
        return Response(self.get_serializer(rows, many=True).data)

    @action(detail=False)
    def export(self, request):
        rows = self.filter_queryset(self.get_queryset()).iterator(chunk_size=CHUNK)
        return StreamingHttpResponse(_as_csv(rows), content_type="text/csv")


class _Echo:
    @staticmethod
    def write(line):
        return line


def _as_csv(rows):
    writer = csv.DictWriter(_Echo(), AgreementSerializer.Meta.fields)
    yield writer.writeheader()
    for row in rows:
        data = AgreementSerializer(row).data
        yield writer.writerow({**data, "parties": ";".join(party["organisation"]["slug"] for party in data["parties"])})
