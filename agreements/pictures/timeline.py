"""Timelines: dated things as rows of a picture, each drawn as exactly as its date is known.

A known day is a dot. A month or a year is a pale bar over all its days. An interval is a line, with an arrow where it goes on
and a gap where an end is not known. A date with ``~`` or ``?`` is dashed. Where years without an entry would leave no room for the
others they are cut out, said so, and each section has a scale of its own; a strip shows all of them at one. An entry that would be
alone on a scale has none: its mark stands where the strip has it.

Up to ``MOST_ROWS`` entries are drawn, each as a row; more are counted, as bars by year (``agreements.pictures.bars``), for a list, a
record or a state, however many there are. What was said of a record is left to the table first. Sixty rows fill four screens, which
is as far as one looks down a column of marks; a bar needs several entries a year to be worth its width.

Lengths are units of the SVG's view box.
"""

import datetime
from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import ngettext

from agreements.pictures.lettering import lines_of, width_of
from agreements.pictures.time_scale import Scale
from sources.lib.date_words import in_words
from sources.lib.dates import PartialDate

WIDTH, MARGIN = 300, 12
# The strip of all sections, the words between two, the axis of one; a line of a label and the line of the mark under it.
STRIP, BREAK, AXIS, LINE, MARK = 36, 24, 24, 13, 20
LABEL_SIZE, DATE_SIZE = 11, 9.5
# A longer label is cut; the table has it in full.
MOST_LINES = 3
# How high a part of the picture may be that no page of paper cuts.
LEAF = 160
# More rows than this are drawn as a number for each year.
MOST_ROWS = 60
# Fewer rows than this have room beside any gap. A gap is cut out if it has so many days and takes more than this share of its section.
FEW_ROWS, LONG_GAP, GREAT_GAP = 6, 2 * 365, 0.35
MOST_SECTIONS = 6
# A bar of a single month would vanish on a scale of decades.
_LEAST_WIDTH = 7
# How far a mark reaches beyond its place, with an arrow or a dotted end.
_REACH, _FAR_REACH = 8, 17


@dataclass(frozen=True)
class Entry:
    """One dated thing: its EDTF ``date`` (empty if not known), what it is, and the page that tells more.

    ``mark`` is ``evidenced``, ``claimed``, ``planned`` or ``foretold``, which only the terms of an instrument say. On one day the lowest ``rank`` came first.
    """

    date: str
    label: str
    page: str = ""
    mark: str = "evidenced"
    is_contested: bool = False
    is_statement: bool = False
    rank: int = 0


def timeline_of(entries, today):
    """``{"sections", "has_bare", "strip", "leaves", "width", "height"}``, in the order of time; entries without a date are left to the table.

    A section has its ``rows``, the ``ticks`` of its scale (none if it ``is_bare``), ``today`` if it holds it, the ``gap`` in words that
    was cut out before it, and its ``top`` and ``bottom``. A row has the ``entry``, its ``lines``, the ``date`` in words, its ``y``, and ``x``/``x_end`` with
    the ``form``: ``day``, ``within`` or ``span``; ``opens`` and ``ends`` say whether the two ends of a span are known. ``strip`` shows
    all sections at one scale, where there are several. ``leaves`` are ``{"top", "height", "rows"}``, parts between which a page may end.
    """
    dated = [(PartialDate.parse(entry.date), entry) for entry in in_order(entries) if entry.date]
    parts = _parts(dated)
    sections, y = [], STRIP if len(parts) > 1 else 0
    for before, part in zip([None, *parts], parts, strict=False):
        gap = _gap_words(before, part) if before else ""
        is_bare = len(part) == 1 < len(parts)
        scale = _scale_of(dated, today) if is_bare else _scale_of(part, today if part is parts[-1] else None)
        sections.append(_section(part, scale, y, gap, None if is_bare else today))
        y = sections[-1]["bottom"]
    return {
        "sections": sections,
        "has_bare": any(section["is_bare"] for section in sections),
        "strip": _strip(dated, parts, today) if len(parts) > 1 else None,
        "leaves": _leaves(sections, y + 4),
        "width": WIDTH,
        "height": y + 4,
    }


def _leaves(sections, height):
    """The picture in parts of whole rows; the first row of a section stays with its scale."""
    cuts = [y for section in sections for y in (section["start"], *(row["y"] for row in section["rows"][1:]))]
    leaves, top = [], 0
    for cut, following in pairwise([*cuts, height]):
        if cut > top and following - top > LEAF:
            leaves.append({"top": top, "height": cut - top})
            top = cut
    leaves.append({"top": top, "height": height - top})
    rows = [row for section in sections for row in section["rows"]]
    return [{**leaf, "rows": [row for row in rows if 0 <= row["y"] - leaf["top"] < leaf["height"]]} for leaf in leaves]


def in_order(entries):
    """The entries in the order of time, those without a date last."""
    return sorted(entries, key=_place_in_time)


