"""Whose hand a value is from: who gave each place of a record what it now says, and when."""

from typing import NamedTuple

import orjson
from django.utils.translation import gettext as _

from sources.desk import proposals
from sources.desk.wording import Wording
from sources.models import Proposal
from sources.records import dossier_diff

# So many revisions are looked through; a value that is older has nobody to be named for a conflict of today.
LOOKED_THROUGH = 100


class Hand(NamedTuple):
    """``by`` is a name, ``at`` a time; ``None`` where it is not known."""

    by: str = ""
    at: object = None


NOBODY = Hand()


class Step(NamedTuple):
    """What one hand changed: ``labels`` name the places."""

    by: str
    at: object
    labels: list


def hands(record, state, paths):
    """``{path: Hand}`` of those who gave the paths the value that they have in ``state``: the record as it stands, or
    somebody's proposal for it."""
    wanted, present = dossier_diff.flatten(state, record.PARTS), dossier_diff.flatten(record.dossier(), record.PARTS)
    # What the record does not say is not from its history.
    sought = {path for path in paths if dossier_diff.content(wanted, path) == dossier_diff.content(present, path)}
    found = dict.fromkeys(paths, NOBODY)
    newer, flat = None, present
    for older in record.revisions.all()[:LOOKED_THROUGH]:
        if not sought:
            break
        before = dossier_diff.flatten(orjson.loads(older.dossier), record.PARTS)
        _note_changed(found, sought, newer, flat, before)
        newer, flat = older, before
    if newer is not None and newer.number == 1:
        _note_changed(found, sought, newer, flat, {})
    return found


def _note_changed(found, sought, revision, after, before):
    """Name the hand of the revision for the sought paths that it changed; they are sought no longer."""
    for path in [path for path in sought if dossier_diff.content(after, path) != dossier_diff.content(before, path)]:
        sought.discard(path)
        if revision is not None:
            found[path] = Hand(revision.by_name or _("the system"), revision.at)


def _hands_in_proposal(proposal, state, paths):
    """What a proposal does not have from the record is from whoever wrote in it last."""
    found = hands(proposal.record, state, paths)
    is_amended = proposal.state == Proposal.State.RETURNED and proposal.decided_at
    own = (
        Hand(proposal.decided_by_name, proposal.decided_at)
        if is_amended
        else Hand(proposal.by_name, proposal.changed_at)
    )
    return {path: hand if hand.at else own for path, hand in found.items()}


def hands_on(record, user, state, paths):
    """As ``hands``, for the state that this user edits."""
    proposal = proposals.own_proposal(record, user) if record.is_shown else None
    return _hands_in_proposal(proposal, state, paths) if proposal else hands(record, state, paths)


def saved_since(record, user, base, standing):
    """``[Step]``, the newest first: what was changed from ``base`` to ``standing``, which this user edits."""
    wording = Wording(record, base, standing)
    changed = {change.path for change in dossier_diff.diff(base, standing, record.PARTS)}
    # An entry that came or went is named once, without all that is in it.
    paths = [path for path in sorted(changed) if dossier_diff.split(path)[0] not in changed - {path}]
    by_hand = {}
    for path, hand in hands_on(record, user, standing, paths).items():
        by_hand.setdefault(hand, []).append(wording.place(path))
    steps = [Step(hand.by, hand.at, labels) for hand, labels in by_hand.items()]
    return sorted(steps, key=lambda step: (step.at is not None, step.at), reverse=True)
