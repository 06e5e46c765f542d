"""The identifier of a citation outlives corrections: of its locator, stance, words or value, by every way of writing."""

import pytest

from agreements.models import Agreement
from sources.desk import saving_edits
from sources.models import Citation
from sources.records import dossier, dossier_diff, fixtures
from tests.desk import decide
from tests.factory import make_agreement, make_source, the_source
from tests.forms import open_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def sofa(db):
    """A published agreement whose title one citation supports."""
    the_source()
    proof = {"fields": ["title"], "source": "the-source", "locator": "p. 1", "quotation": "the Agreement"}
    return make_agreement(slug="sofa", title="The sofa", citations=[proof], status="published")


def cited(record, **about):
    return Citation.objects.get(record_ref=record.ref, **{"field": "title", **about})


def corrected(record, field="title", **content):
    """The dossier of the record with another content in the citations of a field."""
    state = record.dossier()
    for citation in state["citations"]:
        if citation["fields"] == [field]:
            citation.update(content)
    return state


def write(record, state):
    """As a fixture is loaded: what is replaced may be a correction."""
    dossier.write(Agreement.objects.get(pk=record.pk), state, corrects=True)


@pytest.mark.parametrize(
    "content",
    [
        {"locator": "p. 2"},
        {"stance": "mentions"},
        {"quotation": "this Agreement"},
        {"value": "The sofa of 2025", "stance": "disputes"},
        {"locator": "p. 3", "stance": "mentions"},
        {"note": "Read twice."},
    ],
)
def test_a_correction_keeps_the_identifier(sofa, client, content):
    uid = cited(sofa).uid
    write(sofa, corrected(sofa, **content))
    assert cited(sofa).uid == uid
    body = client.get(f"/api/v1/citations/{uid}/").json()
    assert {name: body[name] for name in content} == content
    assert [citation["id"] for citation in client.get("/api/v1/agreements/sofa/").json()["citations"]].count(uid) == 1


def test_the_dossier_says_an_identifier_that_cannot_be_made_of_the_citation(sofa):
    assert "ids" not in sofa.dossier()["citations"][0]
    uid = cited(sofa).uid
    write(sofa, corrected(sofa, locator="p. 2"))
    assert {"title": uid} in [
        citation.get("ids") for citation in Agreement.objects.get(slug="sofa").dossier()["citations"]
    ]


def test_another_installation_gets_the_same_identifiers(sofa):
    uid = cited(sofa).uid
    write(sofa, corrected(sofa, locator="p. 2"))
    exported = Agreement.objects.get(slug="sofa").dossier()
    sofa.citations.all().delete()
    write(sofa, exported)
    assert cited(sofa).uid == uid
    assert Agreement.objects.get(slug="sofa").dossier() == exported


def test_restoring_gives_what_the_revision_says(sofa):
    make_source(slug="other")
    before, uid = sofa.dossier(), cited(sofa).uid
    dossier.write(sofa, corrected(sofa, source="other"))
    assert cited(sofa).uid != uid
    dossier.write(sofa, before)
    assert (cited(sofa).uid, sofa.dossier()) == (uid, before)


def test_a_merged_source_leaves_the_identifier(sofa, bob):
    other, uid = make_source(slug="other"), cited(sofa).uid
    the_source().merge(into=other, by=bob, reason="The same document.")
    assert (cited(sofa).source, cited(sofa).uid) == (other, uid)


def test_a_corrected_file_keeps_the_identifier(sofa, tmp_path):
    """Loaded, corrected by hand and loaded again; the export says the identifier."""
    fixtures.export(tmp_path)
    path = next(tmp_path.rglob("sofa.yaml")).with_name("second.yaml")
    path.write_text(path.with_name("sofa.yaml").read_text())
    fixtures.load(tmp_path)
    second = Agreement.objects.get(slug="second")
    uid = cited(second).uid
    path.write_text(path.read_text().replace("p. 1", "p. 2"))
    fixtures.load(tmp_path)
    assert (cited(second).locator, cited(second).uid) == ("p. 2", uid)
    assert uid not in path.read_text()
    fixtures.export(tmp_path)
    assert uid in path.read_text()


def test_back_and_forth_is_still_the_same_citation(sofa):
    uid = cited(sofa).uid
    before = sofa.dossier()
    write(sofa, corrected(sofa, locator="p. 2"))
    write(sofa, before)
    assert cited(sofa).uid == uid
    assert Agreement.objects.get(slug="sofa").dossier() == before


