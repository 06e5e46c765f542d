"""The provisions of an agreement by topic, each topic with its clauses. Works on the public representation."""

from agreements.codebook.answer_comparison import by_topic


def provisions_of(codings, clauses):
    """``{"groups": [{"group", "topics": [{"topic", "codings", "clauses"}]}], "others": [clause]}``.

    A clause is listed with the first topic that refers to it; ``others`` are the clauses that no topic refers to.
    """
    left = {clause["key"]: clause for clause in clauses}
    groups = {}
    for by_class in by_topic(codings).values():
        rows = list(by_class.values())
        topic = rows[0]["topic"]
        keys = dict.fromkeys(clause["key"] for row in rows for clause in row["clauses"])
        own = [left.pop(key) for key in keys if key in left]
        group = groups.setdefault(topic["group"], {"group": topic, "topics": []})
        group["topics"].append({"topic": topic, "codings": rows, "clauses": own})
    return {"groups": list(groups.values()), "others": list(left.values())}
