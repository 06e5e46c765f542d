"""The immunity matrix: each cell from the coding of its class, else of all covered persons, as far as the class is covered."""

import pytest

from agreements.api import CodingSerializer
from agreements.codebook.immunity_matrix import CLASSES, COLUMNS, matrix_of
from agreements.models import Agreement
from sources.reading.views import plain


def coding(topic, approach="", stance="present", person_class="all"):
    return {
        "key": topic.lower(),
        "topic": {"code": topic},
        "person_class": person_class,
        "stance": stance,
        "approach": {"code": approach} if approach else None,
        "basis": "text",
        "summary": "",
        "clauses": [],
        "note": "",
    }


def cell(codings, person_class, column):
    row = next(row for row in matrix_of(codings)["rows"] if row["person_class"] == person_class)
    return next(cell for cell in row["cells"] if cell["column"] == column)


def answer(drawn):
    return drawn["answers"][0]["approach"]["code"]


class TestTheRule:
    def test_there_is_a_cell_for_every_class_and_column(self):
        matrix = matrix_of([])
        assert [row["person_class"] for row in matrix["rows"]] == list(CLASSES)
        assert all(len(row["cells"]) == len(COLUMNS) for row in matrix["rows"])
        assert {cell["stance"] for row in matrix["rows"] for cell in row["cells"]} == {"not_coded"}

    def test_the_coding_of_the_class_comes_first(self):
        codings = [coding("D2", "concurrent"), coding("D2", "exclusive", person_class="military")]
        drawn = cell(codings, "military", "criminal")
        assert (answer(drawn), drawn["rule"]) == ("exclusive", "own_class")

    def test_else_that_of_all_covered_persons_and_the_cell_says_so(self):
        drawn = cell([coding("D2", "concurrent")], "civilian", "criminal")
        assert (answer(drawn), drawn["rule"]) == ("concurrent", "all_persons")

    def test_a_class_left_out_has_none_of_it(self):
        codings = [coding("D2", "concurrent"), coding("A2", "not_covered", person_class="contractor")]
        for name in ("contractor", "contractor_employee"):
            drawn = cell(codings, name, "criminal")
            assert (drawn["stance"], drawn["rule"], drawn["topics"]) == ("not_covered", "coverage", ["A2"])

    def test_its_own_coding_beats_that_it_is_left_out(self):
        codings = [coding("D2", "host_state", person_class="contractor"), coding("A2", "not_covered")]
        assert answer(cell(codings, "contractor", "criminal")) == "host_state"

    def test_open_coverage_leaves_the_cell_open(self):
        codings = [coding("F1", "exempt"), coding("A2", "inconclusive", "inconclusive", "contractor")]
        assert cell(codings, "contractor", "taxes")["stance"] == "inconclusive"

    def test_unread_coverage_leaves_the_cell_unread(self):
        codings = [coding("F1", "exempt"), coding("A3", stance="text_unavailable")]
        assert cell(codings, "dependant", "taxes")["stance"] == "text_unavailable"

    def test_cover_for_entry_and_customs_is_none_of_the_rest(self):
        codings = [coding("F3", "exempt"), coding("D9", "immune"), coding("A2", "covered_for_entry_and_customs_only")]
        assert cell(codings, "contractor", "customs")["rule"] == "covered"
        assert cell(codings, "contractor", "civil")["stance"] == "not_covered"

    def test_rights_of_the_force_are_not_those_of_another_class(self):
        for name, topic in (("dependant", "A3"), ("contractor", "A2"), ("contractor_employee", "A2")):
            drawn = cell([coding("F1", "exempt")], name, "taxes")
            assert (drawn["stance"], drawn["rule"], drawn["answers"]) == ("not_coded", "none", [])
            drawn = cell([coding("F1", "exempt"), coding(topic, "covered", person_class=name)], name, "taxes")
            assert (drawn["stance"], drawn["rule"], drawn["topics"]) == ("not_coded", "covered", [topic])

    def test_a_text_that_is_silent_on_a_class_does_not_cover_it(self):
        codings = [coding("F1", "exempt"), coding("A2", stance="silent")]
        drawn = cell(codings, "contractor", "taxes")
        assert (drawn["stance"], drawn["rule"]) == ("silent", "coverage")

    def test_locally_hired_staff_have_nothing_of_all_persons_unless_they_are_covered(self):
        codings = [coding("D2", "concurrent")]
        assert cell(codings, "locally_hired", "criminal")["rule"] == "none"
        codings.append(coding("A1", "force_and_civilian_component"))
        assert cell(codings, "locally_hired", "criminal")["rule"] == "none"
        covered = [*codings, coding("A1", "covered", person_class="locally_hired")]
        assert cell(covered, "locally_hired", "criminal")["rule"] == "covered"
        left_out = [*codings, coding("A1", stance="expressly_excluded", person_class="locally_hired")]
        assert cell(left_out, "locally_hired", "criminal")["stance"] == "not_covered"

    def test_arrest_has_a_topic_for_each_stage_of_custody(self):
        codings = [coding("D5", "handover"), coding("D11", "sending_state"), coding("D12", "host_state")]
        assert cell(codings, "military", "arrest")["topics"] == ["D5", "D11", "D12"]

    def test_the_status_regime_stands_in_only_where_jurisdiction_is_not_known(self):
        regime = coding("D1", "administrative_and_technical_staff_equivalent")
        assert cell([regime], "military", "criminal")["topics"] == ["D1"]
        assert cell([coding("D2", "concurrent"), regime], "military", "criminal")["topics"] == ["D2"]
        assert cell([coding("D2", stance="text_unavailable"), regime], "military", "criminal")["topics"] == ["D1"]

    def test_taxes_show_both_topics(self):
        assert cell([coding("F1", "exempt"), coding("F2", "refund")], "military", "taxes")["topics"] == ["F1", "F2"]

    @pytest.mark.parametrize(
        "stance", ["silent", "text_unavailable", "inconclusive", "not_applicable", "expressly_excluded"]
    )
    def test_each_way_of_not_knowing_stays_itself(self, stance):
        assert cell([coding("D5", stance=stance)], "military", "arrest")["stance"] == stance


