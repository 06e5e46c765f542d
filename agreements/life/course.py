"""The course of an instrument: what each step does to the status, and the order of the steps.

A step is a row of ``Milestone``. Its *effect* is the code of the status that it leads to; ``chamber`` for the approval of one
chamber, which is not yet approval by the state; or empty if it changes nothing.
"""

from dataclasses import dataclass
from functools import cached_property

from sources.lib.date_words import in_words

EVIDENCED, PLANNED = "evidenced", "planned"
# Roles of organisations that are listed with the parties but not bound.
NO_PARTY = ("depositary", "subject")
FIXED_TERMS = ("fixed", "renewable")
# These types are multilateral even if few of their parties are recorded.
MULTILATERAL = ("convention",)

_EFFECTS = {
    "talks": "negotiating",
    "negotiated": "negotiating",
    "initialled": "negotiating",
    "signed": "signed",
    "acceded": "approved",
    "ratified": "approved",
    "promulgated": "approved",
    "notes": "approved",
    "provisional": "provisional",
    "in_force": "in_force",
    "bound": "in_force",
    "renewed": "in_force",
    "suspended": "suspended",
    "terminated": "terminated",
    "left": "terminated",
    "expired": "terminated",
    "superseded": "terminated",
    "launched": "launched",
}
# The order of steps whose dates do not decide: signing before entry into force, entry into force before the end.
_NATURAL = (
    "talks", "negotiated", "initialled", "signed", "submitted", "hearing", "committee", "chamber", "challenged", "court",
    "acceded", "ratified", "promulgated", "notes", "provisional", "in_force", "bound", "launched", "renewed", "suspended",
    "left", "terminated", "expired", "superseded",
)  # fmt: skip
_NATURAL_RANK = {kind: rank for rank, kind in enumerate(_NATURAL)}
# Progress of a status: a step to a lower rank never undoes a higher one.
RANK = {"unknown": 0, "negotiating": 1, "signed": 2, "approved": 3, "provisional": 4, "in_force": 5, "launched": 5}
LIVE = ("provisional", "in_force", "suspended", "launched")


@dataclass(frozen=True)
class Life:
    """The input of a status: the steps, the number of bound parties, the term, and the editors' note on doubts."""

    milestones: tuple
    party_count: int = 0
    term_kind: str = ""
    term_years: int | None = None
    note: str = ""
    type: str = ""

    @classmethod
    def of(cls, agreement, milestones=None):
        """The ``Life`` of an agreement; ``milestones`` are its steps, if the caller has them."""
        return cls(
            tuple(agreement.milestones.all() if milestones is None else milestones),
            agreement.party_count,
            agreement.term_kind,
            agreement.term_years,
            agreement.status_note,
            agreement.type,
        )

    @property
    def is_multilateral(self):
        """Whether the other parties stay bound to each other when one party leaves or suspends."""
        return self.party_count > 2 or self.type in MULTILATERAL

    @cached_property
    def solid(self):
        """The steps that count (see ``is_solid``), in order; undated ones last."""
        return in_order([step for step in self.milestones if is_solid(step)])

    @cached_property
    def announced(self):
        """The steps that a source announces for a day."""
        announced = [step for step in self.milestones if step.evidence == PLANNED or is_foretold(step)]
        return [step for step in announced if not step.is_weak and step.date]


def is_solid(step):
    """Whether a step counts. A step with only weak sources is a claim and does not count."""
    return step.evidence == EVIDENCED and not step.is_weak and not is_foretold(step)


def is_foretold(step):
    """Whether the expiry of a term was only predicted, or its date is uncertain. The term may have been renewed."""
    if step.kind != "expired" or step.evidence != EVIDENCED:
        return False
    return step.is_foretold or bool(step.date and step.date.is_uncertain)


def words_of(step):
    """``{"step", "date"}`` for a sentence: its name with its outcome, and its date."""
    label = step.get_kind_display()
    if step.outcome:
        label = f"{label} ({step.get_outcome_display()})"
    return {"step": label, "date": in_words(step.date) if step.date else ""}


def precedes(first, second):
    """Whether the dates show that ``first`` came before ``second``."""
    return bool(
        first.date
        and second.date
        and first.date.latest
        and second.date.earliest
        and first.date.latest < second.date.earliest
    )


def overlap(first, second):
    return not precedes(first, second) and not precedes(second, first)


def in_order(steps):
    """The steps sorted by date; where dates do not decide, in the order of ``_NATURAL``."""
    waiting = sorted(steps, key=_natural)
    ordered = []
    while waiting:
        # A step that begins after another waiting step has surely ended is not the next one.
        ends = [step.date.latest for step in waiting if step.date and step.date.latest]
        step = next(step for step in waiting if not ends or not _begins_after(step, min(ends)))
        waiting.remove(step)
        ordered.append(step)
    return ordered


