"""Published records of one kind by their names, from the index: what lists, filters and editors' search boxes ask.

Each function gives the ``Q`` of the rows of ``model``. What they know is as current as the forms: see
``sources.reading.store.reading.freshen``.
"""

from django.db.models import F, Q

from sources.lib.text import is_unspaced, names_with
from sources.reading.search import matching, ranking, spelling
from sources.reading.search.index import LONGEST_BEGINNING
from sources.reading.search.tables import table

# With how many letters a word must begin as a misspelt one does.
ALIKE_FROM = 3
# So many records are named by their keys; after an upgrade all may have changed.
FEW = 1000
# A sentence is looked for by so many words.
MOST_WORDS = 12


def having(model, *words, most=None):
    """The records with all of the folded words in their names, whole or as the beginning of a word; of ``most`` entries at most, those
    with most evidence, which are then asked for at once."""
    # The index takes a sentence without spaces for one word.
    found = Q(*(names_with(word) for word in words if is_unspaced(word)))
    if condition := _named(model, words):
        found &= Q(pk__in=matching.best_records(condition, most) if most else matching.records(condition))
    return found


def has_more(model, words, most):
    """Whether more than ``most`` entries have all of the folded words in their names."""
    condition = _named(model, words)
    return condition is not None and matching.number(condition, most + 1) > most


def _named(model, words):
    spaced = [word for word in words if not is_unspaced(word)]
    return matching.by_names(spaced, {"kind": [model.KIND]}, shortest=1) if spaced else None


def best(model, words, most):
    """The conditions of which one holds of the records with all of the folded words in their names: of those of at most so many
    entries, with most evidence, and of those of which it is a whole name."""
    conditions = [having(model, *words, most=most)]
    return [*conditions, called(model, " ".join(words))] if model.KIND in ranking.typed_kinds() else conditions


def called(model, text):
    """The records of which a whole name may be the folded ``text``: of a very long name, the beginning must be the same, and of a
    kind whose names nobody types, the words."""
    if model.KIND not in ranking.typed_kinds():
        return having(model, *text.split()[:MOST_WORDS])
    names = _names().filter(text=text[:LONGEST_BEGINNING], is_whole=True)
    return _records(_own_entries(model).filter(pk__in=names.values("entry")))


def spelt_like(model, words):
    """The records with a name of which a word is spelt much as one of the folded ``words``."""
    alike = Q(pk__in=())
    for word in words:
        for beginning in {word[:ALIKE_FROM], *spelling.near(word)}:
            alike |= Q(text__gte=beginning, text__lt=f"{beginning}\uffff")
    return _records(_own_entries(model).filter(pk__in=_names().filter(alike).values("entry")))


def changed_since(model):
    """The records that have changed since their entries were made, or what they show has."""
    forms = table("PublicForm").objects.of(model)
    keys = forms.filter(marked__gt=F("made")).order_by().values_list("record_id", flat=True)
    # Mostly none; in one query with their names, PostgreSQL takes them for a third of all and looks through the names first.
    few = list(keys[: FEW + 1])
    return Q(pk__in=keys if len(few) > FEW else few)


def _names():
    return table("SearchName").objects


def _own_entries(model):
    """The entries of the records themselves, without those of their clauses and disputes."""
    return table("SearchEntry").objects.filter(ref__startswith=f"{model.KIND}/")


def _records(entries):
    return Q(pk__in=entries.order_by().values("record_id"))
