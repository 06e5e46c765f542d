"""Searches the index: finds what matches, counts facets, and says why something matched.

Candidates come from the database in a fixed order, and ``ranking`` puts them in the order that readers see.
"""

import re
from dataclasses import dataclass, field
from functools import partial

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count

from sources.lib.text import fold
from sources.models import SearchEntry, SearchFacet, SearchName
from sources.reading.search import matching, ranking, spelling
from sources.reading.store import reading

MAX_WORDS = 12
# How many candidates of each sort are ranked, and so how many results can be looked through.
CANDIDATES = 200
SUGGESTIONS = 8
SNIPPET = 180
_WORD = re.compile(r"\w+", re.UNICODE)


@dataclass
class Found:
    """The answer to a query.

    ``results``: entries, the best first, each with ``why`` (see ``why_found``). ``count``: how many match; ``facets``: ``{name:
    [(value, number)]}`` of all that match, see ``_counts``. ``meant``: the words searched for instead, where some were misspelt. ``is_loose``: whether
    results have only some of the words.
    """

    results: list = field(default_factory=list)
    count: int = 0
    facets: dict = field(default_factory=dict)
    meant: str = ""
    is_loose: bool = False


def search(text, chosen=None, facets=(), start=0, number=20):
    """The ``Found`` of a query. ``chosen``: lists of values by the name of a facet, any of which an entry must have; ``facets``: which
    facets to count. A text without a letter or digit finds nothing."""
    words = fold(text).split()[:MAX_WORDS]
    if not words:
        return Found()
    reading.freshen()
    chosen = chosen or {}
    rows = _chosen(SearchEntry.objects.all(), chosen)
    matching_rows, count, meant, is_loose = _match(rows, words)
    used = meant or words
    results = _entries(_ranked(_candidates(rows, matching_rows(rows), count, used), used, start + number)[start:])
    for entry in results:
        entry.why = why_found(entry, used)
    return Found(
        results=results,
        count=count,
        facets=_counts(facets, chosen, lambda others: matching_rows(_chosen(SearchEntry.objects.all(), others))),
        meant=" ".join(meant) if meant else "",
        is_loose=is_loose,
    )


def _chosen(rows, chosen):
    for name, values in chosen.items():
        rows = rows.filter(pk__in=SearchFacet.objects.filter(name=name, value__in=values).values("entry"))
    return rows


def _match(rows, words):
    """``(function that leaves of rows those that match, how many, words meant or None, is_loose)``: all words; else all after misspelt
    ones are mended; else some."""
    has_all = partial(matching.by_text, words=words)
    if count := has_all(rows).count():
        return has_all, count, None, False
    meant = [_meant(word) for word in words]
    if meant != words:
        has_all = partial(matching.by_text, words=meant)
        if count := has_all(rows).count():
            return has_all, count, meant, False
    has_some = partial(matching.by_any, words=ranking.telling(meant))
    return has_some, has_some(rows).count(), meant if meant != words else None, True


def _meant(word):
    """The word, or the one it may misspell where no entry has it."""
    if matching.by_text(SearchEntry.objects.all(), [word]).exists():
        return word
    return spelling.nearest(word) or word


def _candidates(rows, found, count, words):
    """What to rank: entries with exactly this name, those with the words in their names, and others of the ``count`` that were
    ``found``, if any of them can be among the results; each sort by evidence."""
    exact = SearchName.objects.filter(text=" ".join(words), is_whole=True).values("entry")
    candidates = {}
    for sort in (rows.filter(pk__in=exact), matching.by_names(rows, words), found):
        if sort is found and len(candidates) >= min(count, CANDIDATES):
            break
        for columns in sort.order_by("-weight", "ref").values_list(*ranking.COLUMNS)[:CANDIDATES]:
            candidates.setdefault(columns[0], ranking.Candidate(*columns))
    return list(candidates.values())


