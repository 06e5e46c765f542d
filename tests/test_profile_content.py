"""The profiles of the published content: each section is there, and counts, lists and pages agree."""

import re

import pytest

from agreements.profiles.countries import counts_by_state
from agreements.profiles.timeline import length_of, timeline_of
from people.models import Organisation
from tests.test_profile import page, section

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]
LISTS = {
    "agreements": ("agreements", "party"),
    "exercises": ("exercises", "host"),
    "given": ("assistance", "given_by"),
    "received": ("assistance", "received_by"),
}


def test_counts_of_all_states_are_those_of_the_lists(client, subtests):
    rows = counts_by_state()
    assert len(rows) > 50
    for row in [row for row in rows if row["given"] or row["received"] or row["exercises"]] + rows[:3]:
        with subtests.test(row["slug"]):
            for name, (route, parameter) in LISTS.items():
                answer = client.get(f"/api/v1/{route}/?{parameter}={row['slug']}&count=true&page_size=1").json()
                assert answer["count"] == row[name], name


def test_the_page_of_the_united_states_has_each_section(client):
    text = page(client, "united-states")
    for name in ("agreements", "exercises", "assistance", "said", "events", "timeline"):
        assert "<li" in section(text, name), name
    assert "Marco Rubio" in section(text, "said") and "Secretary of State" in section(text, "said")
    assert "Armed Forces" in section(text, "assistance")


def test_every_group_counts_what_its_list_holds(client, subtests):
    text = page(client, "united-states")
    found = re.findall(r'class="more"><a href="(/[a-z]+/\?[^"]*)">See all: (\d+)', text)
    assert len(found) >= 4
    for address, number in found:
        with subtests.test(address):
            assert client.get(f"/api/v1{address}&count=true&page_size=1").json()["count"] == int(number)


def test_the_whole_timeline_is_in_pages_that_follow_each_other(client):
    state = Organisation.objects.get(slug="united-states")
    number = length_of(state)
    assert number > 100
    whole = timeline_of(state)
    assert len(whole) == number and whole[:5] + timeline_of(state, 5, 7) == whole[:12]
    second = client.get("/organisations/united-states/timeline/?page=2").content.decode()
    assert f"{number} dated entries" in " ".join(second.split())
    assert second.count('<p class="date">') == number - 100


def test_the_latest_entries_are_those_of_the_whole_timeline(subtests):
    for slug in ("united-states", "netherlands", "paraguay", "paraguay-senate", "nato", "us-government"):
        organisation = Organisation.objects.published().get(slug=slug)
        whole = timeline_of(organisation)
        assert whole
        for first, number in ((0, 1), (0, 3), (2, 5), (11, 30)):
            with subtests.test(f"{slug}: {number} from {first}"):
                assert timeline_of(organisation, first, number) == whole[first : first + number]


def test_a_timeline_refuses_what_it_does_not_know(client):
    address = "/organisations/united-states/timeline/"
    assert client.get(f"{address}?page=99").status_code == 404
    assert client.get(f"{address}?page=x").status_code == 404
    assert client.get(f"{address}?bogus=1").status_code == 400
    assert client.get("/organisations/never-was/timeline/").status_code == 404


def test_a_source_with_many_statements_is_in_pages_that_have_all(client):
    counted = client.get("/api/v1/citations/?source=paraguay-post-2025-12-22&count=true&page_size=1").json()["count"]
    assert counted > 200
    pages = [client.get(f"/sources/paraguay-post-2025-12-22/?page={number}").content.decode() for number in (1, 2, 3)]
    assert sum(len(re.findall(r"(?<!What )this source (?:says|disputes|mentions)", text)) for text in pages) == counted
    assert "Here are 1 to 100." in " ".join(pages[0].split())
