"""The published content never says more than its sources: unknowns, disputes, parties, locators and the rulings on immunity."""

import pytest

from agreements.models import Agreement, Approach, Clause, Coding, Milestone, Party, Topic
from people.models import Post
from sources.models import Adjudication, Citation, ContestedFact, NegativeFinding

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]

# With a text that the public can read, what nobody read is not coded.
PUBLIC = ("official", "transcript", "extracts")
VIENNA = "vienna-convention-diplomatic-relations-1961"


def approach_of(agreement, topic, person_class):
    coding = Coding.objects.get(agreement__slug=agreement, topic__code=topic, person_class=person_class)
    return coding.approach.code if coding.approach else coding.stance


def test_text_is_unavailable_only_where_none_is_public():
    wrong = Coding.objects.filter(stance="text_unavailable", agreement__text_availability__in=PUBLIC)
    assert [*wrong.values_list("agreement__slug", "topic__code")] == []


def test_silence_is_read_in_a_text():
    silent = Coding.objects.filter(stance="silent")
    assert silent.exists()
    assert not silent.exclude(basis="text").exists()


def test_whoever_disputes_says_something_else():
    mute = Citation.objects.filter(stance="disputes", value="", quotation="", note="")
    assert [*mute.values_list("record_ref", "part", "field")] == []


def test_no_locator_counts_the_lines_of_a_copy():
    lines = Citation.objects.filter(locator_type="line") | Citation.objects.filter(locator__regex=r"^lines? [0-9]")
    assert [*lines.values_list("record_ref", "locator")] == []


def test_the_vienna_convention_limits_civil_immunity_and_not_criminal():
    assert approach_of(VIENNA, "D2", "all") == "immunity_by_status"
    assert approach_of(VIENNA, "D9", "all") == "immune_for_official_acts"
    assert Clause.objects.filter(agreement__slug=VIENNA, number__in=["31(1)", "37(2)"]).count() == 2


@pytest.mark.parametrize("person_class", ["military", "civilian"])
def test_the_ruling_on_diplomatic_immunity_is_split(person_class):
    assert approach_of("us-paraguay-sofa", "D1", person_class) == "administrative_and_technical_staff_equivalent"
    assert approach_of("us-paraguay-sofa", "D2", person_class) == "immunity_by_status"
    assert approach_of("us-paraguay-sofa", "D9", person_class) == "immune_for_official_acts"
    rulings = Adjudication.objects.filter(record_ref="agreements/us-paraguay-sofa", state="settled")
    parts = {*rulings.values_list("part", flat=True)}
    assert {f"codings/d9-{person_class}", f"codings/f4-{person_class}", "clauses/art-2-status-of-personnel"} <= parts
    marks = Citation.objects.filter(
        record_ref="agreements/us-paraguay-sofa", part=f"codings/d2-{person_class}", value__contains="diplomat"
    )
    assert {*marks.values_list("against_text", flat=True)} == {"matches"}


def test_contractors_stay_open():
    assert approach_of("us-paraguay-sofa", "A2", "contractor") == "inconclusive"
    open_facts = ContestedFact.objects.filter(record_ref="agreements/us-paraguay-sofa", state="contested")
    assert open_facts.filter(part="codings/d2-contractor").exists()


def test_the_entry_into_force_of_the_agreement_with_paraguay_is_open():
    ruling = Adjudication.objects.get(
        record_ref="agreements/us-paraguay-sofa", part="milestones/in-force", field="date"
    )
    assert ruling.state == "open"
    step = Milestone.objects.get(agreement__slug="us-paraguay-sofa", kind="in_force")
    assert step.evidence == "claimed"


def test_statements_of_politicians_are_no_clauses():
    assert not Clause.objects.filter(
        agreement__slug="us-paraguay-sofa", note__icontains="political description"
    ).exists()


def test_parties_to_the_agreement_of_the_partnership_are_states():
    kinds = Party.objects.filter(agreement__slug="pfp-sofa-1995").values_list("organisation__kind", flat=True)
    assert {*kinds} == {"state"}


@pytest.mark.parametrize("code", ["POL", "DEU", "FIN", "ESP", "HUN", "TUR"])
def test_later_parties_to_the_nato_agreement_are_found(client, code):
    rows = client.get(f"/api/v1/agreements/?party={code}&page_size=200").json()["results"]
    assert "nato-sofa-1951" in {row["slug"] for row in rows}


def test_a_finding_that_only_looked_in_the_documents_at_hand_is_a_gap():
    at_hand = NegativeFinding.objects.filter(
        looked_in__startswith="The five documents that this collection started from:"
    )
    assert at_hand.count() == 29
    assert not at_hand.filter(is_gap=False).exists()


def test_every_agreement_says_whether_its_text_can_be_read():
    assert not Agreement.objects.published().filter(text_availability="").exists()


