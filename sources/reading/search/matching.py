"""The conditions of a query in the database's full-text index. Words are folded: letters and digits alone."""

from django.db import connection
from django.db.models.expressions import RawSQL

from sources.reading.search.spelling import beginnings

TABLE = "sources_searchindex"
# Nearly everything has a word that begins with a given letter.
SHORTEST_BEGINNING = 2


def by_names(rows, words):
    """Entries with a name or number that has every one of the words, whole or as a beginning."""
    return _matching(rows, [(word,) for word in words], names_only=True)


def by_beginnings(rows, words):
    """As ``by_names``; a single letter is a beginning, too."""
    return _matching(rows, [(word,) for word in words], names_only=True, shortest=1)


def by_text(rows, words):
    """Entries whose names and text together have every one of the words, in any ending."""
    return _matching(rows, [beginnings(word) for word in words])


def by_any(rows, words):
    """Entries that have one of the words at least."""
    return _matching(rows, [tuple(dict.fromkeys(stem for word in words for stem in beginnings(word)))])


def _matching(rows, groups, names_only=False, shortest=SHORTEST_BEGINNING):
    """``groups``: of each, one beginning must be there; what is shorter than ``shortest`` must be a word."""
    groups = [[(word, len(word) >= shortest) for word in group] for group in groups]
    return rows.filter(pk__in=_SQL[connection.vendor](groups, names_only))


def _sqlite(groups, names_only):
    terms = [[f'"{word}" *' if goes_on else f'"{word}"' for word, goes_on in group] for group in groups]
    expression = " AND ".join(f"({' OR '.join(group)})" for group in terms)
    if names_only:
        expression = f"names : ({expression})"
    return RawSQL(f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s", [expression])  # noqa: S608, S611


def _postgresql(groups, names_only):
    weight = "A" if names_only else "AD"
    terms = [[f"'{word}':{'*' * goes_on}{weight}" for word, goes_on in group] for group in groups]
    expression = " & ".join(f"({' | '.join(group)})" for group in terms)
    sql = "SELECT id FROM sources_searchentry WHERE vector @@ to_tsquery('simple', %s)"
    return RawSQL(sql, [expression])  # noqa: S611


_SQL = {"sqlite": _sqlite, "postgresql": _postgresql}
