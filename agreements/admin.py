from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Subquery
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from agreements.coding.coding_grid import CodingGrid
from agreements.coding.press_grid import PressGrid
from agreements.coding.second_coding_admin import SecondCodingMixin
from agreements.life.status import InstrumentStatus, status_words
from agreements.models import (
    Agreement,
    AgreementTitle,
    Approach,
    Assistance,
    Clause,
    Codebook,
    Coding,
    Event,
    EventParticipant,
    Exercise,
    ExerciseSeries,
    Milestone,
    Participation,
    Party,
    Position,
    RegistryNumber,
    Relation,
    SecondCoding,
    Signature,
    StatusSpan,
    Topic,
    Visit,
)
from sources.admin import ReadOnlyAdmin
from sources.desk import saving_edits
from sources.desk.autocomplete import is_picker
from sources.desk.inlines import PartInline
from sources.desk.posted_form import number_in
from sources.desk.proposing_admin import ProposingAdmin
from sources.desk.record_admin import RecordAdmin
from sources.desk.row_sets import PartFormSet


class TitleInline(PartInline):
    model = AgreementTitle


class RegistryNumberInline(PartInline):
    model = RegistryNumber


class PartyInline(PartInline):
    model = Party


class MilestoneInline(PartInline):
    model = Milestone


class SignatureInline(PartInline):
    model = Signature


class ClauseInline(PartInline):
    model = Clause


class RelationInline(PartInline):
    model = Relation
    fk_name = "agreement"


class ClausesField(forms.MultipleChoiceField):
    """Clauses of one agreement by their key, as rows in memory."""

    by_key = {}

    def offer(self, clauses):
        """Set what can be chosen: ``{key: clause}``."""
        self.by_key = clauses
        self.choices = [(key, str(clause)) for key, clause in clauses.items()]

    def prepare_value(self, value):
        return [getattr(clause, "key", clause) for clause in value or ()]

    def has_changed(self, initial, data):
        return super().has_changed(self.prepare_value(initial), data)

    def clean(self, value):
        return [self.by_key[key] for key in super().clean(value)]


class CodingFormSet(PartFormSet):
    """The codings of an agreement, each beside the clauses of the agreement."""

    @cached_property
    def clauses(self):
        return {clause.key: clause for clause in self.record.clauses.all()}

    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.fields["clauses"].offer(self.clauses)


class CodingInline(PartInline):
    model = Coding
    row_set = CodingFormSet
    plain_selects = ("clauses",)
    narrowed_by = {"approach": "topic"}

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """A new coding follows the newest codebook, as on the coding grid."""
        if db_field.name == "codebook":
            kwargs["initial"] = lambda: Codebook.objects.first()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name != "clauses":
            return super().formfield_for_manytomany(db_field, request, **kwargs)
        return ClausesField(required=False, label=db_field.verbose_name, help_text=db_field.help_text)


class StatusTodayListFilter(admin.SimpleListFilter):
    title = _lazy("status today")
    parameter_name = "status_today"

    def lookups(self, request, model_admin):
        return InstrumentStatus.choices

    def queryset(self, request, queryset):
        spans = StatusSpan.objects.today().filter(agreement=OuterRef("pk"), status=self.value())
        return queryset.filter(Exists(spans)) if self.value() else queryset


