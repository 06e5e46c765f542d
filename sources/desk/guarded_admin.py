"""``GuardedAdmin``: limits which rows a user sees, and refuses values that would make a look-up fail.

``kb.staff.signin.EditingSite`` puts it in front of every registered model admin, also of other packages.
"""

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import display_for_value
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.text import capfirst

from sources.desk.visibility import is_visible_to, sees_drafts, visible_to
from sources.lib.keys import KeyChoice, KeyChoices, could_be, could_be_key
from sources.records.base import record_models

ACTION_BOX = admin.helpers.ACTION_CHECKBOX_NAME


class GuardedFields:
    """For model admins and inlines: relations accept only possible keys; a content type must be a kind of record."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.related_model is ContentType:
            kwargs = {"form_class": KindChoice, "queryset": kinds_of_record(), **kwargs}
        return super().formfield_for_foreignkey(db_field, request, **{"form_class": KeyChoice, **kwargs})

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        return super().formfield_for_manytomany(db_field, request, **{"form_class": KeyChoices, **kwargs})


class KindChoice(KeyChoice):
    """A choice of a kind of record, by its name."""

    def label_from_instance(self, kind):
        return capfirst(kind.model_class()._meta.verbose_name)


def kinds_of_record():
    kinds = [ContentType.objects.get_for_model(model).pk for model in record_models()]
    return ContentType.objects.filter(pk__in=kinds).order_by("model")


class GuardedAdmin(GuardedFields, admin.ModelAdmin):
    """A user who may not see drafts sees only published rows, in every list, screen and search box."""

    def get_queryset(self, request):
        return visible_to(super().get_queryset(request), request.user)

    def to_field_allowed(self, request, to_field):
        """The stock check asks what a relation from another row to this one does not have."""
        names = {field.name for field in self.opts.concrete_fields}
        return to_field in names and super().to_field_allowed(request, to_field)

    def get_list_display(self, request):
        """A list column with a related row is empty if this user may not see that row."""
        names = super().get_list_display(request)
        return names if sees_drafts(request.user) else [self._column_for(name, request.user) for name in names]

    def _column_for(self, name, user):
        try:
            field = self.opts.get_field(name)
        except (FieldDoesNotExist, TypeError):
            return name
        return visible_column(field, user) if field.is_relation else name

    def changelist_view(self, request, extra_context=None):
        """Ignore ticked rows whose key is impossible."""
        if request.method == "POST" and ACTION_BOX in request.POST:
            request.POST = request.POST.copy()
            ticked = [key for key in request.POST.getlist(ACTION_BOX) if could_be_key(self.model, key)]
            request.POST.setlist(ACTION_BOX, ticked)
        return super().changelist_view(request, extra_context)

    def get_changelist_instance(self, request):
        for name, values in request.GET.lists():
            if not all(is_fit(self.model, name, value) for value in values):
                raise IncorrectLookupParameters(name)
        return super().get_changelist_instance(request)

    def get_object(self, request, object_id, from_field=None):
        return super().get_object(request, object_id, from_field) if could_be_key(self.model, object_id) else None


def visible_column(field, user):
    def column(row):
        target = getattr(row, field.name)
        return display_for_value(target if target is not None and is_visible_to(target, user) else None, "—")

    column.short_description, column.admin_order_field = field.verbose_name, None
    return column


def is_fit(model, name, value):
    """Whether the column that a list parameter (``publisher__id__exact``) names could hold its value."""
    column, look_up = _column_of(model, name)
    if column is None or look_up in ("isnull", "regex", "iregex"):
        return True
    if not column.is_relation and not isinstance(column, models.IntegerField):
        return "\0" not in value
    return all(could_be(column, item) for item in (value.split(",") if look_up in ("in", "range") else [value]))


def _column_of(model, name):
    """``(column, look-up)`` that a parameter names, or ``(None, "")``."""
    column, steps = None, name.split("__")
    for number, step in enumerate(steps):
        if model is None:
            return column, step if number == len(steps) - 1 else ""
        try:
            column = model._meta.pk if step == "pk" else model._meta.get_field(step)
        except FieldDoesNotExist:
            return (column, step) if column is not None else (None, "")
        if not isinstance(column, models.Field):
            return None, ""
        model = column.related_model if column.is_relation else None
    return column, ""
