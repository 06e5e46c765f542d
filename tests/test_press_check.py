"""Press against text: a mark needs a text to stand against."""

import pytest
from django.core.exceptions import ValidationError

from agreements.coding.press_check import marks_without_text, reports_to_mark
from agreements.models import Agreement
from sources.models import Citation, ContestedFact
from sources.records import dossier
from sources.records.fixtures import FixtureError, load
from tests import factory
from tests.cast import sign_in
from tests.factory import add_clause, cite, code, make_agreement, make_source, make_topics
from tests.forms import address, open_form, read_form, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """D2 rests on a clause that was read in a treaty series, F1 on the press alone; a report speaks of both."""
    make_topics("D2", "F1")
    agreement = make_agreement(slug="alpha", status="published")
    clause = add_clause(agreement, basis="text")
    cite(agreement, "summary", make_source(kind="treaty_text"), f"clauses/{clause.key}")
    read = code(agreement, "D2", "first", clause=clause, basis="press")
    unread = code(agreement, "F1", "first", basis="press")
    return {
        "agreement": agreement,
        "read": f"codings/{read.key}",
        "unread": f"codings/{unread.key}",
        "report": make_source(),
    }


def test_a_mark_without_a_text_is_on_the_worklist(world):
    for part in ("read", "unread"):
        cite(world["agreement"], "approach", world["report"], world[part], against_text="overstates")
    assert [citation.part for citation in marks_without_text()] == [world["unread"]]


def test_a_report_on_a_held_text_waits_for_its_mark(world):
    for part in ("read", "unread"):
        cite(world["agreement"], "approach", world["report"], world[part])
    assert [citation.part for citation in reports_to_mark()] == [world["read"]]


def test_a_marked_report_waits_no_more(world):
    cite(world["agreement"], "approach", world["report"], world["read"], against_text="matches")
    assert [*reports_to_mark(), *marks_without_text()] == []


def test_a_text_known_from_a_report_alone_is_nothing_to_hold_reports_against(world):
    """An outlet printed an extract: it waits for no mark against itself, until a treaty series is cited beside it."""
    extract = add_clause(world["agreement"], heading="Facilities", number="9", basis="text")
    coding = code(world["agreement"], "F1", "second", clause=extract, basis="text", person_class="civilian")
    parts = {f"clauses/{extract.key}", f"codings/{coding.key}"}
    for part in parts:
        cite(world["agreement"], "summary", world["report"], part)
    assert not reports_to_mark()
    cite(world["agreement"], "summary", make_source(kind="treaty_text"), f"clauses/{extract.key}")
    assert {citation.part for citation in reports_to_mark()} == parts


def test_a_report_on_a_part_that_is_not_held_is_marked_so(world):
    cite(world["agreement"], "approach", world["report"], world["read"], against_text="not_held")
    assert not reports_to_mark()
    assert not marks_without_text()


def test_the_text_itself_needs_no_mark(world):
    cite(world["agreement"], "approach", make_source(kind="treaty_text"), world["read"])
    assert not reports_to_mark()


def test_a_fact_of_the_whole_instrument_needs_any_of_its_text(world):
    cite(world["agreement"], "term", world["report"], against_text="matches")
    assert len([*marks_without_text()]) == 1
    world["agreement"].text_availability = "extracts"
    world["agreement"].save()
    assert not marks_without_text()


# A mark is refused where it means nothing


@pytest.mark.parametrize(
    ("part", "kind", "words"),
    [
        ("read", "news", ""),
        ("unread", "news", "only where the text"),
        ("read", "treaty_text", "Only what the press"),
        ("read", "official", "Only what the press"),
    ],
)
def test_a_mark_needs_a_report_and_a_text(world, part, kind, words):
    citation = Citation(
        record=world["agreement"], part=world[part], field="approach", source=make_source(kind=kind), locator="p. 1",
        against_text="overstates",
    )  # fmt: skip
    if not words:
        citation.full_clean(exclude=["uid", "record_ref"])
        return
    with pytest.raises(ValidationError, match=words):
        citation.full_clean(exclude=["uid", "record_ref"])


