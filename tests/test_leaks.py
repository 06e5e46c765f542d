"""The canary: drafts hold a token in every field, and no walk along the public links finds it in any body or header."""

import re
from html import unescape
from urllib.parse import unquote, urlsplit

import pytest

from agreements.models import Agreement
from sources.models import Citation
from tests import drafts, factory
from tests.addresses import SITE, VERSIONS, addresses
from tests.cast import make_user
from tests.content import undone
from tests.routes import API_LISTS, PAGES

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def canaries(django_db_setup, django_db_blocker):
    """A small public world, and drafts beside it with a token in every field."""
    with undone(django_db_blocker):
        drafts.small_world()
        drafts.write_drafts(make_user("editor", f"{drafts.TOKEN}-alice"), rounds=3)
        yield


LINK = re.compile(r"""(?:href|src|action)=["']([^"'#]*)|"(?:next|previous|page|api)":"([^"]+)\"""")


def walk(client, start):
    """``{address: answer}`` of every address of this site that can be reached."""
    waiting, seen = list(start), {}
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen[address] = answer = client.get(address, headers={"X-Request-ID": "always-the-same"})
        if any(word in answer.headers.get("Content-Type", "") for word in ("html", "json")):
            waiting += [link for link in links_in(answer, address) if is_walked(link)]
    return seen


def text_of(answer):
    """The body of an answer, kept with it: a file that is sent while it is read can be read once."""
    if not hasattr(answer, "kept_text"):
        answer.kept_text = answer.getvalue().decode("utf-8", "replace")
    return answer.kept_text


def links_in(answer, address):
    for one, other in LINK.findall(text_of(answer)):
        link = unescape(one or other).removeprefix("http://testserver")
        parts = urlsplit(link)
        if not parts.netloc and not parts.scheme:
            yield f"{parts.path or urlsplit(address).path}{'?' if parts.query else ''}{parts.query}"


def is_walked(link):
    return link.startswith("/") and not link.startswith(("/static/", "/admin/")) and link.count("&") < 3


def test_no_token_of_a_draft_is_found_by_walking_every_link(client, canaries):
    seen = walk(client, [*SITE, *addresses()])
    assert len(seen) > 300
    assert [address for address in seen if shows(seen[address], drafts.TOKEN, address)] == []


def shows(answer, token, address=""):
    """Whether a body or a header holds the token, though nobody asked with it."""
    if token in unquote(address):
        return '"results":[{' in text_of(answer) or "<article" in text_of(answer)
    text = text_of(answer) + str(dict(answer.headers))
    return token in text.casefold()


def test_the_walk_would_find_a_token(client, canaries):
    record = Agreement.objects.get(slug=f"{drafts.TOKEN}-agreements-0")
    factory.cite_everything(record)
    record.status, record.published_at = "published", record.updated_at
    record.save()
    assert shows(client.get("/agreements/"), drafts.TOKEN)
    assert shows(client.get("/api/v1/agreements/"), drafts.TOKEN)


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
def test_what_is_published_does_not_depend_on_what_was_asked_before(canaries, narrowed):
    first, last = narrowed(Citation.objects).published(), narrowed(Citation.objects.published())
    assert [row.pk for row in first] == [row.pk for row in last]
    assert 0 < len(last) < narrowed(Citation.objects).count()


def test_every_text_field_of_every_kind_held_a_token(canaries):
    for model in drafts.record_models():
        record = model.objects.filter(slug__startswith=drafts.TOKEN).order_by("pk").first()
        state = record.dossier()
        for name in ("title", "name", "summary", "note", "statement"):
            if name in model.DOSSIER_FIELDS:
                assert drafts.TOKEN in state[name], (model.KIND, name)


def test_no_page_says_that_a_draft_is_there(client, canaries):
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


def test_no_filter_tells_that_a_draft_is_there(client, canaries):
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
def records_that_name_drafts(canaries):
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


@pytest.mark.parametrize("kind", ["agreements", "positions", "people", "organisations"])
def test_a_search_does_not_tell_the_name_of_a_draft(client, records_that_name_drafts, kind):
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
