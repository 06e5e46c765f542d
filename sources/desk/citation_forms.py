"""Citations and rulings on a record's screen: each names facts by part and field, chosen from a list.

Saved citations are a list with a box to remove each. New ones are forms; one form may support several facts at once. So the page
of a record with hundreds of citations still opens quickly.
"""

from collections import Counter

from django import forms
from django.contrib.contenttypes.admin import GenericStackedInline
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sources.desk.inlines import EditorsForm, RowsInline
from sources.desk.row_sets import RowSet
from sources.desk.wording import fact_label, row_label
from sources.lib.identifiers import assign_ids
from sources.models import Adjudication, Citation
from sources.reading.fact_wording import field_label

SEPARATOR = "|"
# The name of the boxes that remove citations.
REMOVAL = "remove-citation"
_ONCE = gettext_lazy("This source is already cited for “%(field)s” at this place.")


class Facts:
    """The facts of a record in memory that can be cited, with their names."""

    def __init__(self, record):
        self.record = record

    @cached_property
    def rows(self):
        """``{part: row}`` of everything in the record that can be cited."""
        return dict(self.record.cited_rows())

    @cached_property
    def choices(self):
        """``[(group, [("part|field", label)])]`` of what the record states, its own fields first."""
        groups = ((part, row, self._labels(part, row)) for part, row in self.rows.items())
        return [(row_label(part, row) or _("The record itself"), labels) for part, row, labels in groups if labels]

    def _labels(self, part, row):
        return [
            (f"{part}{SEPARATOR}{field}", _field_label(self.record.KIND, part, row, field))
            for field in row.CITABLE_FIELDS
            if row.says(field)
        ]

    @cached_property
    def places(self):
        """``part|field`` of all that can be cited, also of fields that are still empty: one save may fill and cite them."""
        return {f"{part}{SEPARATOR}{field}" for part, row in self.rows.items() for field in row.CITABLE_FIELDS}

    def label(self, part, field):
        """The name of a fact of the record."""
        return fact_label(self.record.KIND, part, field, self.rows.get(part))

    def states(self):
        """``{"part|field": {"count": citations, "label": the fact in words, "needed": whether it must have one}}`` for the
        buttons beside the fields."""
        counts = Counter((citation.part, citation.field) for citation in self.record.citations.all())
        states = {}
        for part, row in self.rows.items():
            needed = row.required_citations()
            for field in row.CITABLE_FIELDS:
                state = {"count": counts[part, field], "label": self.label(part, field), "needed": field in needed}
                states[f"{part}{SEPARATOR}{field}"] = state
        return states


def _field_label(kind, part, row, field):
    display = getattr(row, f"get_{field}_display", None)
    value = display() if display else row.fact_value(field)
    value = ", ".join(value) if isinstance(value, list) else str(value)
    return f"{field_label(kind, part, field)}: {value[:60]}"


class FactsField(forms.MultipleChoiceField):
    """Offers the facts that the record states; accepts every fact that it could state."""

    places = ()

    def valid_value(self, value):
        return super().valid_value(value) or value in self.places


class CitationForm(EditorsForm):
    facts = FactsField(
        label=gettext_lazy("Facts"),
        help_text=gettext_lazy("What the source says something about; choose one or several."),
    )

    def __init__(self, *args, record, facts, **kwargs):
        super().__init__(*args, **kwargs)
        self.record = record
        self.fields["facts"].choices, self.fields["facts"].places = facts.choices, facts.places

    def _get_validation_exclusions(self):
        """Skip part and field: they come from ``facts``, and each citation is checked when it is built."""
        return super()._get_validation_exclusions() | {"part", "field", "record_type", "record_id", "uid"}

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("facts"):
            self.instance.record = self.record
            self.instance.part, self.instance.field = self.places()[0]
        return cleaned

    def places(self):
        return [tuple(fact.split(SEPARATOR, 1)) for fact in self.cleaned_data["facts"]]

    def citations(self):
        """One unsaved citation for each fact."""
        content = {name: self.cleaned_data.get(name) for name in Citation.CONTENT_FIELDS}
        return [
            Citation(record=self.record, record_ref=self.record.ref, part=part, field=field, **content)
            for part, field in self.places()
        ]


class EvidenceSet(RowSet):
    """The forms of rows about facts: citations or rulings."""

    def __init__(self, *args, facts, **kwargs):
        self.facts = facts
        super().__init__(*args, **kwargs)

    def get_form_kwargs(self, index):
        return {**super().get_form_kwargs(index), "record": self.record, "facts": self.facts}


