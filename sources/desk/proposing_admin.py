"""The editing screen of records that may be public: their edits are proposals, and reviewers edit others' proposals."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from sources.desk import saving_edits
from sources.desk.documented_admin import DocumentedAdmin
from sources.desk.editing_screen import SAVED
from sources.desk.posted_form import comment_of, number_in
from sources.desk.refusals import may_publish
from sources.desk.removal_screen import RemovalScreen
from sources.models import Proposal


class ProposingAdmin(RemovalScreen, DocumentedAdmin):
    """Edits of drafts are saved at once; edits of public records become proposals."""

    # A reviewer edits another's proposal under ``?proposal=``

    def amended(self, request, record):
        """The proposal of somebody else that this screen is to edit, or ``None``."""
        number = number_in(request.GET.get("proposal"))
        if not number:
            return None
        proposal = get_object_or_404(record.proposals, pk=number)
        if proposal.by_id == request.user.pk:
            return None
        if not may_publish(request):
            raise PermissionDenied
        return proposal

    def edited_proposal(self, request, record):
        return self.amended(request, record) or super().edited_proposal(request, record)

    def edited_state(self, request, record):
        proposal = self.amended(request, record)
        if proposal is None:
            return super().edited_state(request, record)
        proposal.require(Proposal.State.SUBMITTED)
        return proposal.proposed_dossier

    def store(self, request, record, base, mine):
        proposal = self.amended(request, record)
        if proposal is None:
            return super().store(request, record, base, mine)
        return self.keep_save(
            request, record, lambda: saving_edits.amend(proposal, request.user, base, mine, comment_of(request))
        )

    def tell(self, request, record, saved):
        if saved.proposal and saved.proposal.by_id != request.user.pk:
            text = _("The proposal is back with %(name)s, with your changes in it.") % {"name": saved.proposal.by_name}
            self.message_user(request, text, messages.SUCCESS, extra_tags=SAVED)
        else:
            super().tell(request, record, saved)

    def surroundings(self, request, record):
        """Adds the proposals to what every screen shows."""
        own = record.proposals.own(request.user) if record.is_shown else None
        amended = self.amended(request, record)
        return {
            **super().surroundings(request, record),
            "amended": amended,
            "proposal": own,
            "proposal_changes": own.changes() if own else (),
            "others_proposals": self._others_proposals(request, record, amended),
        }

    @staticmethod
    def _others_proposals(request, record, amended):
        rows = record.proposals.filter(state__in=Proposal.LIVE).exclude(by=request.user)
        return rows.exclude(pk=amended.pk) if amended else rows
