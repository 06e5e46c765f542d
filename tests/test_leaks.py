"""Drafts never leak: all that can be reached by public links is the same, byte for byte, with five hundred drafts and without.

The drafts hold a token in every field and name published records wherever they can.
"""

import re
from html import unescape
from urllib.parse import urlsplit

import pytest
from django.test import Client

from agreements.models import Agreement
from sources.models import Citation
from tests import drafts, factory
from tests.addresses import SITE, VERSIONS, addresses
from tests.cast import make_user
from tests.content import undone
from tests.routes import API_LISTS, PAGES, patterns

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def before(django_db_setup, django_db_blocker):
    """What a small public world answers, by address, before five hundred drafts come in."""
    with undone(django_db_blocker):
        drafts.small_world()
        disagree()
        answers = walk(Client(), [*SITE, *addresses()])
        assert drafts.write_many_drafts(make_user("editor", f"{drafts.TOKEN}-alice"), copies=20) >= 500
        yield answers


def disagree():
    """Published sources differ on a record of each kind; on some of them it is settled."""
    report = factory.make_source(slug="public-report")
    for number, model in enumerate(drafts.record_models()):
        record = model.objects.published().order_by("pk").first()
        factory.cite(record, record.CITABLE_FIELDS[0], report, stance="disputes", value="something else")
        if number % 2:
            factory.rule(record, record.CITABLE_FIELDS[0], state="settled", adopted_value="the first")
        record.refresh_derived()


LINK = re.compile(r"""(?:href|src|action)=["']([^"'#]*)|"(?:next|previous|page|api)":"([^"]+)\"""")


def walk(client, start):
    """``{address: answer}`` of every address of this site that can be reached."""
    waiting, seen = list(start), {}
    while waiting:
        address = waiting.pop()
        if address not in seen:
            seen[address] = _status, headers, body = ask(client, address)
            if any(word in headers.get("Content-Type", "") for word in ("html", "json")):
                waiting += [link for link in links_in(body.decode(), address) if is_walked(link)]
    return seen


def ask(client, address):
    """``(status, headers, body)``."""
    answer = client.get(address, headers={"X-Request-ID": "always-the-same"})
    return answer.status_code, dict(answer.headers), answer.getvalue()


def links_in(text, address):
    for one, other in LINK.findall(text):
        link = unescape(one or other).removeprefix("http://testserver")
        parts = urlsplit(link)
        if not parts.netloc and not parts.scheme:
            yield f"{parts.path or urlsplit(address).path}{'?' if parts.query else ''}{parts.query}"


# Each list is asked for by ``addresses`` in all its orderings and a few sizes; following their pages would ask much the same.
ASKED_ALREADY = ("ordering=", "page_size=", "cursor=")
# An answer to a form, and a script with a token of its own each time.
NEVER_THE_SAME = ("/compare/basket/", "/api/v1/docs/?script=")
# Searches are asked by ``addresses``. Every choice of facets leads to further ones, without end.
WITHOUT_END = ("/search/?",)


def is_walked(link):
    return (
        link.startswith("/")
        and not link.startswith(("/static/", "/admin/", *NEVER_THE_SAME, *WITHOUT_END))
        and not any(word in link for word in ASKED_ALREADY)
    )


def test_five_hundred_drafts_change_no_public_byte(client, before):
    assert len(before) > 300
    assert [address for address, answer in before.items() if ask(client, address) != answer] == []


def test_the_crawl_would_find_a_draft(client, before):
    record = Agreement.objects.get(slug=f"{drafts.TOKEN}-agreements-0")
    factory.cite_everything(record)
    record.status, record.published_at = "published", record.updated_at
    record.save()
    for address in ("/agreements/", "/api/v1/agreements/", "/"):
        status, _headers, body = ask(client, address)
        assert status == before[address][0] == 200
        assert (drafts.TOKEN.encode() in body.lower()) and drafts.TOKEN.encode() not in before[address][2].lower()


def test_the_crawl_covers_every_public_route(before):
    paths = {urlsplit(address).path[1:] for address, (status, _headers, _body) in before.items() if status == 200}
    # A list of choices, an answer to a form, what tells a machine that the site is up, and where the icon is.
    paths |= {"compare/clauses/", "compare/basket/", "api/v1/compare/clauses/", "healthz", "readyz", "favicon.ico"}
    missing = [
        address
        for address, _pattern in patterns()
        if not address.startswith(("admin/", "^admin")) and not any(matches(address, path) for path in paths)
    ]
    assert missing == []


def matches(pattern, path):
    """Whether a path is one of a URL pattern, in either of Django's notations."""
    plain = re.sub(r"<(\w+:)?\w+>", r"[^/]+", pattern) if "(?P" not in pattern else pattern.replace("^", "", 1)
    return re.fullmatch(plain.replace("v1/^", "v1/").rstrip("$"), path) is not None


@pytest.mark.parametrize(
    "narrowed",
    [
        lambda rows: rows.all(),
        lambda rows: rows.filter(locator__startswith="p"),
        lambda rows: rows.order_by("-pk"),
        lambda rows: rows.select_related("source"),
        lambda rows: rows.only("pk"),
    ],
    ids=["all", "filtered", "ordered", "joined", "few columns"],
)
def test_public_answers_do_not_depend_on_earlier_requests(before, narrowed):
    first, last = narrowed(Citation.objects).published(), narrowed(Citation.objects.published())
    assert [row.pk for row in first] == [row.pk for row in last]
    assert 0 < len(last) < narrowed(Citation.objects).count()


