"""The verdict “same”: kinds of rule, their values, and answers that cannot be compared."""

import pytest
from django.http import QueryDict

from agreements.codebook.topic_counts import counts_of
from agreements.models import Topic
from tests.factory import code, make_agreement, make_topics

pytestmark = pytest.mark.django_db

RULES = ("notice_period", "fixed_term", "indefinite", "host_state", "sending_state")


def agreement(slug, **fields):
    return make_agreement(slug=slug, title=f"Agreement {slug}", status="published", **fields)


@pytest.fixture
def topics():
    return make_topics("D2", "L5", "L6", approaches=RULES)


@pytest.fixture
def compared(client, topics):
    """Asks for a comparison and gives the row of a topic."""

    def row(topic, *slugs):
        query = "&".join(f"agreement={slug}" for slug in slugs)
        table = client.get(f"/api/v1/compare/?{query}").json()
        rows = {row["topic"]: row for section in table["sections"] for row in section["topics"]}
        return rows[topic]

    return row


def with_notice(slug, days):
    code(agreement(slug, termination_days=days), "L6", "notice_period")


CASES = [
    (365, 365, "same_value"),
    (365, 730, "different_value"),
    (365, None, "same_kind"),
    (None, None, "same_kind"),
]


@pytest.mark.parametrize(("one", "other", "result"), CASES)
def test_two_periods_of_notice_are_compared_by_their_days(compared, one, other, result):
    with_notice("alpha", one)
    with_notice("beta", other)
    assert compared("L6", "alpha", "beta")["result"] == result


def test_two_fixed_terms_are_compared_by_their_years(compared):
    for slug, years in (("alpha", 10), ("beta", 15)):
        code(agreement(slug, term_kind="fixed", term_years=years), "L5", "fixed_term")
    row = compared("L5", "alpha", "beta")
    assert row["result"] == "different_value"
    assert [cell["entries"][0]["value"] for cell in row["cells"]] == [
        {"number": 10, "unit": "years"},
        {"number": 15, "unit": "years"},
    ]


def test_a_rule_without_a_value_is_the_same_kind_and_no_more(compared):
    for slug in ("alpha", "beta"):
        code(agreement(slug, termination_days=365), "D2", "host_state")
    assert compared("D2", "alpha", "beta")["result"] == "same_kind"


def test_two_silent_texts_are_silent_alike(compared):
    for slug in ("alpha", "beta"):
        code(agreement(slug), "D2", stance="silent")
    assert compared("D2", "alpha", "beta")["result"] == "silent"


def test_one_that_differs_decides_over_others_that_agree(compared):
    with_notice("alpha", 365)
    with_notice("beta", 365)
    with_notice("gamma", 180)
    assert compared("L6", "alpha", "beta", "gamma")["result"] == "different_value"
    code(agreement("delta"), "L6", "indefinite")
    assert compared("L6", "alpha", "beta", "gamma", "delta")["result"] == "differs"


def test_the_weaker_of_agreeing_pairs_decides(compared):
    for slug, days in (("alpha", 365), ("beta", 365), ("gamma", None)):
        with_notice(slug, days)
    assert compared("L6", "alpha", "beta", "gamma")["result"] == "same_kind"


def test_the_row_names_those_it_says_nothing_of(compared):
    with_notice("alpha", 365)
    with_notice("beta", 365)
    agreement("gamma")
    code(agreement("delta"), "L6", stance="text_unavailable")
    row = compared("L6", "alpha", "gamma", "beta", "delta")
    assert (row["result"], row["untold"]) == (
        "same_value",
        [{"agreement": "gamma", "why": "not_coded"}, {"agreement": "delta", "why": "text_unavailable"}],
    )


def test_it_is_said_why_nobody_can_tell(compared):
    code(agreement("alpha"), "D2", "host_state", person_class="contractor")
    code(agreement("beta"), "D2", "host_state", person_class="military")
    code(agreement("gamma"), "D2", summary="In another way.")
    assert compared("D2", "alpha", "beta")["untold"] == [
        {"agreement": "alpha", "why": "other_class"},
        {"agreement": "beta", "why": "other_class"},
    ]
    assert {"agreement": "gamma", "why": "no_approach"} in compared("D2", "alpha", "gamma")["untold"]
    agreement("delta")
    assert {"agreement": "alpha", "why": "alone"} in compared("D2", "alpha", "delta")["untold"]


