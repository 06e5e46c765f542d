"""Worklists: what waits, for whom, how many, and the way to the screen where it is done, at a price that does not grow."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kb.staff import worklists
from sources.models import Citation, Proposal
from sources.records import dossier
from tests.cast import sign_in
from tests.factory import (
    cite_everything,
    make_agreement,
    make_finding,
    make_person,
    make_position,
    make_source,
    make_topic,
)  # fmt: skip
from tests.forms import address

pytestmark = pytest.mark.django_db
QUERIES = 20


def screen(client, name, **query):
    return client.get(reverse("admin:worklist", args=[name]), query)


def shown(client, name):
    """``[(label, address)]`` of the rows of a list."""
    return [(row.label, row.address) for row in screen(client, name).context["rows"]]


def counts(user):
    return {row["list"].name: row["count"] for row in worklists.summary(user)}


def propose(record, user, **changes):
    now = record.dossier()
    return record.propose(user, now, {**now, **changes})


def disputed(**fields):
    """An agreement whose title one source gives otherwise, with no ruling."""
    record = make_agreement(title="One title", **fields)
    state = record.dossier()
    entry = {
        "fields": ["title"], "source": make_source().slug, "locator": "p. 2", "stance": "disputes", "value": "Another",
    }  # fmt: skip
    dossier.write(record, {**state, "citations": [*state["citations"], entry]})
    return record


# For whom


def test_reviewers_see_the_review_queues_first_and_editors_last(alice, bob):
    names = [worklist.name for worklist in worklists.offered(bob)]
    assert names[:2] == ["review", "proposals"]
    names = [worklist.name for worklist in worklists.offered(alice)]
    assert names[0] == "mine"
    assert names[-2:] == ["review", "proposals"]


def test_viewers_see_none(victor):
    make_agreement(status="in_review")
    client = sign_in(victor)
    assert "Waiting work" not in client.get(reverse("admin:index")).content.decode()
    assert screen(client, "review").status_code == 403


def test_visitors_are_sent_to_the_door(client):
    assert screen(client, "review").status_code == 302


def test_a_list_that_is_not_there_is_not_found(alice):
    assert screen(sign_in(alice), "nonsense").status_code == 404


def test_the_home_counts_and_leads_to_each_list(bob):
    make_agreement(status="in_review")
    page = sign_in(bob).get(reverse("admin:index")).content.decode()
    assert counts(bob)["review"] == 1
    for worklist in worklists.LISTS:
        assert reverse("admin:worklist", args=[worklist.name]) in page


# What is on each


def test_records_awaiting_review_of_every_kind(bob):
    records = [make_agreement(status="in_review"), make_person(status="in_review")]
    make_agreement()
    make_agreement(status="published")
    assert [place for _label, place in shown(sign_in(bob), "review")] == [address(record) for record in records]


def test_drafts_with_a_fact_without_a_source(alice):
    gap = make_agreement(cited=False)
    gap.refresh_derived()
    make_agreement()
    assert shown(sign_in(alice), "uncited") == [(str(gap), address(gap))]


def test_withdrawn_records_are_on_no_worklist(alice):
    gap = make_agreement(status="withdrawn")
    gap.uncited_count = 3
    gap.save()
    assert counts(alice)["uncited"] == 0


def test_submitted_proposals_are_for_review_and_returned_ones_come_back(alice, bob):
    submitted, returned = (make_agreement(title=name, status="published") for name in ("One", "Two"))
    for record in (submitted, returned):
        propose(record, alice, summary="More.").submit(alice)
    returned.proposals.get().send_back(bob, "Give the article.")

    queue = shown(sign_in(bob), "proposals")
    assert queue == [("One", reverse("admin:sources_proposal_change", args=[submitted.proposals.get().pk]))]
    mine = screen(sign_in(alice), "mine")
    assert [row.label for row in mine.context["rows"]] == ["Two"]
    assert "Give the article." in mine.content.decode()
    assert counts(bob)["mine"] == 0


def test_returned_proposals_come_before_open_ones(alice, bob):
    being_written, returned = (make_agreement(title=name, status="published") for name in ("One", "Two"))
    propose(being_written, alice, summary="More.")
    propose(returned, alice, summary="More.").submit(alice)
    returned.proposals.get().send_back(bob, "Why?")
    assert [label for label, _place in shown(sign_in(alice), "mine")] == ["Two", "One"]


def test_a_draft_that_came_back_is_on_the_list_of_who_handed_it_in(alice, bob):
    drafts = [make_agreement(), make_person(), make_agreement(), make_agreement()]
    for draft in drafts[:3]:
        draft.submit(alice)
        draft.send_back(bob, "Say who signed.")
    drafts[2].submit(alice)
    assert sorted(place for _label, place in shown(sign_in(alice), "returned")) == sorted(map(address, drafts[:2]))
    assert shown(sign_in(bob), "returned") == []


def test_a_contested_fact_leads_to_its_ruling(alice):
    record = disputed(status="published")
    assert shown(sign_in(alice), "contested") == [("One title", f"{address(record)}#%7Ctitle")]


def test_open_questions_wait_until_they_are_answered(alice):
    waiting = make_finding()
    make_finding(resolved="true", outcome="It is in the gazette.")
    assert [place for _label, place in shown(sign_in(alice), "findings")] == [address(waiting)]


def test_gaps_are_a_list_of_their_own(alice):
    gap, searched = make_finding(is_gap="true"), make_finding()
    assert [place for _label, place in shown(sign_in(alice), "gaps")] == [address(gap)]
    assert [place for _label, place in shown(sign_in(alice), "findings")] == [address(searched)]


def test_facts_from_a_shaken_source(alice):
    source = make_source()
    record = make_agreement(cited=False)
    cite_everything(record, source)
    record.publish(by=None)
    assert counts(alice)["shaken"] == 0
    source.withdraw(by=None, reason="A forgery.")
    answer = screen(sign_in(alice), "shaken")
    assert [row.address for row in answer.context["rows"]] == [address(record)]
    assert "withdrawn" in answer.content.decode()


def test_a_report_on_a_held_text_leads_to_its_place_on_the_screen_of_marks(alice):
    text = {"fields": ["summary"], "source": make_source(kind="treaty_text").slug, "locator": "art. 1"}
    report = {"fields": ["summary"], "source": make_source(kind="news").slug, "locator": "para 1"}
    record = make_agreement(
        clauses=[{"heading": "Scope", "summary": "It covers the force.", "citations": [text, report]}]
    )
    assert shown(sign_in(alice), "reports") == [(str(record), f"{address(record, 'press')}#clauses/scope")]


def test_an_agreement_to_code_again_leads_to_the_blind_grid_and_not_past_the_coding(alice, bob):
    make_topic("A1")
    coded = [{"topic": "a1", "stance": "silent", "basis": "text", "codebook": "1-0"}]
    record = make_agreement(status="published", codings=coded, by=alice)
    make_agreement(status="published")
    assert shown(sign_in(bob), "second") == [(str(record), address(record, "second"))]
    # Alice wrote it, so she cannot code it independently.
    assert counts(alice)["second"] == 0


# What it costs


def cost(client, name):
    with CaptureQueriesContext(connection) as queries:
        assert screen(client, name).status_code == 200
    return len(queries)


def fill(alice, number):
    source = make_source()
    for _each in range(number):
        make_agreement(status="in_review", by=alice)
        make_position(status="in_review", by=alice)
        make_agreement(cited=False, by=alice).refresh_derived()
        disputed(by=alice)
        make_finding()
        make_agreement(clauses=[{"heading": "Scope", "summary": "It covers the force."}], by=alice)
        propose(make_agreement(status="published"), alice, summary="More.").submit(alice)
    return source


def test_a_list_and_the_home_cost_the_same_for_many_rows_as_for_few(alice, bob):
    client = sign_in(bob)
    fill(alice, 2)
    names = [worklist.name for worklist in worklists.offered(bob)]
    few = {name: cost(client, name) for name in names}
    with CaptureQueriesContext(connection) as home:
        client.get(reverse("admin:index"))
    fill(alice, 6)
    many = {name: cost(client, name) for name in names}
    with CaptureQueriesContext(connection) as home_later:
        client.get(reverse("admin:index"))
    assert many == few
    assert max(few.values()) <= QUERIES
    assert len(home_later) <= len(home) <= QUERIES + 8
    assert Proposal.objects.count() == 8


def test_a_long_list_comes_in_pages(alice, monkeypatch):
    monkeypatch.setattr("kb.staff.worklist_views.PER_PAGE", 2)
    for _each in range(5):
        make_finding()
    client = sign_in(alice)
    assert len(screen(client, "findings").context["rows"]) == 2
    last = screen(client, "findings", page=3)
    assert len(last.context["rows"]) == 1
    page = last.content.decode()
    assert "Page 3" in page and "Next" not in page and "?page=2" in page


def test_a_list_ends_where_counting_does(alice, monkeypatch):
    monkeypatch.setattr("kb.staff.worklist_views.PER_PAGE", 2)
    monkeypatch.setattr(worklists, "COUNTED", 4)
    for _each in range(5):
        make_finding()
    for page in (2, 3):
        last = screen(sign_in(alice), "findings", page=page).content.decode()
        assert "Page 2" in last and "Next" not in last and "The list ends here" in last


def test_a_list_says_that_not_all_were_looked_at(alice, monkeypatch):
    said = "too many citations to look at"
    assert said not in screen(sign_in(alice), "marks").content.decode()
    cite = {"fields": ["title"], "source": make_source().slug, "locator": "p. 1"}
    for _each in range(2):
        make_agreement(by=alice, citations=[cite])
    Citation.objects.update(against_text="matches")
    monkeypatch.setattr("sources.lib.sifted.PORTION", 1)
    monkeypatch.setattr("sources.lib.sifted.MOST", 1)
    assert said in screen(sign_in(alice), "marks").content.decode()


@pytest.mark.parametrize("page", ["99", "0", "-1", "x", "9" * 30, ""])
def test_a_page_that_is_not_there_is_the_nearest_that_is(alice, page):
    make_finding()
    answer = screen(sign_in(alice), "findings", page=page)
    assert answer.status_code == 200
    assert len(answer.context["rows"]) == 1


def test_the_count_stops_where_it_says_no_more(alice, monkeypatch):
    monkeypatch.setattr(worklists, "COUNTED", 2)
    for _each in range(4):
        make_finding()
    row = next(row for row in worklists.summary(alice) if row["list"].name == "findings")
    assert (row["count"], row["words"]) == (2, "more than 2 questions")


def test_a_list_that_would_need_a_look_at_every_citation_is_named_without_a_number(alice):
    rows = {row["list"].name: row for row in worklists.summary(alice)}
    assert [rows[name]["count"] for name in ("reports", "marks")] == [None, None]
    home = sign_in(alice).get(reverse("admin:index")).content.decode()
    assert "Reports to compare with the text</a></li>" in home
    assert re.search(r'Open questions</a>\s*<span class="count">none</span>', home)
