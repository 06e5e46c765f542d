"""Citations and rulings on a record's screen: each points at facts by their place, chosen from a list.

Citations that are there are shown as a list with a box to remove each; new ones are forms, and one form may support several
facts at once. A record with hundreds of citations so remains a page that opens quickly.
"""

from django import forms
from django.contrib.contenttypes.admin import GenericStackedInline
from django.contrib.contenttypes.forms import BaseGenericInlineFormSet
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sources.desk.inlines import (
    EDITORS_FIELDS,
    AutocompleteMixin,
    KnownRowsMixin,
    OneEmptyRowMixin,
    RowForm,
    for_editors,
)
from sources.desk.wording import fact_label, row_label
from sources.lib.form_errors import ErrorsAtFields
from sources.lib.identifiers import assign_ids
from sources.models import Adjudication, Citation
from sources.reading.fact_wording import field_label
from sources.records import dossier

SEPARATOR = "|"
_ONCE = gettext_lazy("This source is already cited for “%(field)s” at this place.")


def fact_choices(record):
    """``[(group, [("part|field", label)])]``: what can be cited, the record's own fields first. Made once for a form."""
    if not hasattr(record, "offered_facts"):
        with dossier.gathered(record):
            record.offered_facts = _offered_facts(record)
    return record.offered_facts


def rows_of(record):
    """``{part: row}`` of everything in the record that can be cited. Read once for a form."""
    if not hasattr(record, "rows_by_part"):
        with dossier.gathered(record):
            record.rows_by_part = dict(record.cited_rows())
    return record.rows_by_part


def place_label(record, part, field):
    """What a fact of the record is called."""
    return fact_label(record.KIND, part, field, rows_of(record).get(part))


def _offered_facts(record):
    groups = []
    for part, row in rows_of(record).items():
        labels = [
            (f"{part}{SEPARATOR}{field}", _field_label(record.KIND, part, row, field))
            for field in row.CITABLE_FIELDS
            if row.says(field)
        ]
        if labels:
            groups.append((row_label(part, row) or _("The record itself"), labels))
    return groups


def _field_label(kind, part, row, field):
    display = getattr(row, f"get_{field}_display", None)
    value = display() if display else row.fact_value(field)
    value = ", ".join(value) if isinstance(value, list) else str(value)
    return f"{field_label(kind, part, field)}: {value[:60]}"


def citable_places(record):
    """``part|field`` of everything that can be cited, also of fields that are empty as yet: one save fills and cites them."""
    return {f"{part}{SEPARATOR}{field}" for part, row in rows_of(record).items() for field in row.CITABLE_FIELDS}


class FactsField(forms.MultipleChoiceField):
    """Lists the facts that the record states; takes any that it could."""

    record = None

    def valid_value(self, value):
        return super().valid_value(value) or (self.record is not None and value in citable_places(self.record))


