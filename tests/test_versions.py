"""Frozen versions: the same bytes for ever, a history in readers' words, and no way past a withdrawal."""

import hashlib

import pytest

from sources.history import versions
from sources.records import dossier
from tests import factory
from tests.drafts import record_models

pytestmark = pytest.mark.django_db
PAGE, API = "/agreements/one/", "/api/v1/agreements/one/"


@pytest.fixture
def record():
    factory.make_state()
    return factory.make_agreement(
        slug="one",
        title="The first title",
        summary="What it is.",
        parties=[{"organisation": "pry"}],
        milestones=[{"kind": "signed", "date": "2025-12-15", "key": "signed"}],
        status="published",
    )


def change(record, **fields):
    """Publish the record with other fields, each fact cited."""
    dossier.write(record, {**record.dossier(), **fields})
    factory.cite_everything(record)
    record.publish(by=None)
    return record


def history(client):
    return client.get(f"{API}history/").json()["results"]


def told(client):
    """``{(what, label): (before, after)}`` of the newest version."""
    return {(row["what"], row["label"]): (row["before"], row["after"]) for row in history(client)[0]["changes"]}


# The bytes


def test_the_digest_is_that_of_the_bytes(client, record):
    change(record, title="The second title")
    for version in history(client):
        body = client.get(version["api"]).content
        assert hashlib.sha256(body).hexdigest() == version["sha256"]
        assert body.decode() == record.versions.get(number=version["number"]).body


def test_a_version_is_what_the_record_answered_then(client, record):
    then = client.get(API).json()
    change(record, title="The second title")
    assert client.get(f"{API}v/1/").json() == then
    assert client.get(f"{API}v/2/").json() == client.get(API).json()


def test_a_version_is_asked_for_again_like_any_page(client, record):
    for address in (f"{PAGE}v/1/", f"{API}v/1/"):
        answer = client.get(address)
        assert answer.headers["Cache-Control"] == client.get(PAGE).headers["Cache-Control"]
        assert client.get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


# The page


def test_a_frozen_page_keeps_the_old_values(client, record):
    change(record, title="The second title")
    old, now = (client.get(address).content.decode() for address in (f"{PAGE}v/1/", PAGE))
    assert "<h1><bdi>The first title</bdi></h1>" in old
    assert "<h1><bdi>The second title</bdi></h1>" in now


def test_a_frozen_page_says_what_it_is_and_what_became_of_it(client, record):
    change(record, title="The second title")
    old, now = (client.get(f"{PAGE}v/{number}/").content.decode() for number in (1, 2))
    assert "This is not the current version: version 2 has replaced it." in old
    assert "What changed since: 1 change" in old
    assert "This is the current version" in now
    for number, page in enumerate((old, now), 1):
        assert record.versions.get(number=number).sha256 in page
        assert f"http://testserver{PAGE}v/{number}/" in page


def test_a_frozen_page_leaves_out_what_others_say_today(client, record):
    factory.make_position(about=record.ref, statement="Said long afterwards.", status="published")
    assert "Said long afterwards." in client.get(PAGE).content.decode()
    assert "Said long afterwards." not in client.get(f"{PAGE}v/1/").content.decode()


def test_a_frozen_page_says_how_it_stands_to_the_others(client, record):
    change(record, title="The second title")
    change(record, title="The third title")
    link = client.get(f"{PAGE}v/2/").headers["Link"]
    for relation in (
        f'<{PAGE}>; rel="canonical"',
        f'<{PAGE}>; rel="latest-version"',
        f'<{PAGE}history/>; rel="version-history"',
        f'<{PAGE}v/1/>; rel="predecessor-version"',
        f'<{PAGE}v/3/>; rel="successor-version"',
        f'<{API}v/2/>; rel="alternate"; type="application/json"',
    ):
        assert relation in link


def test_a_page_leads_to_its_history_and_to_its_lasting_address(client, record):
    change(record, title="The second title")
    page = client.get(PAGE)
    assert f'href="{PAGE}history/"' in page.content.decode()
    assert f'href="{PAGE}v/2/"' in page.content.decode()
    assert f'<{PAGE}history/>; rel="version-history"' in page.headers["Link"]
    assert f'<{API}history/>; rel="version-history"' in client.get(API).headers["Link"]


def test_a_version_names_a_record_that_was_withdrawn_since(client, record):
    record.parties.get().organisation.withdraw(by=None, reason="A mistake.")
    assert "Paraguay" not in client.get(PAGE).content.decode()
    assert "Paraguay" in client.get(f"{PAGE}v/1/").content.decode()


