"""Nowhere in the whole content does a page, list, API answer or table say “not in force” of an agreement without evidence of it.

The evidence is a span of the agreement's life that its steps show. Editors may write the words in prose, each sentence of which
has its source; that prose is taken out of a page before it is read.
"""

import csv
import io
import re
from html import escape

import pytest
from django.test import Client

from agreements.models import Milestone, StatusSpan
from sources.lib.date_words import in_words
from tests.routes import API_LISTS, PAGE_LISTS, PAGES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]
SAID = re.compile(r"(?P<seen>seen )?not (?:yet |to be )?in force", re.IGNORECASE)
# The reason of a status that nobody knows: it names the day on which the agreement was seen not to be in force.
UNTIL = re.compile(r"shown not to be in force up to (?P<day>[^(]+?) \(seen not in force\)")
BADGE = re.compile(r'<span class="status status-(\w+)".*?</span>', re.DOTALL)
AGREEMENT = re.compile(r'href="/agreements/([\w-]+)/')
# What offers a choice, explains the codes or says that there is nothing to list, and so says nothing of an agreement.
LEGENDS = re.compile(
    r"<form.*?</form>|<ul class=\"chips\".*?</ul>"
    r"|No instrument is recorded as ended, rejected or shown not to be in force\."
    r"|\d+ instruments? ended, rejected or shown not to be in force</h3>",
    re.DOTALL,
)
# What the site derives, in the API; all other text there was written by an editor and is cited.
DERIVED = {"words", "label", "because", "explanation", "status", "in_force"}
# They speak of the status on the day of the activity; that it is the right day is shown in tests/test_status_shown.py.
OF_ANOTHER_DAY = ("exercises", "assistance", "events")


@pytest.fixture(scope="module")
def proven(content):
    """The agreements that their steps show to be out of force today."""
    return {span.agreement.slug for span in StatusSpan.objects.today().filter(in_force="no")}


@pytest.fixture(scope="module")
def once_out(content):
    """Those that their steps show to have been out of force on some day."""
    return {*StatusSpan.objects.filter(in_force="no").values_list("agreement__slug", flat=True)}


@pytest.fixture(scope="module")
def seen_out(content):
    """``{(agreement, day in words)}`` of the steps that saw an agreement out of force."""
    return {(step.agreement.slug, in_words(step.date)) for step in Milestone.objects.filter(kind="not_in_force")}


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


def unproven(text, own, out, seen):
    """What a text says of an agreement's force without evidence, as ``[(agreement, words)]``.

    ``own`` is the agreement the text is of; without it, each claim is of the agreement linked last before it. ``out`` are
    the agreements known to be out of force, ``seen`` the steps that saw one so.
    """
    days = [(until.span(), until["day"]) for until in UNTIL.finditer(text)]
    for said in SAID.finditer(text):
        of = own or (AGREEMENT.findall(text[: said.start()]) or [None])[-1]
        until = next((day for (start, end), day in days if start <= said.start() < end), None)
        if until or said["seen"]:
            evident = (of, until) in seen if until else of in {slug for slug, _day in seen}
        else:
            evident = of in out
        if not evident:
            yield of, text[max(0, said.start() - 60) : said.end()]


def test_no_answer_of_the_api(answers, proven, seen_out, subtests):
    for name, rows in answers.items():
        with subtests.test(name):
            told = [(owner, claim) for owner, row in dicts(rows) for claim in claims(row)]
            assert [wrong for of, claim in told for wrong in unproven(claim, of or "none", proven, seen_out)] == []
            coded = [(of, claim) for of, claim in told if not SAID.search(claim)]
            assert [(of, claim) for of, claim in coded if of not in proven] == []


def test_no_table(client, proven, subtests):
    for route, (address, _viewset) in API_LISTS.items():
        with subtests.test(route):
            for row in csv.DictReader(io.StringIO(client.get(f"{address}?format=csv").getvalue().decode())):
                of = row.get("agreement") or row.get("slug")
                told = [value for name, value in row.items() if name.partition(".")[2] in DERIVED or name in DERIVED]
                assert of in proven or not any(value == "no" or value.endswith("_not_in_force") for value in told), of


@pytest.mark.appearance
def test_no_page(read, answers, proven, once_out, seen_out, subtests):
    written = sorted({text for rows in answers.values() for text in prose(rows)}, key=len, reverse=True)
    for address in pages():
        with subtests.test(address):
            out = once_out if address.split("/")[1] in OF_ANOTHER_DAY else proven
            text = LEGENDS.sub("", read(address))
            own = address.split("/")[2] if re.match("/agreements/[^?]", address) else None
            assert [slug for slug in badges(text, own) if slug not in out] == []
            text = BADGE.sub("", text)
            for words in written if SAID.search(text) else ():
                text = text.replace(escape(words), "")
            assert [*unproven(text, own, out, seen_out)] == []


def badges(text, own):
    """The agreements that a badge says to be out of force: the page's own, or the one linked last before it."""
    for badge in BADGE.finditer(text):
        if badge[1].endswith("_not_in_force"):
            yield own or (AGREEMENT.findall(text[: badge.start()]) or [None])[-1]


def pages():
    """Every list with as many rows as a page takes, and every record, agreements in short and in full."""
    yield from ("/", "/search/?q=agreement", "/topics/", "/topics/d2/", "/data/", "/countries/", "/map/", "/compare/")
    yield from (f"{address}?page_size=200" for address, _viewset in PAGE_LISTS.values())
    for start, viewset in PAGES.values():
        for slug in viewset.serializer_class.Meta.model.objects.published().values_list("slug", flat=True):
            yield f"{start}{slug}/"
            if start == "/agreements/":
                yield f"{start}{slug}/full/"


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
    seen = {("x", "10 May 2017")}
    until = "shown not to be in force up to {} (seen not in force), and nothing is known since"
    assert not [*unproven(until.format("10 May 2017"), "x", set(), seen)]
    for text, of in ((until.format("11 May 2017"), "x"), ("Seen not in force", "y"), ("not yet in force", "x")):
        assert [*unproven(text, of, set(), seen)]
    assert [*unproven('<a href="/agreements/x/">X</a> not in force', None, {"y"}, seen)]