def _begins_after(step, day):
    return bool(step.date and step.date.earliest and step.date.earliest > day)


def _natural(step):
    latest = step.date.latest if step.date else None
    rejects = effect_of(step) == "rejected"
    # A second vote follows a rejection more often than it precedes one.
    return (not step.date, _NATURAL_RANK.get(step.kind, -1), not rejects, latest is None, latest or 0, step.key)


def effect_of(step):
    """The effect of a step of all parties, or of one party of two."""
    if step.outcome == "pending":
        return ""
    if step.kind == "chamber":
        return _effect_of_vote(step)
    if step.kind == "court":
        return "rejected" if step.outcome == "struck_down" else ""
    return _EFFECTS.get(step.kind, "")


def _effect_of_vote(step):
    """The meaning of a vote depends on its motion: approving a motion to shelve neither approves nor rejects the agreement."""
    if step.motion in ("", "approval"):
        return {"approved": "chamber", "rejected": "rejected"}.get(step.outcome, "")
    return "rejected" if (step.motion, step.outcome) == ("rejection", "approved") else ""


def next_status(status, effect, by_court=False):
    """The status after an effect, or ``None`` if it changes nothing."""
    if status == "terminated":
        return effect if effect == "in_force" else None
    if status == "rejected":
        return effect if effect in ("signed", "approved", "provisional", "in_force", "launched") else None
    if effect == "chamber":
        return "approved" if status in ("unknown", "negotiating") else None
    if effect == "rejected":
        # A vote cannot end an agreement in force. A court can.
        return None if status in LIVE and status != "provisional" and not by_court else "rejected"
    if effect in ("suspended", "terminated"):
        return None if effect == status else effect
    if status == "suspended":
        return effect if effect == "in_force" else None
    return effect if RANK.get(effect, 0) > RANK[status] else None


class Course:
    """The status while the steps are taken one after the other.

    ``turning`` is the step that led to ``status``; ``lived``: it was once in force or applied; ``start``: the steps with which
    the present unbroken time in force began or was renewed; ``unordered``: pairs of steps whose order matters and is unknown.
    """

    def __init__(self, life):
        self.life = life
        self.status, self.turning, self.lived = "unknown", None, False
        self.start, self.unordered = [], []
        self.signers, self.bound = set(), set()
        self._rejected_from, self._taken = "unknown", []

    def take(self, step):
        effect = self.effect(step)
        if not effect:
            return
        before = self.status
        self._taken.append((step, effect, before))
        after = self._after(step, effect)
        if after is None:
            if effect == before == "in_force":
                self.start.append(step)
            return
        if after == "rejected":
            self._rejected_from = before
        if after in ("provisional", "in_force"):
            self.start = [step] if after == "in_force" or before not in LIVE else [*self.start, step]
        self.status, self.turning = after, step
        self.lived = self.lived or after in LIVE
        self._note_doubt(step, effect)

    def changes(self, step):
        """Whether taking the step now would change the status."""
        effect = self.effect(step, keep=False)
        return bool(effect) and self._after(step, effect) is not None

    def effect(self, step, keep=True):
        """The effect on the whole agreement: in a multilateral one a single party's acts change nothing for the others."""
        effect, party = effect_of(step), step.party_id
        if not party:
            return effect
        if effect == "signed":
            signers = {*self.signers, party}
            if keep:
                self.signers = signers
            return effect if self.life.party_count != 2 or len(signers) == 2 else ""
        if not self.life.is_multilateral:
            return "" if step.kind == "acceded" else effect
        if effect == "in_force":
            bound = {*self.bound, party}
            if keep:
                self.bound = bound
            return effect if len(bound) > 1 else ""
        return ""

    def _after(self, step, effect):
        if self.status == "rejected" and effect == "chamber":
            same = self.turning.body_id in (None, step.body_id) or step.body_id is None
            return self._rejected_from if same and self.turning.kind == "chamber" else None
        return next_status(self.status, effect, step.kind == "court")

    def _note_doubt(self, step, effect):
        """Record each pair of steps that undo each other if either of them could have come first."""
        for earlier, its_effect, before in self._taken[:-1]:
            undoes = effect != its_effect and {effect, its_effect} & {"rejected", "suspended", "terminated"}
            either = overlap(earlier, step) and self._could_come_first(effect, before)
            if undoes and either and next_status(self.status, "approved" if its_effect == "chamber" else its_effect):
                self.unordered.append((earlier, step))

    @staticmethod
    def _could_come_first(effect, before):
        if effect in ("suspended", "terminated"):
            return before in LIVE
        if effect == "rejected":
            return before not in ("terminated", "unknown", "negotiating")
        return True
