"""Lists whose SQL is made once for all requests of one shape, with a place for each value.

Django takes longer to put a filtered list into SQL than the database takes to answer it. The shape of a request is which filters it
has, with how many values, and how it is ordered and continued. The SQL of a shape is made by Django from values that nothing else in it
can be; where these come out among the parameters, the values of a request go in.
"""

import datetime
from collections import OrderedDict

from django.db import connection

from sources.lib.paging import BACKWARDS, stretches

# How many shapes are kept; those not asked for longest make room.
SHAPES = 300
_statements = OrderedDict()


class _Sign(str):
    """A text that stands for a value, also for a row with a primary key."""

    __slots__ = ()

    @property
    def pk(self):
        return str(self)


class Prepared:
    """A filtered list for ``sources.lib.paging``, in the place of a queryset: the rows of ``filterset``, which was checked, among those of
    ``rows()``."""

    def __init__(self, filterset, rows):
        self.filterset, self.rows = filterset, rows
        self.model = filterset._meta.model
        pairs = filterset.plain_values()
        self.names, self.values = [name for name, _value in pairs], [value for _name, value in pairs]
        self.shape = (type(filterset), *self.names)

    def order_by(self):
        """The list as a queryset, to be counted."""
        self.filterset.queryset = self.rows()
        return self.filterset.qs.order_by()

    def rows_from(self, columns, way, values, number, reader):
        """As ``sources.lib.paging`` reads a queryset."""
        types = None if values is None else tuple(type(value) for value in values)
        key = (connection.vendor, self.shape, columns, way, types, number, reader.shape)
        statements = _statements.get(key)
        if statements is None:
            statements = _statements[key] = self._prepare(columns, way, values, number, reader)
            if len(_statements) > SHAPES:
                _statements.popitem(last=False)
        given, found = [*self.values, *(values or ())], []
        for statement in statements:
            found += statement.run(given)[: number - len(found)]
            if len(found) == number:
                break
        return found

    def _prepare(self, columns, way, values, number, reader):
        signs = [_Sign(f"\u00a4{place}") for place, _value in enumerate(self.values)]
        ends = [value and _sign_like(value, len(signs) + place) for place, value in enumerate(values or ())]
        rows = self.filterset.with_values(zip(self.names, signs, strict=True), self.rows())
        found = stretches(rows, columns, way == BACKWARDS, None if values is None else ends)
        lead = self.filterset.lead()
        headings = [
            lead.heading(sign) if lead and name == lead.name else sign
            for name, sign in zip(self.names, signs, strict=True)
        ]
        wanted = [*headings, *ends]
        return [Statement(reader.query(stretch[:number], columns), wanted) for stretch in found]


def _sign_like(value, place):
    """A value of the same type that stands for it."""
    if isinstance(value, datetime.date):
        return datetime.date(9000, 1, 1) + datetime.timedelta(days=place)
    return 2_000_000_000 + place if isinstance(value, int) else _Sign(f"\u00a4{place}")


class Statement:
    """The SQL of a query, with the places of the values ``wanted`` among its parameters."""

    def __init__(self, query, wanted):
        compiler = query.query.get_compiler(connection=connection)
        self.sql, constants = compiler.as_sql()
        places = {_as_parameter(value): place for place, value in enumerate(wanted) if value is not None}
        self.parameters = [(places.get(constant), constant) for constant in constants]
        self.converters = compiler.get_converters([expression for expression, _sql, _alias in compiler.select])

    def run(self, values):
        """The rows for the values, as tuples."""
        parameters = [
            constant if place is None else _as_parameter(values[place]) for place, constant in self.parameters
        ]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, parameters)
            rows = cursor.fetchall()
        return [self._converted(row) for row in rows] if self.converters else rows

    def _converted(self, row):
        row = list(row)
        for column, (converters, expression) in self.converters.items():
            for convert in converters:
                row[column] = convert(row[column], expression, connection)
        return tuple(row)


def _as_parameter(value):
    return connection.ops.adapt_datefield_value(value) if isinstance(value, datetime.date) else value


class PreparedRows:
    """Rows that a few texts choose, such as the one with a slug: ``PreparedRows(lambda slug: rows().filter(slug=slug))("us")``."""

    def __init__(self, choose):
        self.choose, self.statements = choose, {}

    def __call__(self, *texts):
        """The rows, as a list."""
        if connection.vendor not in self.statements:
            self.statements[connection.vendor] = self._prepare(len(texts))
        model, columns, statement = self.statements[connection.vendor]
        return [model.from_db(connection.alias, columns, row) for row in statement.run(texts)]

    def _prepare(self, number):
        signs = [_Sign(f"\u00a4{place}") for place in range(number)]
        rows = self.choose(*signs)
        columns = [field.attname for field in rows.model._meta.concrete_fields]
        return rows.model, columns, Statement(rows.values_list(*columns), signs)
