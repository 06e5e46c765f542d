"""The grid to code an agreement: a form for each topic and class of person, made from a dossier and read back into one.

Only changed rows are written; a coding keeps its key, citations, ruling and note.
"""

import copy
from itertools import groupby

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from agreements.models import Approach, Clause, Codebook, Coding, Topic

EVERYBODY = Coding.PersonClass.ALL.value


class AnswerRow(forms.Form):
    """The answer on one topic for one class of person. The last row of a topic is empty; with a stance it becomes a new answer."""

    person_class = forms.ChoiceField(choices=Coding.PersonClass.choices, required=False)
    stance = forms.ChoiceField(required=False)
    approach = forms.ChoiceField(required=False)

    FIELDS = ("stance", "approach")

    def __init__(self, *args, topic, entry, **kwargs):
        self.topic, self.entry = topic, entry
        super().__init__(*args, initial=self._initial(entry), **kwargs)
        self.fields["stance"].choices = Coding.Stance.choices if entry else [("", "—"), *Coding.Stance.choices]
        self.fields["approach"].choices = [("", "—"), *self._approaches()]
        if entry:  # the class identifies the coding, so it cannot be changed
            self.fields["person_class"].disabled = True
        for name, field in self.fields.items():
            label = Coding._meta.get_field(name).verbose_name
            field.widget.attrs["aria-label"] = f"{topic.code} {label}"

    def _approaches(self):
        """The approaches in use, and a retired one if the coding has it."""
        kept = (self.entry or {}).get("approach")
        rows = self.topic.approaches.all()
        return [(row.ref, row.name) for row in rows if not row.until_id or row.ref == kept]

    def _initial(self, entry):
        if not entry:
            return {"person_class": EVERYBODY}
        return {
            "person_class": entry.get("person_class", EVERYBODY),
            **{name: entry.get(name, "") for name in self.FIELDS},
        }

    def clean(self):
        cleaned = super().clean()
        if not self.has_changed() or self.errors:
            return cleaned
        if not cleaned["stance"]:
            raise ValidationError(_("Choose a stance."))
        approach = next((row for row in self.topic.approaches.all() if row.ref == cleaned["approach"]), None)
        basis = cleaned.get("basis", Clause.Basis.TEXT)
        coding = Coding(topic=self.topic, stance=cleaned["stance"], approach=approach, basis=basis)
        for constraint in Coding._meta.constraints:
            if isinstance(constraint, models.CheckConstraint):
                constraint.validate(Coding, coding)
        return cleaned

    def person(self):
        return (self.entry or {}).get("person_class") or self.cleaned_data.get("person_class") or EVERYBODY

    def written(self, codebook):
        """The coding as an entry of a dossier; a changed answer refers to the newest codebook."""
        entry = copy.deepcopy(self.entry) or self._new_entry(codebook)
        if {"stance", "approach"} & {*self.changed_data}:
            entry["codebook"] = codebook.slug
        for name in self.FIELDS:
            entry.pop(name, None)
            value = self.cleaned_data[name]
            if value:
                entry[name] = sorted(value) if isinstance(value, list) else value
        return entry

    def _new_entry(self, codebook):
        person = self.person()
        entry = {"key": Coding(topic=self.topic, person_class=person).default_key(), "topic": self.topic.slug}
        if person != EVERYBODY:
            entry["person_class"] = person
        return {**entry, "codebook": codebook.slug}


class CodingRow(AnswerRow):
    """One coding with its basis, summary and clauses."""

    basis = forms.ChoiceField(choices=Coding._meta.get_field("basis").formfield().choices, required=False)
    summary = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}))
    clauses = forms.MultipleChoiceField(required=False)

    FIELDS = ("stance", "approach", "basis", "summary", "clauses")

    def __init__(self, *args, clauses, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["clauses"].choices = clauses

    def clean_summary(self):
        return Coding._meta.get_field("summary").clean(self.cleaned_data["summary"], None)

    # What the screen shows beside the fields

    @property
    def clauses_cited(self):
        """``[(key, name)]`` of the clauses that the coding rests on."""
        keys = (self.entry or {}).get("clauses", ())
        return [(key, name) for key, name in self.fields["clauses"].choices if key in keys]

    @property
    def citations(self):
        return len((self.entry or {}).get("citations", ()))

    @property
    def needs_source(self):
        return bool(self.entry) and not self.citations and self.entry["stance"] not in Coding.UNCITED_STANCES


class CodingGrid:
    """The rows of an agreement, made from the dossier ``base`` and the posted ``data``, if any."""

    def __init__(self, base, data=None):
        self.base, self.data = base, data
        self.clauses = base.get("clauses", [])
        self._choices = [(clause["key"], clause_name(clause)) for clause in self.clauses]
        self.rows = [row for topic in topics() for row in self._rows_of(topic)]

    def _rows_of(self, topic):
        entries = [entry for entry in self.base.get("codings", ()) if entry["topic"] == topic.slug]
        for entry in entries:
            yield self._row(topic, entry, entry["key"])
        yield self._row(topic, None, f"new-{topic.slug}")

    def _row(self, topic, entry, prefix):
        return CodingRow(self.data, topic=topic, entry=entry, clauses=self._choices, prefix=prefix)

    def is_valid(self):
        sound = all(row.is_valid() for row in self.rows)
        return sound and self._each_class_once()

    def _each_class_once(self):
        taken = {(row.topic.pk, row.person()) for row in self.rows if row.entry}
        twice = [
            row for row in self.rows if not row.entry and row.has_changed() and (row.topic.pk, row.person()) in taken
        ]
        for row in twice:
            row.add_error("person_class", _("This topic is already coded for this class of person."))
        return not twice

    def dossier(self):
        """``base`` with the rows that were changed."""
        codebook = Codebook.objects.first()
        changed = {row.prefix: row.written(codebook) for row in self.rows if row.has_changed()}
        kept = [changed.pop(entry["key"], entry) for entry in self.base.get("codings", ())]
        codings = [*kept, *changed.values()]
        return {**self.base, "codings": codings} if codings else self.base

    def groups(self):
        """``[(name of the group, its rows)]`` in the order of the codebook."""
        by_group = groupby(self.rows, key=lambda row: f"{row.topic.group} {row.topic.group_name}")
        return [(name, list(rows)) for name, rows in by_group]

    @property
    def errors(self):
        return [row for row in self.rows if row.errors]


class BlindGrid(CodingGrid):
    """The grid of a second coder: the same topics and clauses, the coder's own ``answers``, and nothing of the first coding."""

    def __init__(self, clauses, answers, data=None):
        super().__init__({"clauses": clauses, "codings": answers}, data)

    def _row(self, topic, entry, prefix):
        return AnswerRow(self.data, topic=topic, entry=entry, prefix=prefix)

    def answers(self):
        """The coder's answers; “not coded” removes an answer."""
        return [entry for entry in self.dossier().get("codings", ()) if entry["stance"] != Coding.Stance.NOT_CODED]


def topics():
    """All topics in order, with their approaches."""
    approaches = models.Prefetch("approaches", Approach.objects.select_related("topic"))
    return Topic.objects.in_order().prefetch_related(approaches)


def clause_name(clause):
    """The name of a clause in a dossier: “VII: Jurisdiction”."""
    return f"{clause['number']}: {clause['heading']}" if clause.get("number") else clause["heading"]
