"""The search box of a list of rows about facts: such as citations, of which there are hundreds for each record.

Its words are looked for in the names of the few records and sources, and the rows are found by their keys; the rows themselves
have no index of their words.
"""

from heapq import nlargest

from django.contrib.contenttypes.models import ContentType
from django.db.models import F, Q

from sources.lib.text import fold
from sources.records.base import record_models
from sources.records.own_names import LONG

# So many records of a kind, those with most evidence, are looked for; whoever wants others adds a word.
MOST_RECORDS = 100
# So many rows of a list can be paged through: nobody turns more pages, and to count millions takes longer than to find them.
MOST_LISTED = 2000


def about(term, own_names):
    """Yield the ``Q`` of the rows about the record of this reference, and those of each kind about records whose names have the words
    of ``term``."""
    yield Q(record_ref=term.strip())
    is_title = len(fold(term).split()) > LONG
    for model in record_models():
        if keys := _found((model.objects.named if is_title else model.objects.matching)(term, own_names)):
            yield Q(record_type=ContentType.objects.get_for_model(model), record_id__in=keys)


def citing(term, sources, own_names):
    """Yield the ``Q`` of the rows that cite one of the ``sources`` whose names have the words."""
    if keys := _found(sources.matching(term, own_names)):
        yield Q(source__in=keys)


def newest(rows, conditions):
    """Those of ``rows``, at most ``MOST_LISTED``, that meet one of the conditions. Each is asked for by itself, for which an index is
    enough."""
    found = set()
    for condition in conditions:
        # Not by the key itself, along which PostgreSQL would go through millions of rows to spare itself the sorting of a few thousand.
        found.update(_keys(rows.filter(condition).order_by(-F("pk")), MOST_LISTED))
    return rows.filter(pk__in=nlargest(MOST_LISTED, found))


def _found(records):
    # As many may be called just so, be drafts, or have changed.
    return _keys(records, 4 * MOST_RECORDS)


def _keys(rows, most):
    return list(rows.values_list("pk", flat=True)[:most])
