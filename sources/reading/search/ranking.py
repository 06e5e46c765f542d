"""The order of what a search finds, worked out here so that both databases give the same.

What is called just so comes first; then what is also called so; then names with all the words, be it one name, or several together
with those of the parties; then texts. What a thing is called goes before its other names. Among equals the kind decides, then how
well the name fits, then the evidence. Names that are whole sentences count as texts. What has some of the words in its name and the rest in its text goes before other texts; of these, those in which the words stand close together and in
this order go first, and a clause that says so before the agreement that has it.
"""

import re
from dataclasses import dataclass
from functools import cache

from sources.reading.search import spelling
from sources.reading.search.alike import alike, is_number
from sources.records.dossier.kinds import documented_models

# Where what is found within records stands among equally good results; clauses come right after.
DISPUTES, DISPUTED = 65, "contested"
# How well a name fits: it is just that; it goes on with a letter or more at its end, or after many words; it begins so; it has every
# word; as beginnings; all names together have every word; none.
EXACT, NEARLY, BEGINS, WORDS, BEGINNINGS, TOGETHER, NONE = 0, 0.5, 1, 2, 3, 3.5, 5
# So many words of a name are not typed by chance.
MANY = 4
# The line of names that begins so has those that it is between, such as parties.
AMONG = "~"
# A sentence with every word says less than a name with half of them.
IN_SENTENCE = 4.6
# The last of the classes of results: not all of the words are in the name.
BY_TEXT = 4
# A word with so few more letters is the same word in another ending, unless it is short.
ENDING, SHORT = 2, 3
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


def graded(candidates, words, text):
    """``[(grade, candidate)]``, the best first. ``words`` are those of the ``text`` that must be there."""
    fit_of = Fit(words, text)
    grades = [(_rank(candidate, fit_of), candidate) for candidate in candidates]
    return sorted(grades, key=lambda pair: pair[0])


def is_by_name(grade):
    """Whether what has this grade was found by its name, and not by its text."""
    return grade[0] < BY_TEXT


def close_in(words):
    """The pattern of a folded text in which the words follow one another, in any ending, with few others between."""
    endings = ("|".join(map(re.escape, sorted(spelling.beginnings(word), key=len))) for word in words)
    between = rf"\w*(?: \w+){{0,{BETWEEN}}} "
    return re.compile(r"\b" + between.join(f"(?:{ending})" for ending in endings))


def _rank(entry, fit_of):
    called, *others = entry.names.split("\n")
    fit = fit_of(called)
    also, name = min(((fit_of(other), other) for other in others if other[0] != AMONG), default=(NONE, ""))
    # Another name counts where it fits better, and then a little less than what the thing is called.
    is_other = also < fit
    fit, name = (also, name) if is_other else (fit, called)
    if fit > BEGINNINGS:
        fit, is_other = fit_of.all_names(entry.names), True
    place = _class_of(fit, is_other, entry.kind)
    by_text = _by_text(entry, fit) if place == BY_TEXT else ()
    is_whole_words = fit < BEGINNINGS
    return place, by_text, kind_order(entry.kind), is_other, not is_whole_words, -entry.weight, len(name), entry.ref


def _class_of(fit, is_other, kind):
    """0: it is called just that; 1: also called so; 2: only its last word goes on; 3: all words are in its name; else ``BY_TEXT``."""
    if fit <= NEARLY and kind in typed_kinds():
        return 2 if fit == NEARLY else int(is_other)
    return 3 if fit <= TOGETHER and not _is_sentence(kind) else BY_TEXT


def _by_text(entry, fit):
    if _is_sentence(entry.kind) and fit >= WORDS:
        fit = max(fit, IN_SENTENCE)
    is_close = fit == NONE and entry.is_close
    return fit, not is_close, is_close and not _is_passage(entry.kind)


class Fit:
    """How well folded names fit the words of a query, and its whole text."""

    def __init__(self, words, text):
        self.text = text
        self.beginnings = [_spaced(word) for word in words]
        self.wholes = [_whole(word).search for word in words]

    def __call__(self, name):
        if name == self.text:
            return EXACT
        if name.startswith(self.text):
            is_nearly = " " not in name[len(self.text) :] or self.text.count(" ") >= MANY - 1
            return NEARLY if is_nearly else BEGINS
        spaced = f" {name} "
        if not self._has_all(spaced):
            return NONE
        return WORDS if all(whole(spaced) for whole in self.wholes) else BEGINNINGS

    def all_names(self, names):
        """Of all names together: whether they have all words, or how many."""
        spaced = f" {names} ".replace("\n", " ")
        if self._has_all(spaced):
            return TOGETHER
        return NONE - sum(_has_any(spaced, one) for one in self.beginnings) / len(self.beginnings)

    def _has_all(self, spaced):
        return all(_has_any(spaced, one) for one in self.beginnings)


def _has_any(spaced, beginnings):
    return any(beginning in spaced for beginning in beginnings)


def _spaced(word):
    end = " " if is_number(word) and len(word) <= SHORT else ""
    return [f" {beginning}{end}" for beginning in alike(word)]


def _whole(word):
    """The pattern of the word, or of one that means much the same, with no more than an ending; numbers and short words have none."""
    either = "|".join(map(re.escape, alike(word)))
    ending = 0 if is_number(word) or len(word) <= SHORT else ENDING
    return re.compile(rf" (?:{either})\S{{0,{ending}}}(?!\S)")


@cache
def _is_sentence(kind):
    """Whether things of the kind are called by a whole sentence, in which many words stand."""
    return kind in documented_models() and kind not in typed_kinds()


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