class CitationFormSet(EvidenceSet):
    """New citations as forms; saved ones as a list with a box to remove each."""

    @staticmethod
    def key_of(row):
        return row.uid

    def initial_form_count(self):
        return 0

    def _row_at(self, number):
        """A new row: each form is a new citation."""

    def present(self):
        """The saved citations for the list on the screen; ``place`` of each is the name of its fact."""
        for citation in self.rows:
            citation.place = self.facts.label(citation.part, citation.field)
        return sorted(self.rows, key=lambda row: (row.part, row.field, (row.source or row.finding).slug))

    def removals(self):
        return self.data.getlist(REMOVAL) if self.is_bound else []

    @property
    def kept(self):
        removed = self.removals()
        return [citation for citation in self.rows if citation.uid not in removed]

    def clean(self):
        """Refuse a second citation of a source for the same fact and locator. One that this save removes does not count."""
        taken = {citation.place_words() for citation in self.kept}
        for form in self.new_forms:
            for citation in form.citations() if form.is_valid() else ():
                label = self.facts.label(citation.part, citation.field)
                if citation.place_words() in taken:
                    form.add_error("facts", _ONCE % {"field": label})
                taken.add(citation.place_words())
                self._check_target(form, citation, label)

    def _check_target(self, form, citation, label):
        """Check each fact of the form: a mark may fit one and not another."""
        try:
            citation.check_target(self.facts.rows[citation.part])
        except ValidationError as refusal:
            form.add_error("against_text", [f"{label}: {message}" for message in refusal.messages])

    def typed_rows(self):
        kept, fresh = self.kept, [citation for form in self.new_forms for citation in form.citations()]
        gone = [citation for citation in self.rows if citation not in kept]
        assign_ids(fresh, gone, {citation.uid for citation in kept})
        return [*kept, *fresh]


class EvidenceInline(RowsInline, GenericStackedInline):
    ct_field, ct_fk_field = "record_type", "record_id"

    @property
    def prefix(self):
        return f"sources-{self.model._meta.model_name}-record_type-record_id"

    def more_of(self, editing):
        return {"facts": editing.facts}


class CitationInline(EvidenceInline):
    model = Citation
    row_form, row_set = CitationForm, CitationFormSet
    list_name = "citations"
    template = "admin/concordance/citation_inline.html"
    extra, is_lines = 1, True
    verbose_name_plural = gettext_lazy("citations")

    def is_drawn_in(self, data):
        return REMOVAL in data

    def get_fields(self, request, obj=None):
        return ["facts", *Citation.CONTENT_FIELDS]


class RulingForm(EditorsForm):
    fact = forms.ChoiceField(label=gettext_lazy("Fact"), help_text=gettext_lazy("The field that the ruling is about."))

    def __init__(self, *args, record, facts, **kwargs):
        super().__init__(*args, **kwargs)
        self.record, choices = record, facts.choices
        if self.instance.pk:
            # A saved ruling keeps its fact. Offering all facts in each form would make the page too long.
            self.initial["fact"] = place_of(self.instance)
            choices = [(place_of(self.instance), facts.label(self.instance.part, self.instance.field))]
        self.fields["fact"].choices = [("", "—"), *choices]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("fact"):
            self.instance.record, self.instance.record_ref = self.record, self.record.ref
            self.instance.part, self.instance.field = cleaned["fact"].split(SEPARATOR, 1)
        return cleaned


def place_of(row):
    """The fact that a citation or ruling is about, as ``part|field``."""
    return f"{row.part}{SEPARATOR}{row.field}"


class RulingFormSet(EvidenceSet):
    key_of = staticmethod(place_of)

    def clean(self):
        ruled = {place_of(row) for row in self.kept}
        for form in self.new_forms:
            fact = form.cleaned_data.get("fact")
            if fact and fact in ruled:
                form.add_error("fact", _("This field already has a ruling; change that one."))
            ruled.add(fact)


class RulingInline(EvidenceInline):
    model = Adjudication
    row_form, row_set = RulingForm, RulingFormSet
    list_name = "adjudications"
    verbose_name = gettext_lazy("ruling")
    verbose_name_plural = gettext_lazy("rulings")

    def get_fields(self, request, obj=None):
        return ["fact", *Adjudication.CONTENT_FIELDS]
