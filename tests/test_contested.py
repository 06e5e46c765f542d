"""Facts on which sources differ: listed across kinds, graded again when a source falls, never moved by a draft."""

import re

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agreements.models import Agreement, Event
from sources.evidence import shaken_sources
from sources.models import ContestedFact, Source
from sources.models.graded import regrade
from tests.content import undone
from tests.factory import cite, make_agreement, make_event, make_source, make_topic, publish, rule

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def rows(django_db_setup, django_db_blocker):
    """Alpha's term is contested, Beta's settled; an event's place is contested; Gamma's term is undisputed."""
    with undone(django_db_blocker):
        gazette = make_source(slug="gazette", reliability="B", reliability_reason="Its record.")
        tabloid = make_source(slug="tabloid")
        agreements = [make_agreement(slug=slug, term="five years", cited=False) for slug in ("alpha", "beta", "gamma")]
        event = make_event(slug="meeting", title="Meeting", kind="meeting", place="Lima", cited=False)
        for record in (*agreements, event):
            field = "place" if record is event else "term"
            cite(record, field, gazette, credibility=2)
            if record.slug != "gamma":
                cite(record, field, tabloid, stance="disputes", value="another", credibility=3)
            if record.slug == "beta":
                rule(record, field, state="settled", adopted_value="five years")
            publish(record)
        yield


@pytest.fixture
def world(rows):
    """The rows by their names, as they are in the database."""
    agreements = {slug: Agreement.objects.get(slug=slug) for slug in ("alpha", "beta", "gamma")}
    sources = {slug: Source.objects.get(slug=slug) for slug in ("gazette", "tabloid")}
    return {**agreements, **sources, "event": Event.objects.get()}


def listed(client, query=""):
    return [row["record"]["ref"] for row in client.get(f"/api/v1/contested/{query}").json()["results"]]


class TestTheList:
    def test_it_has_contested_and_settled_facts_of_all_kinds(self, client, world):
        assert listed(client) == ["agreements/alpha", "events/meeting", "agreements/beta"]
        assert listed(client, "?ordering=record") == ["agreements/alpha", "agreements/beta", "events/meeting"]

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
    def test_unknown_parameters_are_400(self, client, world, query):
        assert client.get(f"/api/v1/contested/{query}").status_code == 400
        assert client.get(f"/contested/{query}").status_code == 400

    def test_each_row_shows_all_sides_and_the_ruling(self, client, world):
        row = client.get("/api/v1/contested/?state=settled").json()["results"][0]
        assert row["stated_value"] == "five years"
        assert {citation["source"]["slug"] for citation in row["citations"]} == {"gazette", "tabloid"}
        assert row["ruling"]["reason"] == "The better source says so."

    def test_a_source_is_named_as_it_is_called_now(self, client, world):
        publisher = world["tabloid"].publisher
        publisher.name = "The Sunday Record"
        publisher.save()
        answers = (client.get("/api/v1/contested/").json()["results"], client.get("/contested/").content.decode())
        assert ["The Sunday Record" in str(answer) for answer in answers] == [True, True]

    def test_one_fact_is_told_as_in_the_list(self, client, world):
        for row in client.get("/api/v1/contested/").json()["results"]:
            assert client.get(f"/api/v1/contested/{row['id']}/").json() == row

    @pytest.mark.parametrize("query", ["", "kind=agreements&", "ordering=record&state=contested&", "ordering=-record&"])
    def test_pages_follow_each_other_by_cursor(self, client, world, query):
        whole, refs, address = listed(client, f"?{query}"), [], f"/api/v1/contested/?{query}page_size=1"
        while address:
            page = client.get(address).json()
            refs += [row["record"]["ref"] for row in page["results"]]
            last, address = page, page["next"]
        assert refs == whole
        back = []
        while last:
            back = [row["record"]["ref"] for row in last["results"]] + back
            last = last["previous"] and client.get(last["previous"]).json()
        assert back == whole

    def test_the_page_shows_the_same(self, client, world):
        text = client.get("/contested/").content.decode()
        assert text.count('class="dispute ') == 3
        assert "The better source says so." in text

    def test_the_page_counts_facts_and_names_them_as_the_record_does(self, client, world):
        milestone = {"kind": "signed", "date": "2025-12-15", "key": "a-key-that-says-nothing"}
        treaty = make_agreement(slug="treaty", milestones=[milestone], cited=False)
        cite(
            treaty, "date", world["tabloid"], part="milestones/a-key-that-says-nothing", stance="disputes", value="2024"
        )
        publish(treaty)
        text = client.get("/contested/").content.decode()
        assert "<strong>4 disputed questions</strong>" in text
        assert "When was it signed?" in text and "says nothing" not in text
        assert "<strong>1 disputed question</strong>" in client.get("/contested/?kind=events").content.decode()

    def test_an_answer_is_named_by_topic_and_persons_without_codes(self, client, world):
        make_topic("A1")
        answer = {"topic": "a1", "person_class": "contractor", "stance": "present", "basis": "text", "codebook": "1-0"}
        treaty = make_agreement(slug="treaty", codings=[answer], cited=False)
        cite(treaty, "stance", world["tabloid"], part="codings/a1-contractor", stance="disputes", value="silent")
        publish(treaty)
        text = client.get("/contested/").content.decode()
        assert "Does it deal with “Topic A1” for contractors?" in text

    def test_a_question_has_its_answers_with_who_gives_each(self, client, world):
        text = client.get("/contested/?record=agreements/alpha").content.decode()
        assert "<h3>How long does it last?</h3>" in text
        stated, other = text.index("five years"), text.index("another")
        assert stated < text.index("what the record states") < other
        assert "The Daily Record" in text and ">B2</span>" in text and ">F3</span>" in text
        assert 'href="/agreements/alpha/full/#fact-term"' in text

    def test_open_ones_come_first_and_settled_ones_are_folded(self, client, world):
        text = client.get("/contested/").content.decode()
        assert text.count('<section class="dispute contested"') == 2
        assert text.count('<details class="dispute settled"') == 1
        assert text.index("dispute contested") < text.index("dispute settled")
        assert "2 questions are open" in text
        assert "1 question is open" in client.get("/contested/?kind=events").content.decode()
        only = client.get("/contested/?state=settled").content.decode()
        assert "No question is open" in only
        assert "dispute contested" not in only and "The better source says so." in only

    def test_a_quotation_stands_apart_from_its_place(self, client, world):
        quoted = make_agreement(slug="quoted", term="five years", cited=False)
        cite(quoted, "term", world["gazette"], credibility=2)
        cite(
            quoted,
            "term",
            world["tabloid"],
            stance="disputes",
            value="ten years",
            locator="art. 9",
            quotation="for ten years",
        )
        publish(quoted)
        text = client.get("/contested/").content.decode()
        assert re.search(r'<span class="where">art. 9</span> <q', text)

    def test_status_and_immunity_come_before_the_rest_and_then_more_sources(self, client, world):
        steps = [{"kind": "in_force", "date": "2020", "key": "in-force"}]
        late = make_agreement(slug="zeta", milestones=steps, term="five years", cited=False)
        cite(late, "date", world["gazette"], part="milestones/in-force", credibility=2)
        cite(late, "date", world["tabloid"], part="milestones/in-force", stance="disputes", value="2021")
        cite(late, "term", world["gazette"], credibility=2)
        for locator in ("p. 1", "p. 2"):
            cite(late, "term", world["tabloid"], stance="disputes", value="two years", locator=locator)
        publish(late)
        rows = client.get("/api/v1/contested/").json()["results"]
        order = [(row["record"]["slug"], row["field"]) for row in rows]
        assert order[:3] == [("zeta", "date"), ("zeta", "term"), ("alpha", "term")]
        assert "the status of an instrument or an immunity" in " ".join(
            client.get("/contested/").content.decode().split()
        )

    def test_rows_cost_no_queries(self, client, world):
        counts = []
        client.get("/api/v1/contested/")
        for size in (1, 3):
            with CaptureQueriesContext(connection) as queries:
                client.get(f"/api/v1/contested/?page_size={size}")
            counts.append(len(queries))
        assert counts[0] == counts[1] <= 4

    def test_records_can_be_asked_for_by_it(self, client, world):
        assert [row["slug"] for row in client.get("/api/v1/agreements/?contested=true").json()["results"]] == ["alpha"]
        assert [row["slug"] for row in client.get("/api/v1/events/?contested=true").json()["results"]] == ["meeting"]
        assert client.get("/api/v1/people/?contested=true").json()["results"] == []


