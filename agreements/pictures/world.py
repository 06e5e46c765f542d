"""The outlines of the world's countries, read once from ``world.json`` (see NOTICE beside it)."""

from functools import cache
from pathlib import Path

import orjson

_DATA = Path(__file__).with_name("world.json")


@cache
def world():
    """``{"width", "height", "shapes": [{"code", "name", "path"}], "points": [{"code", "name", "x", "y"}]}``.

    ``code`` is ISO 3166-1 alpha-3; two shapes that nobody's list has a code for have none. Points stand for states too small
    to have an outline.
    """
    return orjson.loads(_DATA.read_bytes())
