"""How well a fact is supported: the published rule.

A *fact* is one field of a record or part with the citations on it. The rule, as readers see it on the methods page:

* A citation is **strong** when its source is graded A or B and the statement 1 or 2; **fair** when the source is at least C
  and the statement at least 3; else **weak**. A corrected source counts one step less, a retracted one not at all.
* Sources that derive from one document, or carry the same wire credit on the same day, are one **family**. A family counts
  once: with the best citation of the document itself, or, where only reprints are cited, with the best of those. So a
  reprint, in however good a paper, adds nothing to a document that is already counted.
* Confidence is **high** with a strong citation of the text of the instrument, a law or a standard, or with two families at
  least fair of which one is strong; **medium** with one strong or two fair families; else **low**.
* A fact is **contested** when a citation disputes it or reports another value, until a ruling settles it. A settled fact
  whose disputing side is strong has at most medium confidence. No ruling settles a dispute for a value that one family of
  weak citations alone supports.
* An editor may overrule the result; the ruling says why.

The functions take plain values and read no database. ``sources.evidence.record_facts`` applies them to a record.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _


class Confidence(models.TextChoices):
    """How sure a fact is."""

    HIGH = "high", _("high")
    MEDIUM = "medium", _("medium")
    LOW = "low", _("low")


class State(models.TextChoices):
    """Whether a fact has a source, and whether its sources agree."""

    UNSOURCED = "unsourced", _("unsourced")
    SUPPORTED = "supported", _("supported")
    CONTESTED = "contested", _("contested")
    SETTLED = "settled", _("settled")


WEAK, FAIR, STRONG = 1, 2, 3
_AUTHENTIC_KINDS = ("treaty_text", "law", "standard")
_WORSE = {Confidence.HIGH: Confidence.MEDIUM, Confidence.MEDIUM: Confidence.LOW, Confidence.LOW: Confidence.LOW}


class GradedCitation(NamedTuple):
    """What the rule needs of one citation.

    ``agrees`` says whether the reported value equals the stated one, ``None`` where they cannot be compared. ``derived`` marks a
    reprint.
    """

    stance: str
    reliability: str = "F"
    credibility: int = 6
    family: str = ""
    kind: str = ""
    standing: str = "stands"
    agrees: bool | None = None
    derived: bool = False

    @property
    def grade(self):
        if self.standing == "retracted":
            return 0
        strong = self.reliability in "AB" and self.credibility <= 2
        fair = self.reliability in "ABC" and self.credibility <= 3
        grade = STRONG if strong else FAIR if fair else WEAK
        return max(WEAK, grade - 1) if self.standing == "corrected" else grade

    @property
    def backs(self):
        return self.stance == "supports" and self.agrees is not False and self.grade > 0

    @property
    def opposes(self):
        return self.grade > 0 and (self.stance == "disputes" or (self.stance == "supports" and self.agrees is False))


@dataclass(frozen=True)
class Assessment:
    """What readers are told of a fact.

    ``confidence`` is empty without support. ``sources`` counts supporting citations, ``independent`` their families,
    ``disputing`` the citations against.
    """

    state: str
    confidence: str
    sources: int
    independent: int
    disputing: int


@dataclass(frozen=True)
class Ruling:
    """The part of the editors' ruling that the rule needs. ``confidence``, if given, replaces the computed one."""

    settled: bool
    confidence: str = ""


def assess(citations, ruling=None):
    """The ``Assessment`` of one fact by its ``GradedCitation`` rows and its ``Ruling``, if there is one."""
    return _assess(tuple(citations), ruling)


# Cached: most of the hundreds of facts on a page rest on the same few sources with the same grades.
@lru_cache(4096)
def _assess(citations, ruling):
    backing = [citation for citation in citations if citation.backs]
    opposing = [citation for citation in citations if citation.opposes]
    families = _families(backing)
    return Assessment(
        state=_state(families, opposing, ruling).value,
        confidence=_confidence(families, opposing, ruling),
        sources=len(backing),
        independent=len(families),
        disputing=len(opposing),
    )


def _families(backing):
    """``{family: its best citation}``. An original comes before any reprint of it."""
    best = {}
    for citation in backing:
        rival = best.get(citation.family)
        if rival is None or _rank(citation) > _rank(rival):
            best[citation.family] = citation
    return best


def _rank(citation):
    return (not citation.derived, citation.grade, citation.kind in _AUTHENTIC_KINDS)


def _state(families, opposing, ruling):
    if ruling and ruling.settled and (opposing or families):
        if opposing and len(families) == 1 and all(citation.grade == WEAK for citation in families.values()):
            return State.CONTESTED
        return State.SETTLED if opposing else State.SUPPORTED
    if opposing or (ruling and not ruling.settled and not ruling.confidence):
        return State.CONTESTED
    return State.SUPPORTED if families else State.UNSOURCED


def _confidence(families, opposing, ruling):
    if ruling and ruling.confidence:
        return ruling.confidence
    if not families:
        return ""
    counted = families.values()
    strong = sum(citation.grade >= STRONG for citation in counted)
    fair = sum(citation.grade >= FAIR for citation in counted)
    authentic = any(citation.grade >= STRONG and citation.kind in _AUTHENTIC_KINDS for citation in counted)
    if authentic or (strong and fair >= 2):
        level = Confidence.HIGH
    elif strong or fair >= 2:
        level = Confidence.MEDIUM
    else:
        level = Confidence.LOW
    if level == Confidence.HIGH and any(citation.grade >= STRONG for citation in opposing):
        level = _WORSE[level]
    return level.value
