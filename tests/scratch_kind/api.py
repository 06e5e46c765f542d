"""The public form of patrols, and their list."""

from sources.api import EVIDENCE, CitedRecordSerializer
from sources.history.version_api import VersionedViewSet
from sources.lib.paging import Column, Orderings
from sources.reading.api import PartSerializer, RecordSerializer
from sources.reading.jsonld import time_and_place
from tests.scratch_kind.filters import PatrolFilter
from tests.scratch_kind.models import Patrol, Vessel


class VesselSerializer(PartSerializer):
    class Meta:
        model = Vessel
        fields = ("key", "name")


class PatrolSerializer(CitedRecordSerializer):
    schema_type = "Event"

    vessels = VesselSerializer(many=True, read_only=True)

    class Meta:
        model = Patrol
        includes = ("vessels", *EVIDENCE)
        related = ("lead",)
        fields = (*RecordSerializer.head, "name", "date", "lead", "summary", "is_contested", *includes)

    @classmethod
    def schema_org(cls, record):
        return time_and_place(record["date"], "")


class PatrolViewSet(VersionedViewSet):
    """Patrols of the forces of several states."""

    serializer_class = PatrolSerializer
    filterset_class = PatrolFilter
    orderings = Orderings({"name": Column("sort_key")}, default="name")
