"""Compares the store, and the tables that follow from it, with what the editors' tables say."""

from collections import Counter

from sources.reading.store import counter
from sources.reading.store.answers import wrong_answers
from sources.reading.store.composing import compose
from sources.reading.store.keeping import BATCH, forms
from sources.reading.store.tallies import counted, tallies
from sources.records.base import record_models

# What a form says, apart from the ticks.
CONTENT = (
    "kind",
    "slug",
    "valid_until",
    "published_at",
    "sha256",
    "citations",
    "link",
    "card",
    "disputes",
    "line",
    "form",
)


def check(announce=lambda number: None):
    """``(number of forms, lines)``: a line for each form that is not stale and says otherwise than the tables, or that no published
    record has; for list entries that are not as the records; for each number that the forms do not add up to; and for each answer that
    is not what would be worked out now. ``announce`` is called with the number of forms after each batch."""
    number, wrong = 0, []
    for model in record_models():
        keys = list(forms().of(model).order_by("record_id").values_list("record_id", flat=True))
        for start in range(0, len(keys), BATCH):
            batch = keys[start : start + BATCH]
            wrong += _undisturbed(lambda model=model, batch=batch: _wrong_in(model, batch))
            number += len(batch)
            announce(number)
        stray = _undisturbed(model.stray_list_rows)
        wrong += [f"{model.KIND}, key {key}: in lists, and not published." for key in sorted(stray)]
    return number, wrong + _undisturbed(_wrong_tallies) + _undisturbed(wrong_answers)


def _undisturbed(look):
    """What ``look()`` finds. Looks again while somebody publishes, for what was read before and after would differ."""
    while True:
        tick = counter.now()
        found = look()
        if counter.now() == tick:
            return found


def _wrong_in(model, keys):
    """The lines about one batch."""
    stored = list(forms().of(model).filter(record_id__in=keys).prefetch_related("references"))
    made = {form.record_id: form for form in compose(model, keys)}
    unlisted = model.wrong_list_rows(keys)
    faults = ((form, _faults_of(form, made.get(form.record_id), form.record_id in unlisted)) for form in stored)
    return [f"{form}: {fault}" for form, fault in faults if fault]


def _faults_of(form, made, is_listed_wrongly):
    if made is None:
        return "the record is not published."
    if form.is_stale:
        return ""
    differing = [name for name in CONTENT if getattr(form, name) != getattr(made, name)]
    if {(row.target_type_id, row.target_id) for row in form.references.all()} != made.seen:
        differing.append("references")
    if is_listed_wrongly:
        differing.append("list entries")
    return f"not as the tables say: {', '.join(differing)}." if differing else ""


def _wrong_tallies():
    kept = {row.key: row.number for row in tallies().all()}
    numbers = Counter()
    for form in forms().order_by("pk").values_list("record_type", "form").iterator(chunk_size=BATCH):
        numbers += Counter(counted([form]))
    return [
        f"{subject}, “{value}”: {kept.get((subject, value), 0)} are counted, and there are {numbers[subject, value]}."
        for subject, value in sorted(kept.keys() | numbers.keys())
        if kept.get((subject, value), 0) != numbers[subject, value]
    ]
