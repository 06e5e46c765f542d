"""Keeps answers that are worked out from many records, such as the profile of a state, until anything public changes.

An answer stands as long as the store's counter and the day are as they were when it was worked out. It is kept under the conditions
of a form (see ``sources.reading.store``), and only if no form waited to be made anew, because some numbers are then as before.
"""

from functools import wraps

import orjson
from django.apps import apps
from django.db.models import Subquery
from django.utils.translation import get_language, override

from sources.lib import clock
from sources.reading.store import counter
from sources.reading.store.keeping import settle
from sources.reading.store.reading import is_anything_stale, while_unchanged

_WORKED_OUT = {}


def kept(name):
    """A decorator for a function that takes slugs and works out plain data from what is published, for readers of one language.
    The data comes from the store if it is there; either way it is what JSON makes of it."""

    def decorate(work_out):
        _WORKED_OUT[name] = work_out

        @wraps(work_out)
        def answer(*slugs):
            return orjson.loads(_text_of(name, slugs))

        return answer

    return decorate


def answers():
    return apps.get_model("sources.PublicAnswer").objects


def wrong_answers():
    """A line for each answer that stands and is not what would be worked out now."""
    return [
        f"{answer.name}: not what the tables say."
        for answer in _standing().order_by("name")
        if answer.text != _worked_out(*answer.name.split("/"))
    ]


def _text_of(name, slugs):
    settle()
    parts = (get_language(), name, *slugs)
    key = "/".join(parts)
    text = next(iter(_standing().filter(name=key).values_list("text", flat=True)), None)
    if text is None:
        # Both asked first: what changes, or is made anew, while it is worked out may be told as it was.
        tick, day, is_lasting = counter.now(), clock.today(), not is_anything_stale()
        text = _worked_out(*parts)
        if is_lasting:
            while_unchanged(tick, lambda: _keep(key, tick, day, text))
    return text


def _standing():
    return answers().filter(tick=Subquery(counter.row().values("tick")), day=clock.today())


def _worked_out(language, name, *slugs):
    with override(language):
        return orjson.dumps(_WORKED_OUT[name](*slugs)).decode()


def _keep(key, tick, day, text):
    answer = answers().model(name=key, tick=tick, day=day, text=text)
    answers().bulk_create(
        [answer], update_conflicts=True, unique_fields=["name"], update_fields=["tick", "day", "text"]
    )
