"""Parts of agreements in lists of their own, and the topics of the codebook, in the API."""

from django.db.models import Count, F, OuterRef, Prefetch, Subquery
from django.db.models.functions import Coalesce
from rest_framework import serializers

from agreements import filters
from agreements.api.instruments import (
    ClauseSerializer,
    CodingSerializer,
    MilestoneSerializer,
    SignatureSerializer,
    TopicApproachSerializer,
)
from agreements.models import Agreement, Approach, CodingPair, Milestone, Topic
from sources.lib.paging import Column, Orderings
from sources.reading.api import LinkField, PlainSerializer, RecordViewSet
from sources.reading.links import links_to, with_links


class OfAgreement(metaclass=serializers.SerializerMetaclass):
    id = serializers.CharField(source="public_id", read_only=True, help_text="agreement-slug.key")
    agreement = LinkField()


class ClauseRowSerializer(OfAgreement, ClauseSerializer):
    class Meta(ClauseSerializer.Meta):
        related = ("agreement",)
        fields = ("id", "agreement", *ClauseSerializer.Meta.fields)


class MilestoneRowSerializer(OfAgreement, MilestoneSerializer):
    class Meta(MilestoneSerializer.Meta):
        related = ("agreement", *MilestoneSerializer.Meta.related)
        fields = ("id", "agreement", *MilestoneSerializer.Meta.fields)

    @classmethod
    def rows(cls):
        return with_links(Milestone.objects.published_one_by_one(), cls.Meta.related)

    @classmethod
    def rows_by_date(cls):
        """With the slug of each agreement as ``of_agreement``. The agreement is looked up for each row: joined, SQLite would begin with
        the agreements and sort the steps of all."""
        slug = Agreement.objects.order_by().filter(pk=OuterRef("agreement")).values("slug")
        rows = with_links(Milestone.objects.published_one_by_one(), MilestoneSerializer.Meta.related)
        return rows.annotate(of_agreement=Subquery(slug)).prefetch_related(Prefetch("agreement", links_to(Agreement)))


class SignatureRowSerializer(OfAgreement, SignatureSerializer):
    class Meta(SignatureSerializer.Meta):
        related = ("agreement", *SignatureSerializer.Meta.related)
        fields = ("id", "agreement", *SignatureSerializer.Meta.fields)


class CodingRowSerializer(OfAgreement, CodingSerializer):
    class Meta(CodingSerializer.Meta):
        related = ("agreement", *CodingSerializer.Meta.related)
        fields = ("id", "agreement", *CodingSerializer.Meta.fields)


class PartViewSet(RecordViewSet):
    """Parts of published agreements; looked up by ``agreement-slug.key``."""

    lookup_field = "id"
    tie = (Column("agreement__slug"), Column("key"))

    def get_object(self):
        slug, _dot, key = self.kwargs["id"].partition(".")
        part = self.get_queryset().filter(agreement__slug=slug, key=key).first()
        return part or self._explain_absence()

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.serializer_class.Meta.model.objects.none()
        return self.serializer_class.rows()


def by_agreement():
    return Orderings({"agreement": PartViewSet.tie}, default="agreement", tie=PartViewSet.tie)


class ClauseViewSet(PartViewSet):
    """Clauses of agreements: what each does, and its text where it may be shown."""

    listed_as = "clauses"
    serializer_class = ClauseRowSerializer
    filterset_class = filters.ClauseFilter
    orderings = by_agreement()


class MilestoneViewSet(PartViewSet):
    """Dated steps in the lives of agreements."""

    listed_as = "milestones"
    serializer_class = MilestoneRowSerializer
    filterset_class = filters.MilestoneFilter
    orderings = Orderings(
        {"date": Column("date_earliest", nullable=True), "agreement": PartViewSet.tie},
        default="date",
        tie=(Column("agreement__slug", path="of_agreement"), Column("key")),
    )

    def filtered(self, filterset):
        return filterset.rows(self.serializer_class.rows_by_date)


class SignatureViewSet(PartViewSet):
    """Signatures, with names as printed."""

    listed_as = "signatures"
    serializer_class = SignatureRowSerializer
    filterset_class = filters.SignatureFilter
    orderings = by_agreement()


def number_of(rows):
    """A subquery column: how many of ``rows`` have the topic of the outer row."""
    counted = rows.order_by().values("topic").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)


class TopicSerializer(PlainSerializer):
    approaches = TopicApproachSerializer(many=True, read_only=True)
    since = serializers.CharField(
        source="since.version", read_only=True, help_text="Codebook version that brought it in."
    )
    page = serializers.CharField(source="get_absolute_url", read_only=True)
    double_coded = serializers.IntegerField(
        read_only=True, help_text="Units of this topic that two people coded independently, in published agreements."
    )
    double_coded_alike = serializers.IntegerField(
        read_only=True, help_text="Those of them on which both gave the same stance."
    )

    class Meta:
        model = Topic
        includes = ()
        fields = (
            "slug", "code", "page", "name", "name_es", "definition", "definition_es", "group", "group_name",
            "group_name_es", "since", "approaches", "double_coded", "double_coded_alike",
        )  # fmt: skip

    @classmethod
    def rows(cls, include=()):
        pairs = CodingPair.objects.published().judged().filter(topic=OuterRef("pk"))
        approaches = Prefetch("approaches", Approach.objects.select_related("since", "until"))
        topics = Topic.objects.in_order().select_related("since").prefetch_related(approaches)
        return topics.annotate(
            double_coded=number_of(pairs),
            double_coded_alike=number_of(pairs.filter(first_stance=F("second_stance"))),
        )


class TopicViewSet(RecordViewSet):
    """The codebook's topics with their approaches."""

    serializer_class = TopicSerializer
    filterset_class = filters.TopicFilter
    orderings = Orderings({"code": (Column("group_order"), Column("order"))}, default="code")


class CodingViewSet(PartViewSet):
    """What agreements say on the topics of the codebook, by class of person."""

    listed_as = "codings"
    serializer_class = CodingRowSerializer
    filterset_class = filters.CodingFilter
    orderings = by_agreement()