class CitationForm(ErrorsAtFields, forms.ModelForm):
    facts = FactsField(
        label=gettext_lazy("Facts"),
        help_text=gettext_lazy("What the source says something about; choose one or several."),
    )

    class Meta:
        model = Citation
        fields = ("facts", *Citation.CONTENT_FIELDS)

    def __init__(self, *args, record=None, choices=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.record = record
        self.fields["facts"].choices = choices
        self.fields["facts"].record = record if record and record.pk else None

    def _get_validation_exclusions(self):
        """The place comes from ``facts``; each citation is checked when it is made."""
        return super()._get_validation_exclusions() | {"part", "field", "record_type", "record_id", "uid"}

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("facts") and self.record:
            self.instance.record = self.record
            part, field = self.places()[0]
            self.instance.part, self.instance.field = part, field
        return cleaned

    def places(self):
        return [tuple(fact.split(SEPARATOR, 1)) for fact in self.cleaned_data["facts"]]

    def citations(self):
        """One unsaved citation for each fact."""
        content = {name: self.cleaned_data.get(name) for name in Citation.CONTENT_FIELDS}
        return [Citation(record=self.record, part=part, field=field, **content) for part, field in self.places()]


class CitationFormSet(OneEmptyRowMixin, BaseGenericInlineFormSet):
    """New citations as forms; ``remove-citation`` boxes for those that are there."""

    @cached_property
    def _nothing(self):
        return self.model._default_manager.none()

    def get_queryset(self):
        return self._nothing

    def get_form_kwargs(self, index):
        choices = fact_choices(self.instance) if self.instance.pk else []
        return {**super().get_form_kwargs(index), "record": self.instance, "choices": choices}

    def present(self):
        """The citations that are there, for the list on the screen; each with its ``place`` in words."""
        found = list(
            self.instance.citations.select_related("source", "finding").order_by("part", "field", "source__slug")
        )
        for citation in found:
            citation.place = place_label(self.instance, citation.part, citation.field)
        return found

    def removals(self):
        return self.data.getlist("remove-citation") if self.is_bound else []

    def clean(self):
        """A source is cited once for a fact at one place; what is removed in the same save leaves its place free."""
        super().clean()
        staying = self.instance.citations.exclude(uid__in=self.removals()).select_related("source", "finding")
        taken = {citation.place_words() for citation in staying}
        for form in self._filled():
            for citation in form.citations():
                if citation.place_words() in taken:
                    form.add_error(
                        "facts", _ONCE % {"field": place_label(self.instance, citation.part, citation.field)}
                    )
                taken.add(citation.place_words())
            if form.cleaned_data.get("against_text"):
                self._check_targets(form, rows_of(self.instance))

    def _check_targets(self, form, rows):
        """One mark may be meant for several facts; each must bear it."""
        for citation in form.citations():
            try:
                citation.check_target(rows[citation.part])
            except ValidationError as refusal:
                label = place_label(self.instance, citation.part, citation.field)
                form.add_error("against_text", [f"{label}: {message}" for message in refusal.messages])

    def _filled(self):
        return [
            form
            for form in self.extra_forms
            if form.has_changed() and form.is_valid() and not self._should_delete_form(form)
        ]

    def save(self, commit=True):
        self.new_objects, self.changed_objects, self.deleted_objects = [], [], []
        gone = self.instance.citations.filter(uid__in=self.removals())
        self.deleted_objects = list(gone)
        gone.delete()
        self.new_objects = [citation for form in self._filled() for citation in form.citations()]
        staying = {*self.instance.citations.values_list("uid", flat=True)}
        assign_ids(self.new_objects, self.deleted_objects, staying)
        for citation in self.new_objects:
            citation.save()
        return self.new_objects


class CitationInline(AutocompleteMixin, GenericStackedInline):
    model = Citation
    form = CitationForm
    formset = CitationFormSet
    ct_field, ct_fk_field = "record_type", "record_id"
    template = "admin/concordance/citation_inline.html"
    extra = 1
    verbose_name_plural = gettext_lazy("citations")

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        return for_editors(super().formfield_for_dbfield(db_field, request, **kwargs), db_field)


class RulingForm(RowForm):
    # Names the ruling for good; its primary key changes when a proposal is written anew.
    place = forms.CharField(required=False, widget=forms.HiddenInput)
    fact = forms.ChoiceField(label=gettext_lazy("Fact"), help_text=gettext_lazy("The field that the ruling is about."))

    class Meta:
        model = Adjudication
        fields = ("fact", "place", *Adjudication.CONTENT_FIELDS)

    def __init__(self, *args, record=None, choices=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.record = record
        if self.instance.pk:
            # A ruling stays with its fact; the list of all of them in each form would fill the page.
            fact = f"{self.instance.part}{SEPARATOR}{self.instance.field}"
            self.initial |= {"place": self.instance.uid, "fact": fact}
            choices = [(fact, place_label(record, self.instance.part, self.instance.field))]
        self.fields["fact"].choices = [("", "—"), *choices]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("fact"):
            self.instance.record = self.record
            self.instance.part, self.instance.field = cleaned["fact"].split(SEPARATOR, 1)
        return cleaned

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() | {"uid"}


class RulingFormSet(KnownRowsMixin, BaseGenericInlineFormSet):
    def get_form_kwargs(self, index):
        choices = fact_choices(self.instance) if self.instance.pk else []
        return {**super().get_form_kwargs(index), "record": self.instance, "choices": choices}

    def clean(self):
        super().clean()
        ruled = set()
        for form in self.forms:
            fact = form.cleaned_data.get("fact") if form.is_valid() else None
            if fact and fact in ruled and not self._should_delete_form(form):
                form.add_error("fact", _("This field already has a ruling; change that one."))
            ruled.add(fact)


class RulingInline(GenericStackedInline):
    prefix = "sources-adjudication-record_type-record_id"

    model = Adjudication
    formfield_overrides = EDITORS_FIELDS
    form = RulingForm
    formset = RulingFormSet
    ct_field, ct_fk_field = "record_type", "record_id"
    template = "admin/concordance/part_inline.html"
    extra = 0
    verbose_name = gettext_lazy("ruling")
    verbose_name_plural = gettext_lazy("rulings")

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        return for_editors(super().formfield_for_dbfield(db_field, request, **kwargs), db_field)
