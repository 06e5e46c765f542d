"""The grid to compare press reports with the text: each report on a clause or coding whose text we hold, beside that text.

Like the coding grid it is made from a dossier and read back into one; only changed rows are written.
"""

import copy
from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy

from agreements.coding.coding_grid import clause_name
from agreements.models import Clause, Coding, Topic
from sources.models import Citation, Source


class MarkRow(forms.Form):
    """The mark of one citation entry, which may support several facts of the part."""

    against_text = forms.ChoiceField(
        label=gettext_lazy("Against the text"),
        required=False,
        choices=[("", gettext_lazy("not marked")), *Citation.AgainstText.choices],
    )
    note = forms.CharField(label=gettext_lazy("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args, citation, source, **kwargs):
        self.citation, self.source = citation, source
        super().__init__(*args, initial={name: citation.get(name, "") for name in ("against_text", "note")}, **kwargs)

    def clean_note(self):
        return Citation._meta.get_field("note").clean(self.cleaned_data["note"], None)

    def write(self, citation):
        """Write the values of the form into a citation entry of a dossier."""
        for name, value in self.cleaned_data.items():
            citation.pop(name, None)
            if value:
                citation[name] = value


@dataclass(frozen=True)
class Matter:
    """A clause or a coding with its text, and the forms for the reports on it."""

    part: str
    title: str
    summary: str
    clauses: list
    rows: list
    # Whether its reports should be marked: a source other than a report supports the text.
    waits: bool


class PressGrid:
    """All reports on parts of an agreement whose text is held, from the dossier ``base`` and the posted ``data``."""

    def __init__(self, base, data=None):
        self.base, self.data = base, data
        self.clauses = {clause["key"]: clause for clause in base.get("clauses", ())}
        self.reports, self.texts = self._sources()
        self.topics = Topic.objects.in_bulk(field_name="slug")
        self.matters = [matter for matter in (*self._of_clauses(), *self._of_codings()) if matter.rows]
        self.rows = [row for matter in self.matters for row in matter.rows]

    def _sources(self):
        """``({slug: report}, {slugs of published sources that are not reports})`` cited for clauses and codings."""
        parts = (*self.base.get("clauses", ()), *self.base.get("codings", ()))
        slugs = {citation.get("source") for part in parts for citation in part.get("citations", ())}
        sources = Source.objects.filter(slug__in=slugs - {None}).select_related("publisher")
        reports = {source.slug: source for source in sources if source.is_press}
        return reports, {source.slug for source in sources if not source.is_press and source.is_published}

    def _of_clauses(self):
        for clause in self.clauses.values():
            if _is_read(clause):
                yield Matter(
                    f"clauses/{clause['key']}", clause_name(clause), "", [clause], self._rows("clauses", clause),
                    self._waits([clause]),
                )  # fmt: skip

    def _of_codings(self):
        classes = dict(Coding.PersonClass.choices)
        for coding in self.base.get("codings", ()):
            clauses = [self.clauses[key] for key in coding.get("clauses", ()) if key in self.clauses]
            read = [clause for clause in clauses if _is_read(clause)]
            read += [coding] if coding.get("basis") in Clause.READ else []
            if read:
                title = f"{self.topics[coding['topic']]}"
                if person := coding.get("person_class"):
                    title += f" · {classes[person]}"
                yield Matter(
                    f"codings/{coding['key']}", title, coding.get("summary", ""), clauses, self._rows("codings", coding),
                    self._waits(read),
                )  # fmt: skip

    def _rows(self, name, part):
        return [
            MarkRow(
                self.data, citation=citation, source=self.reports[citation["source"]],
                prefix=f"{name}-{part['key']}-{number}",
            )
            for number, citation in enumerate(part.get("citations", ()))
            if citation.get("source") in self.reports
        ]  # fmt: skip

    def _waits(self, parts):
        """Whether a source other than a report supports one of the parts; the rule of the worklist (``press_check``)."""
        citations = [citation for part in parts for citation in part.get("citations", ())]
        return any(
            citation.get("source") in self.texts
            and citation.get("stance", "supports") == "supports"
            and citation["fields"] != ["number"]
            for citation in citations
        )

    def is_valid(self):
        return all(row.is_valid() for row in self.rows)

    @property
    def errors(self):
        return [row for row in self.rows if row.errors]

    def dossier(self):
        """``base`` with the rows that were changed."""
        changed = {row.prefix: row for row in self.rows if row.has_changed()}
        state = copy.deepcopy(self.base)
        for name in ("clauses", "codings"):
            for part in state.get(name, ()):
                for number, citation in enumerate(part.get("citations", ())):
                    if row := changed.get(f"{name}-{part['key']}-{number}"):
                        row.write(citation)
        return state


def _is_read(clause):
    return clause.get("basis", Clause.Basis.TEXT) in Clause.READ
