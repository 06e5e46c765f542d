"""Agreements with their lives and clauses, the codebook, and the activities around them."""

from agreements.models.activities import Assistance, Event, EventParticipant, Position
from agreements.models.codebook import Approach, Codebook, Coding, Topic
from agreements.models.exercises import Domain, Exercise, ExerciseSeries, Participation, Visit
from agreements.models.instruments import Agreement, AgreementTitle, RegistryNumber, Relation
from agreements.models.life import Clause, Milestone, Party, Signature
from agreements.models.list_entries import PartyEntry, StepEntry, TopicEntry
from agreements.models.reliability import CodingPair, SecondCoding
from agreements.models.spans import StatusSpan

__all__ = [
    "Agreement",
    "AgreementTitle",
    "Approach",
    "Assistance",
    "Clause",
    "Codebook",
    "Coding",
    "CodingPair",
    "Domain",
    "Event",
    "EventParticipant",
    "Exercise",
    "ExerciseSeries",
    "Milestone",
    "Participation",
    "Party",
    "PartyEntry",
    "Position",
    "RegistryNumber",
    "Relation",
    "SecondCoding",
    "Signature",
    "StatusSpan",
    "StepEntry",
    "Topic",
    "TopicEntry",
    "Visit",
]
