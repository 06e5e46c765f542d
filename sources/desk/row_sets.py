"""The lists of a record as formsets over rows in memory. A formset fills its rows and saves nothing."""

from django import forms
from django.db import models
from django.utils.functional import cached_property

from sources.records.dossier import hold, in_order
from sources.records.dossier.memory import NOT_SAVED


class RowSet(forms.BaseFormSet):
    """The rows of one list, each a form. A saved row is recognised by its key, not by its number in the form.

    ``record`` is in memory (see ``dossier.in_memory``) and ``rows`` belong to it. A row that was not posted does not change.
    """

    def __init__(self, data=None, *, record, rows, **kwargs):
        self.record, self.rows = record, list(rows)
        self._not_posted = {self.key_of(row): row for row in self.rows}
        super().__init__(data, **kwargs)

    @staticmethod
    def key_of(row):
        """The permanent name of the row within its list."""
        return row.key

    def attach(self, row):
        """Set the record that a new row belongs to."""

    @cached_property
    def empty_form(self):
        """The form that "Add another" copies. Cached, because one screen uses it several times."""
        return super().empty_form

    def is_multipart(self):
        return self.empty_form.is_multipart()

    def initial_form_count(self):
        return super().initial_form_count() if self.is_bound else len(self.rows)

    def _construct_form(self, i, **kwargs):
        # ``empty_permitted`` skips validation of unchanged rows.
        form = super()._construct_form(i, **{"instance": self._row_at(i), "empty_permitted": True, **kwargs})
        if form.instance.pk is None:
            self.attach(form.instance)
        return form

    def _row_at(self, number):
        if not self.is_bound:
            return self.rows[number] if number < len(self.rows) else None
        return self._not_posted.pop(self.data.get(f"{self.add_prefix(number)}-key"), None)

    def add_fields(self, form, index):
        super().add_fields(form, index)
        key = self.key_of(form.instance) if form.instance.pk else ""
        form.fields["key"] = forms.CharField(required=False, widget=forms.HiddenInput, initial=key)

    @property
    def kept(self):
        """The saved rows that are not to be removed. Call ``is_valid`` first."""
        gone = {id(form.instance) for form in self.forms if self._should_delete_form(form)}
        return [row for row in self.rows if id(row) not in gone]

    @property
    def new_forms(self):
        """The forms of new rows that were filled in. Call ``is_valid`` first."""
        new = [form for form in self.forms if form.instance.pk is None and form.has_changed()]
        return [form for form in new if not self._should_delete_form(form)]

    def typed_rows(self):
        """The rows as they were typed, in order. Call ``is_valid`` first."""
        return [*self.kept, *(form.instance for form in self.new_forms)]


class PartFormSet(RowSet):
    """The parts of one kind. New ones go to the end of the list unless they have an ``order``."""

    def attach(self, row):
        setattr(row, row.PARENT, self.record)

    def clean(self):
        """Check the unique constraints among the rows, which are not in the database yet."""
        changed = {id(form.instance): form for form in self.forms if form.has_changed()}
        rows = [*self.kept, *(form.instance for form in self.new_forms)]
        # Unchanged rows come first, so that a new or changed row gets the error.
        rows.sort(key=lambda row: id(row) in changed)
        for constraint in self._told_apart_by():
            taken = set()
            for row in rows:
                values = tuple(getattr(row, row._meta.get_field(name).attname) for name in constraint.fields)
                if values in taken:
                    changed[id(row)].refuse(constraint)
                taken.add(values)

    def _told_apart_by(self):
        model = self.form._meta.model
        for constraint in model._meta.constraints:
            is_unique = isinstance(constraint, models.UniqueConstraint)
            if is_unique and model.PARENT in constraint.fields and "key" not in constraint.fields:
                yield constraint

    def typed_rows(self):
        for form in self.forms:
            if form.has_changed():
                hold(form.instance, **self._relations_to_many(form))
        rows, fresh = self.kept, [form.instance for form in self.new_forms]
        last, taken = max((row.order for row in rows), default=-1), {row.key for row in self.rows}
        for number, row in enumerate(fresh, start=1):
            row.pk, row.key, row.order = (
                NOT_SAVED - len(self.rows) - number,
                row.free_key(taken),
                row.order or last + number,
            )
            taken.add(row.key)
        return in_order([*rows, *fresh])

    @staticmethod
    def _relations_to_many(form):
        names = [field.name for field in form._meta.model._meta.many_to_many]
        return {name: form.cleaned_data[name] for name in names if name in form.cleaned_data}
