"""The formats of a list besides the page: JSON, CSV for spreadsheets, JSON Lines for programs."""

import csv
import io

import orjson
from rest_framework.renderers import BaseRenderer

# A cell that starts with one of these is taken for a formula by spreadsheets.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


class JSONRenderer(BaseRenderer):
    media_type = "application/json"
    format = "json"
    charset = None
    render_style = "binary"

    def render(self, data, accepted_media_type=None, renderer_context=None):
        return b"" if data is None else orjson.dumps(data, default=str)


class ProblemRenderer(JSONRenderer):
    media_type = "application/problem+json"


class JSONLinesRenderer(BaseRenderer):
    """One record a line."""

    media_type = "application/jsonl"
    format = "jsonl"
    charset = "utf-8"

    def render(self, data, accepted_media_type=None, renderer_context=None):
        return b"".join(orjson.dumps(row, default=str) + b"\n" for row in _rows(data))


class CSVRenderer(BaseRenderer):
    """One record a line; nested values become ``parent.child`` columns, lists are joined with ``; ``.

    Text that a spreadsheet would run as a formula is prefixed with an apostrophe.
    """

    media_type = "text/csv"
    format = "csv"
    charset = "utf-8"

    def render(self, data, accepted_media_type=None, renderer_context=None):
        rows = [dict(_flatten(row)) for row in _rows(data)]
        header = (renderer_context or {}).get("csv_header") or list(dict.fromkeys(key for row in rows for key in row))
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(header)
        writer.writerows([[escape_cell(row.get(key, "")) for key in header] for row in rows])
        return out.getvalue().encode()


def _rows(data):
    if isinstance(data, dict):
        return data.get("results", [data])
    return data or []


def escape_cell(value):
    """A cell that no spreadsheet runs."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value


def _flatten(value, prefix=""):
    for key, item in value.items():
        name = f"{prefix}{key}"
        if isinstance(item, dict):
            yield from _flatten(item, f"{name}.")
        elif isinstance(item, list):
            yield name, "; ".join(_cell(entry) for entry in item)
        else:
            yield name, "" if item is None else str(item).lower() if isinstance(item, bool) else item


def _cell(entry):
    """A list entry as text: linked records by their slug, other rows as JSON."""
    if isinstance(entry, dict):
        if "slug" in entry and "page" in entry:
            return str(entry["slug"])
        return orjson.dumps(entry, default=str).decode()
    return str(entry)
