"""Two to six agreements side by side, topic by topic.

``read_query`` reads the parameters of the address; ``build`` makes the table as plain data. The page, the JSON and the
CSV are made from that table, so that all show the same cells.

A table is::

    {"codebook", "only", "groups", "agreements": [...], "instrument": [...], "summary": [...], "sections": [...],
     "matrices": [...], "notes": [...], "counts"}

``instrument`` has a row for each fact of the instruments themselves (type, term …), ``summary`` one for each question of
``agreements.codebook.headlines``, ``sections`` the groups of the codebook with their topics. A topic's row has a cell for each
agreement; a cell has an entry for each class of person that the agreement tells apart, or one entry *not coded*. The row's
``result`` and ``untold`` are those of ``agreements.compare.verdict``. Entries name their footnotes by number; ``notes`` is the list
of footnotes.
"""

from agreements.compare.comparison_query import FEWEST, FORMATS, MOST, ONLY, ComparisonQuery, read_query
from agreements.compare.csv_export import as_csv
from agreements.compare.table import UnknownAgreements, build
from agreements.compare.verdict import ALIKE

__all__ = [
    "ALIKE",
    "FEWEST",
    "FORMATS",
    "MOST",
    "ONLY",
    "ComparisonQuery",
    "UnknownAgreements",
    "as_csv",
    "build",
    "read_query",
]