@admin.register(Agreement)
class AgreementAdmin(SecondCodingMixin, RecordAdmin):
    part_inlines = (
        TitleInline, PartyInline, MilestoneInline, SignatureInline, ClauseInline, CodingInline, RelationInline,
        RegistryNumberInline,
    )  # fmt: skip
    list_display = ("label", "type", "signed", "status_today", "status", "without_source", "contested")
    list_filter = ("status", "type", StatusTodayListFilter, "text_availability", "is_contested")
    date_hierarchy = None

    own_words = (*RecordAdmin.own_words, "coding", "press", "second")

    def get_queryset(self, request):
        today = StatusSpan.objects.today().filter(agreement=OuterRef("pk"))
        return (
            super()
            .get_queryset(request)
            .annotate(span_status=Subquery(today.values("status")[:1]), span_since=Subquery(today.values("since")[:1]))
        )

    @admin.display(description=_lazy("status today"))
    def status_today(self, agreement):
        return status_words(agreement.span_status or InstrumentStatus.UNKNOWN, agreement.span_since)

    def surroundings(self, request, record):
        addresses = {f"{word}_address": self.address(word, record) for word in ("coding", "press", "second")}
        return {**super().surroundings(request, record), **addresses}

    def coding_view(self, request, object_id):
        """All codings on one screen, beside the clauses; saved as the form is."""
        title = _("Coding of %(record)s")
        return self._grid_view(request, object_id, "coding", CodingGrid, "admin/agreements/coding_grid.html", title)

    def press_view(self, request, object_id):
        """All press reports on the text, beside it; saved like the form."""
        title = _("Press against text: %(record)s")
        return self._grid_view(request, object_id, "press", PressGrid, "admin/agreements/press_grid.html", title)

    def _grid_view(self, request, object_id, word, grid_class, template, title):
        """A grid drawn from the dossier that the user edits and read back into one."""
        record = self.find(request, object_id)
        if not self.has_change_permission(request, record):
            raise PermissionDenied

        def draw(base, grid):
            return self.page(
                request, template, record, title % {"record": record},
                grid=grid, media=self.media, **self.at_hand(request, record), **self.form_context(request, base),
            )  # fmt: skip

        is_posted = request.method == "POST"
        base = self.posted_base(request) if is_posted else saving_edits.edited_state(record, request.user)
        if base is None:
            return self.unsaved(request, record, _("The form was not complete."))
        if "_bring_back" in request.POST:
            request.saved_since = self.saved_since(request, record, base)
        if not is_posted or "_bring_back" in request.POST:
            return draw(base, grid_class(base))
        grid = grid_class(base, request.POST)
        if not grid.is_valid():
            return draw(base, grid)
        response = self.store(request, record, base, grid.dossier())
        return redirect(self.address(word, record)) if response.status_code == 302 else response


@admin.register(SecondCoding)
class SecondCodingAdmin(ReadOnlyAdmin):
    """Shows who coded which agreement a second time. An administrator can delete one, so that it can be made again."""

    list_display = ("agreement", "coder_name", "begun_on", "finished_on")
    list_select_related = ("agreement",)
    fields = ("agreement", "coder_name", "codebook", "begun_on", "finished_on")

    def has_delete_permission(self, request, obj=None):
        return request.user.is_superuser


class ApproachInline(PartInline):
    model = Approach


@admin.register(Topic)
class TopicAdmin(ProposingAdmin):
    part_inlines = (ApproachInline,)
    list_display = ("code", "name", "group_name", "since")
    list_filter = ("group",)
    list_select_related = ("since",)
    search_fields = ("code", "name", "name_es")


@admin.register(Approach)
class ApproachAdmin(ReadOnlyAdmin):
    """Registered only for search boxes; approaches are edited with their topic."""

    search_fields = ("topic__code", "name", "code")
    list_select_related = ("topic",)

    def get_search_results(self, request, queryset, search_term):
        """``?topic=``, the topic chosen beside the search box, leaves its own approaches only."""
        rows, may_repeat = super().get_search_results(request, queryset, search_term)
        topic = request.GET.get("topic")
        if is_picker(request) and topic is not None:
            rows = rows.filter(topic=number_in(topic))
        return rows, may_repeat

    def has_module_permission(self, request):
        return False


@admin.register(Codebook)
class CodebookAdmin(ProposingAdmin):
    list_display = ("version", "published_on")
    search_fields = ("version",)


@admin.register(ExerciseSeries)
class ExerciseSeriesAdmin(RecordAdmin):
    pass


class ParticipationInline(PartInline):
    model = Participation


class VisitInline(PartInline):
    model = Visit


@admin.register(Exercise)
class ExerciseAdmin(RecordAdmin):
    part_inlines = (ParticipationInline, VisitInline)
    list_display = ("label", "kind", "dates", "status", "without_source", "contested")
    list_filter = ("status", "kind", "domain")


@admin.register(Assistance)
class AssistanceAdmin(RecordAdmin):
    list_display = ("label", "kind", "state", "date", "status", "without_source", "contested")
    list_filter = ("status", "kind", "state")


class EventParticipantInline(PartInline):
    model = EventParticipant


@admin.register(Event)
class EventAdmin(RecordAdmin):
    part_inlines = (EventParticipantInline,)
    list_display = ("label", "kind", "date", "status", "without_source", "contested")
    list_filter = ("status", "kind")


@admin.register(Position)
class PositionAdmin(RecordAdmin):
    list_display = ("label", "stance", "date", "status", "without_source")
    list_filter = ("status", "stance", "attribution")
    list_select_related = ("person", "organisation")

    def get_fields(self, request, obj=None):
        return [
            "slug", "person", "organisation", "holder_note", "record_type", "record_id", "stance", "statement", "date",
            "occasion", "attribution", "note",
        ]  # fmt: skip
