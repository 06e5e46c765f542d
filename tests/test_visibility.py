"""The table of tests/visibility.py, cell by cell, and that no address is missing from it."""

from itertools import product

import pytest
from django.contrib import admin
from django.test import Client

from agreements.models import Agreement
from sources.records.base import Record
from tests import factory
from tests.cast import make_user, sign_in
from tests.content import APPS, undone
from tests.routes import patterns
from tests.visibility import (
    ADDRESSES,
    EDITING,
    EDITING_ACTIONS,
    EDITING_ADDRESSES,
    OF_NO_RECORD,
    PUBLIC,
    ROLES,
    STATES,
)

pytestmark = pytest.mark.django_db
# What readers see of the record, and what only its pending edit says.
NAME, SECRET = "Quillfeather", "Snarklebury"


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """An agreement in each state, each with a signature, a coding and a citation, and the users."""
    with undone(django_db_blocker):
        factory.make_state()
        person = factory.make_person(slug="ana", status="published")
        factory.make_topic("D2", approaches=("full",))
        factory.make_agreement(slug="target", title="Target", status="published", codings=[coding()])
        users = {role: make_user(role) for role in ROLES if role != "anonymous"}
        alice = make_user("editor", "alice")
        yield {
            "records": {state: in_state(state, person, alice) for state in STATES},
            "clients": {role: sign_in(user) for role, user in users.items()} | {"anonymous": Client()},
            "answers": {},
        }


def coding():
    return {"topic": "d2", "stance": "silent", "basis": "text", "codebook": "1-0"}


def in_state(state, person, author):
    """An agreement named after its state, so that a trace of it is told from traces of the others."""
    first = {"merged": "published", "pending": "published"}.get(state, state)
    name = f"{NAME} {word(state)}"
    record = factory.make_agreement(
        slug=f"agreement-{word(state)}", title=name, status=first, by=author, codings=[coding()],
        signatures=[{"person": person.slug, "name_as_printed": name}], parties=[{"organisation": "pry"}],
        milestones=[{"kind": "signed", "date": "2025-12-15", "place": name}],
    )  # fmt: skip
    # From a source of its own: its words name the record and may stand among that source's statements.
    position = factory.make_position(about=record.ref, statement=name, cited=False)
    factory.cite_everything(position, factory.make_source())
    position.submit(by=None)
    position.publish(by=None)
    if state == "merged":
        record.merge(Agreement.objects.get(slug="target"), by=None)
    if state == "pending":
        propose(record, author)
    return record


def propose(record, author):
    now = record.dossier()
    record.propose(author, now, {**now, "title": SECRET, "summary": SECRET}, SECRET)


def word(state):
    """A word that is in no other state's name."""
    return f"{state.replace('_', '')}zz"


def request_for(channel, record):
    """The address that would show the record on that channel."""
    slug, source = record.slug, record.citations.order_by("pk").first().source.slug
    return {
        "page": f"/agreements/{slug}/",
        "history": f"/agreements/{slug}/history/",
        "version": f"/agreements/{slug}/v/1/",
        "list page": "/agreements/",
        "search": f"/agreements/?q={NAME}",
        "API detail": f"/api/v1/agreements/{slug}/",
        "API history": f"/api/v1/agreements/{slug}/history/",
        "API version": f"/api/v1/agreements/{slug}/v/1/",
        "API derived": f"/api/v1/agreements/{slug}/ladder/",
        "API list": "/api/v1/agreements/?page_size=200",
        "include": "/api/v1/agreements/?page_size=200&include=signatures,milestones,citations,facts,codings",
        "CSV": "/api/v1/agreements/?format=csv&page_size=200",
        "JSON lines": "/api/v1/agreements/?format=jsonl&page_size=200",
        "home": "/",
        "site search": f"/search/?q={NAME}&kind=agreements",
        "API search": f"/api/v1/search/?q={NAME}&kind=agreements",
        "suggestions": f"/api/v1/suggest/?q={NAME}",
        "sitemap": "/sitemap.xml",
        "countries": "/countries/",
        "timeline": f"/timeline/?record=agreements/{slug}",
        "network": f"/network/?record=agreements/{slug}",
        "timeline of a list": "/timeline.csv",
        "related page": "/people/ana/",
        "source statements": f"/api/v1/sources/{source}/",
        "citations list": "/api/v1/citations/?page_size=200",
        "parts list": "/api/v1/signatures/?page_size=200",
        "topic page": "/topics/d2/",
        "comparison picker": "/compare/",
        "comparison": f"/api/v1/compare/?agreement={slug}&agreement=target",
        "filter by it": f"/api/v1/clauses/?agreement={slug}",
    }[channel]


