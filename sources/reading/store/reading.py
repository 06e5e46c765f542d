"""Serves the forms of published records: the one way from the public side to the store.

A stale form is made anew before it is served. Where that cannot be written, since somebody else is writing or the database takes no
writes, it is served all the same, and made again for the next reader.
"""

import orjson
from django.db import DatabaseError, transaction
from django.db.models import Sum

from sources.lib import clock
from sources.reading.store import counter
from sources.reading.store.composing import compose
from sources.reading.store.keeping import BATCH, forms, settle, write

# How often to try again when something public changes while a form is made.
TRIES = 3
# What a query for rows of records reads of their forms, beside the primary key; see ``cards_from``.
CARD = ("forms__card", "forms__marked", "forms__made", "forms__valid_until")
FIGURES = ("citations", "disputes", "mentions", "facts", "disputed", "settled", "left_open")


def form_of(model, slug):
    """The ``PublicForm`` of a published record, or ``None``."""
    settle()
    form = forms().filter(kind=model.KIND, slug=slug).first()
    if form is not None and not form.is_stale:
        return form
    keys = model.objects.published().filter(slug=slug).values_list("pk", flat=True)
    return next(iter(made_anew(model, list(keys)).values()), None)


def digest_of(model, slug):
    """The SHA-256 of the form, without reading it; ``None`` if there is none or it must be made anew."""
    settle()
    form = forms().filter(kind=model.KIND, slug=slug).defer("form", "card", "link").first()
    return form.sha256 if form is not None and not form.is_stale else None


def cards_of(rows):
    """The cards of a queryset of published records, as plain data in its order. One query if none is stale."""
    settle()
    return [orjson.loads(card) for card in cards_from(rows.model, list(rows.values_list("pk", *CARD)))]


def cards_from(model, found):
    """The cards as JSON text for ``found``, a list of ``(primary key, *the columns of CARD)``. Makes stale ones anew, together."""
    stale = [pk for pk, *card in found if _is_stale(*card)]
    anew = made_anew(model, stale)
    return [anew[pk].card if pk in anew else card for pk, card, *_ticks in found]


def _is_stale(card, marked, made, valid_until):
    return card is None or marked > made or (valid_until is not None and valid_until < clock.today())


def forms_of(rows):
    """The forms of a queryset of published records in its order, as ``PublicForm`` rows."""
    settle()
    keys = list(rows.values_list("pk", flat=True))
    known = {form.record_id: form for form in forms().of(rows.model).filter(record_id__in=keys)}
    anew = made_anew(rows.model, [pk for pk in keys if pk not in known or known[pk].is_stale])
    return [form for pk in keys if (form := anew.get(pk, known.get(pk))) is not None]


def links_of(model, keys):
    """``{primary key: how others name the record}`` of published records."""
    return {form.record_id: orjson.loads(form.link) for form in forms_of(model.objects.published().filter(pk__in=keys))}


def figures():
    """The figures of all forms, added up, after those that are stale were made anew: at most ``BATCH`` of them, so that no
    reader waits for more. Among thousands that one change marked, the figures of the others are as before it."""
    refresh_stale(limit=BATCH)
    return forms().aggregate(**{name: Sum(name, default=0) for name in FIGURES})


def refresh_stale(limit=None, announce=lambda number: None):
    """Make stale forms anew, and those of published records that have none. Returns how many; ``announce`` is called with
    that number after each batch."""
    from sources.records.base import record_models

    number = 0
    for model in record_models():
        keys = list(_to_make(model)[: limit - number if limit else None])
        for start in range(0, len(keys), BATCH):
            number += len(made_anew(model, keys[start : start + BATCH]))
            announce(number)
        if limit and number >= limit:
            break
    return number


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
        with counter.impatient(), transaction.atomic():
            if counter.lock_at_once() != tick:
                return False
            write(made, tick)
    except DatabaseError:
        # Somebody else holds the lock, or the database takes no writes.
        pass
    return True