# Read by hand from the facts: agreement, class, column, what the cell says, the article it rests on.
BY_HAND = [
    ("nato-sofa-1951", "military", "criminal", "concurrent_with_primary_rights", "VII(1)-(3)"),
    ("nato-sofa-1951", "civilian", "arrest", "sending_state", "VII(5)(c)"),
    ("nato-sofa-1951", "contractor", "criminal", "not_covered", "I"),
    ("us-japan-sofa-1960", "contractor", "criminal", "host_state", "XIV"),
    ("us-korea-sofa-1966", "military", "arrest", "sending_state", "XXII(5)(c)"),
    ("us-iraq-2008", "contractor_employee", "criminal", "concurrent_with_primary_rights", "12(2)"),
    ("nl-kuwait-2003", "contractor", "civil", "not_immune", "4"),
    ("nl-kuwait-2003", "military", "criminal", "immunity_by_status", "3"),
    ("us-paraguay-sofa", "military", "criminal", "immunity_by_status", "2"),
    ("us-paraguay-sofa", "contractor", "criminal", "inconclusive", "1"),
    ("us-paraguay-sofa", "military", "civil", "immune_for_official_acts", "2"),
    ("us-paraguay-sofa", "civilian", "arrest", "no_arrest_by_host", "2"),
    ("vienna-convention-diplomatic-relations-1961", "military", "civil", "immune_for_official_acts", "37(2)"),
    ("nato-sofa-1951", "dependant", "criminal", "concurrent_with_primary_rights", "VII(1)-(3)"),
    ("nato-sofa-1951", "locally_hired", "criminal", "not_covered", ""),
    ("philippines-vfa-1998", "military", "arrest", "sending_state", "V(6)"),
    ("us-afghanistan-bsa-2014", "contractor", "criminal", "host_state", "13"),
    ("nl-us-fol-2000", "dependant", "criminal", "immunity_by_status", "VI(1)"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("slug", "person_class", "column", "says", "article"), BY_HAND)
def test_cells_checked_by_hand(content, slug, person_class, column, says, article):
    agreement = Agreement.objects.get(slug=slug)
    codings = plain(CodingSerializer(CodingSerializer.rows().filter(agreement=agreement), many=True).data)
    drawn = cell(codings, person_class, column)
    approaches = {(entry["approach"] or {}).get("code", "") for entry in drawn["answers"]}
    assert says in approaches | {drawn["stance"]}
    if article:
        assert article in {clause["number"] for entry in drawn["answers"] for clause in entry["clauses"]}


@pytest.mark.django_db
def test_page_and_api_have_the_matrix(content, client):
    body = client.get("/api/v1/agreements/nato-sofa-1951/matrix/").json()
    assert body["record"]["slug"] == "nato-sofa-1951"
    assert len(body["rows"]) == len(CLASSES)
    assert 'id="immunities"' in client.get("/agreements/nato-sofa-1951/").content.decode()
    assert client.get("/api/v1/agreements/nobody/matrix/").status_code == 404
    assert client.get("/api/v1/agreements/nato-sofa-1951/matrix/?x=1").status_code == 400
