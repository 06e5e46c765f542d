"""Facts in words for readers: the name of a field, of an entry, and the stated value.

Uses the public representation and the models' labels, so that pages and differences between versions name a fact alike.
"""

from collections import defaultdict
from functools import cache

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, fields
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sources.lib.date_words import in_words
from sources.records.dossier import documented_models, with_single_relations


@cache
def model_of(kind, part=""):
    """The model of a kind of record, or of one of its lists of entries; ``None`` for an unknown kind."""
    model = documented_models().get(kind)
    if model is None or not part:
        return model
    return model._meta.get_field(part.partition("/")[0]).related_model


def field_of(model, name):
    """A field of a model, or ``None``: a frozen version may have fields that the model no longer has."""
    try:
        return model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return None


def field_label(kind, part, field):
    """The name of a field: from ``FACT_LABELS`` of the model, else its ``verbose_name``."""
    model = model_of(kind, part)
    if field in getattr(model, "FACT_LABELS", {}):
        return str(model.FACT_LABELS[field])
    if field.endswith("_es"):
        return _("%(field)s in Spanish") % {"field": field_label(kind, part, field.removesuffix("_es"))}
    model_field = field_of(model, field)
    return capfirst(str(model_field.verbose_name)) if model_field else capfirst(field.replace("_", " "))


def entry_label(record, part):
    """The name of the entry at ``part`` (``milestones/signed``); empty for the record itself."""
    return _entry_words(record["ref"].partition("/")[0], part, entry(record, part))


def _entry_words(kind, part, row):
    if not part:
        return ""
    return model_of(kind, part).entry_label(row) if row else part_label(kind, part)


def part_label(kind, part):
    """An entry named by its path alone: ``milestones/signed`` is “Milestone: signed”."""
    words = part.partition("/")[2].replace("-", " ")
    return f"{capfirst(str(model_of(kind, part)._meta.verbose_name))}: {words}"


def entry(record, part):
    """The row of the representation at ``part``, or ``None``."""
    name, _slash, key = part.partition("/")
    return next((row for row in record.get(name) or () if row.get("key") == key), None)


def name_of(row, fields):
    """What a row of the representation says in the first of ``fields`` that says anything; empty without one."""
    for name in fields:
        value = row.get(name)
        if isinstance(value, dict):
            value = localised(value, "name") or localised(value, "label")
        if value:
            return value
    return ""


def fact_label(record, part, field):
    """A fact's name for readers, for example “Signed · date”."""
    return _joined(entry_label(record, part), field_label(record["ref"].partition("/")[0], part, field))


def _joined(entry_words, label):
    return f"{entry_words} · {label[:1].lower()}{label[1:]}" if entry_words else label


# Without the record at hand


def labels_of_facts(rows, entries=None):
    """``{row.pk: the fact in words}`` of published rows about facts, named as on the record's page.

    One query for each list of entries that is named, unless ``entries`` are given. An entry that is gone is named by its key.
    """
    entries = entries_of(rows) if entries is None else entries
    labels = {}
    for row in rows:
        kind = kind_of(row)
        entry_ = entries.get((kind, row.record_id, row.part))
        entry_words = _entry_words(kind, row.part, entry_ and _form_of(entry_))
        labels[row.pk] = _joined(entry_words, field_label(kind, row.part, row.field))
    return labels


def question_with(kind, part, field, row):
    """The question in plain words that a fact of a record answers; ``row`` is the entry in its form that the fact is of, if any."""
    model = model_of(kind, part)
    is_gone = part and row is None
    question = "" if is_gone else model.question(field, row or {})
    if question:
        return question.replace("%(entry)s", name_of(row or {}, getattr(model, "KNOWN_BY", ())))
    label = field_label(kind, part, field)
    words = {"label": label[:1].lower() + label[1:], "entry": _entry_words(kind, part, row)}
    return (_("What is the %(label)s of “%(entry)s”?") if part else _("What is the %(label)s?")) % words


def question_of(record, part, field):
    """The question in plain words that a fact of the representation ``record`` answers."""
    return question_with(record["ref"].partition("/")[0], part, field, entry(record, part))


def kind_of(row):
    """The kind of the record that a row is about."""
    return row.record_ref.partition("/")[0]


def entries_of(rows):
    """``{(kind, record's primary key, part): entry}`` of the entries that rows about facts name. One query a list of entries."""
    named = defaultdict(set)
    for row in rows:
        name, _slash, key = row.part.partition("/")
        if key:
            named[kind_of(row), name].add((row.record_id, key))
    entries = {}
    for (kind, name), pairs in named.items():
        model = model_of(kind, name)
        record_ids, keys = zip(*pairs, strict=True)
        candidates = model.objects.filter(**{f"{model.PARENT}__in": record_ids, "key__in": keys})
        for entry in with_single_relations(candidates):
            entries[kind, getattr(entry, f"{model.PARENT}_id"), f"{name}/{entry.key}"] = entry
    return entries


def _form_of(entry):
    """What names and questions of an entry are made of: its fields as the API gives them, without relations to many."""
    fields = [name for name in ("key", *entry.DOSSIER_FIELDS) if not entry._meta.get_field(name).many_to_many]
    return {name: _plain(getattr(entry, name)) for name in fields}


def _plain(value):
    """A value as the API gives it, as far as names are made of it."""
    if not isinstance(value, Model):
        return value
    names = ("name", "name_es", "label", "label_es", "code")
    return {"name": str(value), **{name: text for name in names if (text := getattr(value, name, ""))}}


def stated(record, part, field):
    """What the record states in a field, in words."""
    row = entry(record, part) if part else record
    value = (row or {}).get(field)
    return worded(model_of(record["ref"].partition("/")[0], part), field, value)


def stated_in(row, field):
    """What a record or an entry states in a field, in words; records that readers do not see are not named."""
    model_field = row._meta.get_field(field)
    if model_field.many_to_many:
        value = [named for target in getattr(row, field).all() if (named := _named(target))]
    elif model_field.is_relation:
        value = _named(getattr(row, field))
    else:
        value = row.fact_value(field)
    return worded(type(row), field, str(value) if hasattr(model_field, "bounds") and value else value)


def _named(target):
    return _plain(target) if target is not None and getattr(target, "is_published", True) else None


def worded(model, field, value):
    """A value of a model's field as readers see it."""
    if value in (None, "", []):
        return ""
    if isinstance(value, list):
        return ", ".join(worded(model, field, item) for item in value)
    if isinstance(value, dict):
        return called(value) or localised(value, "label") or value.get("number") or value.get("heading") or ""
    model_field = field_of(model, field)
    if hasattr(model_field, "bounds") or isinstance(model_field, fields.DateField):
        return in_words(value)
    if getattr(model_field, "choices", None):
        return choice_label(model, field, value)
    return str(value)


def choice_label(model, field, value):
    """The label of a choice code; an unknown code comes back as it is."""
    return _labels(model, field, get_language()).get(value) or str(value)


@cache
def _labels(model, field, _language):
    """``{code: label}``; ``_language`` is the active language, to cache by."""
    return {value: str(label) for value, label in model._meta.get_field(field).flatchoices}


def called(link):
    """A linked record in words: “Zaire (today: Congo)” where it had another name at the time."""
    name = localised(link, "name")
    return (
        _("%(then)s (today: %(name)s)") % {"then": link["name_then"], "name": name} if link.get("name_then") else name
    )


def localised(data, name):
    """``name_es`` for a reader of Spanish where there is one, else ``name``."""
    spanish = (get_language() or "").startswith("es")
    return (spanish and data.get(f"{name}_es")) or data.get(name) or ""
