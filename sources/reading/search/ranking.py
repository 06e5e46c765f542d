"""The order of what a search finds, worked out here so that both databases give the same.

What is called just so comes first; then what is also called so; then names with all the words, be it one name, or several together
with those of the parties; then what is of the sort or the day that the query names; then texts. What a thing is called goes before its other names. Among equals the kind decides, then how
well the name fits, then the evidence. Names that are whole sentences count as texts. What has some of the words in its name and the rest in its text goes before other texts; of these, those in which the words stand close together and in
this order go first, and a clause that says so before the agreement that has it.
"""

import re
from dataclasses import dataclass
from functools import cache
from operator import mul, or_

from sources.reading.search import spelling
from sources.reading.search.alike import alike, is_number, singulars
from sources.reading.search.sorts import is_sort, is_year
from sources.records.dossier.kinds import documented_models

# Where what is found within records stands among equally good results; clauses come right after.
DISPUTES, DISPUTED = 65, "contested"
# How well a name fits: it is just that; it goes on with a letter or more at its end, or after many words; it begins so; it has every
# word; as beginnings; all names together have every word; they have some, and facets or the singular tell the rest; none.
EXACT, NEARLY, BEGINS, WORDS, BEGINNINGS, TOGETHER, OF_SORT, NONE = 0, 0.5, 1, 2, 3, 3.5, 3.7, 5
# So many words of a name are not typed by chance.
MANY = 4
# The line of names that begins so has those that it is between, such as parties.
AMONG = "~"
# A sentence with every word says less than a name with half of them.
IN_SENTENCE = 4.6
# The last two classes of results: of the sort that the query names; not all of the words are in the name.
BY_SORT, BY_TEXT = 3.5, 4
# A word for a sort of thing stands in many names and says so much less than others.
LESS = 0.5
# A word with so few more letters is the same word in another ending, unless it is short.
ENDING, SHORT = 2, 3
# How many other words may stand between two that a query has side by side.
BETWEEN = 2
# The columns of an entry that a candidate is made of.
COLUMNS = ("pk", "ref", "names", "weight", "facets")


@dataclass(slots=True)
class Candidate:
    """What the rank of an entry is worked out from. ``is_close``: whether the words stand close together in its text."""

    pk: int
    ref: str
    names: str
    weight: int
    facets: str
    is_close: bool = False

    @property
    def kind(self):
        return self.ref.partition("/")[0]


def graded(candidates, fit_of):
    """``[(grade, candidate)]``, the best first."""
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
    if fit > BEGINNINGS or (fit_of.tells and _is_sentence(entry.kind)):
        of_all = fit_of.all_names(entry)
        fit, is_other = (of_all, True) if fit > BEGINNINGS or of_all == OF_SORT else (fit, is_other)
    place = _class_of(fit, is_other, entry.kind)
    by_text = _by_text(entry, fit) if place == BY_TEXT else (_is_within(entry.kind),) if place == BY_SORT else ()
    is_whole_words = fit < BEGINNINGS
    return place, by_text, kind_order(entry.kind), is_other, not is_whole_words, -entry.weight, len(name), entry.ref


def _class_of(fit, is_other, kind):
    """0: it is called just that; 1: also called so; 2: only its last word goes on; 3: all words are in its name; else ``BY_SORT`` or
    ``BY_TEXT``."""
    if fit <= NEARLY and kind in typed_kinds():
        return 2 if fit == NEARLY else int(is_other)
    if fit == OF_SORT:
        return BY_SORT
    return 3 if fit <= TOGETHER and not _is_sentence(kind) else BY_TEXT


def _by_text(entry, fit):
    if _is_sentence(entry.kind) and fit >= WORDS:
        fit = max(fit, IN_SENTENCE)
    is_close = fit == NONE and entry.is_close
    return fit, not is_close, is_close and not _is_passage(entry.kind)


class Fit:
    """How well folded names fit the ``words`` of a query that must be there, and its whole ``text``. ``told``: the facets by which a
    word need not be there."""

    def __init__(self, words, text, told):
        self.text = text
        self.singulars = [[f" {one} " for one in singulars(word)] for word in words]
        self.told = [_lines(told.get(word, ())) for word in words]
        self.told_but_years = [_lines(one for one in told.get(word, ()) if not is_year(one)) for word in words]
        self.tells = any(self.told) or any(self.singulars)
        self.says = [LESS if is_sort(word) else 1 for word in words]
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

    def all_names(self, entry):
        """Of all names together, and of what sort it is: whether they have all words, or how many."""
        spaced, is_sentence = f" {entry.names} ".replace("\n", " "), _is_sentence(entry.kind)
        there = [_has_any(spaced, one) for one in self.beginnings]
        told = self._told_by(entry, spaced, is_sentence) if self.tells else ()
        if all(there) and not (is_sentence and any(told)):
            return TOGETHER
        there = [*map(or_, there, told)] if told else there
        return OF_SORT if all(there) else NONE - sum(map(mul, there, self.says)) / sum(self.says)

    def _told_by(self, entry, spaced, is_sentence):
        """Which words its facets tell, or its names in the singular. Of a sentence or a dispute a year by itself tells nothing: there are
        so many of each year."""
        lines = f"\n{entry.facets}\n".lower()
        but_years = is_sentence or _is_within(entry.kind)
        is_asked_for = not but_years or any(_has_any(lines, facets) for facets in self.told_but_years)
        told = [is_asked_for and _has_any(lines, facets) for facets in self.told]
        return told if is_sentence else [*map(or_, told, (_has_any(spaced, ones) for ones in self.singulars))]

    def _has_all(self, spaced):
        return all(_has_any(spaced, one) for one in self.beginnings)


def _has_any(spaced, beginnings):
    return any(beginning in spaced for beginning in beginnings)


def _lines(facets):
    """The facets as lines among others; what ends with ``*`` is the beginning of one."""
    return [f"\n{facet}\n".replace("*\n", "") for facet in facets]


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
    return _is_within(kind) and kind != DISPUTED


@cache
def _is_within(kind):
    """Whether it is a kind of what is found within records."""
    return kind not in documented_models()


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
