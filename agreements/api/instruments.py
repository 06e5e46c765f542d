"""Agreements and their parts in the API."""

from django.db.models import Count, Prefetch, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agreements import filters
from agreements.life.parties import PartyStatus
from agreements.life.status import InForce, InstrumentStatus
from agreements.models import (
    Agreement,
    AgreementTitle,
    Approach,
    Assistance,
    Clause,
    Coding,
    Event,
    Exercise,
    Milestone,
    Party,
    RegistryNumber,
    Relation,
    Signature,
    StatusSpan,
    Topic,
)
from people.models import Organisation
from sources.api import EVIDENCE, CitedRecordSerializer
from sources.evidence.confidence import Confidence, State
from sources.history.version_api import VersionedViewSet
from sources.lib.date_words import in_words
from sources.lib.paging import Column, Orderings
from sources.reading.api import (
    LinkField,
    LinkSerializer,
    LinksField,
    PartSerializer,
    PlainSerializer,
    RecordSerializer,
    link,
    links_to,
    shown_title_field,
)
from sources.reading.jsonld import day
from sources.reading.search.entries import Entry, codes, days_of, disputed_entries, entry_of, ref_of_part, year_of
from sources.reading.search.sorts import DAY


def published_links(relation, model):
    """The prefetch of a reverse relation that a detail shows as links."""
    return (lambda: Prefetch(relation, links_to(model)),)


class TitleSerializer(PartSerializer):
    class Meta:
        model = AgreementTitle
        fields = ("key", "language", "text", "kind", "note")


class RegistryNumberSerializer(PartSerializer):
    class Meta:
        model = RegistryNumber
        fields = ("key", "series", "number", "url", "note")


class PartySerializer(PartSerializer):
    class Meta:
        model = Party
        related = ("organisation",)
        fields = ("key", "organisation", "role", "acting_through", "note")


class MilestoneSerializer(PartSerializer):
    class Meta:
        model = Milestone
        related = ("party", "body")
        fields = (
            "key", "kind", "date", "date_note", "party", "body", "place", "motion", "outcome", "votes_for",
            "votes_against", "votes_abstaining", "votes_absent", "evidence", "confidence", "standing", "is_weak",
            "is_foretold",
            "description",
        )  # fmt: skip


class SignatureSerializer(PartSerializer):
    class Meta:
        model = Signature
        related = ("person", "party")
        fields = ("key", "person", "party", "capacity", "name_as_printed", "date", "note")


class ClauseSerializer(PartSerializer):
    class Meta:
        model = Clause
        fields = ("key", "number", "heading", "summary", "text", "text_language", "basis", "note")


class RelationSerializer(PartSerializer):
    class Meta:
        model = Relation
        related = ("target",)
        fields = ("key", "kind", "target", "note")


class IncomingRelationSerializer(PartSerializer):
    """A relation seen from the instrument it points to."""

    agreement = LinkField()

    class Meta:
        model = Relation
        related = ("agreement",)
        fields = ("kind", "agreement", "note")

    @classmethod
    def rows(cls):
        # ``order`` counts within one agreement, and these relations belong to several.
        return super().rows().order_by("agreement__slug", "order", "key")


class TopicNameSerializer(PlainSerializer):
    class Meta:
        model = Topic
        fields = ("slug", "code", "name", "name_es", "group", "group_name", "group_name_es")


class ApproachSerializer(PartSerializer):
    class Meta:
        model = Approach
        fields = ("code", "name", "name_es", "short_name", "short_name_es", "favours", "meaning")

    @classmethod
    def rows(cls):
        return Approach.objects.all()


class TopicApproachSerializer(ApproachSerializer):
    """An approach in the list of its topic, with the versions of the codebook that have it."""

    since = serializers.SerializerMethodField(
        help_text="Codebook version that brought it in; empty when it came with the topic."
    )
    until = serializers.SerializerMethodField(help_text="First codebook version without it; empty while it is in use.")

    class Meta(ApproachSerializer.Meta):
        fields = (*ApproachSerializer.Meta.fields, "since", "until")

    def get_since(self, approach) -> str:
        return approach.since.version if approach.since else ""

    def get_until(self, approach) -> str:
        return approach.until.version if approach.until else ""


class ClauseNameSerializer(PartSerializer):
    class Meta:
        model = Clause
        fields = ("key", "number", "heading")


class CodingSerializer(PartSerializer):
    topic = TopicNameSerializer(read_only=True)
    approach = ApproachSerializer(read_only=True, allow_null=True)
    clauses = ClauseNameSerializer(many=True, read_only=True)
    codebook = serializers.CharField(source="codebook.version", read_only=True)

    class Meta:
        model = Coding
        related = ("topic", "approach", "codebook")
        prefetch = ("clauses",)
        fields = (
            "key",
            "topic",
            "person_class",
            "stance",
            "approach",
            "basis",
            "summary",
            "clauses",
            "codebook",
            "note",
        )


