"""How a query is taken: which of its words must be there, and what misspelt ones mean."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from sources.reading.search import alike, matching, sorts, spelling

# How many of those that match are counted, with their facets: a word that stands in half of all entries costs no more.
COUNTED = 5000
# Of a query that nothing fits, the rarest words are tried without one another: each way costs as much as a search.
LOOSE = 5


@dataclass
class Taken:
    """How a query is taken: the ``text`` of it, the ``words`` to look for, how they are looked for (``find``), and whether others that
    the query has are left out (``is_loose``). ``told``: the facets by which some words need not be there."""

    text: str
    words: list
    find: Callable = matching.by_text
    is_loose: bool = False

    @cached_property
    def told(self):
        # Where words are left out, a sort must not stand alone.
        return sorts.told_by(self.words if self.is_loose else self.text.split())

    def rows(self, chosen, most):
        """``[(key, facets)]`` of at most so many entries that match, those with most evidence first."""
        return matching.best(self.find(self.words, chosen, self.told), most) if self.words else []


def match(words, chosen):
    """The first ``Taken`` by which something matches, or that of all words, and its rows; one more than are counted, if there are."""
    for taken in _readings(words, chosen):
        if rows := taken.rows(chosen, COUNTED + 1):
            return taken, rows
    return Taken(" ".join(words), alike.needed(words)), []


def _readings(words, chosen):
    """Yield the ways to take a query: all words that tell something; all after misspelt ones are mended; some."""
    needed = alike.needed(words)
    taken = Taken(" ".join(words), needed)
    yield taken
    numbers = {
        word: matching.number(matching.by_text([word], told=taken.told), COUNTED) for word in dict.fromkeys(needed)
    }
    meant = [(spelling.nearest(word) or word) if numbers.get(word) == 0 else word for word in words]
    if meant != words:
        yield Taken(" ".join(meant), alike.needed(meant))
    known = [word for word in alike.needed(meant) if numbers.get(word) != 0]
    if len(known) < len(needed):
        yield Taken(" ".join(meant), known, is_loose=True)
    yield from _loose(
        " ".join(meant), sorted(dict.fromkeys(known), key=lambda word: numbers.get(word, 1))[:LOOSE], chosen
    )


def _loose(text, rarest, chosen):
    """All of the rarest words but one; those that are found together."""
    if len(rarest) > 2:
        yield Taken(text, rarest, matching.by_most, is_loose=True)
    yield Taken(text, _found_together(rarest, chosen, sorts.told_by(rarest)), is_loose=True)


def _found_together(words, chosen, told):
    """Those of the words, from the first on, that something has together."""
    kept = []
    for word in words:
        if matching.number(matching.by_text([*kept, word], chosen, told), 1):
            kept.append(word)
    return kept
