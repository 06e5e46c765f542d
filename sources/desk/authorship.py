"""Who gave each field of a record its present value, and when."""

from typing import NamedTuple

import orjson
from django.utils.translation import gettext as _

from sources.desk.wording import Wording
from sources.models import Proposal
from sources.records import dossier_diff

# Read this many revisions at most. The authors of older values are not looked up.
MAX_REVISIONS = 100


class Author(NamedTuple):
    """The author of a value: a name and a time, empty and ``None`` where they are not known."""

    by: str = ""
    at: object = None


UNKNOWN = Author()


class Step(NamedTuple):
    """What one person changed at one time; ``labels`` name the changed fields in words."""

    by: str
    at: object
    labels: list


def authors_of(record, state, paths):
    """``{path: Author}``: who gave each path its value in ``state``, which is the record's dossier or a proposed one.

    ``UNKNOWN`` for a value that the record does not have now: its history does not say who removed it.
    """
    proposed, present = dossier_diff.flatten(state, record.PARTS), dossier_diff.flatten(record.dossier(), record.PARTS)
    remaining = {path for path in paths if dossier_diff.content(proposed, path) == dossier_diff.content(present, path)}
    authors = dict.fromkeys(paths, UNKNOWN)
    newer, after = None, present
    for older in record.revisions.all()[:MAX_REVISIONS]:
        if not remaining:
            break
        before = dossier_diff.flatten(orjson.loads(older.dossier), record.PARTS)
        _note_author(authors, remaining, newer, after, before)
        newer, after = older, before
    if newer is not None and newer.number == 1:
        _note_author(authors, remaining, newer, after, {})
    return authors


def _note_author(authors, remaining, revision, after, before):
    """Enter the author of ``revision`` for each remaining path that it changed, and remove these paths from ``remaining``."""
    changed = [path for path in remaining if dossier_diff.content(after, path) != dossier_diff.content(before, path)]
    for path in changed:
        remaining.discard(path)
        if revision is not None:
            authors[path] = Author(revision.by_name or _("the system"), revision.at)


def _authors_in_proposal(proposal, state, paths):
    """As ``authors_of``. The author of what the proposal changed is its author, or the reviewer who amended it last."""
    authors = authors_of(proposal.record, state, paths)
    is_amended = proposal.state == Proposal.State.RETURNED and proposal.decided_at
    writer = (
        Author(proposal.decided_by_name, proposal.decided_at)
        if is_amended
        else Author(proposal.by_name, proposal.changed_at)
    )
    return {path: author if author.at else writer for path, author in authors.items()}


def authors_for(record, user, state, paths):
    """As ``authors_of``, for the state that this user edits: the own proposal, or the record."""
    proposal = record.proposals.own(user) if record.is_shown else None
    return _authors_in_proposal(proposal, state, paths) if proposal else authors_of(record, state, paths)


def saved_since(record, user, base, present):
    """The changes from ``base`` to ``present``, the state that this user edits: ``Step`` rows, the newest first."""
    wording = Wording(record, base, present)
    changed = {change.path for change in dossier_diff.diff(base, present, record.PARTS)}
    # An entry that was added or removed is named once, without its fields.
    paths = [path for path in sorted(changed) if dossier_diff.split(path)[0] not in changed - {path}]
    labels = {}
    for path, author in authors_for(record, user, present, paths).items():
        labels.setdefault(author, []).append(wording.place(path))
    steps = [Step(author.by, author.at, names) for author, names in labels.items()]
    return sorted(steps, key=lambda step: (step.at is not None, step.at), reverse=True)
