"""Legal-basis check: the instrument in force when something happened, or that none is known."""

import pytest

from agreements.life.legal_basis import check
from agreements.models import Agreement, Exercise, Party
from tests.content import undone
from tests.factory import (
    make_agreement,
    make_assistance,
    make_event,
    make_exercise,
    make_organisation,
    make_state,
    publish,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def world(django_db_setup, django_db_blocker):
    """A status agreement between two states, in force from 2000 to 2010; a third state."""
    with undone(django_db_blocker):
        for slug, code in (("paraguay", "PRY"), ("united-states", "USA"), ("brazil", "BRA")):
            make_state(code, slug.title(), slug=slug)
        make_agreement(
            slug="sofa",
            parties=[{"organisation": "paraguay"}, {"organisation": "united-states"}],
            milestones=[{"kind": "in_force", "date": "2000-01-01"}, {"kind": "terminated", "date": "2010-12-31"}],
            status="published",
        )
        yield


def exercise(dates, legal_basis="", states=("united-states",)):
    """An exercise in Paraguay, in which these take part."""
    row = make_exercise(
        slug="ex",
        dates=dates,
        country="paraguay",
        legal_basis=legal_basis,
        participations=[{"organisation": slug} for slug in states],
        status="published",
    )
    return Exercise.objects.get(pk=row.pk)


def slugs(outcome):
    return [entry["agreement"]["slug"] for entry in outcome["instruments"]]


class TestNamed:
    STATES_BY_DATE = [
        ("2005-06-01", "named_in_force"),
        ("2005-01/2005-06", "named_in_force"),
        ("2010-06/2011-06", "named_in_part"),
        ("2011-06", "named_not_in_force"),
        ("1999", "named_not_in_force"),
        ("", "named_undated"),
    ]

    def test_the_instrument_that_a_source_names(self, case):
        for dates, state in self.STATES_BY_DATE:
            with case(dates):
                outcome = check(exercise(dates, "sofa"))
                assert (outcome["state"], slugs(outcome)) == (state, ["sofa"])
                assert outcome["instruments"][0]["because"]

    def test_the_day_is_no_more_exact_than_its_source(self, case):
        for dates, shown in [
            ("2005-12?", "2005-12?"),
            ("2005", "2005"),
            ("2005-03~/2006", "2005-03~"),
            ("2011/..", "2011"),
        ]:
            with case(dates):
                outcome = check(exercise(dates, "sofa"))
                assert outcome["instruments"][0]["on"] == shown

    def test_unrecorded_entry_into_force_is_not_established(self):
        signed = [{"kind": "signed", "date": "1999-05-01"}]
        make_agreement(slug="letters", milestones=signed, status="published")
        outcome = check(exercise("2005-06-01", "letters"))
        assert (outcome["state"], outcome["instruments"][0]["in_force"]) == ("named_not_established", "not_established")
        assert outcome["instruments"][0]["words"] == "signed; entry into force not established"
        assert "not established" in outcome["explanation"]

    def test_the_whole_time_is_looked_at_and_not_its_ends_alone(self):
        steps = [("in_force", "2000"), ("terminated", "2010-12-31"), ("in_force", "2012-01-01")]
        milestones = [{"kind": kind, "date": date, "key": f"step-{date}"} for kind, date in steps]
        make_agreement(slug="twice", milestones=milestones, status="published")
        outcome = check(exercise("2009/2013", "twice"))
        assert (outcome["state"], outcome["instruments"][0]["whole"]) == ("named_in_part", False)

    def test_a_draft_instrument_is_not_named(self):
        make_agreement(slug="draft")
        assert slugs(check(exercise("2005", "draft"))) == ["sofa"]


class TestCandidates:
    def test_agreements_in_force_between_the_states(self):
        outcome = check(exercise("2005-06-01"))
        assert (outcome["state"], slugs(outcome), outcome["instruments"][0]["whole"]) == ("candidates", ["sofa"], True)

    def test_or_for_part_of_the_time(self):
        assert check(exercise("2010-06/2011-06"))["instruments"][0]["whole"] is False

    def test_none_known_names_those_not_in_force_apart(self):
        outcome = check(exercise("2015"))
        assert (outcome["state"], slugs(outcome)) == ("none_known", [])
        assert [entry["agreement"]["slug"] for entry in outcome["others"]] == ["sofa"]

    def test_other_states_have_none(self):
        outcome = check(exercise("2005", states=["brazil"]))
        assert (outcome["state"], outcome["others"]) == ("none_known", [])

    STEPS_OF_PARAGUAY = [
        ({"kind": "terminated", "date": "2004-05-01"}, "none_known"),
        ({"kind": "left", "date": "2004-05-01"}, "none_known"),
        ({"kind": "left", "date": "2006-05-01"}, "candidates"),
        ({"kind": "bound", "date": "2006-05-01"}, "none_known"),
        ({"kind": "chamber", "date": "2004-05-01", "outcome": "rejected"}, "none_known"),
        ({"kind": "reservation", "date": "2004-05-01"}, "candidates"),
    ]

    def test_multilateral_agreements_count_while_both_states_are_bound(self, case):
        """It still binds the rest; the check says which of the states concerned was not bound then."""
        for step, state in self.STEPS_OF_PARAGUAY:
            with case(f"{step['kind']} {step['date']}"):
                Agreement.objects.filter(slug="sofa").update(status="draft")
                make_agreement(
                    slug="many",
                    parties=[{"organisation": slug} for slug in ("paraguay", "united-states", "brazil")],
                    milestones=[{"kind": "in_force", "date": "2000"}, {"party": "paraguay", **step}],
                    status="published",
                )
                outcome = check(exercise("2005"))
                assert outcome["state"] == state
                assert state == "candidates" or "Paraguay" in outcome["others"][0]["because"]

    def test_a_strategy_is_no_legal_basis(self):
        Agreement.objects.filter(slug="sofa").update(type="strategy")
        assert check(exercise("2005"))["state"] == "none_known"

    def test_a_depositary_is_no_party(self):
        Party.objects.filter(organisation__slug="united-states").update(role="depositary")
        assert check(exercise("2005"))["state"] == "none_known"

    def test_a_body_that_readers_do_not_see_brings_no_state_in(self, client):
        """A draft is not named, neither as a country nor through a person; the page and the API agree."""
        force = make_organisation(slug="force", kind="force", country="united-states")
        row = exercise("2005", states=["paraguay", "force"])
        assert check(row)["state"] == "none_known"
        assert client.get("/api/v1/exercises/ex/legal-basis/").json()["legal_basis_check"]["state"] == "none_known"
        assert "none in force between these states is known here" in client.get("/exercises/ex/").content.decode()
        publish(force)
        assert check(row)["state"] == "candidates"
        assert client.get("/api/v1/exercises/ex/legal-basis/").json()["legal_basis_check"]["state"] == "candidates"
        assert "In force between the states concerned" in client.get("/exercises/ex/").content.decode()

    def test_a_draft_is_no_candidate(self):
        Agreement.objects.filter(slug="sofa").update(status="draft")
        assert check(exercise("2005"))["state"] == "none_known"

    def test_without_a_day_nothing_can_be_said(self):
        assert check(exercise(""))["state"] == "undated"

    def test_assistance_goes_by_giver_and_receiver(self):
        row = make_assistance(
            date="2005", state="delivered", provider="united-states", recipients=["paraguay"], status="published"
        )
        assert slugs(check(row)) == ["sofa"]


class TestEvents:
    def test_an_event_shows_its_instrument_as_it_stood(self):
        outcome = check(make_event(date="2005-01-01", agreement="sofa", status="published"))
        assert (outcome["state"], outcome["instruments"][0]["status"]) == ("concerned", "in_force")

    def test_an_event_about_none_needs_none(self):
        assert check(make_event(date="2005-01-01", status="published")) is None


class TestSurfaces:
    def test_the_api_gives_it(self, client):
        exercise("2005-06-01")
        body = client.get("/api/v1/exercises/ex/legal-basis/").json()
        assert body["legal_basis_check"]["state"] == "candidates"
        assert client.get("/api/v1/exercises/nobody/legal-basis/").status_code == 404

    def test_the_page_says_none_known(self, client):
        exercise("2015")
        assert "none known" in client.get("/exercises/ex/").content.decode()
