"""Sources, publishers and findings; the review queue; the trail to look things up in."""

from itertools import chain

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.functional import cached_property
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sources.desk import conflicts
from sources.desk.about_search import MOST_LISTED, MOST_RECORDS, about, citing, newest
from sources.desk.admin_addresses import admin_address
from sources.desk.authorship import authors_of
from sources.desk.autocomplete import ExactFirstMixin
from sources.desk.inlines import GradeFilter
from sources.desk.proposing_admin import ProposingAdmin
from sources.desk.record_admin import RecordAdmin
from sources.desk.refusals import may_publish, refusal_text
from sources.desk.reviewed_admin import ReviewedAdmin
from sources.desk.wording import Wording, coded_label, fact_labels
from sources.lib.languages import language_name
from sources.models import Adjudication, Citation, NegativeFinding, Proposal, Publisher, Removal, Review, Source
from sources.records import dossier_diff
from sources.records.base import Record
from sources.records.own_names import LONG, OwnNames


class LanguageListFilter(admin.AllValuesFieldListFilter):
    """The languages in use, by their names."""

    def choices(self, changelist):
        for choice in super().choices(changelist):
            yield {**choice, "display": language_name(choice["display"])}


@admin.register(Publisher)
class PublisherAdmin(ProposingAdmin):
    list_display = ("name", "kind", "country_code")
    list_filter = ("kind",)
    search_fields = ("name", "slug")


@admin.register(Source)
class SourceAdmin(RecordAdmin):
    list_display = ("label", "publisher", "date", "kind", "grade", "standing", "status")
    list_filter = (
        "status",
        "kind",
        ("reliability", GradeFilter),
        "access",
        "standing",
        ("language", LanguageListFilter),
    )
    list_select_related = ("publisher",)

    @admin.display(description=gettext_lazy("reliability"), ordering="reliability")
    def grade(self, source):
        return coded_label(Source._meta.get_field("reliability"), source.reliability)


@admin.register(NegativeFinding)
class NegativeFindingAdmin(ReviewedAdmin):
    list_display = ("label", "on", "is_gap", "resolved", "status")
    list_filter = ("status", "is_gap", "resolved")
    search_fields = ("question", "slug")

    @admin.display(description=gettext_lazy("question"), ordering="question")
    def label(self, finding):
        return self.with_return(finding)

    def get_fields(self, request, obj=None):
        return [
            "slug",
            "question",
            "is_gap",
            "looked_in",
            "query",
            "on",
            "record_type",
            "record_id",
            "part",
            "field",
            "resolved",
            "outcome",
        ]


class UpToMost(Paginator):
    """Pages of the first ``MOST_LISTED`` rows."""

    @cached_property
    def count(self):
        return self.object_list.order_by()[:MOST_LISTED].count()


class ReadOnlyAdmin(ExactFirstMixin, admin.ModelAdmin):
    """To look things up in; edited on the record's own screen."""

    list_per_page = 50
    show_full_result_count = False

    class Media:
        css = {"all": ("sources/admin.css",)}

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class AboutList(ChangeList):
    """A list of rows about facts, each fact in words."""

    def get_results(self, request):
        super().get_results(request)
        self.result_list = with_places(self.result_list)


def with_places(rows):
    """The rows, each with its ``place``: the fact that it is about, in words."""
    rows = list(rows)
    labels = fact_labels(rows, {row.pk: row.record for row in rows if row.record})
    for row in rows:
        row.place = labels.get(row.pk, "")
    return rows