def test_a_replacement_gets_its_own_identifier(sofa):
    uid = cited(sofa).uid
    write(sofa, corrected(sofa, locator="p. 2"))
    state = Agreement.objects.get(slug="sofa").dossier()
    state["citations"].append({"fields": ["title"], "source": "the-source", "locator": "p. 1"})
    write(sofa, state)
    assert cited(sofa, locator="p. 2").uid == uid
    other = cited(sofa, locator="p. 1").uid
    assert other != uid
    exported = Agreement.objects.get(slug="sofa").dossier()
    sofa.citations.all().delete()
    write(sofa, exported)
    assert (cited(sofa, locator="p. 2").uid, cited(sofa, locator="p. 1").uid) == (uid, other)


def test_another_source_is_another_citation(sofa):
    make_source(slug="other")
    uid = cited(sofa).uid
    write(sofa, corrected(sofa, source="other", locator="p. 9", quotation="that treaty"))
    assert cited(sofa).uid != uid


def test_two_citations_of_one_source_do_not_change_places(sofa):
    state = sofa.dossier()
    state["citations"].append(
        {"fields": ["title"], "source": "the-source", "locator": "p. 7", "quotation": "its title"}
    )
    write(sofa, state)
    first, second = (cited(sofa, locator=place).uid for place in ("p. 1", "p. 7"))
    state = Agreement.objects.get(slug="sofa").dossier()
    for citation in state["citations"]:
        if citation["fields"] == ["title"]:
            citation["locator"] = {"p. 1": "p. 8", "p. 7": "p. 2"}[citation["locator"]]
    write(sofa, state)
    assert (cited(sofa, locator="p. 8").uid, cited(sofa, locator="p. 2").uid) == (first, second)


def test_a_correction_by_form_and_proposal_keeps_the_identifier(editor, reviewer, alice, published, client):
    old = cited(published)
    form = open_form(editor, published)
    form["remove-citation"] = old.uid
    form.cite(["|title"], old.source, "p. 2")
    form.post()
    assert cited(published).locator == "p. 1"
    proposal = published.proposals.own(alice)
    assert {"title": old.uid} in [entry.get("ids") for entry in proposal.proposed_dossier["citations"]]
    proposal.submit(alice)
    decide(reviewer, proposal, "approve")
    assert (cited(published).locator, cited(published).uid) == ("p. 2", old.uid)
    assert client.get(f"/api/v1/citations/{old.uid}/").json()["locator"] == "p. 2"


def test_two_corrections_at_once_leave_one_with_the_identifier(sofa, alice):
    uid, base = cited(sofa).uid, sofa.dossier()
    mine, theirs = (corrected(sofa, locator=place) for place in ("p. 2", "p. 3"))
    for state in (theirs, mine):
        with saving_edits.rehearsal(Agreement.objects.get(slug="sofa"), base) as trial:
            dossier.write(trial, state, corrects=True)
            state.update(trial.dossier())
    joined, conflicts = dossier_diff.merge(base, theirs, mine, Agreement.PARTS)
    assert conflicts == []
    write(sofa, joined)
    locators = dict(Citation.objects.filter(record_ref=sofa.ref, field="title").values_list("uid", "locator"))
    assert len(locators) == 2
    assert uid in locators


def test_an_identifier_of_another_record_is_not_taken_over(sofa):
    uid = cited(sofa).uid
    proof = {"fields": ["title"], "source": "the-source", "locator": "p. 1", "ids": {"title": uid}}
    other = make_agreement(slug="other", citations=[proof])
    assert cited(sofa).uid == uid
    assert cited(other).uid != uid


@pytest.mark.parametrize("ids", [["x"], {"title": "x"}, {"title": 1}, {"title": "A" * 12}])
def test_malformed_identifiers_are_refused(sofa, ids):
    with pytest.raises(dossier.DossierError, match="ids"):
        write(sofa, corrected(sofa, ids=ids))


def test_other_public_identifiers_do_not_hang_on_what_is_corrected(sofa, client):
    """A ruling and a contested fact are called by their place, a milestone by its key."""
    state = corrected(sofa, value="Another title", stance="disputes")
    ruling = {"field": "title", "adopted_value": "The sofa", "reason": "So it is printed.", "ruled_by": "The editors"}
    state["rulings"] = [{**ruling, "ruled_on": "2026-01-15", "state": "settled"}]
    state["milestones"] = [{"key": "signed", "kind": "signed", "date": "2025-12-15"}]
    write(sofa, state)

    def ids():
        body = client.get("/api/v1/agreements/sofa/").json()
        contested = client.get("/api/v1/contested/").json()["results"]
        return [
            [row["id"] for row in body["adjudications"]],
            [row["id"] for row in contested],
            [row["id"] for row in client.get("/api/v1/milestones/?agreement=sofa").json()["results"]],
        ]

    before = ids()
    assert all(before)
    state = Agreement.objects.get(slug="sofa").dossier()
    state["rulings"][0] |= {"reason": "So both print it.", "ruled_on": "2026-01-16"}
    state["milestones"][0] |= {"date": "2025-12-16"}
    write(sofa, state)
    assert ids() == before
