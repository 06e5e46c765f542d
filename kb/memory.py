"""How Python is told to handle memory: when to look for objects that hold each other, and where to lay the frames of calls."""

import gc
from functools import wraps

# In words of eight bytes: somewhat more than half a mebibyte, so that Python takes a whole one.
ROOM = 70_000


def collect_rarely():
    """Leave out what is loaded by now, and look only after many new objects.

    A page of a few thousand rows makes tens of thousands of objects that the end of the request frees anyway; at the defaults
    of Python a third of the time of a large comparison went into looking at them.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 20, 50)


def with_room(function):
    """The function, with room for the frames of all that it calls.

    Python lays the frames of calls into pieces of 16 KiB. A loop whose calls cross the edge of a piece gets a new one from the
    system at each turn and gives it back: a fifth of the time of a request, or none, by how deep the loop happens to lie. A
    frame that is said to be large gets a large piece, and those of the calls below it lie in the same. What is not used of it
    costs nothing.
    """

    @wraps(function)
    def call(*args, **kwargs):
        return function(*args, **kwargs)

    call.__code__ = call.__code__.replace(co_stacksize=ROOM)
    return call
