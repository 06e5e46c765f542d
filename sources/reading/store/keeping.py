"""Writes forms, and marks those that a change makes stale: in the transaction of the change, at its end.

``together`` is around an act of several steps; what the steps mark and keep is written once, when all rows that the act locks are
locked. Outside of it every save marks by itself, so that no code can forget it.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q

from sources.lib.inserting import insert
from sources.lib.prefetching import empty_lists
from sources.reading.search import index as search
from sources.reading.store import counter
from sources.reading.store.composing import compose
from sources.reading.store.references import key_for, key_of, touched_by
from sources.reading.store.tallies import recount
from sources.records.dossier.kinds import is_documented

# How many forms are made, and how many keys are named in a query, at once.
BATCH = 100
KEYS_AT_ONCE = 400


@dataclass
class Pending:
    """What an act will write at its end.

    ``changed``: rows; their own forms and all that were made from them are stale. ``shown``: rows whose own forms are stale.
    ``kept``: forms made in the act that no later step made stale. ``back``: records that show those of such a form back, whatever
    became of it. ``gone``: records that readers no longer see.
    """

    changed: set = field(default_factory=set)
    shown: set = field(default_factory=set)
    kept: dict = field(default_factory=dict)
    back: set = field(default_factory=set)
    gone: set = field(default_factory=set)
    # Whether nothing of what the act deletes may stay in an index or in an answer.
    is_removal: bool = False

    def change(self, key, also=()):
        self.changed.add(key)
        self.shown |= {*also}
        for other, form in list(self.kept.items()):
            if key == other or key in form.seen or other in also:
                self.shown.add(other)
                del self.kept[other]

    def __bool__(self):
        return bool(self.changed or self.shown or self.kept or self.gone)


_pending = ContextVar("pending", default=None)


def forms():
    return apps.get_model("sources.PublicForm").objects


@contextmanager
def together():
    """A transaction whose changes of the store are written once, at its end."""
    outer = _pending.get()
    if outer is not None:
        with _undone_with_an_error(outer), transaction.atomic():
            yield
        return
    with transaction.atomic():
        token = _pending.set(Pending())
        try:
            yield
            _flush(_pending.get())
        finally:
            _pending.reset(token)


@contextmanager
def _undone_with_an_error(pending):
    """After an error forget what was kept within. What was marked stays: to make a form anew in vain does no harm."""
    kept, gone = {**pending.kept}, {*pending.gone}
    try:
        yield
    except BaseException:
        pending.kept, pending.gone = kept, gone
        raise


@contextmanager
def saving():
    """Around the saving of one row and its marks: both or neither."""
    if _pending.get() is not None:
        yield
        return
    with together():
        yield


def settle():
    """Write now what is pending, before something in the same act reads the store."""
    pending = _pending.get()
    if pending:
        _flush(pending)
        vars(pending).update(vars(Pending()))


@contextmanager
def _noting():
    with saving():
        yield _pending.get()


# What the models call


def changed(row):
    """A documented row was saved, or is about to be deleted."""
    if row.is_hidden_draft:
        return
    with _noting() as pending:
        pending.change(key_of(row), row.shown_on())


def part_changed(row):
    """A part, a citation or a ruling was saved or is about to be deleted."""
    record = row._state.fields_cache.get(getattr(row, "PARENT", "") or "record")
    if record is not None and record.is_hidden_draft:
        return
    owner, named = touched_by(row)
    with _noting() as pending:
        pending.change(owner, named)


def row_changed(row):
    (changed if is_documented(row) else part_changed)(row)


def visibility_changed(record):
    """A record appears or disappears: so do the parts of others that name it, and what sources say there."""
    with _noting() as pending:
        pending.change(key_of(record), _sources_beside(record))
        if not record.is_published:
            gone(record)


def gone(record):
    """Readers no longer see the record."""
    with _noting() as pending:
        pending.kept.pop(key_of(record), None)
        pending.gone.add(key_of(record))


def forget(record):
    """The record is about to be deleted, and its form with it: take that out of the counts and the search while it can be read."""
    with _noting() as pending:
        pending.kept.pop(key_of(record), None)
        pending.is_removal = True
        counter.advance()
        drop({key_of(record)})


def keep(record):
    """Make the form of a published record, to be written at the end of the act. Returns it, not saved."""
    [form] = compose(type(record), [record.pk])
    with _noting() as pending:
        pending.kept[form.key] = form
        pending.back |= showing_back([form])
        pending.gone.discard(form.key)
    return form


def keep_many(model, keys, since=None):
    """Make and write the forms of published records of one kind, for a load of many at once. Returns them.

    The queries for a batch do not depend on what it holds. ``since``: a tick after which no row was changed (see ``counter.now``);
    records whose forms were made later are not marked although a new form names them.
    """
    settle()
    with transaction.atomic():
        tick = counter.advance()
        made = [form for batch in batches(list(keys), BATCH) for form in compose(model, batch)]
        write(made, tick)
        mark(showing_back(made), (), tick, since)
    return made


def _sources_beside(record):
    """Keys of the sources cited in the parts of other records that name ``record``: only while it is published do they show that."""
    source, naming = apps.get_model("sources.Source"), _lists_naming(type(record))
    nowhere = empty_lists([record], naming)
    beside = [_cited_beside(record, *naming[accessor]) for accessor in naming if accessor not in nowhere]
    return {key_for(source, pk) for found in beside for pk in found}


@cache
def _lists_naming(kind):
    """``{accessor: (model, name, field)}`` of the lists of parts, ``name`` of ``model``, that name a record of the kind in ``field``."""
    from sources.records.base import record_models

    lists = [
        (model, name, model._meta.get_field(name).related_model) for model in record_models() for name in model.PARTS
    ]
    fields = [(model, name, part._meta.get_field(column)) for model, name, part in lists for column in part.NAMES]
    return {
        field.remote_field.get_accessor_name(): (model, name, field)
        for model, name, field in fields
        if field.related_model is kind
    }


def _cited_beside(record, model, name, field):
    citations = model._meta.get_field("citations").related_model
    own = citations.objects.filter(record_type=ContentType.objects.get_for_model(model), source__isnull=False)
    owners = field.model.objects.filter(**{field.name: record.pk}).order_by().values(field.model.PARENT)
    beside = own.filter(record_id__in=owners, part__startswith=f"{name}/").order_by()
    return beside.values_list("source", flat=True).distinct()


# Writing


def _flush(pending):
    if not pending:
        return
    tick = counter.advance()
    kept = {key: form for key, form in pending.kept.items() if key not in pending.gone}
    mark(pending.changed | pending.shown, pending.changed, tick)
    drop(pending.gone)
    # What was made in the act is as the act leaves it.
    write(list(kept.values()), tick)
    mark(pending.back, (), tick, since=tick - 1)
    search.keep_shown({record_type for record_type, _key in pending.changed})
    if pending.is_removal:
        search.purge()
        forget_answers()


def drop(gone):
    """Delete the forms with these keys, and what follows from them."""
    for keys in by_type(gone):
        doomed = forms().filter(keys)
        recount(before=list(doomed.values_list("record_type", "form")), after=())
        search.forget(doomed)
        doomed.delete()
    _keep_list_rows(gone)


def forget_answers():
    """Delete what ``sources.reading.store.answers`` keeps, also what no longer stands."""
    apps.get_model("sources.PublicAnswer").objects.all().delete()


def _keep_list_rows(keys):
    for record_type, records in grouped(keys).items():
        ContentType.objects.get_for_id(record_type).model_class().keep_list_rows(records)


def mark(own, changed, tick, since=None):
    """Mark the forms with the keys ``own``, and those that were made from rows with the keys ``changed``. With ``since`` only
    forms that were made for that tick or before."""
    older = forms().filter(made__lte=since) if since is not None else forms()
    for keys in by_type(own):
        older.filter(keys).update(marked=tick)
    references = apps.get_model("sources.PublicReference").objects
    for keys in by_type(changed, "target_type", "target_id"):
        older.filter(pk__in=references.filter(keys).values("form")).update(marked=tick)


def write(made, tick):
    """Write new forms, made for ``tick``, and what they were made from. Returns how many of the records had a form."""
    for form in made:
        form.made = tick
    # In one order, whoever writes.
    made = sorted(made, key=lambda form: form.key)
    columns = [column.name for column in forms().model._meta.concrete_fields if column.name not in NOT_WRITTEN]
    keys = [form.key for form in made]
    before = [row for some in by_type(keys) for row in forms().filter(some).values_list("record_type", "form")]
    forms().bulk_create(made, update_conflicts=True, unique_fields=UNIQUE, update_fields=columns)
    if made:
        search.keep(made)
        recount(before, after=[(form.record_type_id, form.form) for form in made])
        _keep_list_rows(keys)
        _write_references({form.pk: form for form in made})
    return len(before)


UNIQUE = ("record_type", "record_id")
NOT_WRITTEN = (*UNIQUE, "id", "marked")


def _write_references(made):
    model = apps.get_model("sources.PublicReference")
    known = {pk: {} for pk in made}
    for pk, form, *key in model.objects.filter(form__in=made).values_list("pk", "form", "target_type", "target_id"):
        known[form][tuple(key)] = pk
    lost = [pk for form, keys in known.items() for key, pk in keys.items() if key not in made[form].seen]
    model.objects.filter(pk__in=lost).delete()
    new = [
        model(form_id=pk, target_type_id=target_type, target_id=target)
        for pk, form in made.items()
        for target_type, target in sorted(form.seen - known[pk].keys())
    ]
    insert(model, new)


def showing_back(made):
    """The keys of the records that show, on their own, the records of the forms ``made`` because these name them."""
    return {key for form in made for key in form.seen if key[0] in types_showing_back(form.record_type_id)}


@cache
def _shown_back():
    from sources.reading import kinds
    from sources.records.base import record_models

    return {model: kinds.serializer_of(model).shown_back() for model in record_models()}


def types_showing_back(record_type_id):
    """Keys of the content types of records that show, on their own, the records of this kind that name them."""
    kind = ContentType.objects.get_for_id(record_type_id).model_class()
    return {
        ContentType.objects.get_for_model(model).pk
        for model, shown in _shown_back().items()
        if kind in shown or None in shown
    }


def by_type(keys, type_name="record_type", id_name="record_id"):
    """Conditions that together have every key, each with a number of keys that a query can hold."""
    for target_type, targets in grouped(keys).items():
        for batch in batches(targets, KEYS_AT_ONCE):
            yield Q(**{type_name: target_type, f"{id_name}__in": batch})


def grouped(keys):
    """The keys of rows as ``{key of the content type: [primary key]}``, in order."""
    found = {}
    for record_type, record in sorted(keys):
        found.setdefault(record_type, []).append(record)
    return found


def batches(items, size):
    for start in range(0, len(items), size):
        yield items[start : start + size]
