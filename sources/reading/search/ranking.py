"""The order of what a search finds, worked out here so that both databases give the same.

What is called just so comes first; then what is also called so; then names with all the words; then texts. What a thing is called
goes before its other names. Among equals the kind decides, then how well the name fits, then the evidence. What has some of the
words in its name and the rest in its text goes before other texts; of these, those in which the words stand close together and in
this order go first, and a clause that says so before the agreement that has it.
"""

import re
from dataclasses import dataclass
from functools import cache

from sources.reading.search import spelling
from sources.records.dossier.kinds import documented_models

# Where nothing has all the words, those shorter than this are left out: they stand everywhere.
SHORTEST_TELLING = 4
# Where what is found within records stands among equally good results; clauses come right after.
DISPUTES, DISPUTED = 65, "contested"
# How well a name fits: it is just that; a letter or more follows at its end; it begins so; it has every word; as beginnings; none.
EXACT, NEARLY, BEGINS, WORDS, BEGINNINGS, NONE = 0, 0.5, 1, 2, 3, 5
# The last of the classes of results: not all of the words are in the name.
BY_TEXT = 4
# A word with so few more letters is the same word in another ending.
ENDING = 2
# How many other words may stand between two that a query has side by side.
BETWEEN = 2


# The columns of an entry that a candidate is made of.
COLUMNS = ("pk", "ref", "names", "weight")


@dataclass(slots=True)
class Candidate:
    """What the rank of an entry is worked out from. ``is_close``: whether the words stand close together in its text."""

    pk: int
    ref: str
    names: str
    weight: int
    is_close: bool = False

    @property
    def kind(self):
        return self.ref.partition("/")[0]


def graded(candidates, words):
    """``[(grade, candidate)]``, the best first."""
    grades = [(_rank(candidate, words), candidate) for candidate in candidates]
    return sorted(grades, key=lambda pair: pair[0])


def is_by_name(grade):
    """Whether what has this grade was found by its name, and not by its text."""
    return grade[0] < BY_TEXT


def close_in(words):
    """The pattern of a folded text in which the words follow one another, in any ending, with few others between."""
    endings = ("|".join(map(re.escape, sorted(spelling.beginnings(word), key=len))) for word in words)
    between = rf"\w*(?: \w+){{0,{BETWEEN}}} "
    return re.compile(r"\b" + between.join(f"(?:{ending})" for ending in endings))


def telling(words):
    """The words that tell something by themselves; all, if none does."""
    return [word for word in words if len(word) >= SHORTEST_TELLING] or words


def _rank(entry, words):
    called, *others = entry.names.split("\n")
    fit = _fit(called, words)
    also, name = min(((_fit(other, words), other) for other in others), default=(NONE, ""))
    # Another name counts where it fits better, and then a little less than what the thing is called.
    is_other = also < fit
    fit, name = (also, name) if is_other else (fit, called)
    place = _class_of(fit, is_other, entry.kind)
    by_text = _by_text(entry, fit) if place == BY_TEXT else ()
    is_whole_words = fit < BEGINNINGS
    return place, by_text, kind_order(entry.kind), is_other, not is_whole_words, -entry.weight, len(name), entry.ref


def _class_of(fit, is_other, kind):
    """0: it is called just that; 1: also called so; 2: only its last word goes on; 3: all words are in its name; else ``BY_TEXT``."""
    if fit <= NEARLY and kind in typed_kinds():
        return 2 if fit == NEARLY else int(is_other)
    return 3 if fit <= BEGINNINGS else BY_TEXT


def _by_text(entry, fit):
    is_close = fit == NONE and entry.is_close
    return fit, not is_close, is_close and not _is_passage(entry.kind)


def _fit(name, words):
    text, own = " ".join(words), name.split()
    if name == text:
        return EXACT
    if name.startswith(text):
        return NEARLY if " " not in name[len(text) :] else BEGINS
    if all(_has(own, word, ENDING) for word in words):
        return WORDS
    if all(_has(own, word) for word in words):
        return BEGINNINGS
    some = telling(words)
    return NONE - sum(_has(own, word) for word in some) / len(some)


def _has(own, word, more=None):
    """Whether one of the words ``own`` is, or begins with, the word; with at most so many ``more`` letters."""
    return any(part.startswith(word) and (more is None or len(part) - len(word) <= more) for part in own)


@cache
def _is_passage(kind):
    """Whether it is a kind of part that is found by itself, such as clauses."""
    return kind not in documented_models() and kind != DISPUTED


@cache
def typed_kinds():
    """The kinds whose names people type."""
    return [kind for kind, model in documented_models().items() if getattr(model, "IS_TYPED", False)]


@cache
def kind_order(kind):
    """The place of a kind among equally good results: where readers meet it, unless the model says ``FOUND_AT``."""
    model = documented_models().get(kind)
    if model is None:
        return DISPUTES + (kind != DISPUTED)
    return getattr(model, "FOUND_AT", model.READING_ORDER)
