"""Keyset paging: a page starts after the last row of the one before, whatever was added or removed meanwhile.

An ordering is a name and its columns; the last columns tell all rows apart. Empty values sort last in both directions and
on both databases. The cursor is opaque to readers: ordering, direction and the values of the last row.
"""

import base64
import binascii
import datetime
from dataclasses import dataclass, field

import orjson
from django.core.exceptions import ValidationError
from django.db.models import F, Q

from kb.core.filters import BadParameters
from kb.core.problems import hint

PAGE_SIZE, MAX_PAGE_SIZE = 50, 200
MAX_CURSOR = 2000


@dataclass(frozen=True)
class Column:
    """A column to sort by. ``nullable`` columns sort their empty values last."""

    name: str
    descending: bool = False
    nullable: bool = False

    def order(self):
        column = F(self.name)
        if self.descending:
            return column.desc(nulls_last=True if self.nullable else None)
        return column.asc(nulls_last=True if self.nullable else None)

    def after(self, value):
        """Rows that come after ``value`` in this column alone."""
        if value is None:
            return None
        beyond = Q(**{f"{self.name}__{'lt' if self.descending else 'gt'}": value})
        return beyond | Q(**{f"{self.name}__isnull": True}) if self.nullable else beyond

    def same(self, value):
        return Q(**{f"{self.name}__isnull": True}) if value is None else Q(**{self.name: value})

    def reversed(self):
        return Column(self.name, not self.descending, self.nullable)


@dataclass(frozen=True)
class Orderings:
    """What a list may be ordered by: ``columns`` maps a name to its first column; ``tie`` tells rows apart."""

    columns: dict
    default: str
    tie: tuple = (Column("slug"),)

    def names(self):
        return [name for key in self.columns for name in (key, f"-{key}")]

    def get(self, name):
        """The columns of an ordering; ``-name`` turns the first one round. Raises ``BadParameters``."""
        name = name or self.default
        key = name.removeprefix("-")
        if key not in self.columns or name.startswith("--"):
            known = self.names()
            raise BadParameters({"ordering": [f"Order by one of: {', '.join(known)}.{hint(name[:60], known)}"]})
        column = self.columns[key]
        first = column.reversed() if name.startswith("-") else column
        return name, (first, *self.tie)


@dataclass
class Page:
    rows: list
    next_cursor: str = ""
    count: int | None = None
    ordering: str = ""
    page_size: int = PAGE_SIZE
    is_first: bool = True
    columns: tuple = field(default_factory=tuple)


def page_size(params):
    given = params.get("page_size", "")
    if not given:
        return PAGE_SIZE
    if not given.isascii() or not given.isdigit() or len(given) > 4 or not 1 <= int(given) <= MAX_PAGE_SIZE:
        raise BadParameters({"page_size": [f"Give a number from 1 to {MAX_PAGE_SIZE}."]})
    return int(given)


def wants_count(params):
    given = params.get("count", "")
    if given not in ("", "true", "false"):
        raise BadParameters({"count": ["Write true or false."]})
    return given == "true"


def paginate(queryset, params, orderings):
    """One page of ``queryset`` as ``params`` ask for it. Raises ``BadParameters``."""
    name, columns = orderings.get(params.get("ordering", ""))
    size, count = page_size(params), wants_count(params)
    cursor = params.get("cursor", "")
    rows = queryset.order_by(*(column.order() for column in columns))
    if cursor:
        rows = rows.filter(_after(columns, _decode(cursor, name, columns, queryset.model)))
    found = list(rows[: size + 1])
    more = len(found) > size
    return Page(
        rows=found[:size],
        next_cursor=_encode(name, columns, found[size - 1]) if more else "",
        count=queryset.order_by().count() if count else None,
        ordering=name,
        page_size=size,
        is_first=not cursor,
        columns=columns,
    )


def _after(columns, values):
    """Lexicographic: beyond in the first column, or the same there and beyond in the next, and so on."""
    condition, prefix = Q(pk__in=[]), Q()
    for column, value in zip(columns, values, strict=True):
        beyond = column.after(value)
        if beyond is not None:
            condition |= prefix & beyond
        prefix &= column.same(value)
    return condition


def _encode(name, columns, row):
    values = [_plain(_walk(row, column.name)) for column in columns]
    return base64.urlsafe_b64encode(orjson.dumps([name, *values])).decode().rstrip("=")


def _walk(row, path):
    for step in path.split("__"):
        row = getattr(row, step)
    return row


def _plain(value):
    return value.isoformat() if isinstance(value, (datetime.date, datetime.datetime)) else value


def _decode(cursor, name, columns, model):
    bad = BadParameters({"cursor": ["This cursor was not given by this list; follow the “next” address."]})
    try:
        if len(cursor) > MAX_CURSOR:
            raise bad
        raw = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        data = orjson.loads(raw)
        if not isinstance(data, list) or len(data) != len(columns) + 1 or data[0] != name:
            raise bad
        return [_typed(value, column, model, bad) for value, column in zip(data[1:], columns, strict=True)]
    # A date column is handed a number: Django's fields raise TypeError for what they do not expect.
    except (TypeError, ValueError, binascii.Error, UnicodeError, ValidationError):
        raise bad from None


def _typed(value, column, model, bad):
    if value is None and column.nullable:
        return None
    if not isinstance(value, (str, int)) or isinstance(value, bool) or (isinstance(value, str) and "\0" in value):
        raise bad
    *steps, last = column.name.split("__")
    for step in steps:
        model = model._meta.get_field(step).related_model
    field_ = model._meta.get_field(last)
    value = field_.to_python(value)
    if isinstance(value, int) and not -(2**31) <= value < 2**31:
        raise bad
    return value
