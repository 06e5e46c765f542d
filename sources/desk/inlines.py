"""The admin's own layer, where it knows no app: rows of parts, search boxes for relations, filters for gaps."""

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget, AutocompleteSelect, AutocompleteSelectMultiple
from django.db import models
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sources.desk.guarded_admin import GuardedFields
from sources.desk.wording import coded_label, is_grade
from sources.lib.date_hints import hint
from sources.lib.form_errors import ErrorsAtFields
from sources.lib.keys import KeyChoice, KeyChoices, ShowsKeysOnly
from sources.records import dossier
from sources.records.namesakes import choice_labels


class DayField(forms.DateField):
    """A whole day, in the notation of all other dates; what is written otherwise is not guessed."""

    def __init__(self, **kwargs):
        super().__init__(**{**kwargs, "input_formats": ["%Y-%m-%d"]})

    def to_python(self, value):
        try:
            return super().to_python(value)
        except forms.ValidationError:
            raise forms.ValidationError(hint(str(value)) or _("Write the day as 2025-12-15."), code="invalid") from None


EDITORS_FIELDS = {models.DateField: {"form_class": DayField, "widget": AdminDateWidget(format="%Y-%m-%d")}}


class KnownChoice(KeyChoice):
    """A choice of one row that asks the database only for what the screen has not fetched already.

    ``known`` holds those rows by model and primary key; the fields of one screen share it.
    """

    def __init__(self, *args, known, **kwargs):
        super().__init__(*args, **kwargs)
        self.known = known

    def to_python(self, value):
        return self.known.get((self.queryset.model, str(value))) or super().to_python(value)

    def label_from_instance(self, row):
        return choice_label(row, self.known)


class KnownChoices(KeyChoices):
    """A choice of several rows, told apart as in the search box."""

    def __init__(self, *args, known, **kwargs):
        super().__init__(*args, **kwargs)
        self.known = known

    def label_from_instance(self, row):
        return choice_label(row, self.known)


def choice_label(row, known):
    """What a row is called where it is chosen. The rows of its kind that the screen has fetched are asked about together."""
    labels = known.setdefault("labels", {})
    if (type(row), row.pk) not in labels:
        alike = [other for other in known.values() if type(other) is type(row)]
        for pk, label in choice_labels([row, *alike]).items():
            labels[type(row), pk] = label
    return labels[type(row), row.pk]


class SearchBoxes(ShowsKeysOnly, AutocompleteSelectMultiple):
    """The stock search box for several rows."""


class SearchBox(ShowsKeysOnly, AutocompleteSelect):
    """The stock search box without its question for the name of what is chosen, in each row; ``known`` as above."""

    def __init__(self, field, admin_site, known, **kwargs):
        super().__init__(field, admin_site, **kwargs)
        self.known = known

    def optgroups(self, name, value, attrs=None):
        chosen = [str(item) for item in value if item]
        row = self.known.get((self.field.related_model, chosen[0])) if len(chosen) == 1 else None
        if row is None:
            return super().optgroups(name, value, attrs)
        empty = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        return [
            (None, [*empty, self.create_option(name, chosen[0], choice_label(row, self.known), True, len(empty))], 0)
        ]


class EditorsForm(ErrorsAtFields, forms.ModelForm):
    """The form of a record itself."""


class RowForm(ErrorsAtFields, forms.ModelForm):
    """One row of a record's list. A record has hundreds, of which a save changes a few."""

    @property
    def media(self):
        """The same for every row of a list; put together once, since the admin asks each row."""
        form = type(self)
        if "media_once" not in form.__dict__:
            form.media_once = super().media
        return form.media_once

    def _post_clean(self):
        """What nobody touched is right as it stands in the database; asking that takes a query for each constraint."""
        if self.instance.pk is None or self.has_changed():
            super()._post_clean()


class OneEmptyRowMixin:
    """A form set that makes the row to be copied once; the admin asks for it four times to draw a screen."""

    @cached_property
    def empty_form(self):
        return super().empty_form


class KnownRowsMixin(OneEmptyRowMixin):
    """A form set that does not ask the database, for each row, whether the row it has just fetched is there."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        row, name = form.instance, self.model._meta.pk.name
        known = {(self.model, str(row.pk)): row} if row.pk else {}
        if name in form.fields:
            form.fields[name] = KnownChoice(
                form.fields[name].queryset, known=known, initial=row.pk, required=False, widget=forms.HiddenInput
            )


class PartFormSet(KnownRowsMixin, forms.BaseInlineFormSet):
    """Rows of a record's parts. New rows go to the end of the list."""

    def get_queryset(self):
        """The rows in memory, where the record was gathered for the screen."""
        if dossier.is_gathered(self.instance):
            return list(getattr(self.instance, self.fk.remote_field.accessor_name).all())
        return super().get_queryset()

    def _construct_form(self, i, **kwargs):
        form = super()._construct_form(i, **kwargs)
        for name, field in form.fields.items():
            if isinstance(field, KnownChoice) and form.instance._meta.get_field(name).is_relation:
                _remember(field.known, form.instance, name)
        return form

    def save_new(self, form, commit=True):
        row = super().save_new(form, commit=False)
        if not row.order:
            last = type(row).objects.filter(**{row.PARENT: self.instance}).aggregate(models.Max("order"))["order__max"]
            row.order = 0 if last is None else last + 1
        if commit:
            row.save()
            form.save_m2m()
        return row


