"""The data dictionary: every kind of record with its fields, as the models themselves explain them."""

from sources.records.base import Record
from sources.records.dossier import documented_models

# Of what states facts, by kind; the rest is how the base is run.
_KINDS = (
    "agreements",
    "people",
    "organisations",
    "exercises",
    "series",
    "assistance",
    "events",
    "positions",
    "sources",
)


def kinds():
    """``[{"kind", "name", "about", "fields": [...], "parts": [...]}]`` in the order of the site's sections."""
    models = documented_models()
    return [described(kind, models[kind]) for kind in _KINDS if issubclass(models[kind], Record)]


def described(kind, model):
    parts = [(name, model._meta.get_field(name).related_model) for name in model.PARTS]
    return {
        "kind": kind,
        "name": model._meta.verbose_name_plural,
        "about": model.__doc__.strip(),
        "fields": fields_of(model),
        "parts": [{"name": name, "about": part.__doc__.strip(), "fields": fields_of(part)} for name, part in parts],
    }


def fields_of(model):
    """``(name, explanation, codes, whether it states a fact)`` of each field that an editor fills."""
    return [
        (name, field.help_text, [code for code, _label in field.flatchoices or ()], name in model.CITABLE_FIELDS)
        for name in model.DOSSIER_FIELDS
        if name != "about" and (field := model._meta.get_field(name))
    ]
