"""The editing screen of a record: adds citations, the preview and merging to the form and the review verbs."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import resolve
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from sources.desk import saving_edits
from sources.desk.autocomplete import exact_first, is_picker
from sources.desk.citation_forms import CitationInline, RulingInline
from sources.desk.inlines import GapFilter
from sources.desk.merge_screen import MergeScreen
from sources.desk.posted_form import number_in
from sources.desk.refusals import may_publish
from sources.desk.reviewed_admin import ReviewedAdmin
from sources.desk.visibility import sees_drafts
from sources.desk.wording import refusal_in_words
from sources.lib.locks import DRAWING, waiting
from sources.reading import kinds
from sources.records.dossier import DossierError
from sources.records.found_by_name import MOST_FOUND
from sources.records.status import UNCHOOSABLE, Status


class RecordAdmin(MergeScreen, ReviewedAdmin):
    """The admin of a record, which has citations and a public page and can be merged into another record."""

    list_display = ("label", "status", "without_source", "contested", "updated_at")
    list_filter = ("status", GapFilter)
    search_fields = ("search_text",)
    ordering = ("-updated_at", "-pk")

    @admin.display(description=gettext_lazy("record"), ordering="sort_key")
    def label(self, record):
        return self.with_return(record)

    @admin.display(description=gettext_lazy("without a source"), ordering="uncited_count")
    def without_source(self, record):
        count = record.uncited_count
        return ngettext("%(n)s fact", "%(n)s facts", count) % {"n": count} if count else _("none")

    @admin.display(description=gettext_lazy("contested"), ordering="is_contested")
    def contested(self, record):
        return _("contested") if record.is_contested else _("no")

    def get_inlines(self, request, obj):
        """No citations before the first save, since they name saved facts."""
        return [*super().get_inlines(request, obj), *([CitationInline, RulingInline] if obj else [])]

    def response_add(self, request, obj, post_url_continue=None):
        """After the first save, redirect to the form: now there are facts to cite."""
        if not {"_addanother", "_popup"} & set(request.POST):
            request.POST = request.POST.copy()
            request.POST["_continue"] = "1"
        return super().response_add(request, obj, post_url_continue)

    def get_search_results(self, request, queryset, search_term):
        """Search by the words of the names, ignoring accents, as the public lists do. A search box offers only rows that may be
        named, exact matches first."""
        if is_picker(request):
            queryset = queryset.exclude(status__in=UNCHOOSABLE)
        if not search_term.strip():
            return queryset, False
        rows = queryset.matching(search_term)
        if is_picker(request):
            return exact_first(rows, search_term), False
        if queryset.is_too_many(search_term):
            words = _(
                "More than %(n)s records match. The list has at most %(n)s published ones, those with most evidence, and as many "
                "others. Add a word to find the rest."
            )
            self.message_user(request, words % {"n": f"{MOST_FOUND:,}"}, messages.WARNING)
        return rows, False

    def surroundings(self, request, record):
        """Adds the preview and the merger to what every screen shows."""
        context = super().surroundings(request, record)
        address, amended = self.address("preview", record), context["amended"]
        may_merge = may_publish(request) and record.status != Status.MERGED
        return {
            **context,
            "merge_address": self.address("merge", record) if may_merge else "",
            "preview_address": f"{address}?proposal={amended.pk}" if amended else address,
        }

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Redirect users who may not see drafts to the public page: the form names other records, also drafts."""
        if object_id is None or sees_drafts(request.user):
            return super().changeform_view(request, object_id, form_url, extra_context)
        record = self.find(request, object_id)
        if request.method != "GET":
            raise PermissionDenied
        return redirect(record.get_absolute_url())

    # The preview

    own_words = (*ReviewedAdmin.own_words, "preview", "merge", "close")

    def preview_view(self, request, object_id):
        """POST: the record as readers will see it: the own proposal, another's (``?proposal=``), or the draft.

        The public page reads the database, so the state is written and rolled back. That is why it takes a POST.
        """
        record = self.find(request, object_id)
        if not self.has_change_permission(request, record):
            raise PermissionDenied
        if request.method != "POST":
            return redirect(self.address("change", record))
        try:
            with waiting(DRAWING), saving_edits.rehearsal(record, self._previewed(request, record)):
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
        """The dossier to show in the preview."""
        number = number_in(request.GET.get("proposal"))
        if not number:
            return saving_edits.edited_state(record, request.user)
        if not request.user.has_perm("sources.view_proposal"):
            raise PermissionDenied
        return get_object_or_404(record.proposals, pk=number).joined()[0]


def _public_page(request, record):
    """The whole public page of the record, without validators, not to be cached by others.

    Not the extract of a kind that has one: its numbers link to the notes of the published state.
    """
    own = kinds.page_of(type(record))
    whole = "full/" if own and own.whole_template else ""
    page = resolve(f"{record.get_absolute_url()}{whole}")
    request.method, request.GET = "GET", QueryDict()
    for name in ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE"):
        request.META.pop(name, None)
    response = page.func(request, **page.kwargs)
    for name in ("ETag", "Last-Modified", "Link"):
        response.headers.pop(name, None)
    response["Cache-Control"] = "private, no-store"
    return response
