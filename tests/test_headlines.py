"""What a lawyer asks first, in a line each, and the matrix in a word a cell."""

import pytest

from agreements.codebook.headlines import headlines_of
from agreements.codebook.immunity_matrix import matrix_of, merged
from agreements.models import Approach
from tests.factory import add_clause, cite, code, make_agreement, make_source, make_topics


def agreement(slug, **fields):
    return make_agreement(slug=slug, title=f"Agreement {slug}", status="published", **fields)


INSTRUMENT = {"term": "Ten years.", "term_years": 10, "termination": "By notice.", "termination_days": 180}


def coding(topic, approach, person_class="all", stance="present", favours=""):
    return {
        "key": f"{topic}-{person_class}".lower(),
        "topic": {"code": topic},
        "person_class": person_class,
        "stance": stance,
        "approach": {"code": approach, "favours": favours} if approach else None,
        "basis": "text",
        "summary": "",
        "clauses": [],
        "note": "",
    }


def answers(codings, instrument=INSTRUMENT):
    return {answer["question"]: answer for answer in headlines_of(codings, matrix_of(codings), instrument)}


class TestTheAnswers:
    def test_jurisdiction_is_answered_for_each_class_by_its_own_coding(self):
        told = answers([coding("D2", "concurrent"), coding("D2", "host_state", "contractor")])
        assert [told[name]["stance"] for name in ("force", "contractors", "dependants")] == [
            "present",
            "present",
            "not_coded",
        ]
        assert told["contractors"]["answers"][0]["approach"]["code"] == "host_state"

    def test_a_notice_has_its_days_and_a_term_its_years(self):
        told = answers([coding("L5", "fixed_term"), coding("L6", "notice_period")])
        assert told["duration"]["value"] == {"number": 10, "unit": "years"}
        assert told["leaving"]["value"] == {"number": 180, "unit": "days"}

    def test_where_nobody_coded_it_the_agreements_own_words_do(self):
        told = answers([])
        assert (told["duration"]["words"], told["leaving"]["words"]) == ("Ten years.", "By notice.")
        assert answers([coding("L6", "notice_period")])["leaving"]["words"] == ""

    def test_an_unknown_is_not_filled_in(self):
        told = answers([coding("L5", "", stance="text_unavailable")], {})
        assert (told["duration"]["stance"], told["duration"]["value"]) == ("text_unavailable", None)


class TestTheMatrix:
    def cell(self, codings, column="taxes"):
        (row, *_others) = matrix_of(codings)["rows"]
        return next(cell for cell in row["cells"] if cell["column"] == column)

    def test_a_cell_says_whom_its_rule_favours(self):
        assert self.cell([coding("F1", "exempt", favours="sending_state")])["favours"] == "sending_state"

    def test_two_rules_that_favour_different_sides_are_shared(self):
        codings = [coding("F1", "exempt", favours="sending_state"), coding("F2", "host_rules", favours="host_state")]
        assert self.cell(codings)["favours"] == "shared"

    def test_unknown_answers_favour_no_side(self):
        assert self.cell([coding("F1", "exempt", stance="inconclusive", favours="sending_state")])["favours"] == ""

    def test_classes_with_equal_cells_share_a_row(self):
        rows = merged(matrix_of([coding("D2", "concurrent"), coding("A2", "not_covered", "contractor")])["rows"])
        assert [row["labels"] for row in rows] == [
            ["members of the force", "civilian component"],
            ["contractors (firms)", "employees of contractors"],
            ["dependants", "locally hired staff"],
        ]


@pytest.mark.django_db
class TestTheComparison:
    @pytest.fixture
    def world(self):
        make_topics("D2", "L5", "L6", "A1", approaches=("host_state", "notice_period", "fixed_term"))
        Approach.objects.filter(topic__code="D2").update(short_name="host", favours="host_state")
        alpha = agreement("alpha", termination_days=365, term="As long as needed")
        beta = agreement("beta")
        coding = code(alpha, "D2", "host_state", clause=add_clause(alpha))
        code(beta, "D2", "host_state")
        code(alpha, "L6", "notice_period")
        cite(alpha, "approach", make_source(slug="gazette", status="published"), f"codings/{coding.key}")
        return "/compare/?agreement=alpha&agreement=beta"

    def summary(self, client, address):
        return {row["question"]: row for row in client.get(f"/api/v1{address}").json()["summary"]}

    def test_it_opens_with_the_answers_and_what_they_rest_on(self, client, world):
        alpha, beta = self.summary(client, world)["force"]["cells"]
        assert (alpha["favours"], alpha["answers"][0]["approach"]["short_name"]) == ("host_state", "host")
        assert [note["number"] for note in alpha["notes"]] == [1]
        assert beta["notes"] == []

    def test_questions_that_nothing_answers_are_left_out(self, client, world):
        assert set(self.summary(client, world)) == {"force", "duration", "leaving"}

    def test_the_page_has_them_before_the_topics(self, client, world):
        page = client.get(world).content.decode()
        assert page.index("Who may try members of the force?") < page.index('id="topic-D2"')
        assert "As long as needed" in page
        assert "365 days" in page

    def test_unclear_topics_are_folded_and_uncoded_ones_counted(self, client, world):
        page = client.get(world).content.decode()
        folded = page[page.index('class="group untold"') :]
        assert 'id="topic-L6"' in folded
        assert "1 topic\nthat nobody has coded" in page or "1 topic that nobody has coded" in page
        assert 'id="topic-A1"' not in page


@pytest.mark.django_db
def test_every_answer_that_the_matrix_shows_has_a_word(content):
    topics = ("D1", "D2", "D5", "D9", "D11", "D12", "E1", "E2", "F1", "F2", "F3")
    rows = Approach.objects.filter(topic__code__in=topics)
    assert rows.count() > 30
    assert [str(row) for row in rows if not (row.short_name and row.short_name_es and row.favours)] == []
