"""Edits to published records: written down beside the record, joined with it when a second person approves.

A proposal keeps the dossier it began from, so that what happened meanwhile is seen: ``joined`` gives the state that
approving would make, and the paths on which the two sides differ.
"""

import orjson
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sources.desk.wording import Wording, refusal_in_words
from sources.lib.text import clean
from sources.models import Proposal
from sources.records import dossier, dossier_diff
from sources.records.base import Reviewed, VerbRefused

State = Proposal.State
AMENDMENTS_NAMED = 12


def own_proposal(record, user):
    """The proposal that this user is writing for the record, or ``None``."""
    return record.proposals.filter(by=user, state__in=Proposal.LIVE).first()


@transaction.atomic
def keep(record, user, base, proposed, comment=""):
    """Write down what the user proposes. Returns the proposal; one that changes nothing any more is discarded, with its
    trail, and one that was never there is ``None``."""
    existing = record.proposals.select_for_update().filter(by=user, state__in=Proposal.LIVE).first()
    proposal = existing or Proposal(record=record, record_ref=record.ref, by=user, by_name=str(user))
    if existing is None:
        proposal.base = dossier.canonical(base).decode()
    proposal.dossier = dossier.canonical(proposed).decode()
    if clean(proposal.dossier) == clean(proposal.base):
        if existing:
            discard(existing, user, _("It changes nothing any more."))
        return existing
    proposal.state = State.OPEN
    proposal.comment = comment or proposal.comment
    proposal.save()
    return proposal


def base_of(proposal):
    return orjson.loads(proposal.base)


def proposed_by(proposal):
    return orjson.loads(proposal.dossier)


def changes(proposal):
    """What the proposal changes, as ``dossier_diff.Change`` rows."""
    return dossier_diff.diff(base_of(proposal), proposed_by(proposal), proposal.record.PARTS)


def join(record, base, theirs, mine, choices=None):
    """``(dossier, conflicts)`` of what two sides made of ``base``. An order that follows from what the parts say is no
    matter of choice: it comes right when they are written."""
    state, conflicts = dossier_diff.merge(base, theirs, mine, record.PARTS, choices, _links(record))
    sorted_by_content = {*record.PARTS} - {*record.ordered_parts()}
    return state, [conflict for conflict in conflicts if conflict.path not in sorted_by_content]


def _links(record):
    """``((list of parts, field), list that it names by key)``: where the parts of the record name each other."""
    lists = {record._meta.get_field(name).related_model: name for name in record.PARTS}
    for model, name in lists.items():
        for field in map(model._meta.get_field, model.DOSSIER_FIELDS):
            if field.is_relation and field.related_model in lists:
                yield (name, field.name), lists[field.related_model]


def joined(proposal, choices=None):
    """``(dossier, conflicts)``: the proposal joined with the record as it stands."""
    record = proposal.record
    return join(record, base_of(proposal), record.dossier(), proposed_by(proposal), choices)


def seen(proposal):
    """What somebody who looks at the proposal sees of it and of its record, as a digest."""
    return dossier.digest([proposal.base, proposal.dossier, proposal.record.dossier()])


def submit(proposal, by, comment=""):
    """Hand the proposal to the reviewers."""
    return _turn(proposal, (State.OPEN, State.RETURNED), State.SUBMITTED, "submit", by, comment)


def send_back(proposal, by, comment):
    """Return it to its author with a comment."""
    if not comment:
        raise VerbRefused(_("Say what should change."))
    return _turn(proposal, (State.SUBMITTED,), State.RETURNED, "return", by, comment)


def amend(proposal, by, proposed, comment=""):
    """A reviewer's own edit of a proposal that awaits review: it goes back to its author, who hands it in again, and another
    reviewer decides on it. The answer names what was amended."""
    before = proposed_by(proposal)
    amended = dossier_diff.diff(before, proposed, proposal.record.PARTS)
    wording = Wording(proposal.record, before, proposed)
    places = "; ".join(change.label for change in wording.changes(amended[:AMENDMENTS_NAMED]))
    words = _("Amended: %(places)s") % {"places": places}
    proposal.dossier = dossier.canonical(proposed).decode()
    _decide(proposal, State.RETURNED, by, f"{comment} ({words})" if comment else words)
    proposal.amended_by.add(by)
    proposal.record.reviews.create(verb="amend", by=by, by_name=str(by), comment=proposal.answer)


def discard(proposal, by, comment=""):
    """Give the proposal up; it stays in the trail."""
    return _turn(proposal, Proposal.LIVE, State.DISCARDED, "return", by, comment or _("Discarded"))


def approve(proposal, by, comment="", choices=None, bypass=False, saw=None):
    """Bring the record to the joined state and publish it, in one transaction.

    Raises ``VerbRefused`` for one of its authors (unless the site allows it), for conflicts that ``choices`` does
    not settle, and when what ``seen`` gave the reviewer is no longer so; ``NotReady`` when the gate refuses the joined state.
    """
    with transaction.atomic():
        record = type(proposal.record).objects.select_for_update().get(pk=proposal.record_id)
        lock(proposal)
        proposal.record = record
        require(proposal, State.SUBMITTED, *([State.OPEN] if proposal.by_id == (by and by.pk) else []))
        record.is_own_work(by, bypass, authors(proposal))
        if not record.is_shown:
            raise VerbRefused(_("The record is not public now. Publish it again before its proposals."))
        if saw is not None and saw != seen(proposal):
            raise VerbRefused(_("The record or the proposal changed while you looked at it. Please look again."))
        _bring_to_joined_state(proposal, choices or {}, comment)
        review = record.publish(by, comment, bypass=bypass, authors=authors(proposal))
        _decide(proposal, State.APPROVED, by, comment)
    return review


def _bring_to_joined_state(proposal, choices, comment):
    record = proposal.record
    state, conflicts = joined(proposal, choices)
    if any(conflict.path not in choices for conflict in conflicts):
        raise VerbRefused(_("The record changed meanwhile. Choose a side for each conflict."))
    try:
        dossier.write(record, state)
    except dossier.DossierError as error:
        raise VerbRefused(refusal_in_words(record, error)) from None
    if isinstance(record, Reviewed):
        record.changed_by = proposal.by
    record.note_revision(by=proposal.by, comment=proposal.comment or comment)


def authors(proposal):
    """Primary keys of the accounts whose work the proposal is."""
    return {proposal.by_id, *proposal.amended_by.values_list("pk", flat=True)}


def require(proposal, *wanted):
    if proposal.state not in wanted:
        raise VerbRefused(
            _("The proposal is %(state)s; this cannot be done now.") % {"state": proposal.get_state_display()}
        )


def lock(proposal):
    """Its author may be saving it at this moment: go by what stands now, and let nobody change it until this is done."""
    proposal.refresh_from_db(from_queryset=Proposal.objects.select_for_update())


def _turn(proposal, wanted, state, verb, by, comment):
    with transaction.atomic():
        lock(proposal)
        require(proposal, *wanted)
        _decide(proposal, state, by, comment)
        return proposal.record.reviews.create(verb=verb, by=by, by_name=str(by), comment=comment)


def _decide(proposal, state, by, comment):
    proposal.state = state
    if state != State.SUBMITTED:
        proposal.decided_by_name, proposal.decided_at, proposal.answer = str(by), timezone.now(), comment
    proposal.save()
