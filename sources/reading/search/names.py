"""Published records of one kind by their names, from the index: what lists, filters and editors' search boxes ask.

Most functions give the ``Q`` of the rows of ``model``; what is asked of all kinds at once comes as pairs with the key of each record. What
they know is as current as the forms: see ``sources.reading.store.reading.freshen``.
"""

from django.contrib.contenttypes.models import ContentType
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


def having(model, *words):
    """The records with all of the folded words in their names, whole or as the beginning of a word."""
    found = Q(*_sentences(words))
    if condition := _named(words, model):
        found &= Q(pk__in=matching.records(condition))
    return found


def has_more(model, words, most):
    """Whether more than ``most`` entries have all of the folded words in their names."""
    condition = _named(words, model)
    return condition is not None and matching.number(condition, most + 1) > most


def best(model, words, most):
    """The keys of the records with all of the folded words in their names: of at most so many entries, with most evidence."""
    sentences, condition = _sentences(words), _named(words, model)
    found = matching.best_records(condition, most) if condition else None
    if not sentences:
        return found
    rows = model.objects.published().order_by().filter(*sentences)
    return (rows if found is None else rows.filter(pk__in=found)).values_list("pk", flat=True)[:most]


def best_of_all(words, most):
    """``[(kind, key)]`` of the records of all kinds with all of the folded words in their names; ``None`` if more than ``most`` entries
    may have them."""
    condition = None if _sentences(words) else _named(words)
    found = matching.best_refs(condition, most) if condition else None
    return None if found is None or len(found) == most else [(ref.partition("/")[0], key) for ref, key in found]


def _sentences(words):
    """The conditions for words of a writing without spaces: the index takes a sentence for one word."""
    return [names_with(word) for word in words if is_unspaced(word)]


def _named(words, model=None):
    """What to ask of the index; ``None`` if it has none of the words."""
    spaced = [word for word in words if not is_unspaced(word)]
    chosen = {"kind": [model.KIND]} if model else None
    return matching.by_names(spaced, chosen, shortest=1) if spaced else None


def called_of_all(words, most):
    """``[(kind, key)]`` of records of the kinds whose names are typed, of which the folded words are a whole name; so many for each kind
    at most, taken together."""
    kinds = ranking.typed_kinds()
    rows = _whole_names(" ".join(words)).order_by("entry").values_list("entry__ref", "entry__record_id")
    pairs = [(ref.partition("/")[0], key) for ref, key in rows[: most * len(kinds)]]
    return [(kind, key) for kind, key in pairs if kind in kinds]


def called(model, text):
    """The records of which a whole name may be the folded ``text``: of a very long name, the beginning must be the same, and of a
    kind whose names nobody types, the words."""
    if model.KIND not in ranking.typed_kinds():
        return having(model, *text.split()[:MOST_WORDS])
    names = _whole_names(text)
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
    return Q(pk__in=_changed().filter(record_type=ContentType.objects.get_for_model(model)).values("record_id"))


def few_changed():
    """``[(type, key)]`` of the records of all kinds that have; ``None`` if they are more than ``FEW``. In one query with their names,
    PostgreSQL would take them for a third of all and look through the names first."""
    found = list(_changed().values_list("record_type_id", "record_id")[: FEW + 1])
    return None if len(found) > FEW else found


def _changed():
    return table("PublicForm").objects.filter(marked__gt=F("made")).order_by()


def _whole_names(text):
    return _names().filter(text=text[:LONGEST_BEGINNING], is_whole=True)


def _names():
    return table("SearchName").objects


def _own_entries(model):
    """The entries of the records themselves, without those of their clauses and disputes."""
    return table("SearchEntry").objects.filter(ref__startswith=f"{model.KIND}/")


def _records(entries):
    return Q(pk__in=entries.order_by().values("record_id"))
