"""Pictures of the published content say what its lists say."""

import orjson
import pytest

from agreements.models import Agreement
from agreements.pictures import bars, dated, world_map
from people.models import Organisation
from sources.reading.store.keeping import forms

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]


def test_the_map_counts_as_the_list_does(client):
    """For every state of the published content."""
    answer = client.get("/map/")
    assert answer.context["chart"]["rows"]
    for row in answer.context["chart"]["rows"]:
        listed = client.get(f"/api/v1/agreements/?party={row['code']}&count=true&page_size=1").json()["count"]
        assert listed == row["number"], row


def test_pictures_of_all_agreements_are_those_of_a_list_with_all(subtests):
    """What is read from tallies is what the database groups."""
    rows = Agreement.objects.published().between_parties()
    for colouring in (world_map.NUMBER, world_map.STATUS):
        with subtests.test(colouring):
            drawn = world_map.map_of(rows, colouring, is_all=True)
            assert len(drawn["rows"]) > 80
            assert drawn == world_map.map_of(rows, colouring)
    with subtests.test("years"):
        years, others = dated.signed_by_year(rows, is_all=True)
        assert (years, others) == dated.signed_by_year(rows, is_all=False)
        assert bars.bars(years, others) == bars.by_year(dated.entries_of(rows))


def test_a_state_with_very_much_is_counted_as_one_with_less(subtests):
    """What the database groups by date is what the entries say, for states with some and with many."""
    for slug in ("paraguay", "netherlands", "united-states", "germany", "paraguay-senate"):
        with subtests.test(slug):
            state = Organisation.objects.get(slug=slug)
            entries, number = dated.entries_around(state)
            years, others = dated.years_around(state)
            assert sum(years.values()) + others == number == len(entries) > 0
            assert bars.bars(years, others) == bars.by_year(entries)


def test_the_network_has_every_party_signature_and_statement_of_the_forms(client):
    """For the agreements with most citations: what their public forms say, and no more parties and signatories than that."""
    for form in forms().filter(kind="agreements").order_by("-citations", "slug")[:5]:
        ref = f"agreements/{form.slug}"
        drawn = client.get(f"/network.json?record={ref}").json()
        assert not drawn["left_out"]
        data = orjson.loads(form.form)
        parties = {f"organisations/{party['organisation']['slug']}" for party in data["parties"]}
        signatories = {f"people/{signature['person']['slug']}" for signature in data["signatures"]}
        said = client.get(f"/api/v1/positions/?about={ref}&page_size=200").json()["results"]
        rows = drawn["connections"]
        of_parties = {row["source"] for row in rows if row["source"].startswith("organisations/") and not row["page"]}
        assert of_parties == parties, ref
        assert {row["source"] for row in rows if row["words"] == "signed"} == signatories, ref
        assert {row["page"] for row in rows if row["page"]} == {
            row["page"] for row in said if row["person"] or row["organisation"]
        }, ref
