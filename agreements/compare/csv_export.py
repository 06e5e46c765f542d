"""The table of a comparison as CSV."""

import csv
import io

from sources.lib.renderers import escape_cell

CSV_HEADER = (
    "group", "topic", "topic_name", "result", "untold", "agreement", "person_class", "stance", "approach", "approach_name",
    "value", "unit", "summary", "articles", "basis", "codebook", "state", "confidence", "sources", "independent", "disputing",
    "cited", "note",
)  # fmt: skip
# Columns that hold a field of the entry unchanged.
FIELDS_OF_ENTRY = (
    "person_class", "stance", "summary", "basis", "codebook", "state", "confidence", "sources", "independent", "disputing",
    "note",
)  # fmt: skip


def csv_rows(table):
    """The table's cells as flat rows under ``CSV_HEADER``: the instrument first, then an entry a row."""
    notes = {note["number"]: note for note in table["notes"]}
    for row in table["instrument"]:
        for cell in row["cells"]:
            yield {
                "group": "instrument",
                "topic": row["field"],
                "topic_name": row["label"],
                "result": "differs" if row["differs"] else "",
                "agreement": cell["agreement"],
                "stance": cell["value"],
                "summary": cell["label"],
                "state": cell["state"],
                "confidence": cell["confidence"],
                "cited": _cited(cell["notes"], notes),
            }
    for section in table["sections"]:
        for row in section["topics"]:
            for cell in row["cells"]:
                for entry in cell["entries"]:
                    yield _csv_row(section, row, cell, entry, notes)


def _csv_row(section, row, cell, entry, notes):
    approach = entry["approach"] or {"code": "", "name": ""}
    value = entry["value"] or {"number": "", "unit": ""}
    untold = {row["agreement"]: row["why"] for row in row["untold"]}
    return {
        "group": section["group"],
        "topic": row["topic"],
        "topic_name": row["name"],
        "result": row["result"],
        "untold": untold.get(cell["agreement"], ""),
        "agreement": cell["agreement"],
        "value": value["number"],
        "unit": value["unit"],
        "approach": approach["code"],
        "approach_name": approach["name"],
        "articles": "; ".join(clause["label"] for clause in entry["clauses"]),
        "cited": _cited(entry["notes"], notes),
        **{name: entry[name] for name in FIELDS_OF_ENTRY},
    }


def _cited(marks, notes):
    """``slug, locator`` of each source, with its stance where it does not support."""
    parts = []
    for mark in marks:
        note = notes[mark["number"]]
        origin = (note["source"] or note["finding"])["slug"]
        where = f"{origin}, {note['locator']}" if note["locator"] else origin
        parts.append(where if note["stance"] == "supports" else f"{where} ({note['stance']})")
    return "; ".join(parts)


def as_csv(table):
    """The whole table as CSV bytes; no cell runs as a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(CSV_HEADER)
    for row in csv_rows(table):
        writer.writerow([escape_cell(row.get(name, "")) for name in CSV_HEADER])
    return out.getvalue().encode()