class AboutAdmin(ReadOnlyAdmin):
    """Rows about facts of records, the newest first: an order that millions of rows have by their keys."""

    ordering = ("-pk",)
    paginator = UpToMost
    search_help_text = format_lazy(
        gettext_lazy(
            "The list ends after {n} rows; search or filter to find others. Of each kind, the {records} records with most evidence are "
            "looked for; a text of more than {words} words is taken for a title."
        ),
        n=f"{MOST_LISTED:,}",
        records=MOST_RECORDS,
        words=LONG,
    )
    # There is a search box; see ``found_by``.
    search_fields = ("record_ref",)

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("record")

    def get_search_results(self, request, queryset, search_term):
        if not search_term.strip():
            return queryset, False
        return newest(queryset, self.found_by(search_term, OwnNames(MOST_RECORDS))), False

    def found_by(self, term, own_names):
        """Conditions, one of which holds of the rows that the words find."""
        return about(term, own_names)

    def get_changelist(self, request, **kwargs):
        return AboutList

    def get_fields(self, request, obj=None):
        return ["record_named", "fact", *self.model.CONTENT_FIELDS]

    def get_readonly_fields(self, request, obj=None):
        return self.get_fields(request, obj)

    @admin.display(description=gettext_lazy("record"), ordering="record_ref")
    def record_named(self, row):
        return str(row.record or _("a record that is gone"))

    @admin.display(description=gettext_lazy("fact"), ordering="field")
    def fact(self, row):
        return row.place if hasattr(row, "place") else with_places([row])[0].place


@admin.register(Citation)
class CitationAdmin(AboutAdmin):
    list_display = ("record_named", "fact", "source", "locator", "stance", "grade")
    list_filter = ("stance", "against_text", ("credibility", GradeFilter))
    list_select_related = ("source",)

    def found_by(self, term, own_names):
        return chain(super().found_by(term, own_names), citing(term, Source.objects, own_names))

    @admin.display(description=gettext_lazy("credibility"), ordering="credibility")
    def grade(self, citation):
        return coded_label(Citation._meta.get_field("credibility"), citation.credibility)


@admin.register(Adjudication)
class AdjudicationAdmin(AboutAdmin):
    list_display = ("record_named", "fact", "state", "adopted_value", "ruled_on")
    list_filter = ("state",)


@admin.register(Review)
class ReviewAdmin(ReadOnlyAdmin):
    list_display = ("record", "verb", "by_name", "at", "comment", "bypassed")
    list_filter = ("verb", "bypassed")

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("record")


@admin.register(Removal)
class RemovalAdmin(ReadOnlyAdmin):
    """What was removed, by whom and why; for administrators, since the log says who asked for it."""

    list_display = ("ref", "version", "by_name", "at", "reason", "comment")
    search_fields = ("slug", "reason")