def _remember(known, row, name):
    """Keep the row that this one names, if it was fetched along."""
    field = row._meta.get_field(name)
    target = getattr(row, name) if field.is_cached(row) else None
    if target is not None:
        known[field.related_model, str(target.pk)] = target


def is_picker(request):
    """Whether a search box asks, and not the list of a kind."""
    return getattr(request.resolver_match, "url_name", "") == "autocomplete"


def known_rows(request):
    """``{(model, primary key): row}`` of what this screen has fetched, and under ``"labels"`` what they are called there."""
    if not hasattr(request, "known_rows"):
        request.known_rows = {}
    return request.known_rows


class AutocompleteMixin(GuardedFields):
    """Every relation to another record is a search box; days are written as all dates are."""

    formfield_overrides = EDITORS_FIELDS

    def get_autocomplete_fields(self, request):
        registered = self.admin_site._registry
        return [
            field.name
            for field in self.model._meta.get_fields()
            if (field.many_to_one or field.many_to_many)
            and not field.auto_created
            and field.editable
            and field.name not in self.plain_selects
            and getattr(registered.get(field.related_model), "search_fields", ())
        ]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            known = known_rows(request)
            box = SearchBox(db_field, self.admin_site, known)
            if db_field.name in self.narrowed_by:
                box.attrs["data-narrowed-by"] = self.narrowed_by[db_field.name]
            kwargs = {"widget": box, "form_class": KnownChoice, "known": known, **kwargs}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            boxes = SearchBoxes(db_field, self.admin_site)
            kwargs = {"widget": boxes, "form_class": KnownChoices, "known": known_rows(request), **kwargs}
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    plain_selects = ()
    # ``{field: other field of the row}``: the search box of the one offers what belongs to the choice in the other.
    narrowed_by = {}


class PartInline(AutocompleteMixin, admin.StackedInline):
    """The parts of one kind, on their own tab."""

    form = RowForm
    formset = PartFormSet
    template = "admin/concordance/part_inline.html"
    extra = 0
    show_change_link = False

    def get_fields(self, request, obj=None):
        return [*self.model.DOSSIER_FIELDS, "order", "key"]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "key":
            # None and not "": two new rows, both without a key as yet, do not have the same one.
            kwargs |= {"widget": forms.HiddenInput, "empty_value": None}
        return plain(for_editors(super().formfield_for_dbfield(db_field, request, **kwargs), db_field))

    def get_queryset(self, request):
        """With what the rows show of other records, so that a long list asks the database once."""
        return super().get_queryset(request).select_related(self.model.PARENT, *dossier.single_relations(self.model))


def for_editors(field, db_field):
    """A form field as editors need it. Prose gets three lines; the browser lets the editor pull it open. Grades show the letters
    and numbers that the help speaks of."""
    if isinstance(db_field, models.TextField) and hasattr(field, "widget"):
        field.widget.attrs["rows"] = 3
    if is_grade(db_field) and hasattr(field, "choices"):
        empty = [choice for choice in field.choices if choice[0] == ""]
        field.choices = [*empty, *((code, coded_label(db_field, code)) for code, _label in db_field.flatchoices)]
    if field is not None and db_field.name.endswith("_es"):
        plain_name = db_field.verbose_name.removesuffix(" es")
        field.label = capfirst(_("%(field)s in Spanish") % {"field": plain_name})
    return field


def plain(field):
    """Without the links to change the related record: a screen of a hundred relations has no room for four hundred icons."""
    for link in ("can_add_related", "can_change_related", "can_delete_related", "can_view_related"):
        if hasattr(getattr(field, "widget", None), link):
            setattr(field.widget, link, False)
    return field


class GradeFilter(admin.ChoicesFieldListFilter):
    """A filter by grade that shows the letter or number of each."""

    def choices(self, changelist):
        everything, *graded = super().choices(changelist)
        yield everything
        for choice, (code, _label) in zip(graded, self.field.flatchoices, strict=False):
            yield {**choice, "display": coded_label(self.field, code)}


class GapFilter(admin.SimpleListFilter):
    title = gettext_lazy("what is missing")
    parameter_name = "gap"

    def lookups(self, request, model_admin):
        return [("uncited", _("has unsourced facts")), ("contested", _("has contested facts"))]

    def queryset(self, request, queryset):
        if self.value() == "uncited":
            return queryset.filter(uncited_count__gt=0)
        if self.value() == "contested":
            return queryset.filter(is_contested=True)
        return queryset