def test_no_programme_or_doctrine_is_coded():
    assert not Coding.objects.filter(agreement__type__in=Agreement.NOT_BETWEEN_PARTIES).exists()


def test_what_is_only_known_to_exist_says_what_was_not_read():
    known = Agreement.objects.published().between_parties().filter(topics_coded=0)
    assert known.count() > 60
    assert [*known.filter(clauses__isnull=True, text_note="").values_list("slug", flat=True)] == []


# Agreements on which readers check the passage first: no word there that only says that the source was read.
CHECKED = (
    "us-paraguay-sofa", "nato-sofa-1951", "us-japan-sofa-1960", "us-korea-sofa-1966", "us-iraq-2008",
    "us-afghanistan-bsa-2014", "philippines-vfa-1998", "philippines-edca-2014", "us-ecuador-sofa-2023", "us-ghana-2018",
)  # fmt: skip
VAGUE = ("", "body", "article", "report", "text", "draft text", "digest", "document", "page")


def test_a_locator_leads_to_a_passage():
    assert [*Citation.objects.filter(locator="body").values_list("record_ref", "part")] == []
    refs = [f"agreements/{slug}" for slug in CHECKED]
    vague = Citation.objects.filter(record_ref__in=refs, locator__in=VAGUE, stance="supports")
    assert [*vague.values_list("record_ref", "part", "locator")] == []
    assert Citation.objects.filter(record_ref__in=refs).values("record_ref").distinct().count() == len(CHECKED)


def test_a_locator_names_a_place_and_not_only_a_subject():
    """ "Passage on the signature" sends a reader through the whole document."""
    checked = {f"agreements/{slug}" for slug in CHECKED}
    disputed = {*ContestedFact.objects.values_list("record_ref", "part", "field")}
    assert disputed
    subjects = Citation.objects.filter(locator__istartswith="passage")
    places = subjects.values_list("record_ref", "part", "field", "locator")
    assert [row for row in places if row[0] in checked or row[:3] in disputed] == []


def test_a_rule_on_jurisdiction_that_was_read_in_a_text_is_quoted():
    read = Coding.objects.filter(agreement__slug__in=CHECKED, topic__code="D2", basis="text", stance="present")
    quoted = Citation.objects.filter(part__startswith="codings/d2").exclude(quotation="")
    places = {*quoted.values_list("record_ref", "part")}
    codings = {(f"agreements/{slug}", f"codings/{key}") for slug, key in read.values_list("agreement__slug", "key")}
    assert len(codings) > 10
    assert codings - places == set()


def test_a_quotation_is_short_and_stands_in_a_document_with_a_language():
    quoted = Citation.objects.exclude(quotation="").select_related("source")
    assert quoted.count() > 100
    wrong = [
        row.record_ref for row in quoted if len(row.quotation.split()) > 30 or not (row.source and row.source.language)
    ]
    assert wrong == []


def test_the_articles_that_were_read_are_quoted_in_spanish():
    quoted = Citation.objects.filter(
        record_ref="agreements/us-paraguay-sofa", part__startswith="clauses/art-", source__language="es"
    ).exclude(quotation="")
    parts = {*quoted.values_list("part", flat=True)}
    wanted = Clause.objects.filter(agreement__slug="us-paraguay-sofa").exclude(number="")
    assert {f"clauses/{clause.key}" for clause in wanted} <= parts


def test_silence_needs_the_whole_text():
    unread = Agreement.objects.filter(codings__stance="silent").exclude(text_note__icontains="whole")
    assert [*unread.values_list("slug", flat=True).distinct()] == []


def test_a_name_with_fewer_words_disputes_nothing():
    names = Citation.objects.filter(field="name_as_printed", stance="disputes")
    assert [*names.values_list("record_ref", "value")] == []


def test_the_note_counts_the_parties_that_are_recorded():
    nato = Agreement.objects.get(slug="nato-sofa-1951")
    assert nato.note.startswith(f"{nato.party_count} of the 32 members of NATO are recorded as parties")


def test_the_spanish_terms_are_those_of_the_cited_press():
    """A recall of a waiver is a revocation; agents are organismos; own systems are used free of charge."""
    given_up = (
        "recuperación",
        "agentes ejecutivos",
        "Uso libre de sistemas propios",
        "doble enjuiciamiento",
        "régimen de estatuto",
    )
    rows = [
        (row, value)
        for model in (Topic, Approach, Post)
        for row in model.objects.all()
        for name, value in vars(row).items()
        if name.endswith("_es")
    ]
    assert len(rows) > 300
    assert [value for _row, value in rows for term in given_up if term in value] == []
    state = dict(Post.objects.filter(organisation__slug="us-department-of-state").values_list("label", "label_es"))
    assert state["Deputy Secretary of State"] == "Secretario de Estado Adjunto"
    assert state["Assistant Secretary of State"] == "Subsecretario de Estado"
