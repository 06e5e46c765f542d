"""How often Python looks for objects that hold each other."""

import gc


def collect_rarely():
    """Leave out what is loaded by now, and look only after many new objects.

    A page of a few thousand rows makes tens of thousands of objects that the end of the request frees anyway; at the defaults
    of Python a third of the time of a large comparison went into looking at them.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 20, 50)
