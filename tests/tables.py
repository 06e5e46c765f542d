"""CSV answers read back."""

import csv
import io

# All citations of a record in one cell are more than Python reads by itself.
csv.field_size_limit(10_000_000)


def table_of(answer):
    """``(header, rows)`` of a CSV answer; a row is ``{column: text}``."""
    lines = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"), newline="")))
    return lines[0], [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]
