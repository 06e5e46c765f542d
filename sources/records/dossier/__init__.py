"""The dossier: everything that an editor may change in one documented row, as plain data with natural keys.

Fixtures, the editors' history, proposals, comparing and restoring all use it. It is a dict of

* the row's own ``DOSSIER_FIELDS``; relations by slug (``kind/slug`` for ``about``), dates as EDTF or ISO text;
* each of its ``PARTS`` as a list of such dicts with their ``key``; a fixture leaves out a key that equals the default key;
* ``citations`` and ``rulings`` beside the fields they are about, in the row or the part.

Empty values and defaults are left out. ``read`` makes the dossier of a row; ``write`` changes a row and
its parts to match a dossier and leaves equal rows alone; ``in_memory`` does so on a copy, without a write.
"""

from sources.records.dossier.kinds import (
    DossierError,
    canonical,
    digest,
    documented_models,
    names_own_kind,
    single_relations,
    with_single_relations,
)
from sources.records.dossier.memory import blank, check, hold, in_memory, in_order
from sources.records.dossier.reading import forget, gather, gathered, is_gathered, read
from sources.records.dossier.values import find_by_ref, remembering
from sources.records.dossier.writing import write, write_fields, write_parts, written

__all__ = [
    "DossierError",
    "blank",
    "canonical",
    "check",
    "digest",
    "documented_models",
    "find_by_ref",
    "forget",
    "gather",
    "gathered",
    "hold",
    "in_memory",
    "in_order",
    "is_gathered",
    "names_own_kind",
    "read",
    "remembering",
    "single_relations",
    "with_single_relations",
    "write",
    "write_fields",
    "write_parts",
    "written",
]
