"""States and bodies in time: names of the day, predecessors, codes used twice, terms that end with their body."""

import re

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from agreements.models import Agreement
from people.models import Membership, Organisation
from sources.lib.dates import PartialDate
from sources.records import fixtures
from tests.desk import decide
from tests.factory import (
    make_agreement,
    make_assistance,
    make_event,
    make_exercise,
    make_organisation,
    make_person,
    make_state,
)
from tests.forms import open_form

pytestmark = pytest.mark.django_db

ZAIRE = {"name": "Zaire", "kind": "former", "dates": "1971-10-27/1997-05-17"}
TODAY = "Zaire (today: Congo)"


@pytest.fixture
def congo():
    return make_state("COD", "Congo", other_names=[ZAIRE])


@pytest.fixture
def belgium():
    return make_state("BEL", "Belgium")


def signed(day, *parties, **fields):
    """A published agreement of the parties, signed on a day."""
    steps = [{"kind": "signed", "date": day}] if day else []
    named = [{"organisation": state.slug} for state in parties]
    return make_agreement(parties=named, milestones=steps, status="published", **fields)


def get(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, answer.content[:300]
    return answer.json() if address.startswith("/api/") else words_of(answer)


def words_of(answer):
    """The page without its marks, so that a name and the name of today stand beside each other."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", answer.content.decode()))


def name_then(client, agreement):
    row = get(client, f"/api/v1/agreements/{agreement.slug}/")["parties"][0]["organisation"]
    assert row["name"] == "Congo"
    return row.get("name_then")


def test_which_days_a_span_surely_covers():
    for span, day, covers in [
        ("1971-10-27/1997-05-17", "1985-03-01", True),
        ("1971-10-27/1997-05-17", "1985", True),
        ("1971-10-27/1997-05-17", "1971-10-27", True),
        ("1971-10-27/1997-05-17", "1971", False),
        ("1971-10-27/1997-05-17", "1997-05", False),
        ("1971-10-27/1997-05-17", "1997-05-18", False),
        ("1971-10-27/1997-05-17", "1985?", False),
        ("1971-10-27/1997-05-17", "1985/..", False),
        ("1971-10-27/1997-05-17", "1985/1986", True),
        ("1971/1997", "1971-12-31", True),
        ("1971/1997", "1971-12-30", False),
        ("1971/1997", "1997-01-01", True),
        ("1971/1997", "1997-01-02", False),
        ("1971~/1997", "1985", False),
        ("1971/..", "2020", True),
        ("1971/", "1985", False),
        ("../1997", "1900", True),
        ("/1997", "1985", False),
        ("1980-03-29", "1980-03-29", True),
        ("1980", "1980-03-29", False),
    ]:
        assert PartialDate.parse(span).surely_covers(PartialDate.parse(day)) is covers, (span, day)


def test_an_agreement_names_a_state_as_it_was_called_on_its_day(client, congo, belgium):
    assert name_then(client, signed("1985-03-01", congo, belgium)) == "Zaire"
    for day in ("1997", "1985?", "2001-01-01", None):
        assert name_then(client, signed(day, congo, belgium)) is None, day


def test_the_name_of_the_day_is_on_every_surface(client, congo, belgium):
    sofa = signed("1985-03-01", congo, belgium, slug="sofa", title="The sofa")
    later = signed("2005-03-01", congo, belgium, slug="later", title="The later one")
    assert TODAY in get(client, "/agreements/sofa/")
    assert TODAY not in get(client, "/agreements/later/")
    assert get(client, "/agreements/").count(TODAY) == 1
    rows = get(client, "/api/v1/agreements/?ordering=title")["results"]
    assert [row["parties"][0]["organisation"].get("name_then") for row in rows] == [None, "Zaire"]
    assert '""name_then"":""Zaire""' in client.get("/api/v1/agreements/?format=csv").getvalue().decode()
    compare = f"agreement={sofa.slug}&agreement={later.slug}"
    assert TODAY in get(client, f"/compare/?{compare}")
    parties = next(row for row in get(client, f"/api/v1/compare/?{compare}")["instrument"] if row["field"] == "parties")
    assert [cell["label"] for cell in parties["cells"]] == [f"{TODAY}; Belgium", "Congo; Belgium"]
    assert not parties["differs"], "the parties are the same states"
    assert TODAY in client.get(f"/api/v1/compare/?{compare}&format=csv").content.decode()


def test_activities_name_a_state_as_it_was_called_on_their_day(client, congo, belgium):
    day, them = "1985-03-01", [{"organisation": "cod", "role": "participant"}]
    exercise = make_exercise(dates="1985-03-01/1985-03-09", country="cod", participations=them, status="published")
    help_given = make_assistance(date=day, provider="bel", recipients=["cod"], status="published")
    meeting = make_event(date=day, country="cod", participants=them, status="published")
    undated = make_event(country="cod", status="published")
    for record, links in [
        (exercise, lambda row: [row["country"], row["participations"][0]["organisation"]]),
        (help_given, lambda row: row["recipients"]),
        (meeting, lambda row: [row["country"], row["participants"][0]["organisation"]]),
    ]:
        address = f"{record.KIND}/{record.slug}/"
        names = [link.get("name_then") for link in links(get(client, f"/api/v1/{address}"))]
        assert names == ["Zaire"] * len(names), address
        assert TODAY in get(client, f"/{address}"), address
    assert "name_then" not in get(client, f"/api/v1/events/{undated.slug}/")["country"]
    assert TODAY in get(client, "/exercises/")


def test_a_step_and_a_signature_have_their_own_day(client, congo, belgium):
    steps = [{"kind": "signed", "date": "1996-01-01"}, {"kind": "ratified", "date": "1999-01-01", "party": "cod"}]
    steps += [{"kind": "renewed", "date": "1996-02-01", "party": "cod"}]
    make_person(slug="ana", status="published")
    signature = {"person": "ana", "party": "cod", "name_as_printed": "Ana"}
    sofa = make_agreement(
        slug="sofa", parties=[{"organisation": "cod"}], milestones=steps, signatures=[signature], status="published"
    )
    rows = get(client, f"/api/v1/milestones/?agreement={sofa.slug}")["results"]
    names = {row["kind"]: row["party"].get("name_then") for row in rows if row["party"]}
    assert names == {"ratified": None, "renewed": "Zaire"}
    assert get(client, "/api/v1/signatures/")["results"][0]["party"]["name_then"] == "Zaire"


def test_only_names_in_english_with_dates_count(client, belgium):
    names = [
        {"name": "République du Zaïre", "kind": "translation", "language": "fr", "dates": "1971/1997"},
        {"name": "Congo-Kinshasa", "kind": "alias"},
    ]
    congo = make_state("COD", "Congo", other_names=names)
    assert name_then(client, signed("1985-03-01", congo, belgium)) is None


def test_names_of_the_day_come_with_the_row(client, congo, belgium):
    addresses = ["/agreements/", "/exercises/", "/api/v1/events/?include=participants"]
    addresses += ["/api/v1/milestones/", "/api/v1/signatures/"]

    def fill():
        steps = [{"kind": "signed", "date": "1985-03-01"}, {"kind": "renewed", "party": "cod"}]
        signatures = [{"person": "ana", "party": "cod"}]
        make_agreement(parties=[{"organisation": "cod"}], milestones=steps, signatures=signatures, status="published")
        them = [{"organisation": "cod", "role": "participant"}]
        make_exercise(dates="1985", country="cod", participations=them, status="published")
        make_event(date="1985", country="cod", participants=them, status="published")

    def costs():
        found = {}
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                assert b"Zaire" in client.get(address).content, address
            found[address] = len(queries)
        return found

    make_person(slug="ana", status="published")
    for _number in range(6):
        fill()
    few = costs()
    for _number in range(6):
        fill()
    assert costs() == few


def test_a_name_with_dates_is_a_fact_and_is_edited_with_its_record(editor, reviewer, alice, client, belgium):
    congo = make_state("COD", "Congo", other_names=[{**ZAIRE, "dates": "1971/1990"}])
    sofa = signed("1995-03-01", congo, belgium)
    assert name_then(client, sofa) is None
    form = open_form(editor, congo)
    form["other_names-0-dates"] = ZAIRE["dates"]
    form.post()
    assert name_then(client, sofa) is None, "a proposal is not public"
    proposal = congo.proposals.own(alice)
    proposal.submit(alice)
    decide(reviewer, proposal, "approve")
    assert name_then(client, sofa) == "Zaire"
    assert "1997" in client.get("/organisations/cod/history/").content.decode()


def test_an_undated_name_needs_no_source_for_its_dates_and_a_dated_one_does(client):
    draft = make_organisation(name="Congo", other_names=[ZAIRE], cited=False)
    assert "dates" in {field for _path, field in draft.uncited()}
    plain = make_organisation(name="Congo", other_names=[{"name": "Zaire", "kind": "former"}], cited=False)
    assert "dates" not in {field for _path, field in plain.uncited()}


def test_names_codes_and_predecessors_survive_export_and_load(belgium, tmp_path):
    codes = [{"alpha4": "ZRCD", "alpha2": "ZR", "alpha3": "ZAR", "numeric": "180", "withdrawn": "1997-07-14"}]
    before = [{"predecessor": "bel", "date": "1960", "note": "The colony."}]
    fields = {"name": "Congo", "other_names": [ZAIRE], "former_codes": codes, "predecessors": before}
    first = make_organisation(slug="first", kind="state", status="published", **fields)
    fixtures.export(tmp_path)
    path = tmp_path / "organisations" / "first.yaml"
    path.with_name("second.yaml").write_text(path.read_text())
    fixtures.load(tmp_path)
    second = Organisation.objects.get(slug="second")
    assert second.dossier() == first.dossier()
    assert second.names_in_time == [["Zaire", "1971-10-27/1997-05-17"]]
    assert Organisation.objects.published().matching("ZAR Zaire").count() == 2


# Predecessors


@pytest.fixture
def czechs(belgium):
    """Czechoslovakia with an agreement, and Czechia and Slovakia after it."""
    state = make_organisation(
        slug="czechoslovakia", name="Czechoslovakia", kind="state", dissolved="1992-12-31", status="published"
    )
    followed = [{"predecessor": "czechoslovakia", "date": "1993"}]
    new = [make_state(code, name, predecessors=followed) for code, name in (("CZE", "Czechia"), ("SVK", "Slovakia"))]
    signed("1985", state, belgium, slug="old")
    signed("2005", new[0], belgium, slug="new")
    return state


def test_predecessors_are_shown_both_ways(client, czechs):
    czechia = get(client, "/api/v1/organisations/cze/")
    assert [(row["predecessor"]["slug"], row["date"]) for row in czechia["predecessors"]] == [
        ("czechoslovakia", "1993")
    ]
    before = get(client, "/api/v1/organisations/czechoslovakia/")
    assert [row["organisation"]["slug"] for row in before["successors"]] == ["cze", "svk"]
    assert "Followed by Czechia" in get(client, "/organisations/czechoslovakia/")
    page = get(client, "/organisations/cze/")
    assert "Came after Czechoslovakia" in page
    assert "See also the predecessor Czechoslovakia (1 agreement)" in page


def test_a_filter_by_party_leaves_predecessors_out(client, czechs):
    slugs = [row["slug"] for row in get(client, "/api/v1/agreements/?party=CZE")["results"]]
    assert slugs == ["new"]
    assert [row["slug"] for row in get(client, "/api/v1/agreements/?party=czechoslovakia")["results"]] == ["old"]


def test_a_predecessor_that_is_a_draft_is_not_shown(client):
    make_organisation(slug="secret", name="Secret", kind="state")
    make_state("CZE", "Czechia", predecessors=[{"predecessor": "secret"}])
    assert get(client, "/api/v1/organisations/cze/")["predecessors"] == []
    assert "Secret" not in get(client, "/organisations/cze/")


def test_no_state_is_its_own_predecessor(czechs):
    with pytest.raises(IntegrityError), transaction.atomic():
        czechs.predecessors.create(predecessor=czechs, key="itself")


# Codes that were used twice


def yugoslavia(slug, **fields):
    codes = [{"alpha4": "YUCS", "alpha2": "YU", "alpha3": "YUG", "withdrawn": "2003-07-23"}]
    given = {"slug": slug, "name": slug.title(), "kind": "state", "former_codes": codes, "status": "published"}
    return make_organisation(**{**given, **fields})


def party(client, code):
    answer = client.get(f"/api/v1/agreements/?party={code}")
    return answer.status_code, answer.json()


def test_a_former_code_names_its_one_holder(client, belgium):
    signed("1985", yugoslavia("sfry"), belgium, slug="old")
    for code in ("YUG", "yug", "YUCS"):
        status, body = party(client, code)
        assert (status, [row["slug"] for row in body["results"]]) == (200, ["old"]), code
    assert party(client, "YUZ")[0] == 400


def test_a_code_that_two_states_had_is_refused_by_name(client):
    yugoslavia("sfry"), yugoslavia("fry")
    status, body = party(client, "YUG")
    assert status == 400
    assert "fry, sfry" in str(body)


def test_who_has_the_code_today_comes_first(client, belgium):
    signed("1985", yugoslavia("sfry"), belgium, slug="old")
    signed("2020", make_state("YUG", "Another"), belgium, slug="new")
    assert [row["slug"] for row in party(client, "YUG")[1]["results"]] == ["new"]


def test_a_draft_holder_of_a_code_is_not_told(client):
    yugoslavia("sfry"), yugoslavia("secret", status="draft")
    assert party(client, "YUG")[0] == 200


def test_a_code_in_use_has_one_holder(belgium):
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.create(slug="other", name="Other", kind="state", iso_alpha3="BEL")


# Terms end with their body


@pytest.fixture
def pact():
    """A body that ended in 1991, with a post, and persons whose terms are told in different ways."""
    body = make_organisation(
        slug="pact", name="The Pact", dissolved="1991-07-01", posts=[{"label": "Head"}], status="published"
    )
    for slug, term in {
        "open": {"dates": "1980/.."},
        "unknown": {},
        "left": {"dates": "1980/1985"},
        "left-some-day": {"dates": "1980/"},
    }.items():
        terms = [{"organisation": "pact", "role": "member", **term}]
        make_person(slug=slug, name=slug, family_name="", given_name="", memberships=terms, status="published")
    return body


def test_a_term_without_an_end_ends_with_its_body(client, pact):
    rows = get(client, "/api/v1/organisations/pact/")["people"]
    ends = {row["person"]["slug"]: row["ended_with_body"] for row in rows}
    assert ends == {"open": "1991-07-01", "unknown": "1991-07-01", "left": None, "left-some-day": None}
    assert get(client, "/api/v1/people/open/")["memberships"][0]["ended_with_body"] == "1991-07-01"
    for address in ("/people/open/", "/organisations/pact/", "/people/"):
        assert "until 1 July 1991 (the body ended)" in get(client, address), address
    assert "the body ended" not in get(client, "/people/left/")
    assert "1991" in Membership.objects.get(person__slug="open").in_short()


def test_a_post_ends_with_its_body(client, pact):
    assert get(client, "/api/v1/organisations/pact/")["posts"][0]["ended_with_body"] == "1991-07-01"


def test_a_body_that_is_to_end_has_not_ended(client, pact):
    Organisation.objects.filter(slug="pact").update(
        dissolved="2090", dissolved_earliest="2090-01-01", dissolved_latest="2090-12-31"
    )
    assert get(client, "/api/v1/people/open/")["memberships"][0]["ended_with_body"] is None


def test_who_is_in_office_on_a_day(client, pact):
    def in_office(query):
        return [row["slug"] for row in get(client, f"/api/v1/people/?ordering=slug&{query}")["results"]]

    assert in_office("in_office=1983") == ["left", "left-some-day", "open"]
    assert in_office("in_office=1990&organisation=pact") == ["left-some-day", "open"]
    assert in_office("in_office=1992") == []
    assert in_office("in_office=2026-01-01&organisation=pact") == []
    assert in_office("organisation=pact") == ["left", "left-some-day", "open", "unknown"]


def test_one_term_meets_both_the_body_and_the_day(client, pact):
    make_organisation(slug="other", name="Other", status="published")
    terms = [
        {"organisation": "pact", "role": "member", "dates": "1980/1982"},
        {"organisation": "other", "role": "member", "dates": "1985/1988"},
    ]
    make_person(slug="both", memberships=terms, status="published")
    people = get(client, "/api/v1/people/?in_office=1986&organisation=pact")["results"]
    assert "both" not in [row["slug"] for row in people]
    assert Agreement.objects.count() == 0
