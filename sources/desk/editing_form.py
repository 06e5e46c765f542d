"""The forms of a record over rows in memory: made from a dossier, read back into a dossier, never written.

The record's own fields are one form; each list (parts, citations, rulings) is a panel. A long panel is drawn when somebody opens it. A
panel that was not drawn is not posted, and its rows do not change.
"""

from django.contrib.admin import helpers
from django.contrib.admin.utils import flatten_fieldsets
from django.http import Http404

from sources.desk.citation_forms import Facts
from sources.desk.inlines import name_chosen
from sources.records.dossier import hold, read

# Draw this many rows at once, counted over all panels in their order. A row that is one line counts for less.
AT_ONCE = 12
LINES_A_ROW = 8
ALL = "all"
# The button that adds a row without a script; its value is the name of the list.
ANOTHER = "_another"


class Panel(helpers.InlineAdminFormSet):
    """One list of the record on its screen."""

    def __init__(self, inline, request, editing, data):
        names = [f"has_{word}_permission" for word in ("view", "add", "change", "delete")]
        may = {name: getattr(inline, name)(request, editing.record) for name in names}
        self.name = inline.list_name
        self.is_posted = data is not None and f"{inline.prefix}-TOTAL_FORMS" in data and may["has_change_permission"]
        self.is_open = self.is_posted
        row_set = inline.forms_of(request, editing, data if self.is_posted else None)
        super().__init__(inline, row_set, fieldsets=(), **may)

    def __iter__(self):
        """Yield nothing: the stock screen asks for prepopulated fields, and the rows have none."""
        return iter(())

    @property
    def count(self):
        return len(self.formset.rows)

    @property
    def weight(self):
        """The cost of drawing it, in rows."""
        return self.count / LINES_A_ROW if self.opts.is_lines else self.count

    @property
    def media(self):
        """The scripts and styles of one row; all rows have the same."""
        return self.opts.media + self.formset.empty_form.media

    def forms(self):
        """Each row, the empty one last."""
        return [*self.formset.forms, self.formset.empty_form]

    def fieldsets_of_rows(self):
        """Each row as the stock screen draws a form with its help texts."""
        return [helpers.Fieldset(form, fields=form._meta.fields, model_admin=self.opts) for form in self.forms()]


class EditingForm:
    """The forms of ``record`` (see ``dossier.in_memory``), which takes what was typed once they are validated.

    ``data`` is what was posted, ``None`` for a form that is only drawn; ``initial`` fills in the fields of a new record.
    """

    def __init__(self, screen, request, record, data=None, initial=None):
        self.record, self.facts = record, Facts(record)
        shown = None if record._state.adding else record
        fieldsets = screen.get_fieldsets(request, shown)
        form_class = screen.get_form(request, shown, change=bool(shown), fields=flatten_fieldsets(fieldsets))
        self.form = form_class(data, instance=record, initial=initial)
        self.panels = [Panel(inline, request, self, data) for inline in screen.get_inline_instances(request, shown)]
        may_change = shown is None or screen.has_change_permission(request, record)
        self.admin_form = helpers.AdminForm(
            self.form,
            list(fieldsets),
            screen.get_prepopulated_fields(request, shown) if may_change else {},
            screen.get_readonly_fields(request, shown) if may_change else flatten_fieldsets(fieldsets),
            model_admin=screen,
        )

    def is_valid(self):
        """Validates every form, so that all errors are shown at once."""
        return all([self.form.is_valid(), *(panel.formset.is_valid() for panel in self._posted)])

    @property
    def _posted(self):
        return [panel for panel in self.panels if panel.is_posted]

    def with_another_row(self, data):
        """A copy of what was posted with one more row, as it is drawn before anybody types, in the list that ``ANOTHER`` names."""
        panel = next((panel for panel in self._posted if panel.name == data.get(ANOTHER)), None)
        if panel is None:
            raise Http404
        data, row_set = data.copy(), panel.formset
        number = row_set.total_form_count()
        data[f"{row_set.prefix}-TOTAL_FORMS"] = number + 1
        for field in row_set.empty_form:
            value = field.value()
            values = value if isinstance(value, (list, tuple)) else [value]
            shown = [item for item in values if item is not None and item is not False]
            data.setlist(f"{row_set.add_prefix(number)}-{field.name}", shown)
        return data

    def dossier(self):
        """The dossier of the record as it was typed. Call ``is_valid`` first."""
        names = {field.name for field in self.record._meta.many_to_many} & {*self.form.cleaned_data}
        hold(self.record, **{name: self.form.cleaned_data[name] for name in names})
        hold(self.record, **{panel.name: panel.formset.typed_rows() for panel in self._posted})
        self._let_go_of_removed_parts()
        return read(self.record)

    def _let_go_of_removed_parts(self):
        """Clear the references of other parts to the parts that were removed."""
        rows = [row for _name, row in self.record.parts()]
        present, kinds = (
            {id(row) for row in rows},
            {type(self.record)._meta.get_field(name).related_model for name in self.record.PARTS},
        )
        for row in rows:
            for field in row._meta.many_to_many:
                if field.related_model in kinds:
                    named = getattr(row, field.name).all()
                    hold(row, **{field.name: [part for part in named if id(part) in present]})

    # Drawing

    def open(self, request):
        """Choose the panels to be drawn: those that the request asks for or brings, and others as long as they are short."""
        wanted, drawn = {*request.GET.getlist("panel"), *request.POST.getlist("_panel")}, 0
        for panel in self.panels:
            is_wanted = {panel.name, ALL} & wanted or panel.opts.is_drawn_in(request.POST)
            panel.is_open = bool(is_wanted or drawn + panel.weight <= AT_ONCE)
            drawn += panel.weight if panel.is_open else 0

    def panel(self, name):
        """The panel of this name, open and ready to be drawn by itself. Raises ``Http404``."""
        panel = next((panel for panel in self.panels if panel.name == name), None)
        if panel is None:
            raise Http404
        panel.is_open = True
        name_chosen(panel.forms())
        return panel

    def context(self):
        """The context of the stock template of the screen. Call ``open`` first."""
        drawn = [panel for panel in self.panels if panel.is_open]
        name_chosen([self.form, *(form for panel in drawn for form in panel.forms())])
        media = self.admin_form.media
        for panel in self.panels:
            media += panel.media
        is_there = not self.record._state.adding
        return {
            "adminform": self.admin_form,
            "inline_admin_formsets": self.panels,
            "errors": helpers.AdminErrorList(self.form, [panel.formset for panel in drawn]),
            "fact_states": self.facts.states() if is_there else {},
            "media": media,
        }
