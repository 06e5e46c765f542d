"""Keyset paging: a page starts after the last row of the page before, whatever was added or removed meanwhile.

An ordering has a name and columns; its last columns are unique together. Empty values sort last in both directions and on both
databases. A cursor holds the list (kind and filters), the ordering, the direction and the values of the row to continue from.
A list refuses the cursor of another list.

Every query is one that an index answers without sorting: rows with a value in the first column and rows without are two queries,
because the databases keep empty values at different ends of an index; and the place to continue from is also given as a bound of the
first column, because neither database finds the start in an index from ``OR`` alone.
"""

import base64
import binascii
import datetime
import hashlib
from dataclasses import dataclass, field, replace

import orjson
from django.core.exceptions import ValidationError
from django.db.models import F, Q

from sources.lib.filters import NOT_FILTERS, BadParameters
from sources.lib.problems import hint

PAGE_SIZE, MAX_PAGE_SIZE = 50, 200
MAX_CURSOR = 2000
# How many rows of a download are in memory at once, and how many that are whole records with all their parts.
CHUNK, FEW = 200, 20
FORWARDS, BACKWARDS = ">", "<"


@dataclass(frozen=True)
class Column:
    """A column to sort by. ``nullable`` columns sort their empty values last; only the first of an ordering may be nullable.

    ``path`` is where a query finds it, if not under its own name (see ``Orderings.through``).
    """

    name: str
    descending: bool = False
    nullable: bool = False
    path: str = ""

    @property
    def place(self):
        return self.path or self.name

    def order(self, backwards=False):
        """The ``ORDER BY`` of the column; ``backwards`` reads the same order from its end."""
        column = F(self.place)
        return column.desc() if self.descending != backwards else column.asc()

    def beyond(self, value, backwards=False, inclusive=False):
        """The ``Q`` of the rows after ``value`` (``backwards``: before it) in this column."""
        lookup = "lt" if self.descending != backwards else "gt"
        return Q(**{f"{self.place}__{lookup}{'e' if inclusive else ''}": value})

    def same(self, value):
        return Q(**{self.place: value})

    def reversed(self):
        return replace(self, descending=not self.descending)

    def through(self, aliases):
        return replace(self, path=aliases[self.name]) if self.name in aliases else self


@dataclass(frozen=True)
class Orderings:
    """The orderings of a list.

    ``columns`` maps a name to a column or a tuple of columns; ``-name`` reverses all of them. ``tie`` are the columns that decide
    between equal rows. Of the two directions one is the exact reverse of the other, so that one index serves both: the tie rises
    with the default ordering and with rising names.
    """

    columns: dict
    default: str
    tie: tuple = (Column("slug"),)

    def names(self):
        return [name for key in self.columns for name in (key, f"-{key}")]

    def get(self, name):
        """``(name, columns)`` of an ordering; ``-name`` is reversed. Raises ``BadParameters``."""
        name = name or self.default
        key = name.removeprefix("-")
        if key not in self.columns or name.startswith("--"):
            known = self.names()
            raise BadParameters({"ordering": [f"Order by one of: {', '.join(known)}.{hint(name[:60], known)}"]})
        named = self.of(key)
        tie = tuple(column for column in self.tie if column.name not in {own.name for own in named})
        if name.startswith("-"):
            named = tuple(column.reversed() for column in named)
        is_turned = name != self.default if key == self.default.removeprefix("-") else name.startswith("-")
        return name, (*named, *(column.reversed() for column in tie)) if is_turned else (*named, *tie)

    def through(self, aliases):
        """The same orderings in a query that has some of the columns under another name: ``{column: alias}``."""
        if not aliases:
            return self
        columns = {key: tuple(column.through(aliases) for column in self.of(key)) for key in self.columns}
        return Orderings(columns, self.default, tuple(column.through(aliases) for column in self.tie))

    def of(self, key):
        """The columns of ``key``, as a tuple."""
        columns = self.columns[key]
        return columns if isinstance(columns, tuple) else (columns,)


