"""The editing screen of a record: besides the form, its steps towards the public, previews, and many at once."""

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponseNotAllowed, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import resolve
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kb.core.admin import GapFilter, is_picker
from kb.core.choosing import exact_first
from kb.core.dossier import DossierError
from kb.core.records import UNCHOOSABLE, Status
from kb.core.text import fold
from kb.core.wording import refusal_in_words
from sources import drafting, proposals
from sources.citation_forms import CitationInline, RulingInline
from sources.documented_admin import MAX_COMMENT, SAVED, DocumentedAdmin, comment_of, number_in
from sources.merge_screen import MergeScreen
from sources.models import Proposal, Review
from sources.returned import returns_of
from sources.verbs import last_number, may_publish, perform, refusal_text


class RecordList(ChangeList):
    """A list of records, in which a returned draft says so."""

    def get_results(self, request):
        super().get_results(request)
        self.result_list = list(self.result_list)
        returns = returns_of(self.result_list)
        for record in self.result_list:
            record.returned = returns.get(record.pk)


class RecordAdmin(MergeScreen, DocumentedAdmin):
    """A record: drafts are saved, edits of published records become proposals."""

    list_display = ("label", "status", "uncited_count", "is_contested", "updated_at")
    list_filter = ("status", GapFilter)
    search_fields = ("search_text",)
    actions = ("submit_selected", "publish_selected", "withdraw_selected")
    ordering = ("-updated_at", "-pk")

    @admin.display(description=gettext_lazy("record"), ordering="search_text")
    def label(self, record):
        review = getattr(record, "returned", None)
        if review is None:
            return str(record)
        words = _("Returned by %(name)s: %(comment)s") % {"name": review.by_name, "comment": review.comment[:200]}
        return format_html('{}<span class="returned">{}</span>', record, words)

    def get_changelist(self, request, **kwargs):
        return RecordList

    def get_inlines(self, request, obj):
        """Citations point at facts that are there, so they come with the second save."""
        return [*super().get_inlines(request, obj), *([CitationInline, RulingInline] if obj else [])]

    def get_search_results(self, request, queryset, search_term):
        """By the words of the names, whatever their accents; the same search as the public lists. A search box offers only
        what may be named, the exact match first."""
        if is_picker(request):
            queryset = queryset.exclude(status__in=UNCHOOSABLE)
        if not fold(search_term):
            return queryset, False
        found = queryset.matching(search_term)
        return (exact_first(found, search_term) if is_picker(request) else found), False

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

    def standing(self, request, record):
        proposal = self.amended(request, record)
        if proposal is None:
            return super().standing(request, record)
        proposals.require(proposal, Proposal.State.SUBMITTED)
        return proposals.proposed_by(proposal)

    def store(self, request, record, base, mine):
        proposal = self.amended(request, record)
        if proposal is None:
            return super().store(request, record, base, mine)
        return self._keep(
            request, record, lambda: drafting.amend(proposal, request.user, base, mine, comment_of(request))
        )

    def tell(self, request, record, saved):
        if saved.proposal and saved.proposal.by_id != request.user.pk:
            text = _("The proposal is back with %(name)s, with your changes in it.") % {"name": saved.proposal.by_name}
            self.message_user(request, text, messages.SUCCESS, extra_tags=SAVED)
        else:
            super().tell(request, record, saved)

    def surroundings(self, request, record):
        """Besides what every screen has: the gate, the verbs, and the proposals."""
        own = proposals.own_proposal(record, request.user) if record.is_published else None
        amended = self.amended(request, record)
        return {
            **super().surroundings(request, record),
            "amended": amended,
            "returned": returns_of([record]).get(record.pk),
            "missing": record.missing_for_publication(),
            "seen": last_number(record),
            "proposal": own,
            "proposal_changes": proposals.changes(own) if own else (),
            "others_proposals": self._others_proposals(request, record, amended),
            "verbs": () if amended else self._verbs(request, record),
            "verb_address": self.address("verb", record),
            "merge_address": self._merge_address(request, record),
            "preview_address": self.address("preview", record) + (f"?proposal={amended.pk}" if amended else ""),
        }

    def _merge_address(self, request, record):
        return self.address("merge", record) if may_publish(request) and record.status != Status.MERGED else ""

    @staticmethod
    def _others_proposals(request, record, amended):
        rows = record.proposals.filter(state__in=Proposal.LIVE).exclude(by=request.user)
        return rows.exclude(pk=amended.pk) if amended else rows

    def get_queryset(self, request):
        """Who may not edit sees here what readers see."""
        rows = super().get_queryset(request)
        return rows if self.has_change_permission(request) else rows.published()

    # Verbs

    own_words = (*DocumentedAdmin.own_words, "verb", "preview", "merge")

    def _verbs(self, request, record):
        """``(verb, label, needs a comment)`` for the buttons that apply now."""
        verbs = []
        if record.status == Status.DRAFT and self.has_change_permission(request, record):
            verbs.append(("submit", _("Submit for review"), False))
        if may_publish(request):
            if record.status == Status.IN_REVIEW:
                verbs.append(("return", _("Return to its author"), True))
            if record.status in (Status.DRAFT, Status.IN_REVIEW, Status.WITHDRAWN):
                verbs.append(("publish", _("Publish"), False))
            if record.status == Status.PUBLISHED:
                verbs.append(("withdraw", _("Withdraw"), True))
        return verbs

    def verb_view(self, request, object_id):
        """POST ``verb`` and ``comment``: one step of the record towards the public or away from it."""
        record = self.find(request, object_id)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        verb, comment = request.POST.get("verb", ""), request.POST.get("comment", "").strip()[:MAX_COMMENT]
        allowed = self.has_change_permission(request, record) if verb == "submit" else may_publish(request)
        bypass = "bypass" in request.POST
        if not allowed or (bypass and not request.user.is_superuser):
            raise PermissionDenied
        try:
            perform(record, verb, request.user, comment, bypass, saw=number_in(request.POST.get("seen")))
        except ValidationError as refusal:
            self.message_user(request, refusal_text(refusal), messages.ERROR)
        else:
            self.log_change(
                request, record, f"{Review.Verb(verb).label}: {comment}" if comment else Review.Verb(verb).label
            )
            self.message_user(
                request, _("“%(record)s” is now %(status)s.") % {"record": record, "status": record.get_status_display()},
                messages.SUCCESS,
            )  # fmt: skip
        return redirect(self.address("change", record))

    def preview_view(self, request, object_id):
        """The record as readers will see it: the own proposal, another's (``?proposal=``), or the draft."""
        record = self.find(request, object_id)
        if not self.has_change_permission(request, record):
            raise PermissionDenied
        try:
            with drafting.rehearsal(record, self._previewed(request, record)):
                record.status, record.published_at = Status.PUBLISHED, record.published_at or record.updated_at
                record.refresh_derived()
                response = _public_page(request, record)
        except DossierError as error:
            self.message_user(
                request,
                _("There is nothing to preview: %(error)s") % {"error": refusal_in_words(record, error)},
                messages.ERROR,
            )
            return redirect(self.address("change", record))
        return response

    def _previewed(self, request, record):
        """The state to show."""
        number = number_in(request.GET.get("proposal"))
        if not number:
            return drafting.standing(record, request.user)
        if not request.user.has_perm("sources.view_proposal"):
            raise PermissionDenied
        return proposals.joined(get_object_or_404(record.proposals, pk=number))[0]

    # Bulk actions: each refuses what the gate refuses, and reports

    @admin.action(description=gettext_lazy("Submit for review"), permissions=["change"])
    def submit_selected(self, request, queryset):
        self._in_bulk(request, queryset, "submit")

    @admin.action(description=gettext_lazy("Publish"), permissions=["publish"])
    def publish_selected(self, request, queryset):
        self._in_bulk(request, queryset, "publish")

    @admin.action(description=gettext_lazy("Withdraw"), permissions=["publish"])
    def withdraw_selected(self, request, queryset):
        reason = request.POST.get("reason", "").strip()[:MAX_COMMENT]
        if reason:
            return self._in_bulk(request, queryset, "withdraw", reason)
        return self.page(request, "admin/concordance/withdraw.html", None, _("Withdraw"), records=queryset)

    def has_publish_permission(self, request):
        return may_publish(request)

    def _in_bulk(self, request, queryset, verb, comment=""):
        done, refused = 0, []
        for record in queryset:
            try:
                with transaction.atomic():
                    perform(record, verb, request.user, comment)
                done += 1
            except ValidationError as refusal:
                refused.append(f"{record}: {refusal_text(refusal)}")
        if done:
            word = Review.Verb(verb).label
            self.message_user(request, _("%(n)s records: %(word)s.") % {"n": done, "word": word}, messages.SUCCESS)
        for line in refused[:20]:
            self.message_user(request, line, messages.WARNING)
        if len(refused) > 20:
            self.message_user(request, _("%(n)s more were refused.") % {"n": len(refused) - 20}, messages.WARNING)


def _public_page(request, record):
    """What a reader would get at the record's address, fit for this one person's eyes."""
    page = resolve(record.get_absolute_url())
    request.GET = QueryDict()
    for name in ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE"):
        request.META.pop(name, None)
    response = page.func(request, **page.kwargs)
    for name in ("ETag", "Last-Modified", "Link"):
        response.headers.pop(name, None)
    response["Cache-Control"] = "private, no-store"
    return response
