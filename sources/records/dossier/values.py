"""What a dossier says, as rows hold it: records by their natural keys, lists, cleaned values."""

from contextlib import contextmanager
from contextvars import ContextVar

from django.core.exceptions import ValidationError
from django.db import models

from sources.records.dossier.kinds import ABOUT, DossierError, documented_models, is_documented


def as_list(given, where):
    if given is None:
        return []
    if not isinstance(given, list):
        raise DossierError(where, "must be a list")
    return given


def clean(field, given, row, where):
    if isinstance(given, (dict, list)) or (isinstance(given, bool) and not isinstance(field, models.BooleanField)):
        raise DossierError(where, f"{given!r} is not a plain value")
    if isinstance(field, models.CharField) and not isinstance(given, str):
        given = str(given)
    if isinstance(field, models.BooleanField) and isinstance(given, str):
        given = given.capitalize()  # YAML writes true; Django reads True
    try:
        return field.to_python(given)
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
    found = _look_up(model, ref, getattr(row, "PARENT", "") and getattr(row, row.PARENT))
    if found is None:
        raise DossierError(where, f"there is no {model._meta.verbose_name} “{ref}”")
    return found


_remembered = ContextVar("remembered", default=None)


@contextmanager
def remembering(anew=False):
    """While records are written, each named row is looked up once. What is named may not be deleted meanwhile.

    ``anew`` forgets within what was remembered outside.
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
    """Let what follows name this part of a record, which no table holds."""
    _remembered.get()[type(row), row.key, row.parent.slug] = row


def look_up_named(model, dossier):
    """Look up together what a dossier of ``model`` names, one query for each kind; to be called within ``remembering``."""
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
    """Yield ``(model, ref)`` of everything that a dossier names in its fields, its parts and its citations."""
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
            given = entry[name] if isinstance(entry[name], list) else [entry[name]]
            yield from ((target, ref) for ref in given if isinstance(ref, str))


def _look_up(model, ref, parent):
    memory = _remembered.get()
    owner = "" if is_documented(model) or "/" in ref else getattr(parent, "slug", "")
    key = (model, ref, owner)
    if memory is not None and key in memory:
        return memory[key]
    if is_documented(model):
        found = goes_on_in(model.objects.filter(slug=ref).first())
    else:
        slug, _slash, name = ref.rpartition("/")
        found = _part(model, slug or owner, name)
    if memory is not None and found is not None:
        memory[key] = found
    return found


def goes_on_in(record):
    """The record itself or, once it was merged, the one that continues it: older dossiers still say its slug."""
    seen = set()
    while record is not None and getattr(record, "merged_into_id", None) and record.pk not in seen:
        seen.add(record.pk)
        record = record.merged_into
    return record


def _part(model, slug, key):
    """The part of the record ``slug``; once that record was merged, the part of the same key where it goes on."""
    rows = model.objects.filter(key=key).select_related(model.PARENT)
    found = rows.filter(**{f"{model.PARENT}__slug": slug}).first()
    owner = found and getattr(found, model.PARENT)
    target = goes_on_in(owner)
    if target == owner:
        return found
    return rows.filter(**{model.PARENT: target}).first() or found
