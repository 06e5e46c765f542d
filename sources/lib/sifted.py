"""Rows that meet a condition which is dear to look up, found in portions."""

from itertools import islice

PORTION = 1000
# So many rows are sifted for one screen.
MOST = 10_000


class Sifted:
    """Those of an ordered queryset that meet ``condition``, to iterate over and to slice from the front.

    The condition is looked up for one portion of the rows after the other, so that a screen which shows the first few costs the same in
    any collection. A database that is given both at once may look up the condition for every row there is before it gives the first.
    Ends after ``MOST`` rows, whether they meet the condition or not.
    """

    def __init__(self, rows, condition):
        self.rows, self.condition = rows, condition

    def __iter__(self):
        for start in range(0, MOST, PORTION):
            keys = list(self.rows.values_list("pk", flat=True)[start : start + PORTION])
            yield from self.rows.filter(self.condition, pk__in=keys)
            if len(keys) < PORTION:
                break

    def __getitem__(self, part):
        return list(islice(self, part.start, part.stop))

    def __bool__(self):
        return any(True for _row in self)
