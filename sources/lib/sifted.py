"""Rows that meet a condition which is dear to look up, found in portions: the database looks at no more rows than a screen needs.

Given such a condition and a limit at once, a database may look the condition up for every row there is before it gives the first, and takes
everything else for free beside it, such as what is joined.
"""

from itertools import islice

from sources.lib.paging import BACKWARDS, stretches

PORTION = 1000
# So many rows are sifted for one screen.
MOST = 10_000


class Sifted:
    """Those of an ordered queryset that meet ``condition``, to iterate over and to slice from the front.

    Ends after ``MOST`` rows, whether they meet the condition or not; ``is_cut`` says, when it has ended, whether there were more.
    """

    def __init__(self, rows, condition):
        self.rows, self.condition, self.is_cut = rows, condition, False

    def __iter__(self):
        for start in range(0, MOST, PORTION):
            keys = _keys(self.rows[start : start + PORTION])
            yield from self.rows.filter(self.condition, pk__in=keys)
            if len(keys) < PORTION:
                return
        self.is_cut = self.rows[MOST:].exists()

    def __getitem__(self, part):
        return list(islice(self, part.start, part.stop))

    def __bool__(self):
        return any(True for _row in self)


class SiftedList:
    """A list for ``sources.lib.paging``, in the place of a queryset: those of ``rows`` that are in ``conditioned``, which has the dear
    condition alone, and in ``joined``, which has what is joined and what that decides. Most should be in both."""

    def __init__(self, rows, conditioned, joined):
        self.rows, self.conditioned, self.joined, self.model = rows, conditioned, joined, rows.model

    def order_by(self):
        """The list as a queryset, to be counted."""
        return (self.rows & self.conditioned & self.joined).order_by()

    def rows_from(self, columns, way, values, number, reader):
        """As ``sources.lib.paging`` reads a queryset."""
        found = []
        for stretch in stretches(self.rows, columns, way == BACKWARDS, values):
            found += islice(self._sifted(stretch, columns, number, reader), number - len(found))
            if len(found) == number:
                break
        return found

    def _sifted(self, stretch, columns, number, reader):
        start, portion = 0, number + number // 4
        while True:
            keys = _keys(stretch[start : start + portion])
            shown = self.joined.filter(pk__in=_keys(self.conditioned.order_by().filter(pk__in=keys)))
            yield from reader.read(shown.order_by(*stretch.query.order_by), columns)
            if len(keys) < portion:
                return
            # Twice as many each time, so that few portions are asked for where little is shown.
            start, portion = start + portion, 2 * portion


def _keys(rows):
    return list(rows.values_list("pk", flat=True))
