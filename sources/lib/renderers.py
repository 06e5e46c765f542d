"""The formats of the API's answers: JSON, CSV and JSON Lines."""

import codecs
import csv
import io

import orjson
from rest_framework.renderers import BaseRenderer

# Spreadsheets run a cell that starts with one of these as a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


class JSONRenderer(BaseRenderer):
    media_type = "application/json"
    format = "json"
    charset = None
    render_style = "binary"

    def render(self, data, accepted_media_type=None, renderer_context=None):
        """``data`` as JSON; bytes are JSON already and are sent unchanged."""
        if data is None or isinstance(data, bytes):
            return data or b""
        return orjson.dumps(data, default=str)


class ProblemRenderer(JSONRenderer):
    media_type = "application/problem+json"


class RowsRenderer(BaseRenderer):
    """A format of rows without an envelope. Lists in it are sent whole, row by row (``sources.lib.downloads``)."""

    charset = "utf-8"
    extension = ""
    # Whether the rows may be lines in CSV already, as bytes.
    takes_lines = False

    def head(self, columns):
        """The bytes before the first row; ``columns`` are those of ``sources.lib.csv_columns``."""
        return b""

    def lines(self, rows, columns):
        """The bytes of some rows."""
        raise NotImplementedError

    def render(self, data, accepted_media_type=None, renderer_context=None):
        """One record, as the only row."""
        columns = renderer_context["view"].columns()
        return self.head(columns) + self.lines([data], columns)


class JSONLinesRenderer(RowsRenderer):
    """One record a line."""

    media_type = "application/jsonl"
    format = extension = "jsonl"

    def lines(self, rows, columns):
        """The rows are plain data or, as bytes, JSON already."""
        texts = (row if isinstance(row, bytes) else orjson.dumps(row, default=str) for row in rows)
        return b"".join(text + b"\n" for text in texts)


class CSVRenderer(RowsRenderer):
    """One record a line. Text that a spreadsheet would run as a formula is prefixed with an apostrophe."""

    media_type = "text/csv"
    format = extension = "csv"
    takes_lines = True

    def head(self, columns):
        return _csv([[column.name for column in columns]])

    def lines(self, rows, columns):
        if rows and isinstance(rows[0], bytes):
            return b"".join(rows)
        return _csv([self.guard(column.cell(row)) for column in columns] for row in rows)

    @staticmethod
    def guard(value):
        return escape_cell(value)


class ExcelCSVRenderer(CSVRenderer):
    """CSV with a byte order mark: without it, Excel reads UTF-8 in the code page of the machine."""

    format = "csv-excel"

    def head(self, columns):
        return codecs.BOM_UTF8 + super().head(columns)


class RawCSVRenderer(CSVRenderer):
    """CSV for programs, with every text unchanged: a spreadsheet could run its formulas."""

    format = "csv-raw"
    takes_lines = False

    @staticmethod
    def guard(value):
        return value


LIST_RENDERERS = (JSONRenderer, CSVRenderer, ExcelCSVRenderer, RawCSVRenderer, JSONLinesRenderer)
FORMATS = [renderer.format for renderer in LIST_RENDERERS]


def _csv(rows):
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode()


def escape_cell(value):
    """The value, with an apostrophe before text that a spreadsheet would run as a formula."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value
