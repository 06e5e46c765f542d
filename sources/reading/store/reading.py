"""Serves the forms of published records: the one way from the public side to the store.

A stale form is made anew before it is served. Where that cannot be written, since somebody else is writing or the database takes no
writes, it is served all the same, and made again for the next reader.
"""

from contextlib import nullcontext
from functools import reduce
from operator import or_

import orjson
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, connection, transaction
from django.db.models import F

from sources.lib import clock
from sources.lib.locks import waiting
from sources.lib.prepared import PreparedRows
from sources.reading.store import counter
from sources.reading.store.composing import compose
from sources.reading.store.keeping import BATCH, batches, by_type, drop, forget_answers, forms, grouped, settle, write
from sources.reading.store.tallies import tallies

# How often to try again when something public changes while a form is made.
TRIES = 3
# How many stale forms one reader makes anew before something is told of all forms together.
FRESHENED = 20
# What a query for rows of records reads of their forms, beside the primary key and a text; see ``current_texts``.
TICKS = ("forms__sha256", "forms__marked", "forms__made", "forms__valid_until")
OF_CARDS = ("pk", "forms__card", *TICKS)
# Every record's page and answer begins with this look-up, so its SQL is made once.
_with_address = PreparedRows(lambda kind, slug: forms().filter(kind=kind, slug=slug))


def form_of(model, slug):
    """The ``PublicForm`` of a published record, or ``None``."""
    settle()
    form = next(iter(_with_address(model.KIND, slug)), None)
    return form if form is not None and not form.is_stale else forms_of(model, [slug]).get(slug)


def forms_of(model, slugs):
    """``{slug: PublicForm}`` of those of the records that are published; stale ones are made anew, together."""
    settle()
    found = forms().filter(kind=model.KIND, slug__in=slugs)
    fresh = {form.slug: form for form in found if not form.is_stale}
    if len(fresh) == len(slugs):
        return fresh
    others = model.objects.published().filter(slug__in=[slug for slug in slugs if slug not in fresh])
    return fresh | {form.slug: form for form in made_anew(model, list(others.values_list("pk", flat=True))).values()}


def forms_with(keys):
    """``{key: PublicForm}`` of those of the records with these keys that are published, to read what lists show; stale ones are made
    anew."""
    if not keys:
        return {}
    settle()
    found = forms().filter(reduce(or_, by_type(keys))).defer("form")
    fresh = {form.key: form for form in found if not form.is_stale}
    return fresh | _made_anew({*keys} - fresh.keys())


def data_of(record):
    """The form of a published record as plain data."""
    return orjson.loads(form_of(type(record), record.slug).form)


def digest_of(model, slug):
    """The SHA-256 of the form, without reading it; ``None`` if there is none or it must be made anew."""
    settle()
    found = forms().filter(kind=model.KIND, slug=slug).defer("form", "card", "link", "disputes", "line")
    form = next(iter(found), None)
    return form.sha256 if form is not None and not form.is_stale else None


def cards_of(rows):
    """The cards of a queryset of published records, as plain data in its order. One query if none is stale."""
    settle()
    return cards_from(rows.model, list(rows.values(*OF_CARDS)))


def cards_from(model, found):
    """As ``cards_of``, of rows that were read as dicts with ``OF_CARDS``."""
    columns = [tuple(row[name] for name in OF_CARDS) for row in found]
    return [orjson.loads(card) for card, _sha256 in current_texts(model, columns, "card")]


def current_texts(model, found, column):
    """``[(text, digest of the form)]`` for ``found``, a list of ``(primary key, text, *the columns of TICKS)`` where the text is the
    ``column`` of the form. Makes stale ones anew, together; what readers no longer see is left out."""
    today = clock.today()
    stale = {
        pk
        for pk, text, _sha256, marked, made, valid_until in found
        if text is None or marked > made or (valid_until is not None and valid_until < today)
    }
    if not stale:
        return [row[1:3] for row in found]
    anew = made_anew(model, sorted(stale))
    fresh = ((pk, anew.get(pk)) if pk in stale else (pk, None) for pk, *_card in found)
    return [
        (getattr(form, column), form.sha256) if form else (text, sha256)
        for (pk, form), (_pk, text, sha256, *_ticks) in zip(fresh, found, strict=True)
        if form or pk not in stale
    ]


def most_cited(model):
    """The form of the record of this kind with most citations, or ``None``."""
    settle()
    form = forms().filter(kind=model.KIND).order_by("-citations", "slug").first()
    return form_of(model, form.slug) if form is not None and form.is_stale else form


def tallies_of(*subjects):
    """For each subject ``{value: number}`` of what all forms together have under it (see ``sources.reading.store.tallies``), after
    stale ones were made anew: at most ``FRESHENED`` of them, so that no reader waits for more. Among thousands that one change marked,
    the numbers of the others are as before it."""
    freshen()
    return tallies().of(subjects)


def exact_tally_of(subject):
    """``{value: number}`` of what all forms together have under the subject; ``None`` while a form is stale, and the numbers may
    be other ones."""
    return tallies().of([subject])[0] if freshen() else None


def freshen():
    """Before something reads of all forms at once: make stale ones anew, at most ``FRESHENED``, so that no reader waits for more.
    Returns whether none is left."""
    settle()
    stale = list(_some_stale(FRESHENED + 1))
    _made_anew(stale[:FRESHENED])
    return not stale or not is_anything_stale()


def is_anything_stale():
    return bool(list(_some_stale(1)))


def _some_stale(most):
    """``(key of the content type, key of the record)`` of stale forms, at most so many."""
    rows = forms().values_list("record_type", "record_id")
    # Two queries in one, each of an index that holds few rows.
    return rows.filter(marked__gt=F("made")).union(rows.filter(valid_until__lt=clock.today()), all=True)[:most]


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
    with transaction.atomic():
        counter.advance()
        if not forms().exists():
            tallies().all().delete()
        forget_answers()


def _to_make(model):
    """Primary keys of the published records of a kind whose forms are stale or missing."""
    own = forms().of(model)
    published = model.objects.published().order_by("pk").values_list("pk", flat=True)
    return published.exclude(pk__in=own.exclude(pk__in=own.stale().values("pk")).values("record_id"))


def _made_anew(keys):
    """As ``made_anew``, of any kinds: ``{key: form}``."""
    kinds = {ContentType.objects.get_for_id(record_type): records for record_type, records in grouped(keys).items()}
    made = [made_anew(kind.model_class(), records) for kind, records in kinds.items()]
    return {form.key: form for of_kind in made for form in of_kind.values()}


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
    return while_unchanged(tick, lambda: _write_anew(made, tick))


def _write_anew(made, tick):
    # A record that had no form was in no number: answers that were worked out without it stand no longer.
    if write(made, tick) < len(made):
        counter.advance()


def while_unchanged(tick, keep):
    """Call ``keep()``, unless something public changed since ``tick``: then ``False``. ``True`` also if it cannot be written now."""
    try:
        with nullcontext() if connection.in_atomic_block else waiting(0), transaction.atomic():
            if counter.lock_at_once() != tick:
                return False
            keep()
    except DatabaseError:
        # Somebody else holds the lock, or the database takes no writes.
        pass
    return True
