"""Converts the values of a dossier for rows: finds records by natural keys, checks lists, cleans values."""

from contextlib import contextmanager
from contextvars import ContextVar

from django.core.exceptions import ValidationError
from django.db import models

from sources.records.dossier.kinds import ABOUT, DossierError, documented_models, is_documented


def as_list(value, where):
    if value is None:
        return []
    if not isinstance(value, list):
        raise DossierError(where, "must be a list")
    return value


def clean(field, value, row, where):
    if isinstance(value, (dict, list)) or (isinstance(value, bool) and not isinstance(field, models.BooleanField)):
        raise DossierError(where, f"{value!r} is not a plain value")
    if isinstance(field, models.CharField) and not isinstance(value, str):
        value = str(value)
    if isinstance(field, models.BooleanField) and isinstance(value, str):
        value = value.capitalize()  # YAML writes true; Django reads True
    try:
        return field.to_python(value)
    except ValidationError as error:
        raise DossierError(where, "; ".join(error.messages)) from None


def find_by_ref(ref, where=""):
    """The documented row named ``kind/slug``. Raises ``DossierError``."""
    kind, _slash, slug = str(ref).partition("/")
    model = documented_models().get(kind)
    row = _look_up(model, slug, None) if model else None
    if row is None:
        raise DossierError(where, f"there is no “{ref}”")
    return row


def find(model, ref, row, where):
    if not isinstance(ref, str):
        raise DossierError(where, f"{ref!r} is not the slug of anything")
    named = _look_up(model, ref, getattr(row, "PARENT", "") and getattr(row, row.PARENT))
    if named is None:
        raise DossierError(where, f"there is no {model._meta.verbose_name} “{ref}”")
    return named


_remembered = ContextVar("remembered", default=None)


@contextmanager
def remembering(anew=False):
    """Within the ``with`` block each named row is looked up once. No named row may be deleted meanwhile.

    ``anew=True`` starts with an empty memory, also inside another block.
    """
    if _remembered.get() is not None and not anew:
        yield
        return
    token = _remembered.set({})
    try:
        yield
    finally:
        _remembered.reset(token)


def remember(row):
    """Let later entries name this unsaved part."""
    _remembered.get()[type(row), row.key, row.parent.slug] = row


def look_up_named(model, dossier):
    """Look up every row that a dossier of ``model`` names, one query for each kind. Call it within ``remembering``."""
    memory, wanted = _remembered.get(), {}
    for target, ref in _named_in(model, dossier):
        if (is_documented(target) or "/" in ref) and (target, ref, "") not in memory:
            wanted.setdefault(target, set()).add(ref)
    for target, refs in wanted.items():
        for row in _rows_named(target, refs):
            owner = row if is_documented(target) else row.parent
            if goes_on_in(owner) == owner:
                memory[target, row.slug if is_documented(target) else row.ref, ""] = row


def _rows_named(model, refs):
    if is_documented(model):
        return model.objects.filter(slug__in=refs)
    slugs, keys = zip(*(ref.rsplit("/", 1) for ref in refs), strict=True)
    return model.objects.filter(**{f"{model.PARENT}__slug__in": slugs, "key__in": keys}).select_related(model.PARENT)


def _named_in(model, dossier):
    """Yield ``(model, ref)`` of every row that a dossier names in its fields, parts and citations."""
    citation = model._meta.get_field("citations").related_model
    lists = {name: model._meta.get_field(name).related_model for name in model.PARTS}
    parts = [(part, entry) for name, part in lists.items() for entry in dossier.get(name) or ()]
    for kind, entry in [(model, dossier), *parts]:
        yield from _named_by(kind, kind.DOSSIER_FIELDS, entry)
        for cited in entry.get("citations") or () if isinstance(entry, dict) else ():
            yield from _named_by(citation, citation.CONTENT_FIELDS, cited)


def _named_by(model, names, entry):
    for name in names if isinstance(entry, dict) else ():
        if name != ABOUT and entry.get(name) and (target := model._meta.get_field(name).related_model):
            refs = entry[name] if isinstance(entry[name], list) else [entry[name]]
            yield from ((target, ref) for ref in refs if isinstance(ref, str))


def _look_up(model, ref, parent):
    memory = _remembered.get()
    owner = "" if is_documented(model) or "/" in ref else getattr(parent, "slug", "")
    key = (model, ref, owner)
    if memory is not None and key in memory:
        return memory[key]
    if is_documented(model):
        row = goes_on_in(model.objects.filter(slug=ref).first())
    else:
        slug, _slash, name = ref.rpartition("/")
        row = _part(model, slug or owner, name)
    if memory is not None and row is not None:
        memory[key] = row
    return row


def goes_on_in(record):
    """The record or, if it was merged, the record that continues it. Older dossiers still have its slug."""
    seen = set()
    while record is not None and getattr(record, "merged_into_id", None) and record.pk not in seen:
        seen.add(record.pk)
        record = record.merged_into
    return record


def _part(model, slug, key):
    """The part ``key`` of the record ``slug`` or, if that record was merged, the part with this key in the one that continues it."""
    rows = model.objects.filter(key=key).select_related(model.PARENT)
    row = rows.filter(**{f"{model.PARENT}__slug": slug}).first()
    owner = row and getattr(row, model.PARENT)
    target = goes_on_in(owner)
    if target == owner:
        return row
    return rows.filter(**{model.PARENT: target}).first() or row
