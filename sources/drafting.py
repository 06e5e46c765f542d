"""Saving an editor's form: straight into a draft, or into a proposal; never over somebody else's work.

A form carries the dossier it was drawn from. At the save the database is brought back to that state inside a transaction,
the form is saved on top, the resulting dossier is read, and the transaction is rolled back. What the editor changed is then
plain data that can be joined with what others did meanwhile.
"""

from dataclasses import dataclass

from django.core import signing
from django.db import transaction

from kb.core import dossier, states
from kb.core.records import Record
from sources import proposals

SALT = "concordance.form-base"


class Stale(Exception):
    """Others changed the same places; ``conflicts`` lists them, ``mine`` and ``base`` are dossiers."""

    def __init__(self, base, mine, conflicts):
        self.base, self.mine, self.conflicts = base, mine, conflicts
        super().__init__(f"{len(conflicts)} conflicts")


@dataclass(frozen=True)
class Saved:
    """What became of a save: the proposal it went into (or ``None``), and whether others' changes were joined."""

    proposal: object = None
    joined: bool = False
    unchanged: bool = False


def seal(state):
    """A dossier as text for a hidden field; only this site can have written it."""
    return signing.dumps(state, salt=SALT, compress=True)


def unseal(text):
    """The dossier in a hidden field. Raises ``signing.BadSignature``."""
    return signing.loads(text, salt=SALT)


def standing(record, user):
    """The state that this user edits: the own proposal for a published record, else the record."""
    if _is_published(record):
        proposal = proposals.own_proposal(record, user)
        if proposal:
            return proposals.proposed_by(proposal)
    return record.dossier()


def _is_published(record):
    return isinstance(record, Record) and record.is_published


class rehearsal:  # noqa: N801  (used like a function: ``with rehearsal(record, state):``)
    """A transaction in which the record stands at ``state``, undone at the end whatever happens."""

    def __init__(self, record, state):
        self.record, self.state = record, state
        self.atomic = transaction.atomic()

    def __enter__(self):
        self.atomic.__enter__()
        if self.record.dossier() != self.state:
            dossier.write(self.record, self.state)
        return self.record

    def __exit__(self, *error):
        transaction.set_rollback(True)
        return self.atomic.__exit__(*error)


def store(record, user, base, mine, comment="", choices=None):
    """Keep what the editor made of ``base``. Raises ``Stale`` when others changed the same places meanwhile.

    The record may be a draft (written at once, with a revision) or published (kept as the user's proposal).
    """
    with transaction.atomic():
        record = type(record).objects.select_for_update().get(pk=record.pk)
        theirs = standing(record, user)
        state, conflicts = states.merge(base, theirs, mine, record.PARTS, choices)
        if any(conflict.path not in (choices or {}) for conflict in conflicts):
            raise Stale(base, mine, conflicts)
        joined = theirs != base
        if state == theirs:
            return Saved(unchanged=True)
        if _is_published(record):
            proposal = proposals.keep(record, user, record.dossier(), state, comment)
            return Saved(proposal=proposal, joined=joined)
        dossier.write(record, state)
        if isinstance(record, Record):
            record.changed_by = user
            record.save()
        record.note_revision(by=user, comment=comment)
        return Saved(joined=joined)