@dataclass
class Page:
    """One page of a list. A cursor is empty if there is no page in that direction."""

    rows: list
    next_cursor: str = ""
    previous_cursor: str = ""
    count: int | None = None
    ordering: str = ""
    page_size: int = PAGE_SIZE
    columns: tuple = field(default_factory=tuple)

    @property
    def is_first(self):
        return not self.previous_cursor


class Instances:
    """Reads the rows of a list as rows of its model."""

    # Whether a row is a whole record with all its parts, of which few are read at once.
    are_whole = False

    def read(self, queryset, columns):
        return list(queryset)

    def values(self, columns, row):
        """The values of the columns that the list is ordered by, as they stand in a cursor."""
        return [_plain(_walk(row, column.name)) for column in columns]

    def ends(self, columns, row):
        """The values of these columns, to continue from within the same answer."""
        return [_walk(row, column.name) for column in columns]

    def finish(self, rows):
        """The rows as the answer needs them, once it is known which are in it."""
        return rows


INSTANCES = Instances()


def page_size(params):
    size = params.get("page_size", "")
    if not size:
        return PAGE_SIZE
    if not size.isascii() or not size.isdigit() or len(size) > 4 or not 1 <= int(size) <= MAX_PAGE_SIZE:
        raise BadParameters({"page_size": [f"Give a number from 1 to {MAX_PAGE_SIZE}."]})
    return int(size)


def wants_count(params):
    count = params.get("count", "")
    if count not in ("", "true", "false"):
        raise BadParameters({"count": ["Write true or false."]})
    return count == "true"


def paginate(queryset, params, orderings, rows=INSTANCES, smaller=lambda: None):
    """One page of ``queryset`` as ``params`` ask for it. Raises ``BadParameters``.

    ``rows`` reads the rows (see ``Instances``); ``smaller()`` gives what to count instead of the queryset, if anything is quicker, or
    the number itself.
    """
    name, columns = orderings.get(params.get("ordering", ""))
    size, has_count = page_size(params), wants_count(params)
    cursor = _Cursors(queryset.model, params, name, columns)
    way, values = cursor.read(params.get("cursor", ""))
    found = _rows_from(queryset, columns, way, values, size + 1, rows)
    if way == BACKWARDS and not found:
        # All rows before the cursor were removed meanwhile: show the first page.
        way, values = FORWARDS, None
        found = _rows_from(queryset, columns, way, values, size + 1, rows)
    is_more, found = [len(found) > size, values is not None], found[:size]
    if way == BACKWARDS:
        found.reverse()
        is_more.reverse()
    has_next, has_previous = is_more
    return Page(
        rows=rows.finish(found),
        next_cursor=cursor.write(FORWARDS, rows.values(columns, found[-1])) if has_next else "",
        previous_cursor=cursor.write(BACKWARDS, rows.values(columns, found[0]) if found else ())
        if has_previous
        else "",
        count=_counted(queryset, smaller()) if has_count else None,
        ordering=name,
        page_size=size,
        columns=columns,
    )


def _counted(queryset, smaller):
    if isinstance(smaller, int):
        return smaller
    return (queryset if smaller is None else smaller).order_by().count()


def chunks(queryset, params, orderings, rows=INSTANCES):
    """Yield all rows of ``queryset`` in lists of ``CHUNK``, in the ordering that ``params`` name; in lists of ``FEW`` if they are
    whole records. Raises ``BadParameters``.

    Each chunk is one query after the last row of the chunk before, so memory stays bounded and no row comes twice.
    """
    _name, columns = orderings.get(params.get("ordering", ""))
    # A file has no place for the count, but a wrong value is still refused.
    wants_count(params)
    values, size = None, FEW if rows.are_whole else CHUNK
    while True:
        found = _rows_from(queryset, columns, FORWARDS, values, size, rows)
        yield rows.finish(found)
        if len(found) < size:
            return
        values = rows.ends(columns, found[-1])


