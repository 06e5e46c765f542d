"""How a query is taken: which of its words must be there, and what misspelt ones mean."""

from collections.abc import Callable
from dataclasses import dataclass

from sources.reading.search import alike, matching, spelling

# How many of those that match are counted, with their facets: a word that stands in half of all entries costs no more.
COUNTED = 10_000
# Of a query that nothing fits, the rarest words are tried without one another: each way costs as much as a search.
LOOSE = 5


@dataclass
class Taken:
    """How a query is taken: the ``text`` of it, the ``words`` to look for, how they are looked for (``find``), and whether others that
    the query has are left out (``is_loose``)."""

    text: str
    words: list
    find: Callable = matching.by_text
    is_loose: bool = False

    def rows(self, chosen, most):
        """``[(key, facets)]`` of at most so many entries that match, those with most evidence first."""
        return matching.best(self.find(self.words, chosen), most) if self.words else []


def match(words, chosen):
    """The first ``Taken`` by which something matches, or that of all words, and its rows; one more than are counted, if there are."""
    for taken in _readings(words, chosen):
        if rows := taken.rows(chosen, COUNTED + 1):
            return taken, rows
    return Taken(" ".join(words), alike.needed(words)), []


def _readings(words, chosen):
    """Yield the ways to take a query: all words that tell something; all after misspelt ones are mended; some."""
    needed = alike.needed(words)
    yield Taken(" ".join(words), needed)
    numbers = {word: matching.number(matching.by_text([word]), COUNTED) for word in dict.fromkeys(needed)}
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
    yield Taken(text, _found_together(rarest, chosen), is_loose=True)


def _found_together(words, chosen):
    """Those of the words, from the first on, that something has together."""
    kept = []
    for word in words:
        if matching.number(matching.by_text([*kept, word], chosen), 1):
            kept.append(word)
    return kept