def test_only_differences_shows_different_values_too(client, topics):
    with_notice("alpha", 365)
    with_notice("beta", 730)
    page = client.get("/compare/?agreement=alpha&agreement=beta&only=differences").content.decode()
    assert "same kind, different value" in page
    assert "365 days" in page
    assert "730 days" in page


def test_every_result_is_counted(client, topics):
    with_notice("alpha", 365)
    with_notice("beta", 730)
    counts = client.get("/api/v1/compare/?agreement=alpha&agreement=beta").json()["counts"]
    assert sum(number for name, number in counts.items() if name not in ("topics", "shown")) == counts["topics"] == 3
    assert (counts["different_value"], counts["open"]) == (1, 2)


def test_the_csv_has_the_value_and_what_is_not_told(client, topics):
    with_notice("alpha", 365)
    agreement("beta")
    lines = client.get("/compare/?agreement=alpha&agreement=beta&format=csv").content.decode().splitlines()
    head = lines[0].split(",")
    rows = [dict(zip(head, line.split(","), strict=False)) for line in lines[1:]]
    (alpha, beta) = [row for row in rows if row["topic"] == "L6"]
    assert (alpha["result"], alpha["untold"]) == ("open", "alone")
    assert (alpha["value"], alpha["unit"]) == ("365", "days")
    assert (beta["untold"], beta["value"]) == ("not_coded", "")


class TestFactsOfTheInstruments:
    def differs(self, client, name):
        table = client.get("/api/v1/compare/?agreement=alpha&agreement=beta").json()
        return next(row["differs"] for row in table["instrument"] if row["field"] == name)

    def test_one_term_in_two_wordings_is_one_term(self, client, topics):
        agreement("alpha", term="Ten years.", term_kind="fixed", term_years=10)
        agreement("beta", term="For a period of ten years", term_kind="fixed", term_years=10)
        assert not self.differs(client, "term")

    def test_two_periods_of_notice_differ(self, client, topics):
        agreement("alpha", termination="One year's notice", termination_days=365)
        agreement("beta", termination="Six months' notice", termination_days=180)
        assert self.differs(client, "termination")

    def test_words_alone_prove_no_difference(self, client, topics):
        agreement("alpha", termination="By notice")
        agreement("beta", termination="By giving notice")
        assert not self.differs(client, "termination")


class TestCountsOfATopic:
    def counts(self, **params):
        query = QueryDict(mutable=True)
        query.update(params)
        return counts_of(Topic.objects.get(code="D2"), query)

    def by_class(self, counts, approach):
        return next(row["agreements"] for row in counts["approaches"] if row["code"] == approach)

    def test_a_coding_of_contractors_counts_for_contractors(self, topics):
        code(agreement("alpha"), "D2", "host_state")
        for slug in ("beta", "gamma", "delta"):
            code(agreement(slug), "D2", "host_state", person_class="contractor")
        counts = self.counts()
        assert self.by_class(counts, "host_state") == {"force": 1, "contractor": 3}
        assert (counts["agreements"], counts["coded"]) == (4, 4)

    def test_the_force_and_its_civilians_are_one_class(self, topics):
        alpha = agreement("alpha")
        code(alpha, "D2", "host_state", person_class="military")
        code(alpha, "D2", "host_state", person_class="civilian")
        counts = self.counts()
        assert [entry["person_class"] for entry in counts["classes"]] == ["force"]
        assert self.by_class(counts, "host_state") == {"force": 1}

    def test_not_coded_is_counted_for_each_class(self, topics):
        code(agreement("alpha"), "D2", "host_state", person_class="contractor")
        agreement("beta")
        stances = {row["stance"]: row["agreements"] for row in self.counts()["stances"]}
        assert stances["not_coded"] == {"force": 2, "contractor": 1}

    def test_a_filter_by_class_leaves_that_class(self, topics):
        code(agreement("alpha"), "D2", "host_state")
        code(agreement("beta"), "D2", "sending_state", person_class="contractor")
        counts = self.counts(person_class="contractor")
        assert self.by_class(counts, "sending_state") == {"force": 0, "contractor": 1}
        assert self.by_class(counts, "host_state") == {"force": 0, "contractor": 0}

    def test_the_page_has_a_column_for_each_class(self, client, topics):
        code(agreement("alpha"), "D2", "host_state")
        code(agreement("beta"), "D2", "host_state", person_class="dependant")
        page = client.get("/topics/d2/").content.decode()
        assert "Force and civilian component" in page
        assert ">Dependants</th>" in page