def _rows_from(queryset, columns, way, values, number, rows):
    """The ``number`` rows after ``values`` in the direction ``way``, the nearest first; from the end of the list for ``None``."""
    if hasattr(queryset, "rows_from"):
        # It is prepared (see ``sources.lib.prepared``).
        return queryset.rows_from(columns, way, values, number, rows)
    found = []
    for stretch in stretches(queryset, columns, way == BACKWARDS, values):
        found += rows.read(stretch[: number - len(found)], columns)
        if len(found) == number:
            break
    return found


def stretches(queryset, columns, backwards, values):
    """The list as one query or, with a nullable first column, as two: the rows with a value there, and those without."""
    first, *others = columns
    if not first.nullable:
        return [_stretch(queryset, columns, backwards, values)]
    empty, rest = queryset.filter(**{f"{first.place}__isnull": True}), values and values[1:]
    is_among_empty = values is not None and values[0] is None
    with_value = queryset.filter(**{f"{first.place}__isnull": False})
    stretches = [
        _stretch(with_value, columns, backwards, None if is_among_empty else values),
        _stretch(empty, others, backwards, rest if is_among_empty else None),
    ]
    if backwards:
        stretches.reverse()
    return stretches if values is None or is_among_empty == backwards else [stretches[-1]]


def _stretch(queryset, columns, backwards, values):
    rows = queryset.order_by(*(column.order(backwards) for column in columns))
    return rows if values is None else rows.filter(_beyond(columns, values, backwards))


def _beyond(columns, values, backwards):
    """The ``Q`` of lexicographic order: beyond in the first column, or equal there and beyond in the next, and so on."""
    condition, prefix = Q(), Q()
    for column, value in zip(columns, values, strict=True):
        condition |= prefix & column.beyond(value, backwards)
        prefix &= column.same(value)
    return columns[0].beyond(values[0], backwards, inclusive=True) & condition if len(columns) > 1 else condition


class _Cursors:
    """Writes and reads the cursors of one list, which has one kind, one set of filters and one ordering."""

    def __init__(self, model, params, name, columns):
        self.model, self.name, self.columns = model, name, columns
        filters = sorted((key, sorted(filter(None, params.getlist(key)))) for key in params if key not in NOT_FILTERS)
        identity = orjson.dumps([model._meta.label, [pair for pair in filters if pair[1]]])
        self.list_id = hashlib.sha256(identity).hexdigest()[:12]

    def write(self, way, values):
        """The cursor that continues from the row with these values, or from the end of the list without."""
        return base64.urlsafe_b64encode(orjson.dumps([self.list_id, self.name, way, *values])).decode().rstrip("=")

    def read(self, cursor):
        """``(way, values)``; the values are ``None`` at an end of the list. Raises ``BadParameters``."""
        if not cursor:
            return FORWARDS, None
        bad = BadParameters({"cursor": ["This cursor was not given by this list; follow the “next” address."]})
        try:
            if len(cursor) > MAX_CURSOR:
                raise bad
            raw = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
            list_id, name, way, *values = orjson.loads(raw)
            if (list_id, name) != (self.list_id, self.name) or way not in (FORWARDS, BACKWARDS):
                raise bad
            if not values and way == BACKWARDS:
                return way, None
            return way, [_typed(*pair, self.model, bad) for pair in zip(values, self.columns, strict=True)]
        # Django's fields raise TypeError for values of another type, such as a number for a date.
        except (TypeError, ValueError, binascii.Error, UnicodeError, ValidationError):
            raise bad from None


def _walk(row, path):
    for step in path.split("__"):
        row = getattr(row, step)
    return row


def _plain(value):
    return value.isoformat() if isinstance(value, (datetime.date, datetime.datetime)) else value


def _typed(value, column, model, bad):
    if value is None and column.nullable:
        return None
    if not isinstance(value, (str, int)) or isinstance(value, bool) or (isinstance(value, str) and "\0" in value):
        raise bad
    *steps, last = column.name.split("__")
    for step in steps:
        model = model._meta.get_field(step).related_model
    field_ = model._meta.get_field(last)
    typed = field_.to_python(value)
    if _plain(typed) != value:
        raise bad
    value = typed
    if isinstance(value, int) and not -(2**31) <= value < 2**31:
        raise bad
    return value
