"""Errors of forms, shown at the field that the editor must correct."""

from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import Q


class ErrorsAtFields:
    """A model form that shows the error of a database constraint at one of its fields, not above the form.

    The field is the one in ``ERRORS_AT`` of the model; else the first empty field of the constraint; else its last field.
    """

    def _update_errors(self, errors):
        by_field = getattr(errors, "error_dict", {})
        for error in by_field.pop(NON_FIELD_ERRORS, ()):
            by_field.setdefault(self._field_to_mend(error), []).append(error)
        super()._update_errors(errors)

    def refuse(self, constraint):
        """Show that the row breaks a constraint, at the field to mend."""
        self.add_error(self._field_of(constraint), constraint.get_violation_error_message())

    def _field_to_mend(self, error):
        for constraint in self._meta.model._meta.constraints:
            if str(constraint.get_violation_error_message()) == str(error.message):
                return self._field_of(constraint)
        return NON_FIELD_ERRORS

    def _field_of(self, constraint):
        named = getattr(self._meta.model, "ERRORS_AT", {}).get(constraint.name)
        visible = [name for name in fields_of(constraint) if name in self.fields and not self[name].is_hidden]
        empty = [name for name in visible if self.cleaned_data.get(name) in (None, "")]
        return named or next(iter(empty or visible[-1:]), NON_FIELD_ERRORS)


def fields_of(constraint):
    """The names of the fields in a constraint, in its order, each once."""
    condition = getattr(constraint, "condition", None)
    names = [*(_fields_in(condition) if condition else ()), *getattr(constraint, "fields", ())]
    return list(dict.fromkeys(names))


def _fields_in(condition):
    for child in condition.children:
        if isinstance(child, Q):
            yield from _fields_in(child)
        else:
            yield child[0].partition("__")[0]
