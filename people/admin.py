from django.contrib import admin

from people.models import (
    FormerCode,
    Membership,
    Organisation,
    OrganisationName,
    Person,
    PersonName,
    Post,
    Succession,
)
from sources.desk.autocomplete import ExactFirstMixin
from sources.desk.inlines import PartInline
from sources.desk.record_admin import RecordAdmin
from sources.records.status import UNCHOOSABLE


class OrganisationNameInline(PartInline):
    model = OrganisationName


class FormerCodeInline(PartInline):
    model = FormerCode


class SuccessionInline(PartInline):
    model = Succession
    fk_name = "organisation"


class PersonNameInline(PartInline):
    model = PersonName


class PostInline(PartInline):
    model = Post


class MembershipInline(PartInline):
    model = Membership


@admin.register(Organisation)
class OrganisationAdmin(RecordAdmin):
    part_inlines = (OrganisationNameInline, FormerCodeInline, SuccessionInline, PostInline)
    list_display = ("label", "kind", "iso_alpha3", "country", "status", "without_source")
    list_filter = ("status", "kind", "region")
    list_select_related = ("country",)


@admin.register(Person)
class PersonAdmin(RecordAdmin):
    part_inlines = (PersonNameInline, MembershipInline)
    list_display = ("label", "family_name", "nationality", "status", "without_source", "updated_at")
    list_select_related = ("nationality",)


@admin.register(Post)
class PostAdmin(ExactFirstMixin, admin.ModelAdmin):
    """Registered only for search boxes; posts are edited with their organisation."""

    search_fields = ("label", "organisation__search_text")
    list_select_related = ("organisation",)

    def get_search_results(self, request, queryset, search_term):
        """Without posts of withdrawn or merged bodies; a merger has moved the latter to the other body."""
        return super().get_search_results(request, queryset.exclude(organisation__status__in=UNCHOOSABLE), search_term)

    def has_module_permission(self, request):
        return False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
