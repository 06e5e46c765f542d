"""Asks the database's full-text index. Words are folded: letters and digits alone.

Facets stand in the index, too, as words such as ``.kind=agreements``: what is found within a kind is read from the entries of the
kind alone. Both databases give the entries with most evidence first, and no more than they are asked for.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from django.db import connection
from django.db.models.expressions import RawSQL

from sources.lib import clock
from sources.reading.search.spelling import beginnings

# Nearly everything has a word that begins with a given letter.
SHORTEST_BEGINNING = 2
# What facets are made of, in small letters; nothing has another value.
_VALUE = re.compile(r"[a-z0-9_.-]+")
# What stands before words of names, and before facets.
IN_NAME, FACET = "=", "."
# A longer word is found by its beginning.
LONGEST_WORD = 500
# A word that more entries have is not looked for as a beginning: that reads all of them, and there are enough without.
COMMON = 10_000
# PostgreSQL finds all that match before it puts them in order. So it goes through the entries with most evidence first, at least so many,
# and further if so many match that this is the shorter way.
AT_LEAST = 2000
# If there are not many times as many, it is not worth it.
MANY_TIMES = 10


@dataclass(frozen=True)
class Condition:
    """``groups`` of beginnings and words, of each of which an entry has one; beginnings end with ``*``, and what begins with one of its
    own group matters only if that is looked for as a word. ``is_possible``: whether any entry can have them."""

    groups: tuple
    is_possible: bool = True


# Of each of these, ``told`` are the facets that stand for a word as well: see ``sources.reading.search.sorts``.


def by_names(words, chosen=None, told=None, shortest=SHORTEST_BEGINNING):
    """Entries with a name or number that has every one of the words, whole or as a beginning, if it has ``shortest`` letters."""
    return _condition(_groups(words, told, lambda word: [_term(word, IN_NAME, shortest)]), chosen)


def by_text(words, chosen=None, told=None):
    """Entries whose names and text together have every one of the words, in any ending."""
    return _condition(_groups(words, told, _in_any_ending), chosen)


def by_most(words, chosen=None, told=None):
    """As ``by_text``; one of the words need not be there."""
    pairs = combinations(_groups(words, told, _in_any_ending), 2)
    return _condition([one + other for one, other in pairs], chosen)


def _groups(words, told, terms_of):
    """For each word its terms, of which an entry must have one."""
    return [[*terms_of(word), *(f"{FACET}{line}" for line in sorted((told or {}).get(word, ())))] for word in words]


def _condition(groups, chosen):
    """``chosen``: lists of values by the name of a facet, any of which an entry must have."""
    facets = [
        [f"{FACET}{name}={value}" for value in map(str.lower, values) if _VALUE.fullmatch(value)]
        for name, values in (chosen or {}).items()
    ]
    return Condition(tuple(map(tuple, groups + facets)), all(facets))


def _in_any_ending(word):
    return [_term(one) for one in beginnings(word)]


def _term(word, mark="", shortest=SHORTEST_BEGINNING):
    return f"{mark}{word[:LONGEST_WORD]}{'*' * (len(word) >= shortest)}"


def best(condition, most):
    """``[(key of the entry, its facets)]`` of at most so many entries, those with most evidence first."""
    return _first("e.id, e.facets", condition, most)


def _first(columns, condition, most):
    return _along(columns, condition, most) or _rows(_FIRST[connection.vendor].format(columns), condition, most)


def _along(columns, condition, most):
    """On PostgreSQL, so many rows, if it takes fewer steps to go through the entries by their evidence; else none."""
    number, size = max(2 * most, AT_LEAST), _size(clock.today())
    if size < MANY_TIMES * number:
        return []
    rows = _rows(_ALONG.format(columns), condition, most, number)
    # To go on takes ``most / share`` entries, to read all that match ``size * share``.
    if len(rows) < most and (len(rows) / number) ** 2 > most / size:
        rows = _rows(_ALONG.format(columns), condition, most, 2 * most * number // len(rows))
    return rows if len(rows) == most else []


@lru_cache(1)
def _size(_day):
    """About how many entries there are, asked once a day; 0 where that does not matter."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE oid = 'sources_searchentry'::regclass")
        return cursor.fetchone()[0]


def number(condition, most):
    """How many entries there are, counted up to ``most``."""
    return next((number for (number,) in _rows(_NUMBER[connection.vendor], condition, most)), 0)


