"""The search of the peer without a framework: the product's full-text index and the facets in its entries, asked by hand."""

from collections import Counter

# By whether the database is SQLite: the agreements that have all words, each as a beginning, those with most evidence first; as many
# as the product counts.
MATCHING = {
    True: """
        SELECT e.id, e.facets FROM sources_searchindex CROSS JOIN sources_searchentry e INDEXED BY search_entry_facets
        WHERE sources_searchindex MATCH ? AND e.id = sources_searchindex.rowid & 1099511627775
        ORDER BY sources_searchindex.rowid LIMIT 5000
    """,
    False: """
        SELECT id, facets FROM sources_searchentry WHERE vector @@ CAST(? AS tsquery)
        ORDER BY weight DESC, id LIMIT 5000
    """,
}
FACETS = ("type", "status", "party")


def search(asked, rows, is_sqlite):
    """The twenty with most evidence of all that match, and the counts; ``rows(query, parameters)`` asks the database."""
    words, kind = asked["q"][0].split(), ".kind=agreements"
    expression = (
        " AND ".join([*(f'"{word}" *' for word in words), f'"{kind}"'])
        if is_sqlite
        else " & ".join([*(f"'{word}':*" for word in words), f"'{kind}'"])
    )
    found = rows(MATCHING[is_sqlite], [expression])
    first = ", ".join(str(key) for key, _facets in found[:20])
    named = rows(f"SELECT ref, name, page, passages FROM sources_searchentry WHERE id IN ({first or 'NULL'})", [])
    facets = {name: [] for name in FACETS}
    for line, number in Counter("\n".join(text for _key, text in found).split("\n")).items():
        name, _sign, value = line.partition("=")
        if name in facets:
            facets[name].append({"value": value, "count": number})
    results = [dict(zip(("ref", "name", "page", "passages"), row, strict=True)) for row in named]
    return {"count": len(found), "facets": facets, "results": results}
