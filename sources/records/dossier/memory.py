"""A record in memory with the content of a dossier: forms are drawn from it and read back into it, without a write."""

import copy
from functools import reduce

from django.core.exceptions import ValidationError
from django.db import models

from sources.lib.fields import PartialDateField
from sources.records.dossier.evidence import build_citations, build_rulings
from sources.records.dossier.kinds import DossierError, relations_to_many
from sources.records.dossier.saving import check_row, first_error
from sources.records.dossier.values import look_up_named, remember, remembering
from sources.records.dossier.writing import build_part, refuse_unknown, set_fields

# Rows need a primary key to hold lists; no table has a negative one.
NOT_SAVED = -1


def in_memory(record, dossier):
    """A copy of ``record`` with the content of ``dossier``; its parts, citations and rulings are unsaved rows.

    Reading the copy needs no query, and the copy is never saved. Raises ``DossierError`` where the dossier names something that
    no longer exists.
    """
    record = copy.copy(record)
    refuse_unknown(record, dossier)
    with remembering(anew=True):
        look_up_named((type(record), dossier))
        hold(record, **set_fields(record, dossier, ""))
        evidence = {"": (dossier, record)}
        for name in record.PARTS:
            built = _parts(record, name, dossier.get(name) or ())
            hold(record, **{name: [row for _entry, row in built]})
            evidence |= {f"{name}/{row.key}": (entry, row) for entry, row in built}
        citations = [row for _path, row, _target in build_citations(record, evidence)]
        rulings = [row for _path, row, _target in build_rulings(record, evidence)]
    for number, row in enumerate((*citations, *rulings)):
        row.pk, row.uid = NOT_SAVED - number, row.uid or row.make_uid()
    hold(record, citations=citations, adjudications=rulings)
    return record


def check(record):
    """Raise ``DossierError`` where a record in memory breaks a rule, except the unique constraints."""
    for part, row in record.cited_rows():
        check_row(row, part)
        for constraint in row._meta.constraints:
            if isinstance(constraint, models.CheckConstraint):
                try:
                    constraint.validate(type(row), row)
                except ValidationError as error:
                    raise DossierError(*first_error(error, part)) from None


def blank(model):
    """An empty record in memory."""
    record = model(pk=NOT_SAVED)
    hold(record, **dict.fromkeys((*record.PARTS, *relations_to_many(model), "citations", "adjudications"), ()))
    return record


def hold(row, **lists):
    """Put these rows into the prefetch cache of ``row``, as the content of its lists."""
    row.__dict__["_prefetched_objects_cache"] = {
        **getattr(row, "_prefetched_objects_cache", {}),
        **{name: list(rows) for name, rows in lists.items()},
    }


def in_order(rows):
    """Parts of one kind, sorted as the database sorts them: ascending, rows without a value last."""
    rows = list(rows)
    for row in rows:
        for field in row._meta.concrete_fields:
            if isinstance(field, PartialDateField):
                field.pre_save(row, add=False)  # sets the bounds, by which dates are sorted
    terms = rows[0]._meta.ordering if rows else ()
    paths = [(term if isinstance(term, str) else term.expression.name).split("__") for term in terms]
    return sorted(rows, key=lambda row: [_none_last(reduce(getattr, path, row)) for path in paths])


def _none_last(value):
    return (value is None, "" if value is None else value)


def _parts(record, name, entries):
    """``[(entry, row)]`` of one list of parts."""
    model = record._meta.get_field(name).related_model
    built = []
    for order, entry in enumerate(entries):
        row, many = build_part(model, record, entry, f"{name}[{order}]", order)
        row.pk = NOT_SAVED - order
        hold(row, **many)
        remember(row)
        built.append((entry, row))
    return built
