"""Nearest relatives: the share of topics answered alike, among those whose answers can be compared."""

import pytest

from agreements.codebook.answer_comparison import same, same_on_topic
from agreements.codebook.similarity import MINIMUM, compare, rank, relatives_of
from agreements.models import Agreement
from tests.content import undone
from tests.factory import code, make_agreement, make_topics


def answer(approach="", stance="present"):
    return {"stance": stance, "approach": {"code": approach} if approach else None}


def coded(**topics):
    return {topic: {"all": answer(approach)} for topic, approach in topics.items()}


class TestTwoAnswers:
    def test_the_same_approach_is_the_same(self):
        assert same(answer("first"), answer("first")) is True

    def test_another_approach_differs(self):
        assert same(answer("first"), answer("second")) is False

    def test_another_stance_differs(self):
        assert same(answer("first"), answer(stance="silent")) is False

    def test_two_silences_are_the_same(self):
        assert same(answer(stance="silent"), answer(stance="silent")) is True

    def test_without_an_approach_nobody_can_tell(self):
        assert same(answer(), answer()) is None
        assert same(answer(), answer("first")) is None

    @pytest.mark.parametrize("stance", ["text_unavailable", "inconclusive", "not_coded", "not_applicable"])
    def test_unknown_answers_are_neither(self, stance):
        assert same(answer(stance=stance), answer(stance=stance)) is None
        assert same(answer("first"), answer(stance=stance)) is None

    def test_all_covered_persons_speak_for_the_force(self):
        assert same_on_topic({"all": answer("first")}, {"military": answer("second")}) is False

    def test_but_not_for_contractors(self):
        assert same_on_topic({"all": answer("first")}, {"contractor": answer("second")}) is None

    def test_one_class_that_differs_makes_the_topic_differ(self):
        left = {"all": answer("first"), "contractor": answer("first")}
        right = {"all": answer("first"), "contractor": answer("second")}
        assert same_on_topic(left, right) is False

    def test_it_does_not_matter_which_comes_first(self):
        left, right = {"all": answer("first")}, {"military": answer("first"), "civilian": answer("second")}
        assert same_on_topic(left, right) == same_on_topic(right, left)


class TestTheMeasure:
    def test_it_says_what_is_the_same_and_what_differs(self):
        assert compare(coded(A1="x", A2="x", A3="x"), coded(A1="x", A2="y")) == {"same": ["A1"], "differs": ["A2"]}

    def test_too_few_topics_are_no_comparison(self):
        few = {f"A{n}": "x" for n in range(MINIMUM - 1)}
        assert rank(coded(**few), {"other": coded(**few)}) == []

    def test_the_same_share_of_more_topics_ranks_first(self):
        many, few = {f"A{n}": "x" for n in range(20)}, {f"A{n}": "x" for n in range(5)}
        relatives = rank(coded(**many), {"few": coded(**few), "many": coded(**many)})
        assert [entry["slug"] for entry in relatives] == ["many", "few"]

    def test_ties_go_by_slug(self):
        topics = {f"A{n}": "x" for n in range(MINIMUM)}
        relatives = rank(coded(**topics), {"b": coded(**topics), "a": coded(**topics)})
        assert [entry["slug"] for entry in relatives] == ["a", "b"]


@pytest.fixture(scope="module")
def rows(django_db_setup, django_db_blocker):
    with undone(django_db_blocker):
        make_topics(*(f"A{n}" for n in range(1, 9)))
        near, far, own = (make_agreement(slug=slug, status="published") for slug in ("near", "far", "own"))
        draft = make_agreement(slug="draft", title="A draft")
        for n in range(1, 9):
            for agreement in (own, near, draft):
                code(agreement, f"A{n}", "first")
            code(far, f"A{n}", "first" if n < 3 else "second")
        yield


@pytest.mark.django_db
class TestRelatives:
    @pytest.fixture
    def world(self, rows):
        return Agreement.objects.get(slug="own")

    def test_nearest_first_and_no_drafts(self, world):
        relatives = relatives_of(world)
        assert [(entry["slug"], entry["same"], entry["compared"]) for entry in relatives] == [
            ("near", 8, 8),
            ("far", 2, 8),
        ]

    def test_the_api_names_them(self, client, world):
        body = client.get("/api/v1/agreements/own/similar/").json()
        assert [entry["agreement"]["slug"] for entry in body["results"]] == ["near", "far"]
        assert body["results"][1]["differs_on"] == ["A3", "A4", "A5", "A6", "A7", "A8"]

    def test_the_page_says_it_in_words(self, client, world):
        text = client.get("/agreements/own/").content.decode()
        assert "same on 8 of 8 coded in both" in text
        assert "draft" not in text.partition('id="similar"')[2].partition("</section>")[0]

    def test_silence_is_shared_too(self, world):
        make_topics(*(f"B{n}" for n in range(1, 7)))
        one, other = (make_agreement(slug=slug, status="published") for slug in ("quiet", "hushed"))
        for n in range(1, 7):
            code(one, f"B{n}", stance="silent")
            code(other, f"B{n}", stance="silent")
        assert [entry["slug"] for entry in relatives_of(one)] == ["hushed"]

    def test_the_number_of_agreements_costs_no_query(self, world, django_assert_num_queries):
        with django_assert_num_queries(2):
            relatives_of(world)
