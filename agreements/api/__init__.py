"""The public form of agreements, their parts, the codebook, and the activities around them."""

from agreements.api.activities import (
    AssistanceSerializer,
    AssistanceViewSet,
    EventSerializer,
    EventViewSet,
    ExerciseSerializer,
    ExerciseSeriesSerializer,
    ExerciseSeriesViewSet,
    ExerciseViewSet,
    PositionSerializer,
    PositionViewSet,
)
from agreements.api.instruments import AgreementSerializer, AgreementViewSet, CodingSerializer
from agreements.api.rows import (
    ClauseViewSet,
    CodingRowSerializer,
    CodingViewSet,
    MilestoneRowSerializer,
    MilestoneViewSet,
    PartViewSet,
    SignatureViewSet,
    TopicSerializer,
    TopicViewSet,
)

__all__ = [
    "AgreementSerializer",
    "AgreementViewSet",
    "AssistanceSerializer",
    "AssistanceViewSet",
    "ClauseViewSet",
    "CodingRowSerializer",
    "CodingSerializer",
    "CodingViewSet",
    "EventSerializer",
    "EventViewSet",
    "ExerciseSerializer",
    "ExerciseSeriesSerializer",
    "ExerciseSeriesViewSet",
    "ExerciseViewSet",
    "MilestoneRowSerializer",
    "MilestoneViewSet",
    "PartViewSet",
    "PositionSerializer",
    "PositionViewSet",
    "SignatureViewSet",
    "TopicSerializer",
    "TopicViewSet",
]
