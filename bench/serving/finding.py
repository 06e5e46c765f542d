"""The tasks of finding and seeing: search with facets, suggestions, lists by words, and pages with pictures.

The peers search the same agreements: a stock API by ``icontains`` in their texts, which finds another number of them, and bare SQL by the
same full-text index, whose counts must be those of the product.
"""

from urllib.parse import urlencode

import orjson

from bench.serving import tasks
from bench.serving.tasks import Ask, Task

# One in ten of the generated agreements has both in its title.
WORDS = "patrols border"
FACETS = ("type", "status", "party")
SUGGESTION_MS, PICTURE_MS = 10, 60


def _facets(body):
    """``(number found, {facet: {value: number}})``."""
    answer = orjson.loads(body)
    return answer["count"], {
        name: {pair["value"]: pair["count"] for pair in pairs} for name, pairs in answer["facets"].items()
    }


def search(_content):
    query = urlencode({"q": WORDS, "kind": "agreements", "facets": ",".join(FACETS)})
    return {
        "product": Ask(f"/api/v1/search/?{query}", _facets),
        "drf": Ask(f"/search/?{urlencode({'search': WORDS})}"),
        "sql": Ask(f"/search?{urlencode({'q': WORDS})}", _facets),
    }


def mixed_searches(content):
    """What readers may type: whole names, some of their words, beginnings, slips, numbers, sentences."""
    titles, people, states = content["titles"], content["people"], content["states"]
    words = [title.split() for title in titles]
    typed = [
        *titles[:6], *(" ".join(parts[:2]) for parts in words[:6]), *(" ".join(reversed(parts)) for parts in words[6:10]),
        *(parts[0][:4] for parts in words[:4]), *(_slip(parts[-1]) for parts in words[:4]),
        *people[:4], *(name.split()[-1] for name in people[4:8]), *states[:4], *(f"{state} agreement" for state in states[:4]),
        "agreement", "border patrols", "status of forces", "contractors immune", "who pays for damage", "immunity of troops",
        "how long is the agreement in force", "article 7 customs", "training", "treaty of friendship 1998",
    ]  # fmt: skip
    query = {"facets": ",".join(FACETS)}
    return [f"/api/v1/search/?{urlencode({'q': words, **query})}" for words in typed]


def _slip(word):
    """A misspelt word: without its third letter."""
    return word[:2] + word[3:]


def list_by_words(_content):
    return {
        "product": Ask(f"/api/v1/agreements/?{urlencode({'q': WORDS})}"),
        "drf": Ask(f"/agreements/?{urlencode({'search': WORDS})}"),
    }


def _of_product(path):
    return lambda content: {"product": Ask(path.format(**content))}


TASKS = [
    Task(
        "search, 3 facets", search, {"drf": (12, 5)}, {"sql": 3}, 0,
        "the same number of agreements, and for each type, status and party (bare SQL)",
    ),
    Task("list by words", list_by_words),
    Task("suggestions", _of_product("/api/v1/suggest/?q=agree"), at_most={"ms": SUGGESTION_MS}),
    Task("search page", _of_product("/search/?q=patrols+border")),
    Task("map", _of_product("/map/"), at_most={"ms": PICTURE_MS}),
    Task("map by status", _of_product("/map/?colour=status"), at_most={"ms": PICTURE_MS}),
    Task("map by approach to a topic", _of_product("/map/?colour=approach&topic={topic}"), at_most={"ms": PICTURE_MS}),
    Task("map of one type", _of_product("/map/?type={type}"), at_most={"ms": PICTURE_MS}),
    Task("timeline of one type", _of_product("/timeline/?type={type}"), at_most={"ms": PICTURE_MS}),
    Task("timeline of all agreements", _of_product("/timeline/"), at_most={"ms": PICTURE_MS}),
    Task("timeline of a state", _of_product("/timeline/?record=organisations/{state}"), at_most={"ms": PICTURE_MS}),
    Task("timeline of an agreement", _of_product("/timeline/?record=agreements/{typical}"), at_most={"ms": PICTURE_MS}),
    Task("network of an agreement", _of_product("/network/?record=agreements/{typical}"), at_most={"ms": PICTURE_MS}),
]  # fmt: skip
MIXES = [Task("searches", mixed_searches, at_most={"p50": (20, 0), "p95": (100, 100)})]
ALL = [*tasks.TASKS, *TASKS]
