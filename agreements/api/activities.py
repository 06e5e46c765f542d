"""Exercises, assistance, events and positions in the API."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from agreements import filters
from agreements.api.instruments import published_links
from agreements.models import (
    Assistance,
    Event,
    EventParticipant,
    Exercise,
    ExerciseSeries,
    Participation,
    Position,
    Visit,
)
from sources.api import EVIDENCE, CitedRecordSerializer
from sources.evidence.confidence import Confidence, State
from sources.history.version_api import VersionedViewSet
from sources.lib.paging import Column, Orderings
from sources.reading.api import LinkField, LinksField, PartSerializer, RecordSerializer
from sources.reading.jsonld import time_and_place
from sources.reading.search.entries import codes, times_of


class ExerciseSeriesSerializer(CitedRecordSerializer):
    schema_type = "EventSeries"
    elsewhere = {"editions": _("editions")}
    editions = LinksField()

    class Meta:
        model = ExerciseSeries
        includes = ("editions", *EVIDENCE)
        fields = (*RecordSerializer.head, "name", "first_held", "summary", *includes)

    @classmethod
    def prefetches(cls):
        return {**super().prefetches(), "editions": published_links("editions", Exercise)}


class ParticipationSerializer(PartSerializer):
    class Meta:
        model = Participation
        related = ("organisation",)
        fields = ("key", "organisation", "role", "strength", "note")


class VisitSerializer(PartSerializer):
    visitors = LinksField()

    class Meta:
        model = Visit
        prefetch = ("visitors",)
        fields = ("key", "title", "date", "visitors", "unnamed", "description")


def headline_confidence(about):
    """How well the sources support the fact that lists show first: the column that the model keeps."""
    return serializers.ChoiceField(
        Confidence.choices, allow_blank=True, read_only=True, source="headline_confidence", help_text=about
    )


def headline_standing(about):
    """Whether sources differ on that fact."""
    return serializers.ChoiceField(
        State.choices, allow_blank=True, read_only=True, source="headline_standing", help_text=about
    )


class ExerciseSerializer(CitedRecordSerializer):
    schema_type = "Event"
    dates_confidence = headline_confidence("How well the sources support the dates.")
    dates_standing = headline_standing("Whether sources differ on the dates.")
    participations = ParticipationSerializer(many=True, read_only=True)
    visits = VisitSerializer(many=True, read_only=True)

    class Meta:
        model = Exercise
        includes = ("participations", "visits", *EVIDENCE)
        related = ("series", "country", "host", "legal_basis")
        fields = (
            *RecordSerializer.head, "name", "kind", "series", "edition", "dates", "dates_note", "venue", "country", "host",
            "domain", "focus", "purpose", "summary", "legal_basis", "legal_basis_note", "is_contested",
            "dates_confidence", "dates_standing", *includes,
        )  # fmt: skip

    @classmethod
    def schema_org(cls, record):
        return time_and_place(record["dates"], record["venue"])

    @classmethod
    def search_facets(cls, body):
        places = [body["country"], body["host"], *(row["organisation"] for row in body["participations"])]
        return {**super().search_facets(body), "party": codes(places), **times_of(body["dates"])}


class AssistanceSerializer(CitedRecordSerializer):
    schema_type = "Action"
    state_confidence = headline_confidence("How well the sources support how far it has come.")
    state_standing = headline_standing("Whether sources differ on how far it has come.")

    class Meta:
        model = Assistance
        includes = EVIDENCE
        related = ("provider", "supplier", "legal_basis")
        prefetch = ("donors", "recipients")
        fields = (
            *RecordSerializer.head, "title", "kind", "item", "quantity", "quantity_note", "value", "currency", "terms",
            "state", "date", "date_note", "provider", "donors", "recipients", "supplier", "programme", "purpose",
            "summary", "legal_basis", "legal_basis_note", "is_contested", "state_confidence", "state_standing",
            *includes,
        )  # fmt: skip

    @classmethod
    def search_facets(cls, body):
        parties = [body["provider"], *body["donors"], *body["recipients"]]
        return {**super().search_facets(body), "party": codes(parties), **times_of(body["date"])}


class EventParticipantSerializer(PartSerializer):
    class Meta:
        model = EventParticipant
        related = ("person", "organisation")
        fields = ("key", "person", "organisation", "role")


class EventSerializer(CitedRecordSerializer):
    schema_type = "Event"
    date_confidence = headline_confidence("How well the sources support the date.")
    date_standing = headline_standing("Whether sources differ on the date.")
    participants = EventParticipantSerializer(many=True, read_only=True)

    class Meta:
        model = Event
        includes = ("participants", *EVIDENCE)
        related = ("country", "agreement")
        fields = (
            *RecordSerializer.head, "title", "kind", "date", "date_note", "place", "country", "agreement", "summary",
            "outcome", "is_contested", "date_confidence", "date_standing", *includes,
        )  # fmt: skip

    @classmethod
    def schema_org(cls, record):
        return time_and_place(record["date"], record["place"])

    @classmethod
    def search_facets(cls, body):
        parties = [body["country"], *(row["organisation"] for row in body["participants"])]
        return {**super().search_facets(body), "party": codes(parties), **times_of(body["date"])}


class PositionSerializer(CitedRecordSerializer):
    schema_type = "Claim"
    about = LinkField()

    class Meta:
        model = Position
        includes = EVIDENCE
        related = ("person", "organisation")
        prefetch = ("about",)
        fields = (
            *RecordSerializer.head, "person", "organisation", "holder_note", "about", "stance", "statement", "date",
            "occasion", "attribution", "note", "is_contested", *includes,
        )  # fmt: skip

    @classmethod
    def search_facets(cls, body):
        return {**super().search_facets(body), "party": codes([body["organisation"]]), **times_of(body["date"])}


class ExerciseSeriesViewSet(VersionedViewSet):
    """Recurring exercises."""

    serializer_class = ExerciseSeriesSerializer
    filterset_class = filters.ExerciseSeriesFilter
    orderings = Orderings({"name": Column("sort_key")}, default="name")


class ExerciseViewSet(VersionedViewSet):
    """Exercises, training, deployments and missions."""

    serializer_class = ExerciseSerializer
    filterset_class = filters.ExerciseFilter
    orderings = Orderings(
        {"dates": Column("dates_earliest", nullable=True), "name": Column("sort_key")}, default="-dates"
    )
    list_includes = ("participations",)


class AssistanceViewSet(VersionedViewSet):
    """Equipment, training, works and funds given or sold."""

    serializer_class = AssistanceSerializer
    filterset_class = filters.AssistanceFilter
    orderings = Orderings(
        {"date": Column("date_earliest", nullable=True), "title": Column("sort_key")}, default="-date"
    )


class EventViewSet(VersionedViewSet):
    """Meetings, calls, letters, ceremonies, votes and decisions beside the instruments."""

    serializer_class = EventSerializer
    filterset_class = filters.EventFilter
    orderings = Orderings(
        {"date": Column("date_earliest", nullable=True), "title": Column("sort_key")}, default="-date"
    )


class PositionViewSet(VersionedViewSet):
    """What persons and bodies publicly said."""

    serializer_class = PositionSerializer
    filterset_class = filters.PositionFilter
    orderings = Orderings({"date": Column("date_earliest", nullable=True)}, default="-date")
