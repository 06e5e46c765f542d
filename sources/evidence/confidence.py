"""How well a fact is supported, by a published rule.

A *fact* is one field of a record or part with the citations on it. The rule, as readers see it on the methods page:

* A citation is **strong** when its source is graded A or B and the statement 1 or 2; **fair** when the source is at least C
  and the statement at least 3; else **weak**. A corrected source counts one step less, a retracted one not at all.
* Sources that derive from one document, or carry the same wire credit on the same day, are one **family**. A family counts
  once: with the best citation of the document itself, or, where only reprints are cited, with the best of those. So a
  reprint, in however good a paper, adds nothing to a document that is already counted.
* Confidence is **high** with a strong citation of the text of the instrument, a law or a standard, or with two families at
  least fair of which one is strong; **medium** with one strong or two fair families; else **low**.
* A fact is **contested** when a citation disputes it or reports another value, until a ruling settles it. A settled fact
  whose disputing side is strong has at most medium confidence.
* An editor may overrule the result; the ruling says why.

Everything here is a pure function of plain values.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _

from sources.lib.datehints import from_words
from sources.lib.dates import PartialDate, PartialDateError
from sources.lib.text import clean, fold


class Confidence(models.TextChoices):
    HIGH = "high", _("high")
    MEDIUM = "medium", _("medium")
    LOW = "low", _("low")


class State(models.TextChoices):
    UNSOURCED = "unsourced", _("unsourced")
    SUPPORTED = "supported", _("supported")
    CONTESTED = "contested", _("contested")
    SETTLED = "settled", _("settled")


WEAK, FAIR, STRONG = 1, 2, 3
_AUTHENTIC_KINDS = ("treaty_text", "law", "standard")
_WORSE = {Confidence.HIGH: Confidence.MEDIUM, Confidence.MEDIUM: Confidence.LOW, Confidence.LOW: Confidence.LOW}


class Item(NamedTuple):
    """One citation as the rule sees it. ``agrees`` is ``None`` where values cannot be compared; ``derived`` marks a reprint."""

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
    """What readers are told: the state, the confidence (``""`` without support), and how many stand behind it."""

    state: str
    confidence: str
    sources: int
    independent: int
    disputing: int


@dataclass(frozen=True)
class Ruling:
    settled: bool
    confidence: str = ""


def assess(items, ruling=None):
    """Apply the rule to the citations of one fact. ``items`` are ``Item``, ``ruling`` is a ``Ruling`` or ``None``."""
    return _assess(tuple(items), ruling)


# Of the hundreds of facts of a page most rest on the same few sources in the same way.
@lru_cache(4096)
def _assess(items, ruling):
    backing = [item for item in items if item.backs]
    opposing = [item for item in items if item.opposes]
    families = _families(backing)
    return Assessment(
        state=_state(backing, opposing, ruling).value,
        confidence=_confidence(families, opposing, ruling),
        sources=len(backing),
        independent=len(families),
        disputing=len(opposing),
    )


def _families(backing):
    """``{family: the item it counts with}``: the best of the originals, or of the reprints where no original is cited."""
    counted = {}
    for item in backing:
        best = counted.get(item.family)
        if best is None or _weight(item) > _weight(best):
            counted[item.family] = item
    return counted


def _weight(item):
    return (not item.derived, item.grade, item.kind in _AUTHENTIC_KINDS)


def _state(backing, opposing, ruling):
    if ruling and ruling.settled and (opposing or backing):
        return State.SETTLED if opposing else State.SUPPORTED
    if opposing or (ruling and not ruling.settled and not ruling.confidence):
        return State.CONTESTED
    return State.SUPPORTED if backing else State.UNSOURCED


def _confidence(families, opposing, ruling):
    if ruling and ruling.confidence:
        return ruling.confidence
    if not families:
        return ""
    counted = families.values()
    strong = sum(item.grade >= STRONG for item in counted)
    fair = sum(item.grade >= FAIR for item in counted)
    authentic = any(item.grade >= STRONG and item.kind in _AUTHENTIC_KINDS for item in counted)
    if authentic or (strong and fair >= 2):
        level = Confidence.HIGH
    elif strong or fair >= 2:
        level = Confidence.MEDIUM
    else:
        level = Confidence.LOW
    if level == Confidence.HIGH and any(item.grade >= STRONG for item in opposing):
        level = _WORSE[level]
    return level.value


# Comparing a reported value with the stated one


@dataclass(frozen=True)
class Kind:
    """How values of a field compare: ``date``, ``number``, ``choice``, ``name``, ``label`` or ``text`` (not compared).

    A ``label`` is a name from a closed list that sources put in words of their own: the same words agree, other words prove
    nothing. ``choices`` maps a code to its name, both in English.
    """

    name: str
    choices: dict = field(default_factory=dict)


TEXT = Kind("text")


def agrees(kind, stated, reported):
    """Whether a reported value says the same as the stated one; ``None`` when that cannot be told.

    ``stated`` and ``reported`` are text; for ``name`` and ``label`` the stated value may be a tuple of names, any of which
    will do.
    """
    if kind.name == "text" or not reported or stated in (None, "", ()):
        return None
    return _RULES[kind.name](kind, stated, reported)


def _dates_agree(_kind, stated, reported):
    """Dates agree when some day fits both. “About” a day leaves room, so it contradicts no other day."""
    try:
        left, right = read_date(str(stated)), read_date(str(reported))
    except PartialDateError:
        return None
    if left.compatible_with(right):
        return True
    return None if "~" in left.text + right.text or "%" in left.text + right.text else False


def _numbers_agree(_kind, stated, reported):
    """Numbers agree when one reading of each does; a decimal comma alone (``27,5``) is not read."""
    left, right = _readings(stated), _readings(reported)
    return None if not left or not right else bool(left & right)


def _readings(text):
    """The numbers that the text can mean: ``1.200`` is twelve hundred to some and one and a fifth to others."""
    text = clean(str(text)).strip()
    return {
        Decimal(text.replace(thousands, "").replace(point, "."))
        for thousands, point, form in _NUMBERS
        if form.fullmatch(text)
    }


def _choices_agree(kind, stated, reported):
    said = fold(reported)
    known = {fold(word): code for code, label in kind.choices.items() for word in (str(code), str(label))}
    return str(known[said]) == str(stated) if said in known else None


def _names_agree(_kind, stated, reported):
    """A shorter form of a name is no other name: “Ramírez” and “Minister Rubén Ramírez” agree with “Rubén Ramírez”, and so
    does “Ramírez, Rubén”."""
    names = {form for name in (stated if isinstance(stated, tuple) else (stated,)) for form in _forms(name)} - {""}
    said = _forms(reported) - {""}
    if not said or not names:
        return None
    return any(f" {one} " in f" {name} " or f" {name} " in f" {one} " for one in said for name in names)


def _forms(name):
    """The name folded, and with what stands after a comma before the rest."""
    family, comma, given = str(name).partition(",")
    return {fold(name), fold(f"{given} {family}")} if comma else {fold(name)}


def _labels_agree(_kind, stated, reported):
    names = stated if isinstance(stated, tuple) else (stated,)
    return True if fold(reported) in {fold(name) for name in names} - {""} else None


_RULES = {
    "date": _dates_agree,
    "number": _numbers_agree,
    "choice": _choices_agree,
    "name": _names_agree,
    "label": _labels_agree,
}


def _number_form(thousands, point, least):
    grouped = rf"\d{{1,3}}(?:{re.escape(thousands)}\d{{3}}){{{least},6}}"
    plain = "" if least else r"|\d{1,18}"
    return thousands, point, re.compile(rf"[+-]?(?:{grouped}{plain})(?:{re.escape(point)}\d{{1,9}})?", re.ASCII)


# ``(between thousands, before decimals, form)``: 1,200.5 and 1200.5; 1.200,5; 1 200.5; 1 200,5; 1'200.5.
_NUMBERS = (
    _number_form(",", ".", 0), _number_form(".", ",", 1), _number_form(" ", ".", 1), _number_form(" ", ",", 1),
    _number_form("'", ".", 1), _number_form("’", ".", 1),
)  # fmt: skip


def read_date(text):
    """A date as people write it (``15 December 2025``, ``Dec 15, 2025``, ``2025-12``) as a ``PartialDate``.

    Raises ``PartialDateError``.
    """
    try:
        return PartialDate.parse(text)
    except PartialDateError:
        return PartialDate.parse(from_words(text))