def _place_in_time(entry):
    if not entry.date:
        return (True, datetime.date.max, datetime.date.max, entry.rank, entry.label)
    date = PartialDate.parse(entry.date)
    return (False, _first(date), _last(date), entry.rank, entry.label)


def to_draw(entries):
    """The entries that a picture shows as rows: what was said is left to the table where all would be too many. Empty where even
    the rest is too many; then a picture counts by year."""
    if len(entries) > MOST_ROWS:
        entries = [entry for entry in entries if not entry.is_statement]
    return entries if len(entries) <= MOST_ROWS else []


def _first(date):
    return date.earliest or date.latest


def _last(date):
    return date.latest or date.earliest


# Sections


def _parts(dated):
    """The dated entries in parts, cut at great gaps until none is left or there are enough parts."""
    parts = [dated] if dated else []
    while len(parts) < MOST_SECTIONS:
        found = max(((*_greatest_gap(part), place) for place, part in enumerate(parts)), default=(0, 0, 0))
        share, cut, place = found
        if share <= GREAT_GAP:
            break
        parts[place : place + 1] = [parts[place][:cut], parts[place][cut:]]
    return parts


def _greatest_gap(part):
    """``(its share of the time of the part, the number of the entry after it)``; no share where entries are few."""
    if len(part) < FEW_ROWS:
        return 0, 0
    gaps, last = [], _last(part[0][0])
    for number, (date, _entry) in enumerate(part[1:], start=1):
        gaps.append(((_first(date) - last).days, number))
        last = max(last, _last(date))
    days, number = max(gaps)
    if days < LONG_GAP:
        return 0, 0
    return days / max((last - _first(part[0][0])).days, 1), number


def _ends(part):
    return _first(part[0][0]), max(_last(date) for date, _entry in part)


def _gap_words(before, after):
    years = round((_ends(after)[0] - _ends(before)[1]).days / 365.25)
    return ngettext("about %(n)s year left out", "about %(n)s years left out", years) % {"n": years}


def _section(part, scale, y, gap, today):
    """A section from ``y`` on; without ``today`` it has no axis."""
    start, top = y, y + (BREAK if gap else 0)
    rows, y = [], top + (AXIS if today else 0)
    for date, entry in part:
        rows.append(_row(date, entry, y, scale))
        y += LINE * len(rows[-1]["lines"]) + MARK
    here = scale.x(today) if today and scale.holds(today) else None
    ticks = scale.ticks() if today else []
    return {
        "rows": rows, "ticks": ticks, "is_bare": not today, "today": here, "gap": gap,
        "start": start, "top": top, "bottom": y,
    }  # fmt: skip


def _scale_of(part, today):
    """The scale of the entries; if something goes on, until ``today`` where that is given."""
    days = [day for date, _entry in part for day in (date.earliest, date.latest) if day]
    days += [today] if today and any(date.text.endswith("/..") for date, _entry in part) else []
    return Scale(min(days), max(days), MARGIN, WIDTH - MARGIN)


def _strip(dated, parts, today):
    """``{"marks": [x], "spans": [(x, x)], "first", "last"}``: every entry, and from where to where each section reaches."""
    scale = _scale_of(dated, today)
    spans = [tuple(map(scale.x, _ends(part))) for part in parts]
    first, last = _ends(dated)
    return {
        "marks": [scale.x(_first(date)) for date, _entry in dated],
        "spans": [(round(start - 3, 1), round(end + 3, 1)) for start, end in spans],
        "first": {"x": scale.x(first), "year": first.year},
        "last": {"x": scale.x(last), "year": last.year},
    }


# Rows


def _row(date, entry, y, scale):
    start, end = scale.x(_first(date)), scale.x(_last(date))
    form = "span" if date.is_interval else "day" if date.earliest == date.latest else "within"
    if form != "day":
        end = min(max(end, start + _LEAST_WIDTH), WIDTH - MARGIN)
        start = min(start, end - _LEAST_WIDTH)
    if date.text.endswith("/.."):
        end = WIDTH - MARGIN
    row = {
        "entry": entry,
        "lines": lines_of(entry.label, WIDTH - 4, LABEL_SIZE, MOST_LINES),
        "y": y,
        "x": round(start, 1),
        "x_end": round(end, 1),
        "form": form,
        "is_uncertain": date.is_uncertain,
        "opens": date.earliest is not None,
        "ends": date.latest is not None,
        "goes_on": date.text.endswith("/.."),
    }
    return {**row, "date": _date_beside(row, in_words(entry.date))}


def _date_beside(row, words):
    """``{"text", "x", "anchor"}`` on that side of the mark where it fits, or ``None``."""
    width = width_of(words, DATE_SIZE)
    right = row["x_end"] + (_REACH if row["ends"] else _FAR_REACH)
    left = row["x"] - (_REACH if row["opens"] else _FAR_REACH)
    if right + width <= WIDTH:
        return {"text": words, "x": round(right, 1), "anchor": "start"}
    return {"text": words, "x": round(left, 1), "anchor": "end"} if left >= width else None
