"""Dates for search engines: as ISO writes them, or none. schema.org has no words for doubt, spans and open ends."""

import re

import orjson
import pytest

from tests import factory
from tests.addresses import of_records

pytestmark = pytest.mark.django_db
ISO = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


def described(client, record):
    page = client.get(record.get_absolute_url()).content.decode()
    return orjson.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)[1])


DAYS = [
    ("1998", "1998"),
    ("1998-05", "1998-05"),
    ("1998-05-03", "1998-05-03"),
    ("1998-05~", None),
    ("1998?", None),
    ("1998%", None),
    ("1998/1999", None),
    ("1998/..", None),
    ("../1998", None),
]


def test_a_day_is_given_as_it_is_known(client, case):
    for edtf, iso in DAYS:
        with case(edtf):
            source = factory.make_source(slug="dated", date=edtf)
            assert described(client, source).get("datePublished") == iso
            agreement = factory.make_agreement(milestones=[{"kind": "signed", "date": edtf}], status="published")
            assert described(client, agreement).get("legislationDate") == iso


SPANS = [
    ("2024-06", "2024-06", None),
    ("2024-06-01/2024-06-14", "2024-06-01", "2024-06-14"),
    ("2024~/2025-03", None, "2025-03"),
    ("2024/..", "2024", None),
    ("../2025", None, "2025"),
    ("2024-06?", None, None),
]


def test_durations_have_the_known_ends(client, case):
    for edtf, start, end in SPANS:
        with case(edtf):
            exercise = factory.make_exercise(dates=edtf, status="published")
            described_as = described(client, exercise)
            assert (described_as.get("startDate"), described_as.get("endDate")) == (start, end)


@pytest.mark.usefixtures("content")
def test_every_date_of_the_content_is_an_iso_date(client):
    for address in of_records():
        page = client.get(address).content.decode() if not address.startswith("/api/") else ""
        for block in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL):
            for name, value in orjson.loads(block).items():
                assert "date" not in name.casefold() or ISO.fullmatch(value), (address, name, value)
