"""Serves the forms of published records: the one way from the public side to the store.

A stale form is made anew before it is served. Where that cannot be written, since somebody else is writing or the database takes no
writes, it is served all the same, and made again for the next reader.
"""

from contextlib import nullcontext

import orjson
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, connection, transaction

from sources.lib import clock
from sources.lib.locks import waiting
from sources.reading.store import counter
from sources.reading.store.composing import compose
from sources.reading.store.keeping import BATCH, batches, drop, forms, settle, write

# How often to try again when something public changes while a form is made.
TRIES = 3
# What a query for rows of records reads of their forms, beside the primary key; see ``cards_from``.
CARD = ("forms__card", "forms__marked", "forms__made", "forms__valid_until")


def form_of(model, slug):
    """The ``PublicForm`` of a published record, or ``None``."""
    settle()
    form = forms().filter(kind=model.KIND, slug=slug).first()
    if form is not None and not form.is_stale:
        return form
    keys = model.objects.published().filter(slug=slug).values_list("pk", flat=True)
    return next(iter(made_anew(model, list(keys)).values()), None)


def data_of(record):
    """The form of a published record as plain data."""
    return orjson.loads(form_of(type(record), record.slug).form)


def digest_of(model, slug):
    """The SHA-256 of the form, without reading it; ``None`` if there is none or it must be made anew."""
    settle()
    form = forms().filter(kind=model.KIND, slug=slug).defer("form", "card", "link").first()
    return form.sha256 if form is not None and not form.is_stale else None


def cards_of(rows):
    """The cards of a queryset of published records, as plain data in its order. One query if none is stale."""
    settle()
    return [orjson.loads(card) for card in cards_from(rows.model, list(rows.values_list("pk", *CARD)))]


def cards_by_key(model, keys):
    """``{primary key: card as plain data}`` of published records with these keys."""
    settle()
    found = list(model.objects.published().filter(pk__in=keys).values_list("pk", *CARD))
    return {pk: orjson.loads(card) for (pk, *_rest), card in zip(found, cards_from(model, found), strict=True)}


def cards_from(model, found):
    """The cards as JSON text for ``found``, a list of ``(primary key, *the columns of CARD)``. Makes stale ones anew, together; what
    readers no longer see by then is left out."""
    stale = {pk for pk, *card in found if _is_stale(*card)}
    anew = made_anew(model, sorted(stale))
    current = ((pk, anew.get(pk), card) for pk, card, *_ticks in found)
    return [form.card if form else card for pk, form, card in current if form or pk not in stale]


def _is_stale(card, marked, made, valid_until):
    return card is None or marked > made or (valid_until is not None and valid_until < clock.today())


def freshen():
    """Before something reads of all forms at once: make stale ones anew, at most ``BATCH``, so that no reader waits for more."""
    settle()
    by_type = {}
    for content_type, key in forms().stale().values_list("record_type", "record_id")[:BATCH]:
        by_type.setdefault(content_type, []).append(key)
    for content_type, keys in by_type.items():
        made_anew(ContentType.objects.get_for_id(content_type).model_class(), keys)


def refresh_stale(announce=lambda number: None):
    """Make stale forms anew, and those of published records that have none. Returns how many; ``announce`` is called with
    that number after each batch."""
    from sources.records.base import record_models

    number = 0
    for model in record_models():
        for batch in batches(list(_to_make(model)), BATCH):
            number += len(made_anew(model, batch))
            announce(number)
    return number


def throw_away():
    """Delete all forms, in batches; readers are served meanwhile."""
    while keys := list(forms().values_list("record_type", "record_id")[:BATCH]):
        with transaction.atomic():
            counter.advance()
            drop(keys)


def _to_make(model):
    """Primary keys of the published records of a kind whose forms are stale or missing."""
    own = forms().of(model)
    published = model.objects.published().order_by("pk").values_list("pk", flat=True)
    return published.exclude(pk__in=own.exclude(pk__in=own.stale().values("pk")).values("record_id"))


def made_anew(model, keys):
    """``{primary key: form}`` of those records that are published, made from the tables, and kept if that is possible."""
    if not keys:
        return {}
    for _try in range(TRIES):
        tick = counter.now()
        made = compose(model, keys)
        if _kept(made, tick):
            break
    return {form.record_id: form for form in made}


def _kept(made, tick):
    """Write the forms, unless something public changed since ``tick``: then ``False``, and they are to be made again. ``True`` also
    if they cannot be written now."""
    try:
        with nullcontext() if connection.in_atomic_block else waiting(0), transaction.atomic():
            if counter.lock_at_once() != tick:
                return False
            write(made, tick)
    except DatabaseError:
        # Somebody else holds the lock, or the database takes no writes.
        pass
    return True