def _ranked(candidates, words, number):
    """The first ``number`` of the candidates. If they are more than have the words in their names, the texts of the others are looked
    at: whether the words stand close together in them."""
    graded = ranking.graded(candidates, words)
    named = [candidate for grade, candidate in graded if ranking.is_by_name(grade)]
    if len(words) > 1 and len(named) < number:
        others = [candidate for grade, candidate in graded if not ranking.is_by_name(grade)]
        _note_close(others, words)
        graded = ranking.graded(candidates, words)
    return [candidate for _grade, candidate in graded[:number]]


def _note_close(candidates, words):
    pattern = ranking.close_in(words)
    keys = [candidate.pk for candidate in candidates]
    texts = SearchEntry.objects.filter(pk__in=keys).order_by().values_list("pk", "words")
    close = {pk for pk, text in texts if pattern.search(text)}
    for candidate in candidates:
        candidate.is_close = candidate.pk in close


def _entries(candidates):
    """The entries of these candidates, in their order."""
    found = SearchEntry.objects.defer("words", "names").in_bulk([candidate.pk for candidate in candidates])
    return [found[candidate.pk] for candidate in candidates]


def _counts(names, chosen, found):
    """``{name: [(value, number)]}`` of facets. A facet of which something is chosen is counted as if nothing were: the numbers say how
    many results each value would add. ``found(chosen)``: the entries that match."""
    free = [name for name in names if name not in chosen]
    counted = counts(among(found(chosen)), free)
    for name in chosen:
        if name in names:
            others = {other: values for other, values in chosen.items() if other != name}
            counted |= counts(among(found(others)), [name])
    return {name: counted[name] for name in names}


def among(entries):
    """The rows of facets of these entries."""
    return SearchFacet.objects.filter(entry__in=entries.order_by().values("pk"))


def counts(facets, names):
    """``{name: [(value, number)]}`` of rows of facets, the most frequent first, in one query."""
    counted = {name: [] for name in names}
    if names:
        rows = facets.filter(name__in=names).order_by().values_list("name", "value").annotate(number=Count("pk"))
        for name, value, number in rows:
            counted[name].append((value, number))
    return {name: sorted(pairs, key=lambda pair: (-pair[1], pair[0])) for name, pairs in counted.items()}


def list_facets(rows, names):
    """``counts`` of the records in a queryset of published ones."""
    reading.freshen()
    model = rows.model
    same = ContentType.objects.get_for_model(model)
    own = SearchFacet.objects.filter(entry__form__record_type=same, entry__ref__startswith=f"{model.KIND}/")
    return counts(own.filter(entry__form__record_id__in=rows.order_by().values("pk")), names)


def why_found(entry, words):
    """``(what it is, [(text, is_hit)])`` of the passage that has most of the words, or ``None`` if the name itself has all."""
    stems = [spelling.beginnings(word) for word in words]
    if _hits(entry.name, stems) == len(words):
        return None
    best = max(entry.passages, key=lambda passage: _hits(passage[1], stems), default=None)
    if best is None or not _hits(best[1], stems):
        return None
    telling = [spelling.beginnings(word) for word in ranking.telling(words)]
    to_mark = telling if _hits(best[1], telling) else stems
    return best[0], marked(best[1], [stem for group in to_mark for stem in group])


def _hits(text, stems):
    own = fold(text).split()
    return sum(any(word.startswith(group) for word in own) for group in stems)


def marked(text, stems):
    """A part of the text around the first hit, as ``[(text, is_hit)]``."""
    hits = [match for match in _WORD.finditer(text) if fold(match[0]).startswith(tuple(stems))]
    first = max(0, text.rfind(" ", 0, max(0, hits[0].start() - SNIPPET // 3)) + 1) if hits else 0
    last = first + SNIPPET
    pieces, at = [("… ", False)] if first else [], first
    for match in hits:
        if first <= match.start() and match.end() <= last:
            pieces += [(text[at : match.start()], False), (match[0], True)]
            at = match.end()
    end = text.find(" ", last) if len(text) > last else len(text)
    end = len(text) if end < 0 else end
    pieces.append((text[at:end] + (" …" if end < len(text) else ""), False))
    return [piece for piece in pieces if piece[0]]


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
    entries = SearchEntry.objects.defer("words", "names", "passages").in_bulk(first)
    return [entries[entry] for entry in first]
