"""The profile of a state or body: what it holds, what it counts, and that lists, pages and counts of all states agree."""

import re
from html import unescape

import pytest

from agreements.models import Assistance, Event, Exercise
from agreements.profiles.countries import counts_by_state
from agreements.profiles.selection import SHOWN
from tests.content import undone
from tests.factory import (
    cite,
    make_agreement,
    make_assistance,
    make_event,
    make_exercise,
    make_organisation,
    make_person,
    make_position,
    make_source,
    make_state,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Utopia with an army, a brigade of the army, a company and an official; Arcadia with nothing."""
    with undone(django_db_blocker):
        make_state("XAA", "Utopia")
        make_state("XBB", "Arcadia")
        make_organisation(slug="army", name="Army of Utopia", kind="force", country="xaa", status="published")
        make_organisation(slug="brigade", name="First Brigade", kind="force", parent="army", status="published")
        make_organisation(slug="firm", name="A firm", kind="company", country="xaa", status="published")
        make_organisation(slug="hidden", name="A hidden body", kind="agency", country="xaa", status="draft")
        make_official("general", "2020/2022")
        make_rows()
        yield


def make_official(slug, dates):
    term = {"organisation": "army", "role": "commander", "dates": dates}
    make_person(slug=slug, name="Bea General", memberships=[term], status="published")


def make_rows():
    def step(kind, date):
        return {"kind": kind, "date": date}

    parties = [{"organisation": "xaa"}]
    for slug, steps in {
        "lives": [step("signed", "2010"), step("in_force", "2011-05")],
        "open": [step("signed", "2020~")],
        "over": [step("in_force", "2001"), step("terminated", "2006-08-01")],
    }.items():
        make_agreement(slug=slug, title=f"The {slug} pact", parties=parties, milestones=steps, status="published")
    make_exercise(slug="at-home", name="Home games", country="xaa", dates="2021", status="published")
    make_exercise(slug="away", name="Away games", country="xbb", participations=[{"organisation": "brigade"}],
                  dates="2022-03/2022-04", status="published")  # fmt: skip
    make_assistance(
        slug="boats", title="Boats", provider="xbb", recipients=["brigade"], date="2023", status="published"
    )
    make_assistance(slug="tents", title="Tents", provider="army", recipients=["xbb"], status="published")
    make_position(slug="by-army", organisation="army", statement="The army spoke.", status="published")
    for slug, date in {"in-office": "2021-06", "after-office": "2024"}.items():
        make_position(slug=slug, person="general", statement=f"Said {slug}.", date=date, status="published")
    make_position(slug="by-firm", organisation="firm", statement="The firm spoke.", status="published")
    make_event(slug="parade", title="A parade", participants=[{"person": "general", "role": "took the salute"}],
               date="2021-07-01", status="published")  # fmt: skip


def page(client, slug):
    answer = client.get(f"/organisations/{slug}/")
    assert answer.status_code == 200
    return " ".join(unescape(answer.content.decode()).split())


def section(text, name):
    return text[text.index(f'<section id="{name}"') :].partition("</section>")[0]


def refs(client, address):
    return sorted(row["slug"] for row in client.get(f"/api/v1/{address}").json()["results"])


class TestTheStatePage:
    def test_instruments_stand_by_whether_they_are_in_force(self, client, world):
        text = section(page(client, "xaa"), "agreements")
        headings = re.findall("<h3>(.*?)</h3>", text)
        assert headings == [
            "1 instrument in force",
            "1 instrument of which it is not established whether it is in force",
            "1 instrument ended, rejected or shown not to be in force",
        ]
        assert text.index("The lives pact") < text.index("The open pact") < text.index("The over pact")
        assert text.count("confidence") == 3

    def test_exercises_on_its_soil_stand_apart_from_those_elsewhere(self, client, world):
        text = section(page(client, "xaa"), "exercises")
        assert "1 exercise or deployment on its soil" in text
        assert text.index("Home games") < text.index("took part</h3>") < text.index("Away games")
        assert "First Brigade" in text

    def test_assistance_of_its_bodies_is_its_own_and_names_them(self, client, world):
        text = section(page(client, "xaa"), "assistance")
        assert "1 delivery, sale or plan given" in text and "Army of Utopia" in text
        assert "1 delivery, sale or plan received" in text and "First Brigade" in text

    def test_officials_are_named_with_their_post_and_only_while_in_office(self, client, world):
        text = section(page(client, "xaa"), "said")
        assert "2 public statements" in text
        assert "The army spoke." in text and "Said in-office." in text
        assert "commander" in text and "Army of Utopia" in text and "2020–2022" in text
        assert "Said after-office." not in text and "The firm spoke." not in text

    def test_events_with_its_officials_are_there(self, client, world):
        assert "A parade" in section(page(client, "xaa"), "events")

    def test_the_timeline_is_an_ordered_list_with_dates_as_precise_as_known(self, client, world):
        text = section(page(client, "xaa"), "timeline")
        assert "<ol" in text
        dates = re.findall('<p class="date">(?:<time[^>]*>)?(.*?)(?:</time>)?</p>', text)
        assert dates == [
            "2023", "March–April 2022", "1 July 2021", "2021", "about 2020", "May 2011", "2010", "1 August 2006", "2001",
        ]  # fmt: skip
        assert "See the whole timeline" not in text

    def test_what_is_missing_is_a_sentence(self, client, world):
        text = page(client, "xbb")
        for words in (
            "No instrument in force is recorded.",
            "No public statement of it, its bodies or their officials is recorded.",
            "No event with it or in it is recorded.",
        ):
            assert words in text
        assert "0 " not in section(text, "agreements")

    def test_a_body_shows_only_what_there_is(self, client, world):
        text = page(client, "army")
        assert '<section id="said"' in text and "2 public statements" in text
        assert '<section id="agreements"' not in text and "No instrument" not in text

    def test_a_hidden_body_is_named_nowhere(self, client, world):
        make_position(organisation="hidden", statement="Nobody hears this.", status="published")
        assert "Nobody hears this." not in page(client, "xaa")


class TestTheListsBehindIt:
    QUESTIONS = [
        ("exercises/?host=xaa", ["at-home"]),
        ("exercises/?host=army", []),
        ("exercises/?taking_part=xaa", ["away"]),
        ("exercises/?taking_part=army", ["away"]),
        ("assistance/?given_by=xaa", ["tents"]),
        ("assistance/?received_by=XAA", ["boats"]),
        ("assistance/?supplier=firm", []),
        ("positions/?said_for=xaa", ["by-army", "in-office"]),
        ("positions/?said_for=firm", ["by-firm"]),
        ("events/?involving=army", ["parade"]),
    ]

    def test_they_take_the_same_conditions(self, client, world, subtests):
        for address, slugs in self.QUESTIONS:
            with subtests.test(address):
                assert refs(client, address) == slugs
                assert client.get(f"/{address}").status_code == 200

    def test_a_long_group_ends_with_its_list(self, client, world):
        for number in range(SHOWN):
            make_exercise(name=f"Home games {number}", country="xaa", status="published")
        text = section(page(client, "xaa"), "exercises")
        assert text.count("<li") == SHOWN + 1
        assert 'href="/exercises/?host=xaa">See all: 11 exercises and deployments on its soil' in text

    def test_an_exercise_hosted_by_a_body_where_no_state_is_named_is_on_its_soil(self, client, world):
        make_exercise(slug="somewhere", host="army", status="published")
        make_exercise(slug="abroad", host="army", country="xbb", status="published")
        assert refs(client, "exercises/?host=xaa") == ["at-home", "somewhere"]
        assert refs(client, "exercises/?host=army") == ["abroad", "somewhere"]


class TestCountries:
    def test_a_state_has_its_counts_and_one_with_nothing_is_not_listed(self, client, world):
        make_state("XCC", "Nowhere")
        rows = {row["slug"]: row for row in counts_by_state()}
        assert "xcc" not in rows
        assert [rows["xaa"][name] for name in ("agreements", "in_force", "exercises", "given", "received")] == [
            3,
            1,
            1,
            1,
            1,
        ]
        text = client.get("/countries/").content.decode()
        assert "Utopia" in text and "1 other state" in " ".join(text.split())


class TestCertainty:
    def test_it_stands_beside_the_first_fact_in_row_api_and_csv(self, client, world, subtests):
        tabloid = make_source(slug="tabloid")
        for model, field, kind in (
            (Exercise, "dates", "exercises"),
            (Assistance, "state", "assistance"),
            (Event, "date", "events"),
        ):
            record = model.objects.published().order_by("slug").first()
            cite(record, field, tabloid, stance="disputes", value="1999")
            record.refresh_derived()
            with subtests.test(kind):
                row = next(
                    row for row in client.get(f"/api/v1/{kind}/").json()["results"] if row["slug"] == record.slug
                )
                assert (row[f"{field}_confidence"], row[f"{field}_standing"]) == ("medium", "contested")
                table = client.get(f"/api/v1/{kind}/?format=csv").getvalue().decode()
                assert f"{field}_confidence" in table and "contested" in table
                text = client.get(f"/{kind}/").content.decode()
                assert "medium" in text and 'class="mark contested"' in text

    def test_a_draft_source_changes_nothing(self, world):
        record = Exercise.objects.get(slug="at-home")
        cite(record, "dates", make_source(slug="leak", status="draft"), stance="disputes", value="1999")
        record.refresh_derived()
        assert (record.headline_confidence, record.headline_standing) == ("medium", "supported")
