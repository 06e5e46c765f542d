"""Nowhere in the whole content does a page, list, API answer or table say “not in force” of an agreement without evidence of it.

The evidence is a span of the agreement's life that its steps show. Editors may write the words in prose, each sentence of which
has its source; that prose is taken out of a page before it is read.
"""

import csv
import io
import re
from html import escape

import pytest
from django.db.models import Count
from django.test import Client

from agreements.models import Agreement, Milestone, StatusSpan
from tests.routes import API_LISTS, PAGE_LISTS, PAGES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]
SAID = re.compile(r"not (?:yet )?in force", re.IGNORECASE)
BADGE = re.compile(r'<span class="status status-(\w+)".*?</span>', re.DOTALL)
AGREEMENT = re.compile(r'href="/agreements/([\w-]+)/')
# What offers a choice or explains the codes, and says nothing of an agreement.
LEGENDS = re.compile(r"<form.*?</form>|<ul class=\"chips\".*?</ul>", re.DOTALL)
# What the site derives, in the API; all other text there was written by an editor and is cited.
DERIVED = {"words", "label", "because", "explanation", "status", "in_force"}
# They speak of the status on the day of the activity, which a check of its own proves (tests/test_status_shown.py).
OF_ANOTHER_DAY = ("exercises", "assistance", "events")


@pytest.fixture(scope="module")
def proven(content):
    return {span.agreement.slug for span in StatusSpan.objects.today().filter(in_force="no")}


@pytest.fixture(scope="module")
def explained(proven):
    """Those, and the agreements that a step shows to have been out of force on some day: their reasons say so in words."""
    return proven | {*Milestone.objects.filter(kind="not_in_force").values_list("agreement__slug", flat=True)}


@pytest.fixture(scope="module")
def answers(content):
    """``{name of a list: its rows in the API, with all their parts}``."""
    return {route.removeprefix("api-"): list(rows_of(Client(), *API_LISTS[route])) for route in API_LISTS}


def rows_of(client, address, viewset):
    includes = ",".join(getattr(viewset.serializer_class.Meta, "includes", ()))
    following = f"{address}?page_size=200" + (f"&include={includes}" if includes else "")
    while following:
        answer = client.get(following).json()
        yield from answer["results"]
        following = answer["next"]


def dicts(value, owner=None):
    """``(agreement, dict)`` for every dict within: the agreement that it is of or, for its parts, the one around it."""
    if isinstance(value, dict):
        named = value.get("agreement")
        own = value.get("slug") if str(value.get("ref", "")).startswith("agreements/") else None
        owner = own or (named or {}).get("slug") if isinstance(named, dict) or own else owner
        yield owner, value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from dicts(inner, owner)


def claims(row):
    """What a dict of the API says of an agreement's force, where that is “not”."""
    said = [f"{name}: {row[name]}" for name in DERIVED & {*row} if isinstance(row[name], str)]
    return [words for words in said if SAID.search(words) or words.endswith("_not_in_force") or words == "in_force: no"]


def prose(value, key=""):
    """Every text in an answer that an editor wrote and that has the words."""
    if isinstance(value, str) and key not in DERIVED and SAID.search(value):
        yield value
    for name, inner in (
        value.items() if isinstance(value, dict) else [(key, item) for item in value] if isinstance(value, list) else ()
    ):
        yield from prose(inner, name)


def test_no_answer_of_the_api(answers, proven, explained, subtests):
    for name, rows in answers.items():
        with subtests.test(name):
            told = [(owner, claim) for owner, row in dicts(rows) for claim in claims(row)]
            wrong = [(of, claim) for of, claim in told if of not in (explained if claim[:7] == "because" else proven)]
            assert wrong == []


def test_no_table(client, proven, subtests):
    for route, (address, _viewset) in API_LISTS.items():
        with subtests.test(route):
            for row in csv.DictReader(io.StringIO(client.get(f"{address}?format=csv").getvalue().decode())):
                of = row.get("agreement") or row.get("slug")
                told = [value for name, value in row.items() if name.partition(".")[2] in DERIVED or name in DERIVED]
                assert of in proven or not any(value == "no" or value.endswith("_not_in_force") for value in told), of


def test_no_page(client, answers, proven, explained, subtests):
    written = sorted({text for rows in answers.values() for text in prose(rows)}, key=len, reverse=True)
    for address in pages():
        with subtests.test(address):
            text = LEGENDS.sub("", client.get(address).content.decode())
            own = address.split("/")[2] if re.match("/agreements/[^?]", address) else None
            assert [slug for slug in badges(text, own) if slug not in proven] == []
            text = BADGE.sub("", text)
            for words in written if own not in explained and SAID.search(text) else ():
                text = text.replace(escape(words), "")
            assert own in explained or not SAID.search(text)


def badges(text, own):
    """The agreements that a badge says to be out of force: the page's own, or the one linked last before it."""
    for badge in BADGE.finditer(text):
        if badge[1].endswith("_not_in_force"):
            yield own or (AGREEMENT.findall(text[: badge.start()]) or [None])[-1]


def pages():
    """Every list with as many rows as a page takes, every agreement in short and in full, and of each other kind those records
    with most citations and some others."""
    yield from ("/", "/search/?q=agreement", "/topics/", "/topics/d2/", "/data/", "/compare/")
    yield from (f"{address}?page_size=200" for address, _viewset in PAGE_LISTS.values())
    for slug in Agreement.objects.published().values_list("slug", flat=True):
        yield from (f"/agreements/{slug}/", f"/agreements/{slug}/full/")
    for start, viewset in PAGES.values():
        if start.strip("/") not in ("agreements", *OF_ANOTHER_DAY):
            rows = viewset.serializer_class.Meta.model.objects.published().annotate(number=Count("citations"))
            yield from (
                f"{start}{row.slug}/" for row in {*rows.order_by("-number", "pk")[:10], *rows.order_by("-pk")[:5]}
            )


def test_the_words_would_be_found(proven):
    """The tests above see a claim in each of its forms."""
    assert (
        claims({"status": "signed_not_in_force"})
        and claims({"words": "Signed, not in force"})
        and claims({"in_force": "no"})
    )
    assert not claims(
        {"status": "signed", "in_force": "not_established", "words": "signed; entry into force not established"}
    )
    page = '<a href="/agreements/x/">X</a> <span class="status status-signed_not_in_force">Signed, not in force</span>'
    assert [*badges(page, None)] == ["x"]
    assert [
        owner
        for owner, row in dicts({"ref": "agreements/x", "slug": "x", "derived_status": {"in_force": "no"}})
        if claims(row)
    ] == ["x"]
    assert proven