def clause(basis="text", source=None, **citation):
    given = {"fields": ["summary"], "source": (source or make_source()).slug, "locator": "p. 2", **citation}
    return {"number": "1", "heading": "Scope", "summary": "It covers the force.", "basis": basis, "citations": [given]}


def test_a_dossier_with_an_empty_mark_is_refused_by_name(alice):
    with pytest.raises(dossier.DossierError, match=r"clauses/art-1-scope.citations\[0\].against_text: A report can be"):
        make_agreement(clauses=[clause("press", against_text="overstates")])


def test_a_statement_on_an_instrument_goes_by_its_text(alice):
    mark = {
        "fields": ["statement"],
        "source": make_source().slug,
        "locator": "p. 1",
        "against_text": "overstates",
    }
    silent, read = (make_agreement(text_availability=held) for held in ("none", "extracts"))
    with pytest.raises(dossier.DossierError, match="A report can be marked only"):
        factory.make_position(about=silent.ref, citations=[mark])
    position = factory.make_position(about=read.ref, citations=[mark])
    assert not marks_without_text()
    read.text_availability = "none"
    read.save()
    assert [citation.record for citation in marks_without_text()] == [position]


def test_a_fixture_with_an_empty_mark_is_refused_and_nothing_changes(tmp_path):
    source = make_source()
    folder = tmp_path / "agreements"
    folder.mkdir()
    (folder / "the-sofa.yaml").write_text(
        f"title: A\ntype: sofa\nstatus: draft\nclauses:\n- heading: Scope\n  summary: All.\n  basis: press\n  citations:\n"
        f"  - fields: [summary]\n    source: {source.slug}\n    locator: p. 1\n    against_text: matches\n...\n"
    )
    with pytest.raises(FixtureError, match=r"agreements/the-sofa.yaml: the-sofa: .*against_text: A report can be"):
        load(tmp_path)
    assert not Agreement.objects.filter(slug="the-sofa").exists()


def test_the_rule_and_its_condition_in_the_database_agree():
    """The worklist shows every mark that a save would refuse, for every part and kind of basis."""
    make_topics("D2", "F1")
    for held in ("none", "extracts"):
        agreement = make_agreement(text_availability=held, status="published")
        for number, basis in enumerate(("text", "official_summary", "press")):
            article = add_clause(agreement, heading=f"On {basis}", number=str(number), basis=basis)
            cite(agreement, "summary", make_source(), f"clauses/{article.key}", against_text="matches")
        coding = code(agreement, "D2", "first", clause=article, basis="press")
        cite(agreement, "approach", make_source(), f"codings/{coding.key}", against_text="matches")
        cite(agreement, "term", make_source(), against_text="matches")
        cite(agreement, "term", make_source(kind="law"), against_text="matches")
    refused = set()
    for citation in Citation.objects.all():
        try:
            citation.check_target(dict(citation.record.cited_rows())[citation.part])
        except ValidationError:
            refused.add(citation.pk)
    assert len(refused) == 7
    assert {citation.pk for citation in marks_without_text()} == refused


# The editor's screens


@pytest.fixture
def editor(alice):
    return sign_in(alice)


def test_alice_may_not_mark_a_report_where_no_text_is_held(editor, alice):
    record = make_agreement(by=alice, clauses=[clause("press"), clause() | {"number": "2"}])
    form = open_form(editor, record)
    facts = ["clauses/art-2-scope|summary", "clauses/art-1-scope|summary"]
    form.cite(facts, make_source(), against_text="matches")
    page = form.post().content.decode()
    assert "A report can be marked only where" in page
    assert not record.citations.exclude(against_text="").exists()
    form = open_form(editor, record)
    form.cite(facts[:1], make_source(), against_text="matches")
    form.post()
    assert record.citations.exclude(against_text="").count() == 1


