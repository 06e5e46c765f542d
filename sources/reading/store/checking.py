"""Compares the store with what the editors' tables say."""

from sources.reading.store import counter
from sources.reading.store.composing import compose
from sources.reading.store.keeping import BATCH, forms
from sources.records.base import record_models

# What a form says, apart from the ticks.
CONTENT = ("kind", "slug", "valid_until", "published_at", "sha256", "citations", "link", "card", "form")


def check(announce=lambda number: None):
    """``(number of forms, lines)``: a line for each form that is not stale and says otherwise than the tables, or that no published
    record has. ``announce`` is called with the number after each batch."""
    number, wrong = 0, []
    for model in record_models():
        keys = list(forms().of(model).order_by("record_id").values_list("record_id", flat=True))
        for start in range(0, len(keys), BATCH):
            batch = keys[start : start + BATCH]
            wrong += _wrong_in(model, batch)
            number += len(batch)
            announce(number)
    return number, wrong


def _wrong_in(model, keys):
    """The lines about one batch. Looks again while somebody publishes, for what was read before and after would differ."""
    while True:
        tick = counter.now()
        stored = list(forms().of(model).filter(record_id__in=keys).prefetch_related("references"))
        made = {form.record_id: form for form in compose(model, keys)}
        if counter.now() == tick:
            return [line for form in stored if (line := _fault_of(form, made.get(form.record_id)))]


def _fault_of(form, made):
    if made is None:
        return f"{form}: the record is not published."
    if form.is_stale:
        return ""
    differing = [name for name in CONTENT if getattr(form, name) != getattr(made, name)]
    if {(row.target_type_id, row.target_id) for row in form.references.all()} != made.seen:
        differing.append("references")
    return f"{form}: not as the tables say: {', '.join(differing)}." if differing else ""
