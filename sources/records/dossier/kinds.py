"""The kinds that have a dossier, their relations, and dossiers as canonical JSON."""

import hashlib

import orjson
from django.apps import apps

ABOUT = "about"


class DossierError(ValueError):
    """A dossier is refused; ``path`` names the part and field, the message says why."""

    def __init__(self, path, message):
        self.path, self.message = path, message
        super().__init__(f"{path}: {message}" if path else message)


def documented_models():
    """Every concrete kind of documented row by its ``KIND``."""
    return {model.KIND: model for model in apps.get_models() if getattr(model, "KIND", "")}


def is_documented(row_or_model):
    return bool(getattr(row_or_model, "KIND", ""))


def owner_of(part):
    """The model that the parts of this model belong to."""
    return part._meta.get_field(part.PARENT).related_model


def canonical(dossier):
    """Canonical JSON bytes: sorted keys, no spaces."""
    return orjson.dumps(dossier, option=orjson.OPT_SORT_KEYS)


def digest(dossier):
    return hashlib.sha256(canonical(dossier)).hexdigest()


def single_relations(model):
    """Yield the names of the foreign keys in the dossier, for ``select_related``."""
    fields = (model._meta.get_field(name) for name in model.DOSSIER_FIELDS if name != ABOUT)
    for field in fields:
        if field.many_to_one:
            yield field.name
            if not is_documented(field.related_model):
                yield f"{field.name}__{field.related_model.PARENT}"


def with_single_relations(rows):
    """The queryset ``rows`` with ``single_relations`` joined, so that naming related rows needs no query."""
    names = list(single_relations(rows.model))
    # ``select_related()`` without names would follow every required foreign key.
    return rows.select_related(*names) if names else rows


def relations_to_many(model):
    return [name for name in model.DOSSIER_FIELDS if name != ABOUT and model._meta.get_field(name).many_to_many]


def names_own_kind(record, name):
    if name == ABOUT:
        return True
    return record._meta.get_field(name).related_model is type(record)