class TestDraftsStayOut:
    def test_a_draft_record_is_not_listed(self, client, world):
        draft = make_agreement(slug="draft", term="x")
        cite(draft, "term", world["tabloid"], stance="disputes")
        draft.refresh_derived()
        assert "agreements/draft" not in listed(client)

    def test_a_draft_source_contests_nothing(self, client, world):
        cite(world["gamma"], "term", make_source(slug="leak", status="draft"), stance="disputes", value="ten years")
        world["gamma"].refresh_derived()
        assert world["gamma"].is_contested is False
        assert "agreements/gamma" not in listed(client)

    def test_it_does_once_it_is_published(self, client, world):
        leak = make_source(slug="leak", status="draft")
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
        changed = world["tabloid"].regrade()
        assert [record.ref for record in changed] == ["agreements/alpha", "agreements/beta", "events/meeting"]

    def test_facts_from_a_reprint_are_graded_too(self, world):
        reprint = make_source(slug="reprint", derived_from="tabloid")
        cite(world["gamma"], "term", reprint, stance="mentions")
        assert world["gamma"] in world["tabloid"].dependent_citations().records()

    def test_facts_from_shaken_sources_are_a_worklist(self, world):
        assert shaken_sources.records_resting_on_shaken_sources() == []
        world["gazette"].standing = "corrected"
        world["gazette"].save()
        waiting = shaken_sources.records_resting_on_shaken_sources()
        assert [(record.ref, [source.slug for source in sources]) for record, sources in waiting] == [
            (f"agreements/{slug}", ["gazette"]) for slug in ("alpha", "beta", "gamma")
        ] + [("events/meeting", ["gazette"])]

    def test_the_command_grades_everything(self, world, capsys):
        ContestedFact.objects.all().delete()
        call_command("regrade")
        assert ContestedFact.objects.count() == 3
        assert "agreements/alpha" in capsys.readouterr().out

    def test_grading_twice_changes_nothing(self, world):
        before = list(ContestedFact.objects.values_list("pk", "uid", "state"))
        assert regrade([world["alpha"], world["beta"]]) == []
        assert list(ContestedFact.objects.values_list("pk", "uid", "state")) == before
