"""Makes Python's garbage collection rare."""

import gc


def collect_rarely():
    """Exempt all objects loaded so far, and collect only after many new objects.

    A large page makes tens of thousands of objects, which the end of the request frees anyway. With Python's defaults, a third of
    the time of a large comparison went into garbage collection.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 20, 50)
