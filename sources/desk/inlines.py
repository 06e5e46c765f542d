"""Parts of the admin that all apps share: rows of parts, search boxes for relations, filters for gaps."""

from functools import partial

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget, AutocompleteSelect, AutocompleteSelectMultiple
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sources.desk.autocomplete import row_named
from sources.desk.guarded_admin import GuardedFields
from sources.desk.row_sets import PartFormSet
from sources.desk.wording import coded_label, is_grade
from sources.lib.date_hints import hint
from sources.lib.form_errors import ErrorsAtFields
from sources.lib.keys import could_be_key
from sources.records.dossier.kinds import is_documented
from sources.records.namesakes import choice_labels


class DayField(forms.DateField):
    """A whole day, in the same notation as all other dates; any other notation is refused."""

    def __init__(self, **kwargs):
        super().__init__(**{**kwargs, "input_formats": ["%Y-%m-%d"]})

    def to_python(self, value):
        try:
            return super().to_python(value)
        except forms.ValidationError:
            raise forms.ValidationError(hint(str(value)) or _("Write the day as 2025-12-15."), code="invalid") from None


EDITORS_FIELDS = {models.DateField: {"form_class": DayField, "widget": AdminDateWidget(format="%Y-%m-%d")}}


# Ends the name of the text field beside a search box.
TYPED = "_typed"


class NamesChosen:
    """A search box that gets the names of its choices from ``name_chosen`` instead of one query for each box.

    Without a script a text field beside the box takes names, codes or slugs; several are separated by semicolons.
    """

    names = None
    template_name = "admin/concordance/search_box.html"

    def value_from_datadict(self, data, files, name):
        chosen = super().value_from_datadict(data, files, name)
        typed = [word for part in data.get(f"{name}{TYPED}", "").split(";") if (word := part.strip())]
        keys = [self._key_of(word) for word in typed]
        if self.allow_multiple_selected:
            return [*(chosen or ()), *keys]
        return keys[0] if keys else chosen

    def _key_of(self, word):
        """The key of the row of this name, as a browser would send it; the word itself if there is no such row."""
        row = row_named(self.choices.queryset, word)
        return str(row.pk) if row else word

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        values = [] if self.names is None else context["widget"]["value"]
        unknown = [word for word in values if word and word not in self.names]
        context["typed"] = {"name": f"{name}{TYPED}", "value": "; ".join(unknown)}
        return context

    def optgroups(self, name, value, attrs=None):
        if self.names is None:
            return super().optgroups(name, value, attrs)
        keys = [key for key in map(str, value) if key in self.names]
        nothing = (
            [] if self.is_required or self.allow_multiple_selected else [self.create_option(name, "", "", False, 0)]
        )
        chosen = [self.create_option(name, key, self.names[key], True, len(nothing) + n) for n, key in enumerate(keys)]
        return [(None, [*nothing, *chosen], 0)]


class SearchBox(NamesChosen, AutocompleteSelect):
    """The stock search box for one row."""


class SearchBoxes(NamesChosen, AutocompleteSelectMultiple):
    """The stock search box for several rows."""


def name_chosen(some_forms):
    """Give the search boxes of the forms the names of their choices, with one query for each kind of row."""
    boxes, chosen = {}, {}
    for form in some_forms:
        for name, field in form.fields.items():
            box = getattr(field.widget, "widget", field.widget)  # the stock admin wraps it
            if isinstance(box, NamesChosen):
                model, value = field.queryset.model, form[name].value()
                keys = value if isinstance(value, (list, tuple)) else [value]
                boxes.setdefault(model, []).append(box)
                chosen.setdefault(model, set()).update(key for key in keys if key and could_be_key(model, key))
    for model, keys in chosen.items():
        rows = model.objects.filter(pk__in=keys)
        names = choice_labels(rows if is_documented(model) else rows.select_related(model.PARENT))
        for box in boxes[model]:
            box.names = {str(key): name for key, name in names.items()}


class EditorsForm(ErrorsAtFields, forms.ModelForm):
    """The form of a record, or of one row of its lists."""


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
            box = SearchBox(db_field, self.admin_site)
            if db_field.name in self.narrowed_by:
                box.attrs["data-narrowed-by"] = self.narrowed_by[db_field.name]
            kwargs = {"widget": box, **kwargs}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs = {"widget": SearchBoxes(db_field, self.admin_site), **kwargs}
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    plain_selects = ()
    # ``{field: other field of the row}``: the search box of the first offers only rows that belong to the choice in the second.
    narrowed_by = {}


class RowsInline(AutocompleteMixin):
    """A list of a record as forms over rows in memory: how its form is made, and who may change it. Saves nothing."""

    extra = 0
    template = "admin/concordance/part_inline.html"
    show_change_link = False
    row_form, row_set = EditorsForm, PartFormSet
    # Whether saved rows are drawn as one line each instead of a form.
    is_lines = False

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        return for_editors(super().formfield_for_dbfield(db_field, request, **kwargs), db_field)

    def forms_of(self, request, editing, data):
        """The row set of this list of ``editing.record`` (see ``EditingForm``); ``data`` is what was posted, or ``None``."""
        row_form = forms.modelform_factory(
            self.model,
            form=self.row_form,
            fields=self.get_fields(request, editing.record),
            formfield_callback=partial(self.formfield_for_dbfield, request=request),
        )
        can_delete = self.has_delete_permission(request, editing.record)
        row_set = forms.formset_factory(row_form, formset=self.row_set, extra=self.extra, can_delete=can_delete)
        rows = getattr(editing.record, self.list_name).all()
        return row_set(data, prefix=self.prefix, record=editing.record, rows=rows, **self.more_of(editing))

    def more_of(self, editing):
        """Further arguments of the row set."""
        return {}

    def is_drawn_in(self, data):
        """Whether the rows were on the screen that posted the data."""
        return f"{self.prefix}-TOTAL_FORMS" in data

    @property
    def prefix(self):
        return self.list_name


class PartInline(RowsInline, admin.StackedInline):
    """The parts of one kind, on their own tab."""

    @property
    def list_name(self):
        return self.model._meta.get_field(self.model.PARENT).remote_field.related_name

    def get_fields(self, request, obj=None):
        return [*self.model.DOSSIER_FIELDS, "order"]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        return plain(super().formfield_for_dbfield(db_field, request, **kwargs))


def for_editors(field, db_field):
    """A form field as editors need it. Prose gets three lines; the editor can enlarge them. Grades show their letter or number,
    which the help texts mention."""
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
    """Without the links to change the related record: a hundred relations would need four hundred icons."""
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
