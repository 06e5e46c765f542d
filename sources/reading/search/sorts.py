"""Words of a query that say what sort of thing is looked for, or of which day: “news”, “SOFA”, “exercises”, “15 December 2025”.

What is of that sort need not have the word in its names or text. It is told by its facets.
"""

from collections import defaultdict
from functools import cache, lru_cache
from itertools import pairwise

from sources.lib.date_hints import FILLER_WORDS, MONTHS, readings
from sources.lib.text import fold
from sources.reading.search.alike import PASSING, alike
from sources.reading.search.spelling import stem
from sources.records.dossier.kinds import documented_models

# The facet of the days on which something took place.
DAY = "day"
YEAR = "year"
# A shorter word of a label says nothing.
SHORTEST = 3


def told_by(words):
    """``{word: {facets}}`` of the folded words of a query: lines such as ``type=sofa``; one that ends with ``*`` is the beginning of
    one. Sorts alone tell nothing: “visiting forces agreement” is looked for by these words."""
    of_days = _days(words)
    of_sorts = {word: lines for word in words if word not in of_days and (lines := _sorts(word))}
    others = [word for word in words if word not in PASSING and word not in of_sorts]
    return {**(of_sorts if others else {}), **of_days}


def is_sort(word):
    """Whether the word says what sort of thing something is."""
    return bool(_sorts(word))


def is_year(facet):
    return facet.startswith(f"{YEAR}=")


@lru_cache(2048)
def _sorts(word):
    known = _vocabulary()
    return frozenset(line for one in alike(word) for line in known.get(stem(one), ()))


@cache
def _vocabulary():
    """``{stem: {facets}}``: the names of the kinds of records, and the values of the fields in their ``SORTS``."""
    found = defaultdict(set)
    models = documented_models()
    for kind, model in models.items():
        names = (kind, model._meta.verbose_name, model._meta.verbose_name_plural, getattr(model, "ALSO_CALLED", ""))
        _add(found, f"kind={kind}", names)
    kinds = frozenset(found)
    for model in models.values():
        for facet, field in getattr(model, "SORTS", {}).items():
            for value, label in model._meta.get_field(field).choices:
                _add(found, f"{facet}={value}", (value, label, *_initials(fold(label))), kinds)
    return dict(found)


def _add(found, line, names, but=()):
    for word in fold(" ".join(map(str, names))).split():
        if len(word) >= SHORTEST and word not in PASSING and stem(word) not in but:
            found[stem(word)].add(line)


def _initials(label):
    """The acronyms of a label, with and without its small words: “sofa”, “loa”."""
    words = label.split()
    for some in (words, [word for word in words if word not in PASSING]):
        yield "".join(word[0] for word in some)


# Days


def _days(words):
    """``{word: {facets}}`` of the words that make up a date, or are a year."""
    found = {word: {f"{YEAR}={word}"} for word in words if len(word) == 4 and word.isascii() and word.isdigit()}
    for start, end in _runs(words):
        dates = _dates(words[start:end])
        found |= {word: set(map(_of_day, dates)) for word in words[start:end] if dates and word not in FILLER_WORDS}
    return found


def _runs(words):
    """From where to where the words may be parts of a date."""
    cuts = [-1, *(place for place, word in enumerate(words) if not _is_part(word)), len(words)]
    return [(before + 1, after) for before, after in pairwise(cuts) if after - before > 2]


def _is_part(word):
    return word in MONTHS or word in FILLER_WORDS or (word.isascii() and word.isdigit() and len(word) in (1, 2, 4))


def _dates(words):
    """The meanings of the words as dates with a month, in EDTF. Two numbers may be anything."""
    if MONTHS.keys().isdisjoint(words) and len(words) < 3:
        return []
    found = [*readings(" ".join(words)), *readings("-".join(words))]
    return [date for date in found if "-" in date and "/" not in date]


def _of_day(date):
    return f"{DAY}={date}" if date.count("-") == 2 else f"{DAY}={date}*"
