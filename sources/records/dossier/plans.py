"""What writing needs to know of a model, looked up once: its fields, blank rows, and which values have passed validation."""

from functools import cache

from django.core.exceptions import ValidationError
from django.db.models.base import ModelState

from sources.records.dossier.kinds import ABOUT

# Values longer than this are seldom met twice, and a list of so many is long enough.
LONG, MANY = 80, 10_000


class Memory(dict):
    """Results by value, as far as the values are short and not too many."""

    def note(self, value, result):
        if len(self) < MANY and not (isinstance(value, str) and len(value) > LONG):
            self[value] = result
        return result


class Plain:
    """A field with a plain value: its default, and what given values were cleaned to."""

    def __init__(self, field):
        self.field, self.cleaned = field, Memory()
        self.default = None if callable(field.default) else field.get_default()

    def default_value(self):
        return self.field.get_default() if callable(self.field.default) else self.default


@cache
def fields_of(model, names="DOSSIER_FIELDS"):
    """``[(name, field, Plain or None)]`` of the fields that ``names`` lists; ``about`` has no field."""
    found = []
    for name in getattr(model, names):
        field = None if name == ABOUT else model._meta.get_field(name)
        found.append((name, field, Plain(field) if field and not field.is_relation else None))
    return found


@cache
def field_of(model, name, names="DOSSIER_FIELDS"):
    """``(field, Plain or None)`` of one of the fields that ``names`` lists."""
    return next((field, plain) for other, field, plain in fields_of(model, names) if other == name)


@cache
def _blank(model):
    values = {name: value for name, value in vars(model()).items() if name != "_state"}
    made_anew = [(field.attname, field.get_default) for field in model._meta.concrete_fields if callable(field.default)]
    return values, made_anew


def new_row(model, values=None):
    """As ``model(**values)`` with values by column, in a fraction of the time."""
    blank, made_anew = _blank(model)
    row = model.__new__(model)
    row.__dict__ = {**blank, **(values or {}), "_state": ModelState()}
    for name, make in made_anew:
        if not values or name not in values:
            row.__dict__[name] = make()
    return row


def point(row, field, target):
    """As ``setattr(row, field.name, target)`` for a row of the right kind."""
    row.__dict__[field.attname] = target.pk
    row._state.fields_cache[field.name] = target


@cache
def _checked(model):
    # The writer has looked relations up already; validating each of them again would take most of the time.
    fields = (field for field in model._meta.fields if field.editable and not field.is_relation)
    return [(field, field.attname, field.blank, Memory()) for field in fields]


def clean_fields(row):
    """As ``Model.clean_fields``, of what an editor may change and is no relation."""
    errors, values = {}, row.__dict__
    for field, name, may_be_blank, cleaned in _checked(type(row)):
        value = values[name]
        if may_be_blank and value in field.empty_values:
            continue
        try:
            if value in cleaned:
                values[name] = cleaned[value]
            else:
                values[name] = cleaned.note(value, field.clean(value, row))
        except ValidationError as error:
            errors[field.name] = error.error_list
    if errors:
        raise ValidationError(errors)