@pytest.mark.parametrize("model", record_models(), ids=lambda model: model.KIND)
def test_every_kind_has_a_history_and_versions(client, model):
    row = made(model)
    assert [client.get(f"{row.get_absolute_url()}{last}").status_code for last in ("history/", "v/1/")] == [200, 200]
    version = client.get(f"/api/v1{row.get_absolute_url()}history/").json()["results"][0]
    assert hashlib.sha256(client.get(version["api"]).content).hexdigest() == version["sha256"]


def made(model):
    given = {"title": "A title"} if hasattr(model, "title") else {"name": "A name"} if hasattr(model, "name") else {}
    makers = {"agreements": factory.make_agreement, "people": factory.make_person, "sources": factory.make_source}
    makers |= {"organisations": factory.make_organisation, "exercises": factory.make_exercise}
    makers |= {"assistance": factory.make_assistance, "positions": factory.make_position}
    kind = {"kind": "meeting"} if model.KIND == "events" else {}
    if model.KIND in makers:
        return makers[model.KIND](status="published")
    return factory.make(model, {**given, **kind}, {"status": "published"})


# What changed, in words


def test_a_changed_value_is_told_in_words(client, record):
    change(record, type="memorandum")
    assert told(client) == {("value", "Type"): ("status-of-forces agreement", "memorandum of understanding")}
    assert "memorandum of understanding" in client.get(f"{PAGE}history/").content.decode()


def test_a_long_text_shows_the_words_around_the_change(client, record):
    text = " ".join(f"word{number}" for number in range(100))
    change(record, summary=text)
    change(record, summary=text.replace("word50", "another"))
    before, after = told(client)["value", "Summary"]
    assert before == after.replace("another", "word50")
    assert after.startswith("… word44") and after.endswith("word56 …")


def test_an_entry_that_came_is_told_once(client, record):
    steps = [*record.dossier()["milestones"], {"kind": "in_force", "date": "2026-03-17", "key": "in-force"}]
    change(record, milestones=steps)
    assert told(client) == {
        ("added", "Entered into force"): ("", "17 March 2026"),
        ("value", "Status"): ("signed; entry into force not established", "in force"),
    }


def test_an_entry_that_went_is_told_once(client, record):
    change(record, milestones=[])
    assert ("removed", "Signed") in told(client)
    assert not [label for _what, label in told(client) if label.startswith("Signed ·")]


def test_the_clauses_of_a_coding_are_told_as_its_own(client, record):
    topic = factory.make_topic("A1")
    clauses = [{"key": "scope", "heading": "Scope"}, {"key": "claims", "heading": "Claims"}]
    coding = {"topic": topic.slug, "codebook": topic.since.slug, "stance": "present", "basis": "text", "key": "a1"}
    change(record, clauses=clauses, codings=[{**coding, "clauses": ["scope"]}])
    change(record, codings=[{**coding, "clauses": ["scope", "claims"]}])
    [((what, label), (before, after))] = told(client).items()
    assert (what, label, before) == ("value", "Topic A1 · clauses", "Scope")
    assert "Claims" in after


def test_another_order_is_told_beside_an_entry_that_went(client, record):
    clauses = [{"key": word.lower(), "heading": word} for word in ("One", "Two", "Three")]
    change(record, clauses=clauses)
    change(record, clauses=[clauses[1], clauses[0]])
    assert {("order", "Clauses"), ("removed", "Clause: Three")} <= {*told(client)}


def test_new_sources_are_told(client, record):
    other = factory.make_source(title="A second report")
    state = record.dossier()
    state["milestones"][0]["citations"].append({"fields": ["date", "kind"], "source": other.slug, "locator": "p. 9"})
    change(record, **state)
    assert told(client) == {("sources", "Signed · date, the step itself"): ("", "A second report, p. 9")}


def test_a_citation_that_reads_otherwise_is_told(client, record):
    state = record.dossier()
    for citation in state["milestones"][0]["citations"]:
        citation["quotation"] = "Signed on Monday."
    change(record, **state)
    (words,) = told(client).values()
    assert words == ("", "A report, p. 1 (its quotation, grade or note)")


def test_a_dispute_and_its_ruling_are_told(client, record):
    other = factory.make_source(title="A second report")
    against = {"fields": ["date"], "source": other.slug, "locator": "p. 9", "stance": "disputes", "value": "2025-12-16"}
    state = record.dossier()
    state["milestones"][0]["citations"].append(against)
    change(record, **state)
    lines = told(client)
    assert lines["standing", "Signed · date"] == ("not disputed", "contested")
    assert lines["sources", "Signed · date"][1] == "A second report, p. 9, disputes it, reports “16 December 2025”"
    state = record.dossier()
    ruling = {"field": "date", "state": "settled", "adopted_value": "2025-12-15", "reason": "The text says so."}
    state["milestones"][0]["rulings"] = [{**ruling, "ruled_by": "The editors", "ruled_on": "2026-01-15"}]
    change(record, **state)
    lines = told(client)
    assert lines["standing", "Signed · date"] == ("contested", "settled")
    assert lines["ruling", "Signed · date"] == ("", "settled: 15 December 2025. The text says so.")


