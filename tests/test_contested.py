"""Facts on which sources differ: listed across kinds, graded again when a source falls, never moved by a draft."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agreements.models import Event
from sources.evidence import contested_facts
from sources.models import ContestedFact
from tests.compare_cases import cite, make_agreement, make_source, published, rule

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """Alpha's term is contested, Beta's settled; an event's place is contested; Gamma's term is undisputed."""
    gazette, tabloid = make_source("gazette", reliability="B"), make_source("tabloid")
    records = {slug: make_agreement(slug, term="five years") for slug in ("alpha", "beta", "gamma")}
    records["event"] = Event.objects.create(
        slug="meeting", title="Meeting", kind="meeting", place="Lima", **published()
    )
    for slug, record in records.items():
        field = "place" if slug == "event" else "term"
        cite(record, field, gazette, credibility=2)
        if slug != "gamma":
            cite(record, field, tabloid, stance="disputes", value="another", credibility=3)
    rule(records["beta"], "term", state="settled", adopted_value="five years")
    for record in records.values():
        record.refresh_derived()
    return {**records, "gazette": gazette, "tabloid": tabloid}


def listed(client, query=""):
    return [row["record"]["ref"] for row in client.get(f"/api/v1/contested/{query}").json()["results"]]


class TestTheList:
    def test_it_has_contested_and_settled_facts_of_all_kinds(self, client, world):
        assert listed(client) == ["agreements/alpha", "agreements/beta", "events/meeting"]

    @pytest.mark.parametrize(
        ("query", "refs"),
        [
            ("?state=settled", ["agreements/beta"]),
            ("?kind=events", ["events/meeting"]),
            ("?field=term", ["agreements/alpha", "agreements/beta"]),
            ("?record=agreements/alpha", ["agreements/alpha"]),
            ("?source=tabloid&kind=agreements", ["agreements/alpha", "agreements/beta"]),
            ("?kind=agreements&kind=events&state=contested", ["agreements/alpha", "events/meeting"]),
        ],
    )
    def test_filters(self, client, world, query, refs):
        assert listed(client, query) == refs

    @pytest.mark.parametrize(
        "query", ["?kind=treaties", "?state=open", "?source=nobody", "?stat=settled", "?page_size=0"]
    )
    def test_what_is_not_understood_is_400(self, client, world, query):
        assert client.get(f"/api/v1/contested/{query}").status_code == 400
        assert client.get(f"/contested/{query}").status_code == 400

    def test_each_row_shows_all_sides_and_the_ruling(self, client, world):
        row = client.get("/api/v1/contested/?state=settled").json()["results"][0]
        assert row["stated_value"] == "five years"
        assert {citation["source"]["slug"] for citation in row["citations"]} == {"gazette", "tabloid"}
        assert row["ruling"]["reason"] == "The better source says so."

    def test_pages_follow_each_other_by_cursor(self, client, world):
        first = client.get("/api/v1/contested/?page_size=2").json()
        second = client.get(first["next"]).json()
        refs = [row["record"]["ref"] for row in [*first["results"], *second["results"]]]
        assert refs == ["agreements/alpha", "agreements/beta", "events/meeting"]

    def test_the_page_shows_the_same(self, client, world):
        text = client.get("/contested/").content.decode()
        assert text.count('class="dispute ') == 3
        assert "The better source says so." in text

    def test_rows_cost_no_queries(self, client, world):
        counts = []
        client.get("/api/v1/contested/")
        for size in (1, 3):
            with CaptureQueriesContext(connection) as queries:
                client.get(f"/api/v1/contested/?page_size={size}")
            counts.append(len(queries))
        assert counts[0] == counts[1] <= 10

    def test_records_can_be_asked_for_by_it(self, client, world):
        assert [row["slug"] for row in client.get("/api/v1/agreements/?contested=true").json()["results"]] == ["alpha"]
        assert [row["slug"] for row in client.get("/api/v1/events/?contested=true").json()["results"]] == ["meeting"]
        assert client.get("/api/v1/people/?contested=true").json()["results"] == []


class TestDraftsStayOut:
    def test_a_draft_record_is_not_listed(self, client, world):
        draft = make_agreement("draft", status="draft", term="x")
        cite(draft, "term", world["tabloid"], stance="disputes")
        draft.refresh_derived()
        assert "agreements/draft" not in listed(client)

    def test_a_draft_source_contests_nothing(self, client, world):
        cite(world["gamma"], "term", make_source("leak", status="draft"), stance="disputes", value="ten years")
        world["gamma"].refresh_derived()
        assert world["gamma"].is_contested is False
        assert "agreements/gamma" not in listed(client)

    def test_it_does_once_it_is_published(self, client, world):
        leak = make_source("leak", status="draft")
        cite(world["gamma"], "term", leak, stance="disputes", value="ten years")
        leak.publish(by=None)
        world["gamma"].refresh_from_db()
        assert world["gamma"].is_contested is True
        assert "agreements/gamma" in listed(client)


class TestGradingAgain:
    def test_a_withdrawn_source_contests_no_more(self, client, world):
        world["tabloid"].withdraw(by=None, reason="It was made up.")
        world["alpha"].refresh_from_db()
        assert world["alpha"].is_contested is False
        assert listed(client) == []

    def test_a_retracted_one_does_not_either(self, world):
        world["tabloid"].standing = "retracted"
        world["tabloid"].save()
        changed = contested_facts.regrade_resting_on([world["tabloid"]])
        assert [record.ref for record in changed] == ["agreements/alpha", "agreements/beta", "events/meeting"]

    def test_what_rests_on_a_reprint_is_graded_too(self, world):
        reprint = make_source("reprint", derived_from=world["tabloid"])
        cite(world["gamma"], "term", reprint, stance="mentions")
        assert world["gamma"] in contested_facts.records_resting_on([world["tabloid"]])

    def test_what_rests_on_shaken_sources_is_a_worklist(self, world):
        assert contested_facts.records_resting_on_shaken_sources() == []
        world["gazette"].standing = "corrected"
        world["gazette"].save()
        found = contested_facts.records_resting_on_shaken_sources()
        assert [(record.ref, [source.slug for source in sources]) for record, sources in found] == [
            (f"agreements/{slug}", ["gazette"]) for slug in ("alpha", "beta", "gamma")
        ] + [("events/meeting", ["gazette"])]

    def test_the_command_grades_everything(self, world, capsys):
        ContestedFact.objects.all().delete()
        call_command("regrade")
        assert ContestedFact.objects.count() == 3
        assert "agreements/alpha" in capsys.readouterr().out

    def test_grading_twice_changes_nothing(self, world):
        before = list(ContestedFact.objects.values_list("pk", "uid", "state"))
        assert contested_facts.regrade([world["alpha"], world["beta"]]) == []
        assert list(ContestedFact.objects.values_list("pk", "uid", "state")) == before