def test_every_public_cell_is_the_same_for_every_role(world, subtests):
    for state, channel in product(STATES, PUBLIC):
        with subtests.test(f"{channel}, {state}"):
            record = world["records"][state]
            for role in ROLES:
                answer = answer_to(world, role, request_for(channel, record))
                CHECKS[PUBLIC[channel][state]](answer, record, channel)
                assert SECRET not in whole(answer), role
                assert whole(answer) == whole(answer_to(world, "anonymous", request_for(channel, record))), role


def answer_to(world, role, address):
    """The answer that the role gets. Cached, because a list is the same for all records."""
    answers = world["answers"]
    if (role, address) not in answers:
        answers[role, address] = world["clients"][role].get(address, headers={"X-Request-ID": "the-same-id"})
    return answers[role, address]


def whole(answer):
    return f"{answer.status_code} {dict(answer.headers)}\n{answer.content.decode()}"


def traces(answer, record):
    return record.slug in whole(answer) or record.title in whole(answer)


def is_shown(answer, record, channel):
    assert answer.status_code == 200
    # A choice of the latest or the best, counts, and a filter by a record without rows, need not name it.
    assert traces(answer, record) or channel in ("home", "filter by it", "suggestions", "countries")


def is_absent(answer, record, channel):
    assert answer.status_code == 200
    # A published position may name a hidden record in its own text; it does not link to it.
    assert not traces(answer, record)


def is_not_found(answer, record, channel):
    assert answer.status_code == 404
    assert record.title not in answer.content.decode()


def is_gone(answer, record, channel):
    text = answer.content.decode()
    assert answer.status_code == 410
    assert record.withdrawn_reason in text
    assert record.title not in text


def is_moved(answer, record, channel):
    assert answer.status_code == 301
    # A frozen version has no continuation; its record has.
    last = "history/" if channel.endswith("history") else ""
    assert answer.headers["Location"].endswith(f"agreements/target/{last}")


def is_refused(answer, record, channel):
    assert answer.status_code == 400
    assert record.title not in answer.content.decode()


CHECKS = {
    "shown": is_shown,
    "absent": is_absent,
    "not found": is_not_found,
    "gone": is_gone,
    "moved": is_moved,
    "refused": is_refused,
}


def test_records_never_public_answer_like_missing_ones(client, world, subtests):
    for state, start, last in product(
        ["draft", "in_review"], ["/agreements/", "/api/v1/agreements/"], ["", "history/", "v/1/"]
    ):
        with subtests.test(f"{state} · {start} · {last}"):
            slug = world["records"][state].slug
            known, random = (
                client.get(f"{start}{name}/{last}", headers={"X-Request-ID": "the-same-id"})
                for name in (slug, "z" * len(slug))
            )
            assert dict(known.headers) == dict(random.headers)
            assert known.content.replace(slug.encode(), b"") == random.content.replace(b"z" * len(slug), b"")


def test_withdrawn_records_say_since_when(client, world):
    record = world["records"]["withdrawn"]
    body = client.get(f"/api/v1/agreements/{record.slug}/").json()
    assert body["withdrawn_on"] == record.withdrawn_at.date().isoformat()
    assert body["detail"] == "Found to be wrong."
    assert record.withdrawn_at.date().isoformat()[:4] in client.get(f"/agreements/{record.slug}/").content.decode()


# The editing screens


def editing_request(client, channel, record):
    start = f"/admin/agreements/agreement/{record.pk}/"
    if not channel.startswith("POST "):
        return client.get(
            {
                "changelist": "/admin/agreements/agreement/",
                "add": "/admin/agreements/agreement/add/",
                "worklist": "/admin/worklists/review/",
            }.get(channel, f"{start}{channel}/")
        )
    name, _is, value = channel.removeprefix("POST ").partition("=")
    if name == "action":
        form = {"action": value, "_selected_action": record.pk, "reason": "Because."}
        return client.post("/admin/agreements/agreement/", form)
    return client.post(f"{start}{name}/", {"verb": value, "comment": "Because."})


