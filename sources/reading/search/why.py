"""Says why something was found: the part of its text in which the words stand."""

import re

from sources.lib.text import fold
from sources.reading.search import spelling

SNIPPET = 180
_WORD = re.compile(r"\w+", re.UNICODE)


def why_found(entry, words):
    """``(what it is, [(text, is_hit)])`` of the passage that has most of the words, or ``None`` if the name itself has all."""
    stems = [spelling.beginnings(word) for word in words]
    if _hits(entry.name, stems) == len(words):
        return None
    best = max(entry.passages, key=lambda passage: _hits(passage[1], stems), default=None)
    if best is None or not _hits(best[1], stems):
        return None
    return best[0], marked(best[1], [stem for group in stems for stem in group])


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