def test_alice_cannot_take_the_text_away_from_under_a_mark(editor, alice):
    record = make_agreement(by=alice, clauses=[clause(against_text="matches")])
    form = open_form(editor, record)
    form[f"{form.row('clauses')}-basis"] = "press"
    answer = form.post()
    assert answer.status_code == 409
    assert "A report can be marked only where" in answer.content.decode()
    assert record.clauses.get().basis == "text"


def test_alice_marks_reports_beside_the_text(editor, alice):
    record = make_agreement(by=alice, clauses=[clause(), clause("press") | {"number": "2"}])
    page = editor.get(address(record, "press"))
    form = read_form(editor, page)
    assert "It covers the force." in page.content.decode()
    assert "clauses-art-1-scope-0-against_text" in form
    assert "clauses-art-2-scope-0-against_text" not in form
    form["clauses-art-1-scope-0-against_text"] = "understates"
    form["clauses-art-1-scope-0-note"] = "Leaves the civilians out."
    before = record.dossier()
    assert "Saved." in said(form.post(_comment="Read again"))
    marked = record.citations.get(against_text="understates")
    assert (marked.part, marked.note) == ("clauses/art-1-scope", "Leaves the civilians out.")
    after = record.dossier()
    for name in ("against_text", "note"):
        after["clauses"][0]["citations"][0].pop(name)
    assert after == before
    assert "Nothing was changed" in said(read_form(editor, editor.get(address(record, "press"))).post())


@pytest.mark.parametrize(
    ("kind", "citation", "waits"),
    [
        ("treaty_text", {}, True),
        ("news", {}, False),
        ("treaty_text", {"stance": "mentions"}, False),
        ("treaty_text", {"fields": ["number"]}, False),
        ("treaty_text", {"status": "draft"}, False),
    ],
)
def test_the_screen_and_the_worklist_name_the_same_reports(editor, alice, kind, citation, waits):
    """Reports wait if another published source supports the text that was read."""
    citation = dict(citation)
    text = make_source(kind=kind, status=citation.pop("status", "published"))
    held = clause(source=text, **citation)
    held["citations"].append({"fields": ["summary"], "source": make_source().slug, "locator": "para 1"})
    record = make_agreement(by=alice, clauses=[held])
    # Each is a report itself where the text is one.
    page = " ".join(editor.get(address(record, "press")).content.decode().split())
    assert ('class="report waiting"' in page) is waits
    assert bool(reports_to_mark()) is waits


def test_a_mark_on_what_is_published_is_a_proposal(editor, alice):
    record = make_agreement(by=alice, status="published", clauses=[clause()])
    form = read_form(editor, editor.get(address(record, "press")))
    form["clauses-art-1-scope-0-against_text"] = "matches"
    assert "Kept as your proposal" in said(form.post())
    assert not record.citations.exclude(against_text="").exists()


# The seed cases


@pytest.mark.usefixtures("content")
def test_the_seed_cases_are_marked_for_readers(client):
    """“Diplomatic immunity” says more than article 2; so does the immunity of contractors, which stays contested."""
    facts = {"clauses/art-2-status-of-personnel": "settled", "codings/a2-contractor": "contested"}
    for part, state in facts.items():
        disputes = Citation.objects.filter(record_ref="agreements/us-paraguay-sofa", part=part, stance="disputes")
        assert disputes and {citation.against_text for citation in disputes} == {"overstates"}
        assert ContestedFact.objects.filter(record_ref="agreements/us-paraguay-sofa", part=part, state=state).exists()
    assert "says more than the text" in client.get("/agreements/us-paraguay-sofa/full/").content.decode()
    assert "says more than the text" in client.get("/contested/?record=agreements/us-paraguay-sofa").content.decode()
    for page in ("/agreements/us-paraguay-sofa/full/", "/compare/?agreement=us-paraguay-sofa&agreement=nato-sofa-1951"):
        assert "speaks of text not held" in client.get(page).content.decode()
    assert not marks_without_text()
