"""Keeps the numbers that follow from all forms together: each form adds what its kind counts in it (``Record.tallies_of``), and takes it
away again when it is replaced or goes. They are written under the store's lock, so that no two writers add at once.
"""

from collections import Counter
from contextlib import suppress

import orjson
from django.apps import apps
from django.contrib.contenttypes.models import ContentType


def recount(before, after):
    """Bring the numbers from the forms ``before`` to the forms ``after``; each is ``(key of the content type, canonical JSON)``."""
    numbers = Counter(counted(after))
    numbers.subtract(Counter(counted(before)))
    tallies().add(numbers)


def tallies():
    return apps.get_model("sources.PublicTally").objects


def counted(forms):
    """Yield ``(subject, value)`` of what the forms have, given as ``(key of the content type, canonical JSON)``."""
    for record_type, form in forms:
        model = ContentType.objects.get_for_id(record_type).model_class()
        # A damaged form was counted before it was damaged; ``rebuild_public`` counts anew.
        with suppress(KeyError, TypeError, ValueError):
            yield from list(model.tallies_of(orjson.loads(form)))
