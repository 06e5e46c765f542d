"""How wide words are in a picture, as near as one can tell without the font: sans-serif fonts differ, so it is rather too much."""

from functools import lru_cache

_NARROW, _WIDE = frozenset("fijlrtI.,:;'’!|()[]/- "), frozenset("mwMWQ@%—…")


def width_of(text, size):
    """The width of a line in a font of this size, in the units of the size."""
    return size * sum(map(_share, text))


@lru_cache(4096)
def _share(letter):
    if letter in _NARROW:
        return 0.36
    if letter in _WIDE:
        return 0.92
    return 0.68 if letter.isupper() else 0.58


def lines_of(text, width, size, most):
    """The text in at most so many lines of this width; what does not fit is cut, with an ellipsis."""
    lines, room = [], 0
    for word in text.split():
        needed = width_of(f" {word}", size)
        if lines and needed <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
            room = width + width_of(" ", size)
        room -= needed
    kept = lines[:most] or [""]
    kept[-1] = _cut(kept[-1], width, size, is_last=len(lines) <= most)
    return kept


def _cut(line, width, size, is_last):
    if is_last and width_of(line, size) <= width:
        return line
    kept = line
    while kept and width_of(f"{kept}…", size) > width:
        kept = kept[:-1]
    # A year that lost its end would be another year.
    if kept != line and line[len(kept)] != " ":
        kept = kept.rpartition(" ")[0] or kept
    return f"{kept.rstrip(' ,:;(–-')}…"
