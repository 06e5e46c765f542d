"""The search of the peer without a framework: the product's full-text index and its table of facets, asked by hand."""

# By whether the database is SQLite: the entries of agreements that have all words, each as a beginning.
MATCHING = {
    True: "SELECT rowid AS id FROM sources_searchindex WHERE sources_searchindex MATCH ?",
    False: "SELECT id FROM sources_searchentry WHERE vector @@ to_tsquery('simple', ?)",
}
FACETS = ("type", "status", "party")


def search(asked, rows, is_sqlite):
    """The twenty with most evidence of all that match, and the counts; ``rows(query, parameters)`` asks the database."""
    words = asked["q"][0].split()
    expression = (
        " AND ".join(f'"{word}" *' for word in words) if is_sqlite else " & ".join(f"'{word}':*" for word in words)
    )
    found = (
        f"SELECT m.id FROM ({MATCHING[is_sqlite]}) m JOIN sources_searchfacet k ON k.entry_id = m.id "
        "WHERE k.name = 'kind' AND k.value = 'agreements'"
    )
    first = rows(
        f"SELECT ref, name, page, passages FROM sources_searchentry WHERE id IN ({found}) ORDER BY weight DESC, ref LIMIT 20",
        [expression],
    )
    ((count,),) = rows(f"SELECT count(*) FROM ({found}) f", [expression])
    counted = rows(
        "SELECT name, value, count(*) FROM sources_searchfacet WHERE name IN ('type', 'status', 'party') "
        f"AND entry_id IN ({found}) GROUP BY name, value",
        [expression],
    )
    facets = {name: [] for name in FACETS}
    for name, value, number in counted:
        facets[name].append({"value": value, "count": number})
    results = [dict(zip(("ref", "name", "page", "passages"), row, strict=True)) for row in first]
    return {"count": count, "facets": facets, "results": results}
