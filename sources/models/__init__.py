"""Documents, the evidence drawn from them, and the trail of editing."""

from sources.models.about import AboutRecord, check_about
from sources.models.citations import Adjudication, Citation, ContestedFact, Credibility, NegativeFinding, validate_short
from sources.models.documents import Publisher, Reliability, Source
from sources.models.proposals import Proposal
from sources.models.public import PublicAnswer, PublicForm, PublicReference, PublicTick
from sources.models.search import SearchEntry, SearchName, SearchSlip, SearchWord
from sources.models.tallies import PublicTally
from sources.models.trail import (
    LoadedFixture,
    Presence,
    Removal,
    Review,
    Revision,
    Trail,
    TrailHead,
    Version,
    heads_kept,
)

__all__ = [
    "AboutRecord",
    "Adjudication",
    "Citation",
    "ContestedFact",
    "Credibility",
    "LoadedFixture",
    "NegativeFinding",
    "Presence",
    "Proposal",
    "PublicAnswer",
    "PublicForm",
    "PublicReference",
    "PublicTally",
    "PublicTick",
    "Publisher",
    "Reliability",
    "Removal",
    "Review",
    "Revision",
    "SearchEntry",
    "SearchName",
    "SearchSlip",
    "SearchWord",
    "Source",
    "Trail",
    "TrailHead",
    "Version",
    "check_about",
    "heads_kept",
    "validate_short",
]
