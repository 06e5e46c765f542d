"""The conditions of a query in the database's full-text index. Words are folded: letters and digits alone."""

from django.db import connection
from django.db.models.expressions import RawSQL

from sources.reading.search.spelling import beginnings

TABLE = "sources_searchindex"


def by_names(rows, words):
    """Entries with a name or number that has every one of the words, whole or as a beginning."""
    return _matching(rows, [(word,) for word in words], names_only=True)


def by_text(rows, words):
    """Entries whose names and text together have every one of the words, in any ending."""
    return _matching(rows, [beginnings(word) for word in words])


def by_any(rows, words):
    """Entries that have one of the words at least."""
    return _matching(rows, [tuple(dict.fromkeys(stem for word in words for stem in beginnings(word)))])


def _matching(rows, groups, names_only=False):
    """``groups``: of each, one beginning must be there."""
    return rows.filter(pk__in=_SQL[connection.vendor](groups, names_only))


def _sqlite(groups, names_only):
    expression = " AND ".join("(" + " OR ".join(f'"{word}" *' for word in group) + ")" for group in groups)
    if names_only:
        expression = f"names : ({expression})"
    return RawSQL(f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s", [expression])  # noqa: S608, S611


def _postgresql(groups, names_only):
    label = ":*A" if names_only else ":*"
    expression = " & ".join("(" + " | ".join(f"'{word}'{label}" for word in group) + ")" for group in groups)
    sql = "SELECT id FROM sources_searchentry WHERE vector @@ to_tsquery('simple', %s)"
    return RawSQL(sql, [expression])  # noqa: S611


_SQL = {"sqlite": _sqlite, "postgresql": _postgresql}