class PartyStatusSerializer(serializers.Serializer):
    """Where one party stands, by its own steps."""

    party = LinkSerializer(help_text="The party.")
    status = serializers.ChoiceField(PartyStatus.choices, help_text="Where it stands.")
    since = serializers.CharField(allow_null=True, help_text="EDTF date of the step that brought it there.")
    milestone = serializers.CharField(help_text="Key of that step.")


class StatusSerializer(serializers.Serializer):
    """The status of today with its reason."""

    status = serializers.ChoiceField(InstrumentStatus.choices, help_text="The status derived from the milestones.")
    in_force = serializers.ChoiceField(
        InForce.choices, help_text="Whether it is in force today, as far as the recorded steps carry."
    )
    since = serializers.CharField(allow_null=True, help_text="EDTF date of the step that brought it about.")
    because = serializers.CharField(help_text="The reason, in words.")
    milestone = serializers.CharField(help_text="Key of that step; empty without one.")
    confidence = serializers.ChoiceField(
        Confidence.choices, allow_blank=True, help_text="How well the sources support that step."
    )
    standing = serializers.ChoiceField(
        State.choices,
        allow_blank=True,
        help_text="Whether sources differ on that step, or on one that would change it.",
    )
    parties = PartyStatusSerializer(many=True, help_text="Parties that have taken steps of their own.")


@extend_schema_field(StatusSerializer)
class StatusField(serializers.Field):
    """The derived status with its reason; needs the milestones and the parties."""

    def __init__(self, **kwargs):
        super().__init__(read_only=True, source="*", **kwargs)

    def to_representation(self, agreement):
        finding = agreement.status_on()
        return {
            "status": finding.status,
            "in_force": finding.in_force,
            "since": str(finding.since) if finding.since else None,
            "because": finding.because,
            "milestone": finding.milestone,
            "confidence": finding.confidence,
            "standing": finding.standing,
            "parties": list(_party_statuses(agreement)),
        }


def _party_statuses(agreement):
    """Of the parties that readers see, those that have taken steps of their own."""
    statuses = agreement.parties_on()
    for party in agreement.parties.all():
        if party.organisation_id in statuses and (linked := link(party.organisation, party)):
            own = statuses[party.organisation_id]
            since = str(own.since) if own.since else None
            yield {"party": linked, "status": own.status, "since": since, "milestone": own.milestone}


class OfTodayField(serializers.ChoiceField):
    """A column of today's ``StatusSpan``."""

    def __init__(self, column, choices, otherwise="", **kwargs):
        self.column, self.otherwise = column, otherwise
        super().__init__(choices, read_only=True, source="*", **kwargs)

    def to_representation(self, agreement):
        spans = agreement.spans_today
        return getattr(spans[0], self.column) if spans else self.otherwise


