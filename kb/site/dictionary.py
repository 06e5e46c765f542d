"""The data dictionary: every kind of record with its fields, as the models themselves explain them."""

from sources.records.base import record_models


def kinds():
    """``[{"kind", "name", "about", "fields": [...], "parts": [...]}]`` in the order in which readers meet the kinds."""
    return [described(model) for model in record_models()]


def described(model):
    parts = [(name, model._meta.get_field(name).related_model) for name in model.PARTS]
    return {
        "kind": model.KIND,
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
