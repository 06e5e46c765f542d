"""The search box of a list of rows about facts: such as citations, of which there are hundreds for each record.

Its words are looked for in the names of the few records and sources, and the rows are found by their keys; the rows themselves
have no index of their words.
"""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from sources.records.base import record_models

# So many keys are given to the database; of more, it works out the lists itself. SQLite takes some 30,000 in one query.
MOST = 20_000


def about(term):
    """The ``Q`` of the rows about records whose names have the words of ``term``, or about the record of this reference."""
    found, room = Q(record_ref=term.strip()), MOST
    for model in record_models():
        keys, taken = _keys(model.objects.matching(term), room)
        if taken:
            found |= Q(record_type=ContentType.objects.get_for_model(model), record_id__in=keys)
        room -= min(taken, room)
    return found


def citing(term, sources):
    """The ``Q`` of the rows that cite one of the ``sources`` whose names have the words."""
    keys, _number = _keys(sources.matching(term), MOST // 4)
    return Q(source__in=keys)


def _keys(rows, room):
    """``(their keys, how many)``; the keys as a query, and one more than there is ``room`` for, if they are more."""
    keys = rows.order_by().values_list("pk", flat=True)
    few = list(keys[: room + 1])
    return (few if len(few) <= room else keys), len(few)