class AgreementSerializer(CitedRecordSerializer):
    schema_type = "Legislation"
    elsewhere = {
        "topics_in_codebook": _("the number of topics of the codebook"),
        "related_from": _("relations of other instruments to it"),
        "exercises": _("exercises that name it"),
        "assistance": _("assistance that names it"),
        "events": _("events that name it"),
    }
    counts = (Topic,)

    shown_title = shown_title_field()
    status = OfTodayField(
        "status", InstrumentStatus.choices, "unknown", help_text="The status of today, derived from the milestones."
    )
    status_since = serializers.SerializerMethodField(help_text="EDTF date of the step that brought the status about.")
    in_force = OfTodayField(
        "in_force",
        InForce.choices,
        "not_established",
        help_text="Whether it is in force today, as far as the recorded steps carry.",
    )
    status_confidence = OfTodayField(
        "confidence",
        Confidence.choices,
        allow_blank=True,
        help_text="How well the sources support the step that the status rests on.",
    )
    status_standing = OfTodayField(
        "standing",
        State.choices,
        allow_blank=True,
        help_text="Whether sources differ on the step that the status rests on.",
    )
    topics_in_codebook = serializers.IntegerField(read_only=True, help_text="How many topics the codebook has.")
    coded = serializers.SerializerMethodField(help_text="How far it is coded: full, partial, or known to exist only.")
    signed = serializers.SerializerMethodField(help_text="Date of the last signature, as EDTF.")
    derived_status = StatusField(help_text="The status with the step it follows from and the reason.")
    titles = TitleSerializer(many=True, read_only=True)
    registry_numbers = RegistryNumberSerializer(many=True, read_only=True)
    parties = PartySerializer(many=True, read_only=True)
    milestones = MilestoneSerializer(many=True, read_only=True)
    signatures = SignatureSerializer(many=True, read_only=True)
    clauses = ClauseSerializer(many=True, read_only=True)
    relations = RelationSerializer(many=True, read_only=True)
    related_from = IncomingRelationSerializer(many=True, read_only=True)
    codings = CodingSerializer(many=True, read_only=True)
    exercises = LinksField()
    assistance = LinksField()
    events = LinksField()

    class Meta:
        model = Agreement
        includes = (
            "derived_status", "titles", "registry_numbers", "parties", "milestones", "signatures", "clauses", "relations",
            "related_from", "codings", "exercises", "assistance", "events", *EVIDENCE,
        )  # fmt: skip
        fields = (
            *RecordSerializer.head, "title", "title_note", "shown_title", "short_title", "title_es", "type", "status", "status_since",
            "in_force", "status_confidence", "status_standing", "signed", "coded", "topics_coded", "topics_in_codebook", "is_contested",
            "summary",
            "purpose", "term", "term_kind", "term_years", "termination", "termination_days",
            "presence", "article_count", "text_availability", "text_note", "status_note", "note", *includes,
        )  # fmt: skip

    @classmethod
    def schema_org(cls, record):
        return {
            "legislationType": record["type"],
            "legislationDate": day(record["signed"]),
            "legislationIdentifier": [f"{row['series']} {row['number']}" for row in record["registry_numbers"]],
            "about": [{"@type": "Thing", "name": row["organisation"]["name"]} for row in record["parties"]],
        }

    @extend_schema_field({"type": "string", "enum": Agreement.CodingLevel.values})
    def get_coded(self, agreement):
        return agreement.coding_level(agreement.topics_in_codebook)

    @classmethod
    def searchable(cls, told):
        """With the regions of all parties, looked up together."""
        slugs = {link["slug"] for body, _name in told for link in _parties(body) if link}
        regions = dict(Organisation.objects.filter(slug__in=slugs).values_list("slug", "region"))
        found = super().searchable(told)
        for (body, _name), (whole, *_parts) in zip(told, found, strict=True):
            whole.facets["region"] = [*filter(None, (regions.get(link["slug"]) for link in _parties(body) if link))]
        return found

    @classmethod
    def search_entries(cls, body, name):
        """Each clause is found by itself as well."""
        facets = cls.search_facets(body)
        whole = entry_of(Agreement, body, name, facets, but=("clauses",))
        whole.names += [f"{row['series']} {row['number']}" for row in body["registry_numbers"]]
        whole.among = [party["name"] for party in _parties(body)]
        whole.passages += [("Signed", in_words(body["signed"]))] if body["signed"] else []
        return [whole, *_clause_entries(body, name), *disputed_entries(body, name, facets)]

    @classmethod
    def search_facets(cls, body):
        parties = _parties(body)
        return {
            **super().search_facets(body),
            "type": [body["type"]],
            "status": [body["status"]],
            "party": codes(parties),
            "topic": [row["topic"]["code"] for row in body["codings"]],
            "year": year_of(body["signed"]),
            DAY: days_of(step["date"] for step in body["milestones"]),
        }

    @extend_schema_field({"type": ["string", "null"]})
    def get_signed(self, agreement):
        return agreement.signed or None

    @extend_schema_field({"type": ["string", "null"]})
    def get_status_since(self, agreement):
        spans = agreement.spans_today
        return (spans[0].since if spans else "") or None

    @classmethod
    def bare_rows(cls):
        """With the number of topics that the codebook has, in the same query."""
        topics = Topic.objects.order_by().annotate(one=Value(1)).values("one").annotate(n=Count("pk")).values("n")
        return super().bare_rows().annotate(topics_in_codebook=Coalesce(Subquery(topics), 0))

    @classmethod
    def lookups(cls, include=None):
        today = Prefetch("status_spans", StatusSpan.objects.today(), to_attr="spans_today")
        return [*super().lookups(include), today]

    @classmethod
    def prefetches(cls):
        parts = super().prefetches()
        return {
            **parts,
            "derived_status": (*parts["milestones"], *parts["parties"]),
            "exercises": published_links("exercises", Exercise),
            "assistance": published_links("assistance", Assistance),
            "events": published_links("events", Event),
        }


def _clause_entries(body, name):
    """What of an agreement's form is found as a clause."""
    topics = {}
    for coding in body["codings"]:
        for clause in coding["clauses"]:
            topics.setdefault(clause["key"], []).append(coding["topic"]["code"])
    for row in body["clauses"]:
        heading = " ".join(filter(None, (row["number"], row["heading"])))
        yield Entry(
            ref=ref_of_part("clauses", f"{body['slug']}.{row['key']}"),
            page=f"{body['page']}#clause-{row['key']}",
            names=[f"{name}: {heading}", row["heading"]] if row["heading"] else [f"{name}: {heading}"],
            passages=[("Clause", text) for text in (row["summary"], row["text"]) if text],
            facets={"type": [body["type"]], "topic": topics.get(row["key"], []), "party": codes(_parties(body))},
            # The best documented agreement first.
            weight=len(body["citations"]),
        )


def _parties(body):
    return [row["organisation"] for row in body["parties"]]


class AgreementViewSet(VersionedViewSet):
    """Instruments of security cooperation."""

    serializer_class = AgreementSerializer
    filterset_class = filters.AgreementFilter
    orderings = Orderings(
        {
            "signed": Column("signed_earliest", nullable=True),
            "title": Column("sort_key"),
            "slug": Column("slug"),
        },
        default="-signed",
    )
    # The reason of the status, and where each party stands, go with it.
    list_includes = ("parties", "derived_status")
