"""A record as a dossier says it is, in memory: to draw forms from, and to read back, without a write."""

import copy

from sources.records.dossier.evidence import build_citations, build_rulings
from sources.records.dossier.kinds import relations_to_many
from sources.records.dossier.values import look_up_named, remember, remembering
from sources.records.dossier.writing import build_part, refuse_unknown, set_fields

# Rows need a primary key to hold lists; no table has a negative one.
NOT_SAVED = -1


def in_memory(record, dossier):
    """A copy of ``record`` that stands at ``dossier``: its parts, citations and rulings are rows that no table holds.

    The copy answers from memory, as a gathered record does; it is never saved. Raises ``DossierError`` where the dossier names
    what is not there any more.
    """
    record = copy.copy(record)
    refuse_unknown(record, dossier)
    with remembering(anew=True):
        look_up_named(type(record), dossier)
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


def blank(model):
    """A record that says nothing yet, in memory."""
    record = model(pk=NOT_SAVED)
    hold(record, **dict.fromkeys((*record.PARTS, *relations_to_many(model), "citations", "adjudications"), ()))
    return record


def hold(row, **lists):
    """Let the row answer with these rows when it is asked for its lists."""
    row.__dict__["_prefetched_objects_cache"] = {
        **getattr(row, "_prefetched_objects_cache", {}),
        **{name: list(rows) for name, rows in lists.items()},
    }


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
