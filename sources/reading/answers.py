"""The answers that sources give to a disputed question, and who gives each."""


def answers_of(citations, stated):
    """``[{"value", "is_stated", "stance", "citations"}]``: ``citations`` as the API gives them, ``stated`` is what the record says.

    The answer that the record states comes first, then those of most sources. A source that only disputes or mentions the matter
    gives an answer without a value.
    """
    answers = {}
    for citation in citations:
        value = citation["value"] or (stated if citation["stance"] == "supports" else "")
        stance = "" if value else citation["stance"]
        key = (value.strip().casefold(), stance)
        is_stated = bool(value) and value.strip().casefold() == stated.strip().casefold()
        answer = {"value": value, "is_stated": is_stated, "stance": stance, "citations": []}
        answers.setdefault(key, answer)["citations"].append(citation)
    return sorted(answers.values(), key=lambda answer: (not answer["is_stated"], -len(answer["citations"])))
