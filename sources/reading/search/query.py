"""Searches the index: finds what matches, counts facets, and says why something matched.

Candidates come from the database in a fixed order, and ``ranking`` puts them in the order that readers see.
"""

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Value
from django.db.models.functions import Concat

from sources.lib.text import fold
from sources.models import SearchEntry, SearchName
from sources.reading.search import matching, ranking, taking
from sources.reading.search.asking import asked_for
from sources.reading.search.sorts import DAY
from sources.reading.search.why import why_found
from sources.reading.store import reading

MAX_WORDS = 12
# How many candidates of each sort are ranked, and so how many results can be looked through.
CANDIDATES = 200
SUGGESTIONS = 8


@dataclass
class Hit:
    """Something that was found; ``why``: see ``why_found``."""

    ref: str
    name: str
    page: str
    passages: list
    why: tuple | None = None

    @property
    def kind(self):
        return self.ref.partition("/")[0]


@dataclass
class Found:
    """The answer to a query.

    ``results``: hits, the best first. ``count``: how many match; ``facets``: ``{name: [(value, number)]}`` of all that match, see
    ``_counts``. ``is_at_least``: whether more match than the ``COUNTED`` that both are of. ``meant``: the words searched for instead,
    where some were misspelt. ``is_loose``: whether results have only some of the words.
    """

    results: list = field(default_factory=list)
    count: int = 0
    is_at_least: bool = False
    facets: dict = field(default_factory=dict)
    meant: str = ""
    is_loose: bool = False


def search(text, chosen=None, facets=(), start=0, number=20):
    """The ``Found`` of a query. ``chosen``: lists of values by the name of a facet, any of which an entry must have; ``facets``: which
    facets to count. A text without a letter or digit finds nothing."""
    words = asked_for(fold(text)).split()[:MAX_WORDS]
    if not words:
        return Found()
    reading.freshen()
    chosen = chosen or {}
    taken, rows = taking.match(words, chosen)
    results = _hits_of(_ranked(_candidates(rows, taken, chosen), taken, start + number)[start:])
    for hit in results:
        hit.why = why_found(hit, taken.words)
    return Found(
        results=results,
        count=min(len(rows), taking.COUNTED),
        is_at_least=len(rows) > taking.COUNTED,
        facets=_counts(facets, chosen, taken, rows[: taking.COUNTED]),
        meant=taken.text if taken.text != " ".join(words) else "",
        is_loose=taken.is_loose,
    )


def _candidates(rows, taken, chosen):
    """What to rank of the ``rows`` that match: all, if they are few; else those with exactly this name, those with the words in their
    names, and others, if any of them can be among the results; each sort by evidence."""
    keys = [key for key, _facets in rows[:CANDIDATES]]
    if len(rows) > CANDIDATES:
        condition = matching.by_names(taken.words, chosen, taken.told)
        named = [key for key, _facets in matching.best(condition, CANDIDATES)]
        keys = [*_called(taken.text, chosen), *named, *(keys if len(named) < CANDIDATES else ())]
    columns = SearchEntry.objects.filter(pk__in={*keys}).order_by().values_list(*ranking.COLUMNS)
    return [ranking.Candidate(*row) for row in columns]


def _called(text, chosen):
    """The keys of entries with exactly this name."""
    named = SearchName.objects.filter(text=text, is_whole=True).order_by("entry")
    rows = named.values_list("entry", "entry__facets")[:CANDIDATES]
    return [key for key, facets in rows if _has(facets.lower().split("\n"), chosen)]


def _has(facets, chosen):
    return all(any(f"{name}={value.lower()}" in facets for value in values) for name, values in chosen.items())


def _ranked(candidates, taken, number):
    """The keys of the first ``number`` of the candidates. If they are more than have the words in their names, the texts of the others
    are looked at: whether the words stand close together in them."""
    fit_of = ranking.Fit(taken.words, taken.text, taken.told)
    graded = ranking.graded(candidates, fit_of)
    named = [candidate for grade, candidate in graded if ranking.is_by_name(grade)]
    if len(taken.words) > 1 and len(named) < number:
        others = [candidate for grade, candidate in graded if not ranking.is_by_name(grade)]
        _note_close(others, taken.words)
        graded = ranking.graded(candidates, fit_of)
    return [candidate.pk for _grade, candidate in graded[:number]]


def _note_close(candidates, words):
    pattern = ranking.close_in(words)
    keys = [candidate.pk for candidate in candidates]
    texts = SearchEntry.objects.filter(pk__in=keys).order_by().values_list("pk", "words")
    close = {pk for pk, text in texts if pattern.search(text)}
    for candidate in candidates:
        candidate.is_close = candidate.pk in close


def _hits_of(keys):
    """The hits of these entries, in their order."""
    columns = SearchEntry.objects.filter(pk__in=keys).order_by().values_list("pk", "ref", "name", "page", "passages")
    found = {key: Hit(*row) for key, *row in columns}
    # One may have been made anew meanwhile.
    return [found[key] for key in keys if key in found]


def _counts(names, chosen, taken, rows):
    """``{name: [(value, number)]}`` of facets. A facet of which something is chosen is counted as if nothing were: the numbers say how
    many results each value would add."""
    counted = counts((facets for _key, facets in rows), [name for name in names if name not in chosen])
    for name in chosen:
        if name in names:
            others = taken.rows({other: values for other, values in chosen.items() if other != name}, taking.COUNTED)
            counted |= counts((facets for _key, facets in others), [name])
    return {name: counted[name] for name in names}


def counts(texts, names):
    """``{name: [(value, number)]}`` of the facets of entries, the most frequent first."""
    counted = {name: [] for name in names}
    for line, number in (_lines(texts) if names else Counter()).items():
        name, _sign, value = line.partition("=")
        if name in counted:
            counted[name].append((value, number))
    return {name: sorted(pairs, key=lambda pair: (-pair[1], pair[0])) for name, pairs in counted.items()}


def _lines(texts):
    """How often each line stands in the texts, but for the days at their ends. Many texts are the same: clauses have the facets of their
    agreement."""
    texts = Counter(text.partition(f"\n{DAY}=")[0] for text in texts)
    lines = Counter("\n".join(texts).split("\n"))
    for text, times in texts.items():
        if times > 1:
            for line in text.split("\n"):
                lines[line] += times - 1
    return lines


def list_facets(rows, names):
    """``counts`` of the records in a queryset of published ones."""
    reading.freshen()
    refs = rows.order_by().values_list(Concat(Value(f"{rows.model.KIND}/"), "slug"))
    return counts(SearchEntry.objects.filter(ref__in=refs).order_by().values_list("facets", flat=True), names)


def suggestions(text):
    """Entries of kinds whose names are typed, with a name, or a part of one, that begins with the text: the whole name first,
    then the shortest."""
    typed = fold(text)
    if not typed:
        return []
    reading.freshen()
    rows = SearchName.objects.filter(text__gte=typed, text__lt=f"{typed}\uffff")
    found = rows.order_by("text", "-is_whole", "entry").values_list("text", "is_whole", "entry", "entry__ref")
    best = {}
    for text, is_whole, entry, ref in found[:CANDIDATES]:
        place = (text != typed, not is_whole, len(text), ranking.kind_order(ref.partition("/")[0]), ref)
        best[entry] = min(place, best.get(entry, place))
    first = sorted(best, key=best.get)[:SUGGESTIONS]
    return _hits_of(first)