def _rows(statement, condition, most, *before):
    if not condition.is_possible:
        return []
    with connection.cursor() as cursor:
        cursor.execute(statement, [*before, _expression(condition), most])
        return cursor.fetchall()


def records(condition):
    """The primary keys of the records that the entries are of, as a part of another query."""
    return RawSQL(_RECORDS[connection.vendor], [_expression(condition)])  # noqa: S611


def best_records(condition, most):
    """The primary keys of the records that at most so many entries are of, those with most evidence first."""
    return [key for (key,) in _first("e.record_id", condition, most)]


def best_refs(condition, most):
    """``[(ref, primary key of its record)]`` of at most so many entries, those with most evidence first."""
    return _first("e.ref, e.record_id", condition, most)


def _expression(condition):
    """The condition in the language of the database. Nothing of it is a sign of that language: see ``_VALUE`` and ``fold``."""
    quoted, either, both = _SIGNS[connection.vendor]
    groups = (either.join(quoted(*term) for term in _asked_for(group)) for group in condition.groups)
    return both.join(f"({group})" for group in groups)


def _asked_for(group):
    """``[(word, whether it is a beginning)]`` of a group, without what begins with another of its beginnings."""
    words = {term.rstrip("*"): term.endswith("*") for term in group}
    common, asked = _common(tuple(sorted(word for word, goes_on in words.items() if goes_on))), []
    for word in sorted(words):
        if not any(goes_on and word.startswith(other) for other, goes_on in asked):
            # Also what a common word begins with: “patrol” for “patrols”.
            asked.append((word, words[word] and not any(other.startswith(word) for other in common)))
    return asked


def _common(words):
    """Those of the words that stand in so many entries that nobody misses their other endings."""
    return _were_common(words, clock.today()) if words else ()


@lru_cache(2048)
def _were_common(words, _day):
    """Asked once a day: words do not become common or rare from one hour to the next, and to count one takes as long as to find it."""
    quoted, _either, _both = _SIGNS[connection.vendor]
    numbers = ", ".join([f"({_NUMBER[connection.vendor]})"] * len(words))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {numbers}", [value for word in words for value in (quoted(word, False), COMMON + 1)])
        return [word for word, number in zip(words, cursor.fetchone(), strict=True) if number > COMMON]


_SIGNS = {
    "sqlite": (lambda word, goes_on: f'"{word}"{" *" * goes_on}', " OR ", " AND "),
    "postgresql": (lambda word, goes_on: f"'{word}'{':*' * goes_on}", " | ", " & "),
}
# On SQLite the number of a row of the index ends with 40 bits for the key of its entry. What stands before counts the evidence
# downwards, so that the order of the numbers is the order of the results, and nothing must be sorted. The index of the table is
# named, for SQLite would look into its wide rows. See the migration.
_SQLITE = """
    SELECT {}
    FROM sources_searchindex CROSS JOIN sources_searchentry e INDEXED BY search_entry_facets
    WHERE sources_searchindex MATCH %s AND e.id = sources_searchindex.rowid & 1099511627775
"""
_POSTGRESQL = "SELECT {} FROM sources_searchentry e WHERE vector @@ %s::tsquery"
_RECORDS = {"sqlite": _SQLITE.format("e.record_id"), "postgresql": _POSTGRESQL.format("e.record_id")}
_FIRST = {
    "sqlite": f"{_SQLITE} ORDER BY sources_searchindex.rowid LIMIT %s",
    # Not by the column, along whose index PostgreSQL would go in the hope of soon having enough, perhaps to the end.
    "postgresql": f"{_POSTGRESQL} ORDER BY -weight, id LIMIT %s",
}
_ALONG = """
    SELECT {} FROM (
        SELECT id, ref, record_id, facets, weight, vector FROM sources_searchentry ORDER BY weight DESC, id LIMIT %s
    ) e WHERE vector @@ %s::tsquery ORDER BY weight DESC, id LIMIT %s
"""
_NUMBER = {
    "sqlite": "SELECT count(*) FROM (SELECT 1 FROM sources_searchindex WHERE sources_searchindex MATCH %s LIMIT %s)",
    "postgresql": "SELECT count(*) FROM (SELECT 1 FROM sources_searchentry WHERE vector @@ %s::tsquery LIMIT %s) found",
}