def test_every_text_field_of_every_kind_held_a_token(before):
    for model in drafts.record_models():
        record = model.objects.filter(slug__startswith=drafts.TOKEN).order_by("pk").first()
        state = record.dossier()
        for name in ("title", "name", "summary", "note", "statement"):
            if name in model.DOSSIER_FIELDS:
                assert drafts.TOKEN in state[name], (model.KIND, name)


def test_no_page_says_that_a_draft_is_there(client, before):
    """A draft's address answers like one that never was: same body, same headers."""
    for start in [
        *(start for start, _viewset in PAGES.values()),
        *(address for address, _viewset in API_LISTS.values()),
    ]:
        kind = start.rstrip("/").rpartition("/")[2]
        for number in range(3):
            same = [
                client.get(f"{start}{slug}/", headers={"X-Request-ID": "always-the-same"})
                for slug in (f"{drafts.TOKEN}-{kind}-{number}", f"nosuchxx-{kind}-{number}")
            ]
            assert [answer.status_code for answer in same] == [404, 404], start
            assert dict(same[0].headers) == dict(same[1].headers)
            assert same[0].content == same[1].content.replace(b"nosuchxx", drafts.TOKEN.encode())


def test_no_filter_tells_that_a_draft_is_there(client, before):
    """Names of drafts are refused like names of nothing, so that a filter cannot be asked whether one exists."""
    for address, viewset in API_LISTS.values():
        for name, item in viewset.filterset_class.base_filters.items():
            if getattr(item, "repeatable", False) and "lookup" in item.extra:
                for kind in ("agreements", "people", "organisations", "sources", "series"):
                    for slug in (
                        f"{drafts.TOKEN}-{kind}-0",
                        f"{kind}/{drafts.TOKEN}-{kind}-0",
                        f"{drafts.TOKEN}-publisher-0",
                    ):
                        assert client.get(address, {name: slug}).status_code == 400, (address, name, slug)


@pytest.fixture
def records_that_name_drafts(before):
    """Published records whose parts and relations name records that readers do not see."""
    person, body, other = (f"{drafts.TOKEN}-{kind}-0" for kind in ("people", "organisations", "agreements"))
    agreement = factory.make_agreement(
        slug="names-drafts",
        parties=[{"organisation": "pry"}, {"organisation": body, "note": drafts.TOKEN}],
        signatures=[{"person": person, "name_as_printed": drafts.TOKEN}],
        relations=[{"kind": "follows", "target": other, "note": drafts.TOKEN}],
        milestones=[{"kind": "signed", "date": "2025-12-15", "body": body, "key": "signed"}],
        status="published",
    )
    factory.make_person(slug="member", memberships=[{"organisation": body, "role": drafts.TOKEN}], status="published")
    factory.make_exercise(slug="held", participations=[{"organisation": body}], host=body, status="published")
    factory.make_position(
        slug="said", person=person, organisation=body, about=f"agreements/{other}", status="published"
    )
    factory.make_assistance(
        slug="given",
        provider=body,
        donors=[body],
        recipients=[body],
        supplier=body,
        legal_basis=other,
        status="published",
    )
    return agreement


def test_a_published_record_that_names_a_draft_does_not_show_it(client, records_that_name_drafts):
    asked = [
        "/agreements/names-drafts/", "/people/member/", "/exercises/held/", "/positions/said/", "/assistance/given/",
        "/contested/", "/", "/agreements/", "/compare/?agreement=names-drafts&agreement=public-agreements-1",
        *(address for address in addresses() if "zqcanary" not in address),
    ]  # fmt: skip
    asked += [f"/api/v1{address}" for address in asked[:5]]
    asked += [f"{start}{address}{last}" for start in ("", "/api/v1") for address in asked[:5] for last in VERSIONS]
    shown = [
        address for address in dict.fromkeys(asked) if drafts.TOKEN in client.get(address).content.decode().casefold()
    ]
    assert shown == []


def test_a_search_does_not_tell_the_name_of_a_draft(client, records_that_name_drafts, subtests):
    for kind in ["agreements", "positions", "people", "organisations"]:
        with subtests.test(kind):
            for word in (drafts.TOKEN, f"{drafts.TOKEN}name"):
                assert client.get(f"/api/v1/{kind}/?q={word}&count=true").json()["count"] == 0


def test_a_new_key_tells_nothing_of_a_body_that_readers_do_not_see(db):
    treaty = factory.make_agreement(slug="treaty", status="published")
    secret = factory.make_organisation(slug="secret-committee")
    step = treaty.milestones.create(kind="talks", body=secret)
    assert step.key == "talks"
    assert "secret-committee" not in str(treaty.representation())
    # The same step out of a file, which is read before its records are published, has the key it always had.
    assert step.default_key() == "talks-secret-committee"
    public = factory.make_organisation(slug="joint-committee", status="published")
    assert treaty.milestones.create(kind="talks", body=public).key == "talks-joint-committee"
