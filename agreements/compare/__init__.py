"""Two to six agreements side by side, topic by topic.

``asked`` reads what a reader asks for out of the address; ``build`` makes the table as plain data. The page, the JSON and the
CSV are three renderings of that one table, so that all show the same cells.

A table is::

    {"codebook", "only", "groups", "agreements": [...], "instrument": [...], "sections": [...], "notes": [...], "counts"}

``instrument`` has a row for each fact of the instruments themselves (type, term …), ``sections`` the groups of the codebook
with their topics. A topic's row has a cell for each agreement; a cell has an entry for each class of person that the agreement
tells apart, or one entry *not coded*. The row's ``result`` and ``untold`` are those of ``agreements.compare.verdict``. Entries
name their footnotes by number; ``notes`` is the list of them.
"""

from agreements.compare.asking import FEWEST, FORMATS, MOST, ONLY, Asked, asked
from agreements.compare.spreadsheet import as_csv
from agreements.compare.table import NO_PARTY, UnknownAgreements, build
from agreements.compare.verdict import ALIKE

__all__ = [
    "ALIKE",
    "FEWEST",
    "FORMATS",
    "MOST",
    "NO_PARTY",
    "ONLY",
    "Asked",
    "UnknownAgreements",
    "as_csv",
    "asked",
    "build",
]