@admin.register(Proposal)
class ProposalAdmin(ReadOnlyAdmin):
    """The review queue: proposals by state and age, each with its changes beside the sources they cite."""

    list_display = ("record_named", "by_name", "state", "at", "changed_at", "comment")
    list_filter = ("state",)
    search_fields = ("record_ref", "by_name")
    ordering = ("changed_at",)

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("record")

    @admin.display(description=gettext_lazy("record"), ordering="record_ref")
    def record_named(self, proposal):
        return str(proposal.record or _("a record that is gone"))

    def get_urls(self):
        decide = path(
            "<path:object_id>/decide/", self.admin_site.admin_view(self.decide_view), name="sources_proposal_decide"
        )
        return [decide, *super().get_urls()]

    def find(self, request, object_id):
        proposal = self.get_object(request, object_id)
        if proposal is None:
            raise Http404
        if not self.has_view_permission(request, proposal):
            raise PermissionDenied
        return proposal

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The field-level difference with the cited source beside it, and what happened to the record meanwhile."""
        return self._page(request, self.find(request, object_id))

    def _page(self, request, proposal):
        """The proposal; with the choices and the comment that were posted, where they could not be carried out."""
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Proposal for %(record)s") % {"record": proposal.record},
            "proposal": proposal,
            "record": proposal.record,
            "changes": with_sources(in_words(proposal)),
            "conflicts": questions_of(proposal, request.POST),
            "comment": request.POST.get("comment", ""),
            "seen": proposal.seen(),
            "may_decide": may_publish(request),
            "is_own": proposal.by_id == request.user.pk,
            "is_author": request.user.pk in proposal.authors(),
            "is_live": proposal.state in Proposal.LIVE,
            "record_address": admin_address(proposal.record, "change"),
            "preview_address": preview_address(proposal),
        }
        return TemplateResponse(request, "admin/concordance/proposal.html", context)

    def decide_view(self, request, object_id):
        """POST ``verb`` (submit, approve, return, discard), ``comment`` and a side for each conflict. Discarding needs ``confirmed``
        as well, which a second page sends."""
        proposal = self.find(request, object_id)
        here = redirect("admin:sources_proposal_change", proposal.pk)
        if request.method != "POST":
            return here
        verb, comment = request.POST.get("verb", ""), request.POST.get("comment", "").strip()[:2000]
        bypass = "bypass" in request.POST
        if not self._may(request, proposal, verb) or (bypass and not request.user.is_superuser):
            raise PermissionDenied
        if verb == "discard" and proposal.state in Proposal.LIVE and "confirmed" not in request.POST:
            return self._ask_to_discard(request, proposal, comment)
        try:
            self._carry_out(verb, proposal, request, comment, bypass)
        except ValidationError as refusal:
            self.message_user(request, refusal_text(refusal), messages.ERROR)
            return self._page(request, self.find(request, object_id))
        self.message_user(
            request, _("The proposal is now %(state)s.") % {"state": proposal.get_state_display()}, messages.SUCCESS
        )
        return redirect("admin:sources_proposal_changelist")

    VERBS = ("submit", "return", "discard", "approve")

    def _may(self, request, proposal, verb):
        own = proposal.by_id == request.user.pk
        # Only its author says that a proposal is finished.
        allowed = own if verb == "submit" else may_publish(request) or (own and verb == "discard")
        return verb in self.VERBS and allowed

    def _carry_out(self, verb, proposal, request, comment, bypass):
        user = request.user
        if verb == "submit":
            proposal.submit(user, comment)
        elif verb == "return":
            proposal.send_back(user, comment)
        elif verb == "discard":
            proposal.discard(user, comment)
        else:
            choices = conflicts.choices(questions_of(proposal, request.POST))
            proposal.approve(user, comment, choices, bypass, saw=request.POST.get("seen"))

    def _ask_to_discard(self, request, proposal, comment):
        """Ask before discarding, and show the changes that would be lost."""
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Discard the proposal?"),
            "proposal": proposal,
            "record": proposal.record,
            "changes": with_sources(in_words(proposal)),
            "comment": comment,
        }
        return TemplateResponse(request, "admin/concordance/discard.html", context)


def in_words(proposal):
    """What the proposal changes, in words."""
    wording = Wording(proposal.record, proposal.base_dossier, proposal.proposed_dossier)
    return wording.changes(proposal.changes())


def questions_of(proposal, params):
    """The conflicts that a reviewer decides, with the choices in ``params``. The reviewer cannot type another text, because nobody would review it."""
    record, (base, proposed) = proposal.record, (proposal.base_dossier, proposal.proposed_dossier)
    present = record.dossier()
    _state, differing = dossier_diff.join(record, base, present, proposed)
    worded = Wording(record, present, base, proposed).changes(differing)
    return conflicts.questions(record, worded, lambda paths: authors_of(record, present, paths), params, may_type=False)


def preview_address(proposal):
    """The address of the preview, for a record with a page of its own."""
    record = proposal.record
    return f"{admin_address(record, 'preview')}?proposal={proposal.pk}" if isinstance(record, Record) else ""


def with_sources(changes):
    """``(change, source)``: for a change of a citation, the source it cites, so that the reviewer can open it."""
    slugs = {value["source"] for change in changes for value in (change.before, change.after) if _cites(change, value)}
    sources = {source.slug: source for source in Source.objects.filter(slug__in=slugs).select_related("publisher")}
    return [
        (change, sources.get((change.after or change.before or {}).get("source", "")) if change.is_citation else None)
        for change in changes
    ]


def _cites(change, value):
    return change.is_citation and isinstance(value, dict) and "source" in value


admin.site.site_header = gettext_lazy("Concordance")
admin.site.site_title = gettext_lazy("Concordance editing")
admin.site.index_title = gettext_lazy("Editing")