def test_statements_of_others_are_named_without_their_text(client, record):
    factory.make_exercise(legal_basis="one", status="published")
    record.publish(by=None)
    assert history(client)[0]["changes"] == []
    assert history(client)[0]["elsewhere"] == ["exercises that name it"]


def test_another_records_new_name_is_no_change_of_this_one(client, record):
    state = record.parties.get().organisation
    state.name = "Republic of Paraguay"
    state.save()
    record.publish(by=None)
    assert history(client)[0]["changes"] == []
    assert history(client)[0]["elsewhere"] == ["names or grades that other records gave it"]


def test_a_publication_without_a_change_says_so(client, record):
    record.publish(by=None)
    assert "Published again; the record reads the same." in client.get(f"{PAGE}history/").content.decode()


def test_a_field_that_older_versions_did_not_know_is_no_change(record):
    after = record.representation()
    before = {name: value for name, value in after.items() if name not in ("summary", "codings")}
    assert versions.compared(before, after)["changes"] == []


def test_a_field_that_was_given_up_since_does_no_harm(client, record):
    body = record.representation()
    body["facts"].append({**body["facts"][0], "field": "long_lost"})
    record.freeze(dossier.canonical(body).decode())
    assert client.get(f"{PAGE}v/2/").status_code == 200
    assert client.get(f"{PAGE}history/").status_code == 200


def test_the_api_tells_it_in_english_whoever_asks(client, record):
    change(record, type="memorandum")
    asked = [client.get(f"{API}history/", headers={"Accept-Language": language}).content for language in ("en", "es")]
    assert asked[0] == asked[1]


# Many versions


def test_a_long_history_goes_by_pages(client, record):
    for number in range(2 * versions.PAGE):
        record.freeze(dossier.canonical({**record.representation(), "note": f"{number}"}).decode())
    forth = [client.get(f"{API}history/").json()]
    while forth[-1]["next"]:
        forth.append(client.get(forth[-1]["next"]).json())
    numbers = [version["number"] for page in forth for version in page["results"]]
    assert numbers == list(range(2 * versions.PAGE + 1, 0, -1))
    assert len(forth) == 3
    back = [forth[-1]]
    while back[-1]["previous"]:
        back.append(client.get(back[-1]["previous"]).json())
    assert back[::-1] == forth
    assert forth[0]["next"].startswith("http://testserver/")
    assert f"?before={versions.PAGE + 2}" in client.get(f"{PAGE}history/").content.decode()


def test_every_version_but_the_first_is_compared_across_pages(client, record):
    for number in range(versions.PAGE):
        record.freeze(dossier.canonical({**record.representation(), "note": f"{number}"}).decode())
    assert history(client)[-1]["changes"]


# Away from the public

CLOSED = [f"{start}{last}" for start in (PAGE, API) for last in ("history/", "v/1/")]


@pytest.mark.parametrize("address", CLOSED)
def test_a_withdrawal_closes_every_version(client, record, address):
    assert client.get(address).status_code == 200
    record.withdraw(by=None, reason="Found to be wrong.")
    answer = client.get(address)
    assert answer.status_code == 410
    assert "Found to be wrong." in answer.content.decode()
    assert "The first title" not in answer.content.decode()


@pytest.mark.parametrize("address", CLOSED)
def test_a_validator_does_not_outlive_a_withdrawal(client, record, address):
    etag = client.get(address).headers["ETag"]
    record.withdraw(by=None, reason="Found to be wrong.")
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 410


def test_a_record_that_comes_back_brings_its_versions(client, record):
    record.withdraw(by=None, reason="Found to be wrong.")
    record.publish(by=None)
    assert [version["number"] for version in history(client)] == [2, 1]
    assert client.get(f"{PAGE}v/1/").status_code == 200


def test_a_merged_record_leads_to_the_history_that_goes_on(client, record):
    other = factory.make_agreement(slug="other", status="published")
    record.merge(other, by=None)
    for start in ("", "/api/v1"):
        assert (
            client.get(f"{start}/agreements/one/history/").headers["Location"] == f"{start}/agreements/other/history/"
        )
        assert client.get(f"{start}/agreements/one/v/1/").headers["Location"] == f"{start}/agreements/other/"


def test_a_version_belongs_to_its_own_record(client, record):
    other = factory.make_agreement(slug="other", status="published")
    change(other, title="The second title")
    assert client.get(f"{PAGE}v/2/").status_code == 404
