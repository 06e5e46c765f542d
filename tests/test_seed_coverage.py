"""Every fact of the seed documents is in a published record and cites its document, or the table says why not."""

import csv
from pathlib import Path

import pytest

from sources.models import Source
from sources.records.base import Record
from sources.records.dossier import documented_models

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]

TABLE = Path(__file__).resolve().parent.parent / "docs" / "seed-coverage.csv"
# Facts in each of the five documents.
DOCUMENTS = {"s000": 62, "s001": 41, "s002": 33, "s003": 56, "s004": 34}
WANTED = [f"{document}-{number:03d}" for document, facts in DOCUMENTS.items() for number in range(1, facts + 1)]


def rows():
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def placed():
    return [row for row in rows() if row["record"]]


def record_of(row):
    kind, _slash, slug = row["record"].partition("/")
    return documented_models()[kind].objects.filter(slug=slug).first()


def test_the_table_has_its_columns():
    with TABLE.open(encoding="utf-8", newline="") as lines:
        assert next(csv.reader(lines)) == ["fact", "record", "part", "field", "source", "note"]


def test_every_fact_is_there_in_order():
    facts = list(dict.fromkeys(row["fact"] for row in rows()))
    assert len(WANTED) == 226
    assert facts == WANTED


def test_a_fact_without_a_record_says_why():
    assert [row["fact"] for row in rows() if not row["record"] and not row["note"].strip()] == []


def test_no_fact_is_both_placed_and_left_out():
    left_out = {row["fact"] for row in rows() if not row["record"]}
    assert left_out & {row["fact"] for row in placed()} == set()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_place_is_a_cited_field_of_a_public_record(document):
    wrong = [(row["fact"], fault) for row in placed() if row["fact"].startswith(document) and (fault := fault_of(row))]
    assert wrong == []


def fault_of(row):
    """What is wrong with a row of the table, or ``None``."""
    record = record_of(row)
    if record is None:
        return f"there is no {row['record']}"
    if isinstance(record, Record) and not record.is_published:
        return f"{row['record']} is not published"
    part = dict(record.cited_rows()).get(row["part"])
    if part is None:
        return f"{row['record']} has no {row['part']}"
    if row["field"] and row["field"] not in {*part.CITABLE_FIELDS, *part.DOSSIER_FIELDS}:
        return f"{row['field']} is no field of it"
    source = Source.objects.published().filter(slug=row["source"]).first()
    if source is None:
        return f"there is no public source {row['source']}"
    return None if vouches(record, row, source) else f"{row['source']} is not cited there"


def vouches(record, row, source):
    """Whether the source is cited at the place; a document vouches for its own imprint, and a finding is a fact itself."""
    if record == source or not isinstance(record, Record):
        return True
    return record.citations.filter(part=row["part"], field=row["field"], source=source).exists()


def test_each_document_is_cited_by_most_of_its_facts():
    for document, facts in DOCUMENTS.items():
        assert len({row["fact"] for row in placed() if row["fact"].startswith(document)}) > facts * 0.8, document