def test_every_cell_of_the_editing_screens(world, case):
    for role, channel in product(ROLES, EDITING):
        with case(f"{role}, {channel}"):
            wanted = EDITING[channel][role]
            for state, record in world["records"].items():
                answer = editing_request(world["clients"][role], channel, record)
                check_editing_cell(answer, channel, record, wanted if isinstance(wanted, str) else wanted[state])


def check_editing_cell(answer, channel, record, wanted):
    if wanted == "sign in":
        assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, "/admin/login/")
    elif channel.startswith("POST action=") and wanted in ("forbidden", "not found"):
        # An action that the role lacks is not among those offered: the list comes again and nothing is done.
        assert Agreement.objects.get(pk=record.pk).status == record.status
    else:
        assert answer.status_code in STATUS[wanted], record.slug
    is_private(answer)


WHO_OPENS_PROPOSALS = [
    ("anonymous", 302, False), ("viewer", 302, False), ("editor", 403, False), ("reviewer", 200, True),
    ("administrator", 200, True),
]  # fmt: skip


def test_only_reviewers_open_the_proposal_of_another_for_editing(world, case):
    for role, status, shows in WHO_OPENS_PROPOSALS:
        with case(role):
            record = world["records"]["pending"]
            proposal = record.proposals.get()
            proposal.submit(proposal.by)
            address = f"/admin/agreements/agreement/{record.pk}/change/?proposal={proposal.pk}"
            answer = world["clients"][role].get(address)
            assert answer.status_code == status
            assert (SECRET in answer.content.decode()) is shows
            is_private(answer)


STATUS = {"open": [200], "page": [302], "forbidden": [403], "not found": [404], "done": [200, 302, 409]}


def is_private(answer):
    """Nothing that staff see is kept by a cache on the way or in the browser."""
    directives = {item.strip() for item in answer.headers.get("Cache-Control", "").split(",")}
    assert {"private", "no-store"} <= directives


def test_a_role_that_is_taken_away_is_gone_with_the_next_request(world, case):
    for role in ["viewer", "editor", "reviewer", "administrator"]:
        with case(role):
            user, address = make_user(role, "temporary"), "/admin/agreements/agreement/"
            client = sign_in(user)
            assert client.get(address).status_code == 200
            user.groups.clear()
            user.is_superuser = user.is_staff = False
            user.save()
            assert client.get(address).status_code == 302


def test_readers_see_no_account_and_no_reviewers_note(world, client, subtests):
    for name in ["some-editor@example.org", "some-reviewer", "alice", "Because."]:
        with subtests.test(name):
            for state in ("published", "withdrawn", "pending"):
                for channel in ("page", "API detail"):
                    assert name not in client.get(request_for(channel, world["records"][state])).content.decode()


# Nothing is missing from the table


def test_every_public_address_is_in_the_table():
    known = {*ADDRESSES}
    assert [
        address for address, _pattern in patterns() if not address.startswith("admin/") and address not in known
    ] == []
    assert {*ADDRESSES.values()} <= {*PUBLIC, "same for all"}


def test_every_address_of_the_editing_screens_is_in_the_table():
    missing = []
    for address, pattern in patterns():
        if address.startswith("admin/") and pattern.name and pattern.name not in OF_NO_RECORD:
            last = pattern.name.rpartition("_")[2]
            if last not in EDITING_ADDRESSES and not pattern.name.endswith("_list"):
                missing.append(address)
    assert missing == []
    assert {*EDITING_ADDRESSES.values()} <= {*EDITING}


def test_every_action_is_in_the_table():
    actions = {
        name
        for model, site in admin.site._registry.items()
        if model._meta.app_label in APPS
        for name in (action if isinstance(action, str) else action.__name__ for action in site.actions)
    }
    assert actions <= {*EDITING_ACTIONS}


def test_every_kind_of_record_has_its_own_page_and_list():
    kinds = {model.KIND for model in Record.__subclasses__() if not model._meta.abstract}
    assert {f"{kind}/<slug:slug>/" for kind in kinds} <= {address for address, _pattern in patterns()}
