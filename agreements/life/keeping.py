"""Works out what is derived from an agreement's steps: the certainty of each, the number of parties, the status on every day."""

from contextlib import contextmanager
from dataclasses import asdict

from agreements.life.course import NO_PARTY, Life
from agreements.life.spans import spans_of
from sources.evidence.confidence import WEAK, Confidence, State
from sources.evidence.record_facts import fact_of, graded

# The fields that make a step: that it was taken, and when.
STEP_FIELDS = ("kind", "date", "outcome")
_CERTAINTY = ("confidence", "standing", "is_weak", "is_foretold")
# The worst comes first.
_STANDINGS = (State.CONTESTED, State.UNSOURCED, State.SETTLED, State.SUPPORTED)
_CONFIDENCES = (Confidence.LOW, Confidence.MEDIUM, Confidence.HIGH)


def derive(agreement):
    """Set the derived columns of the steps and the number of parties; return the spans of the status. Writes nothing."""
    milestones = list(agreement.milestones.all())
    _set_certainty(agreement, milestones)
    bound = {party.organisation_id for party in agreement.parties.all() if party.role not in NO_PARTY}
    agreement.party_count = len(bound)
    model = agreement.status_spans.model
    return [model(agreement=agreement, **asdict(span)) for span in spans_of(Life.of(agreement, milestones))]


@contextmanager
def changed_steps_saved(agreement):
    """Save the steps whose certainty changes within the ``with`` block. The agreement must be gathered."""
    steps = list(agreement.milestones.all())
    before = [_certainty(step) for step in steps]
    yield
    changed = [step for step, certainty in zip(steps, before, strict=True) if _certainty(step) != certainty]
    if changed:
        type(changed[0]).objects.bulk_update(changed, _CERTAINTY)


def _certainty(step):
    return [getattr(step, name) for name in _CERTAINTY]


def _set_certainty(agreement, milestones):
    cited, ruled = {}, {}
    for citation in agreement.citations.all():
        # A draft source must not change what the public sees.
        if citation.part.startswith("milestones/") and citation.is_usable:
            cited.setdefault((citation.part, citation.field), []).append(citation)
    for ruling in agreement.adjudications.all():
        ruled[ruling.part, ruling.field] = ruling
    for step in milestones:
        vars(step).update(certainty_of(step, cited, ruled))


def certainty_of(step, cited, ruled):
    """``{"confidence", "standing", "is_weak", "is_foretold"}`` of a step; the first two come from the least certain of the
    facts in ``STEP_FIELDS``."""
    part = f"milestones/{step.key}"
    cited_facts = [(part, field) for field in STEP_FIELDS if cited.get((part, field)) or ruled.get((part, field))]
    facts = [fact_of(*fact, step, cited.get(fact, ()), ruled.get(fact)) for fact in cited_facts]
    standings, confidences = ({fact[name] for fact in facts} for name in ("state", "confidence"))
    backing = [(row, item) for row in cited.get((part, "kind"), ()) if (item := graded(row, step)).backs]
    return {
        "confidence": str(next((name for name in ("", *_CONFIDENCES) if name in confidences), "")),
        "standing": str(next((name for name in _STANDINGS if name in standings), "")),
        "is_weak": bool(backing) and all(item.grade <= WEAK for _row, item in backing),
        "is_foretold": step.kind == "expired" and bool(backing) and all(_is_older(row, step) for row, _item in backing),
    }


def _is_older(citation, step):
    """Whether the source was written before the day of the step."""
    written = citation.source.date if citation.source else None
    if not written or not written.latest or not step.date or not step.date.earliest:
        return False
    return written.latest < step.date.earliest
