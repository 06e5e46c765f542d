"""Legal-basis check: the instrument in force when something happened, or that none is known."""

import pytest

from agreements.life.legal_basis import check
from agreements.models import Agreement, Assistance, Event, Exercise, Milestone, Participation, Party
from people.models import Organisation
from tests.compare_cases import make_agreement, make_state, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """A status agreement between two states, in force from 2000 to 2010."""
    states = {
        slug: make_state(slug, code)
        for slug, code in (("paraguay", "PRY"), ("united-states", "USA"), ("brazil", "BRA"))
    }
    sofa = make_agreement("sofa")
    for slug in ("paraguay", "united-states"):
        Party.objects.create(agreement=sofa, organisation=states[slug])
    Milestone.objects.create(agreement=sofa, kind="in_force", date="2000-01-01")
    Milestone.objects.create(agreement=sofa, kind="terminated", date="2010-12-31")
    return {**states, "sofa": sofa}


def exercise(world, dates, legal_basis=None, with_state="united-states"):
    row = Exercise.objects.create(
        slug="ex",
        name="Exercise",
        kind="exercise",
        dates=dates,
        country=world["paraguay"],
        legal_basis=legal_basis,
        **published(),
    )
    Participation.objects.create(exercise=row, organisation=world[with_state])
    return Exercise.objects.get(pk=row.pk)


def slugs(found):
    return [entry["agreement"]["slug"] for entry in found["instruments"]]


class TestNamed:
    @pytest.mark.parametrize(
        ("dates", "state"),
        [
            ("2005-06-01", "named_in_force"),
            ("2005-01/2005-06", "named_in_force"),
            ("2010-06/2011-06", "named_in_part"),
            ("2011-06", "named_not_in_force"),
            ("1999", "named_unknown"),
            ("", "named_undated"),
        ],
    )
    def test_the_instrument_that_a_source_names(self, world, dates, state):
        found = check(exercise(world, dates, world["sofa"]))
        assert (found["state"], slugs(found)) == (state, ["sofa"])
        assert found["instruments"][0]["because"]

    @pytest.mark.parametrize(
        ("dates", "shown"),
        [("2005-12?", "2005-12?"), ("2005", "2005"), ("2005-03~/2006", "2005-03~"), ("2011/..", "2011")],
    )
    def test_the_day_is_no_more_exact_than_its_source(self, world, dates, shown):
        found = check(exercise(world, dates, world["sofa"]))
        assert found["instruments"][0]["on"] == shown

    def test_a_draft_instrument_is_not_named(self, world):
        draft = make_agreement("draft", status="draft")
        assert slugs(check(exercise(world, "2005", draft))) == ["sofa"]


class TestCandidates:
    def test_what_was_in_force_between_the_states(self, world):
        found = check(exercise(world, "2005-06-01"))
        assert (found["state"], slugs(found), found["instruments"][0]["whole"]) == ("candidates", ["sofa"], True)

    def test_or_for_part_of_the_time(self, world):
        assert check(exercise(world, "2010-06/2011-06"))["instruments"][0]["whole"] is False

    def test_none_known_names_those_not_in_force_apart(self, world):
        found = check(exercise(world, "2015"))
        assert (found["state"], slugs(found)) == ("none_known", [])
        assert [entry["agreement"]["slug"] for entry in found["others"]] == ["sofa"]

    def test_other_states_have_none(self, world):
        found = check(exercise(world, "2005", with_state="brazil"))
        assert (found["state"], found["others"]) == ("none_known", [])

    def test_a_strategy_is_no_legal_basis(self, world):
        Agreement.objects.filter(slug="sofa").update(type="strategy")
        assert check(exercise(world, "2005"))["state"] == "none_known"

    def test_a_depositary_is_no_party(self, world):
        Party.objects.filter(organisation=world["united-states"]).update(role="depositary")
        assert check(exercise(world, "2005"))["state"] == "none_known"

    def test_a_body_that_readers_do_not_see_brings_no_state_in(self, world, client):
        """Neither by its own country nor through a person who is a draft; the page and the API say the same."""
        force = Organisation.objects.create(slug="force", name="Force", kind="force", country=world["united-states"])
        row = exercise(world, "2005", with_state="paraguay")
        Participation.objects.create(exercise=row, organisation=force, key="force")
        assert check(row)["state"] == "none_known"
        assert client.get("/api/v1/exercises/ex/legal-basis/").json()["legal_basis_check"]["state"] == "none_known"
        assert "none in force between these states is known here" in client.get("/exercises/ex/").content.decode()
        Organisation.objects.filter(pk=force.pk).update(**published())
        assert check(row)["state"] == "candidates"
        assert client.get("/api/v1/exercises/ex/legal-basis/").json()["legal_basis_check"]["state"] == "candidates"
        assert "In force between the states concerned" in client.get("/exercises/ex/").content.decode()

    def test_a_draft_is_no_candidate(self, world):
        Agreement.objects.filter(slug="sofa").update(status="draft")
        assert check(exercise(world, "2005"))["state"] == "none_known"

    def test_without_a_day_nothing_can_be_said(self, world):
        assert check(exercise(world, ""))["state"] == "undated"

    def test_assistance_goes_by_giver_and_receiver(self, world):
        row = Assistance.objects.create(
            slug="boat",
            title="Boat",
            kind="equipment",
            state="delivered",
            date="2005",
            provider=world["united-states"],
            **published(),
        )
        row.recipients.add(world["paraguay"])
        assert slugs(check(Assistance.objects.get(pk=row.pk))) == ["sofa"]


class TestEvents:
    def test_an_event_shows_its_instrument_as_it_stood(self, world):
        row = Event.objects.create(
            slug="call", title="Call", kind="call", date="2005-01-01", agreement=world["sofa"], **published()
        )
        found = check(Event.objects.get(pk=row.pk))
        assert (found["state"], found["instruments"][0]["status"]) == ("concerned", "in_force")

    def test_an_event_about_none_needs_none(self, world):
        row = Event.objects.create(slug="call", title="Call", kind="call", date="2005-01-01", **published())
        assert check(row) is None


class TestSurfaces:
    def test_the_api_gives_it(self, client, world):
        exercise(world, "2005-06-01")
        body = client.get("/api/v1/exercises/ex/legal-basis/").json()
        assert body["legal_basis_check"]["state"] == "candidates"
        assert client.get("/api/v1/exercises/nobody/legal-basis/").status_code == 404

    def test_the_page_says_none_known(self, client, world):
        exercise(world, "2015")
        assert "none known" in client.get("/exercises/ex/").content.decode()
