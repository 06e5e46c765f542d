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
    rows, chosen = SearchEntry.objects.all(), chosen or {}
    matching_rows, meant, is_loose = _match(_chosen(rows, chosen), words)
    found, used = matching_rows(_chosen(rows, chosen)), meant or words
    candidates = _candidates(_chosen(rows, chosen), found, used)
    _look_for_close(candidates, used, start + number)
    results = ranking.in_order(candidates, used)[start : start + number]
    for entry in results:
        entry.why = why_found(entry, used)
    return Found(
        results=results,
        count=found.count(),
        facets=_counts(facets, chosen, lambda others: matching_rows(_chosen(rows, others))),
        meant=" ".join(meant) if meant else "",
        is_loose=is_loose,
    )


def _chosen(rows, chosen):
    for name, values in chosen.items():
        rows = rows.filter(pk__in=SearchFacet.objects.filter(name=name, value__in=values).values("entry"))
    return rows


def _match(rows, words):
    """``(function that leaves of rows those that match, words meant or None, is_loose)``: all words; else all after misspelt ones are
    mended; else some."""
    has_all = partial(matching.by_text, words=words)
    if has_all(rows).exists():
        return has_all, None, False
    meant = [_meant(word) for word in words]
    if meant != words:
        has_all = partial(matching.by_text, words=meant)
        if has_all(rows).exists():
            return has_all, meant, False
    return partial(matching.by_any, words=ranking.telling(meant)), meant if meant != words else None, True


def _meant(word):
    """The word, or the one it may misspell where no entry has it."""
    if matching.by_text(SearchEntry.objects.all(), [word]).exists():
        return word
    return spelling.nearest(word) or word


def _candidates(rows, found, words):
    """Entries to rank: those with exactly this name, those with the words in their names, and others, each sort by evidence."""
    exact = SearchName.objects.filter(text=" ".join(words), is_whole=True).values("entry")
    sorts = [rows.filter(pk__in=exact), matching.by_names(rows, words), found]
    candidates = {}
    for sort in sorts:
        for entry in sort.order_by("-weight", "ref").defer("words")[:CANDIDATES]:
            candidates.setdefault(entry.pk, entry)
    return list(candidates.values())


def _look_for_close(candidates, words, number):
    """Note of entries that only their text found whether the words stand close together in it, if such are among the first
    ``number``."""
    others = [entry for entry in candidates if not ranking.is_named(entry, words)]
    if len(words) < 2 or len(candidates) - len(others) >= number:
        return
    pattern = ranking.close_in(words)
    texts = SearchEntry.objects.filter(pk__in=[entry.pk for entry in others]).values_list("pk", "words")
    close = {pk for pk, text in texts if pattern.search(text)}
    for entry in others:
        entry.is_close = entry.pk in close


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
    rows = rows.filter(entry__facets__name="kind", entry__facets__value__in=ranking.typed_kinds())
    found = rows.order_by("text", "-is_whole", "entry").select_related("entry")[:CANDIDATES]
    best = {}
    for row in found:
        place = (row.text != typed, not row.is_whole, len(row.text), ranking.kind_order(row.entry), row.entry.ref)
        if row.entry_id not in best or place < best[row.entry_id][0]:
            best[row.entry_id] = (place, row.entry)
    return [entry for _place, entry in sorted(best.values(), key=lambda pair: pair[0])[:SUGGESTIONS]]
