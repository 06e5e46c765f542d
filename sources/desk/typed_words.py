"""The values in a posted form with the names of their fields, to be copied by hand when the form could not be saved."""

import re

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from sources.desk.posted_form import field_in_words, number_in, typed_fields
from sources.desk.wording import coded_label, fact_label
from sources.models import Adjudication, Citation
from sources.reading import fact_wording
from sources.records.namesakes import choice_labels

_ROW = re.compile(r"(?P<list>.+?)-(?P<number>\d{1,6})-(?P<field>\w+)", re.ASCII)
_EVIDENCE = {f"sources-{model._meta.model_name}-record_type-record_id": model for model in (Citation, Adjudication)}


def typed_in_words(request, record):
    """``[(field, value)]`` in words. A field that the record does not have is named by its name in the form."""
    rows = dict(record.cited_rows())
    return [_in_words(record, rows, name, value) for name, value in typed_fields(request)]


def _in_words(record, rows, name, value):
    label = field_in_words(name)
    row = _ROW.fullmatch(name)
    model = _model_of(record, row["list"]) if row else type(record)
    field = row["field"] if row else name
    if field in ("facts", "fact"):
        value = _fact(record, rows, value)
    elif model and (model_field := fact_wording.field_of(model, field)):
        value = _value(record, rows, model_field, value)
        words = str(model_field.verbose_name)
        entry = row and f"{capfirst(str(model._meta.verbose_name))} {int(row['number']) + 1}"
        label = f"{entry} · {words}" if entry else capfirst(words)
    elif field in ("DELETE", "remove-citation"):
        value = _("yes")
    return label, value


def _model_of(record, name):
    """The model of a list of the form: of entries, citations or rulings."""
    if name in getattr(record, "PARTS", ()):
        return record._meta.get_field(name).related_model
    return _EVIDENCE.get(name)


def _fact(record, rows, key):
    part, _bar, field = key.partition("|")
    known = part.partition("/")[0] in ("", *record.PARTS)
    return fact_label(record.KIND, part, field, rows.get(part)) if known else key


def _value(record, rows, field, value):
    if field.choices:
        code = next((code for code, _label in field.flatchoices if str(code) == value), value)
        return coded_label(field, code)
    if field.is_relation and field.related_model and (key := number_in(value)):
        named = list(field.related_model._default_manager.filter(pk=key))
        return next(iter(choice_labels(named).values()), value)
    if field.many_to_many:  # an entry of the record itself, by its key
        lists = [name for name in record.PARTS if record._meta.get_field(name).related_model is field.related_model]
        return str(next((rows[f"{name}/{value}"] for name in lists if f"{name}/{value}" in rows), value))
    return _("yes") if value == "on" else value
