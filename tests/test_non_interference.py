"""Drafts never leak: every public byte is the same with five hundred of them in the database and without."""

import re
from urllib.parse import urlsplit

import pytest

from tests import drafts
from tests.addresses import addresses, dump
from tests.cast import make_user
from tests.routes import patterns

pytestmark = pytest.mark.django_db


def test_five_hundred_drafts_change_no_public_byte(content, client):
    asked = list(dict.fromkeys(addresses()))
    before = dump(client, asked)
    assert [address for address, (status, _h, _b) in before.items() if status != 200] == []
    made = drafts.write_many_drafts(make_user("editor", "alice"), copies=20)
    assert made >= 500
    after = dump(client, asked)
    assert [address for address in asked if before[address] != after[address]] == []


def test_the_dump_covers_every_public_route(content):
    asked = [urlsplit(address).path[1:] for address in addresses()]
    asked += ["compare/clauses/", "compare/basket/", "api/v1/compare/clauses/", "healthz", "readyz"]
    missing = [
        address
        for address, pattern in patterns()
        if not address.startswith(("admin/", "^admin")) and not any(matches(address, path) for path in asked)
    ]
    assert missing == []


def matches(pattern, path):
    """Whether a path is one of a URL pattern, in either of Django's notations."""
    plain = re.sub(r"<(\w+:)?\w+>", r"[^/]+", pattern) if "(?P" not in pattern else pattern.replace("^", "", 1)
    return re.fullmatch(plain.replace("v1/^", "v1/").rstrip("$"), path) is not None
