"""The rule of evidence: values compared after normalisation, confidence from grades and independence, disputes never hidden."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from django.utils.translation import override
from hypothesis import assume, given
from hypothesis import strategies as st

from agreements.models import Coding, Milestone
from sources.evidence.confidence import Confidence, GradedCitation, Ruling, assess
from sources.evidence.record_facts import comparison_kind
from sources.evidence.reported_values import ValueKind, agrees, read_date
from sources.lib.dates import PartialDate, PartialDateError

LEVELS = ["", Confidence.LOW, Confidence.MEDIUM, Confidence.HIGH]
DATE, NUMBER, NAME = ValueKind("date"), ValueKind("number"), ValueKind("name")

days = st.dates(date(1000, 1, 1), date(2999, 12, 31))
partial_dates = st.one_of(
    days.map(str),
    days.map(lambda day: f"{day:%Y-%m}"),
    days.map(lambda day: f"{day:%Y}"),
    st.tuples(days, days).map(lambda pair: "/".join(map(str, sorted(pair)))),
    days.map(lambda day: f"{day}/.."),
    days.map(lambda day: f"../{day}"),
    days.map(lambda day: f"{day}~"),
)
items = st.builds(
    GradedCitation,
    stance=st.sampled_from(["supports", "disputes", "mentions"]),
    reliability=st.sampled_from("ABCDEF"),
    credibility=st.integers(1, 6),
    family=st.sampled_from(["a", "b", "c", "d"]),
    kind=st.sampled_from(["news", "treaty_text", "law", "official"]),
    standing=st.sampled_from(["stands", "corrected", "retracted"]),
    agrees=st.sampled_from([True, None, False]),
    derived=st.booleans(),
)
rulings = st.one_of(st.none(), st.builds(Ruling, settled=st.booleans()))


def level(assessed):
    return LEVELS.index(assessed.confidence)


class TestDates:
    @given(partial_dates, partial_dates)
    def test_agreement_is_symmetric(self, one, other):
        assert agrees(DATE, one, other) == agrees(DATE, other, one)

    @given(partial_dates)
    def test_every_date_agrees_with_itself(self, text):
        assert agrees(DATE, text, text) is True

    @given(days)
    def test_words_agree_with_figures(self, day):
        for words in (
            f"{day.day} {day:%B} {day.year:04d}",
            f"{day:%B} {day.day}, {day.year:04d}",
            f"{day.day} {day:%b} {day.year:04d}",
        ):
            assert agrees(DATE, str(day), words) is True

    @given(days)
    def test_a_month_or_a_year_does_not_contradict_its_days(self, day):
        assert agrees(DATE, str(day), f"{day:%Y-%m}") is True
        assert agrees(DATE, f"{day:%Y}", str(day)) is True

    @given(days, st.integers(1, 4000))
    def test_two_days_contradict_each_other(self, day, distance):
        assume(day.toordinal() + distance < date(2999, 12, 31).toordinal())
        assert agrees(DATE, str(day), str(day + timedelta(days=distance))) is False

    WRITTEN_DATES = [
        ("15 December 2025", "2025-12-15"),
        ("Dec 15, 2025", "2025-12-15"),
        ("15 de diciembre de 2025", "2025-12-15"),
        ("1º de marzo de 2026", "2026-03-01"),
        ("the 3rd of March 2026", "2026-03-03"),
        ("December 2025", "2025-12"),
        ("2025", "2025"),
    ]

    def test_dates_are_read_as_people_write_them(self, subtests):
        for text, meant in self.WRITTEN_DATES:
            with subtests.test(text):
                assert str(read_date(text)) == meant

    def test_texts_that_are_no_single_date_are_not_read(self, subtests):
        for text in ["Monday", "15/12/2025", "15-16 December 2025", "32 December 2025", "May", "2025 2026", "२०२५"]:
            with subtests.test(text):
                with pytest.raises(PartialDateError):
                    read_date(text)
                assert agrees(DATE, "2025-12-15", text) is None

    def test_about_a_day_contradicts_no_other_day(self):
        assert agrees(DATE, "2025-12-15~", "2025-12-17") is None

    @given(st.text(max_size=60))
    def test_any_text_is_a_date_or_none(self, text):
        with suppress(PartialDateError):
            assert isinstance(read_date(text), PartialDate)
        assert agrees(DATE, "2025-12-15", text) in (True, False, None)


class TestOtherValues:
    NUMBERS = [
        ("1000", "1,000", True), ("28", "27", False), ("28", "seven", None), ("28", "NaN", None), ("28", "sNaN", None),
        ("28", "Infinity", None), ("1.50", "1.5", True), ("1000", "1 000", True), ("1000", "1,00", None),
        ("1200", "1.200", True), ("1200", "1,200", True), ("1200", "1 200", True), ("1200", "1\u00a0200", True),
        ("1200", "1'200", True), ("1200.50", "1.200,50", True), ("1200", "1.300", False), ("1200", "1.2", False),
        ("1200000", "1.200.000", True), ("1200", "12 00", None), ("1.20", "1.200", True), ("28", "27,5", None),
    ]  # fmt: skip

    def test_numbers(self, subtests):
        for stated, reported, expected in self.NUMBERS:
            with subtests.test(reported):
                assert agrees(NUMBER, stated, reported) is expected

    @given(st.integers(-(10**15), 10**15))
    def test_a_number_agrees_with_itself_however_written(self, number):
        assert agrees(NUMBER, str(number), f"{number:,}") is True

    @given(st.text(max_size=30), st.text(max_size=30))
    def test_comparing_any_text_ends_in_a_verdict(self, stated, reported):
        for name in ("date", "number", "name", "label", "text", "choice"):
            assert agrees(ValueKind(name), stated, reported) in (True, False, None)

    def test_accents_and_shorter_forms_are_the_same_name(self):
        names = ("Rubén Ramírez Lezcano", "ruben-ramirez-lezcano")
        for reported in ("RUBEN RAMIREZ LEZCANO", "Ramírez Lezcano", "Minister Rubén Ramírez Lezcano"):
            assert agrees(NAME, names, reported) is True
        assert agrees(NAME, names, "Marco Rubio") is False
        assert agrees(NAME, names, "Ram") is False

    def test_a_name_with_the_family_name_first_is_the_same_name(self):
        assert agrees(NAME, "Rubén Ramírez Lezcano", "Ramírez Lezcano, Rubén") is True
        assert agrees(NAME, ("Rubén Ramírez Lezcano", "ruben-ramirez-lezcano"), "RAMÍREZ LEZCANO, Rubén") is True
        assert agrees(NAME, "Ramírez Lezcano, Rubén", "Rubén Ramírez Lezcano") is True
        assert agrees(NAME, "Rubén Ramírez Lezcano", "Ramírez Lezcano, Carlos") is False

    def test_a_choice_is_known_by_code_or_name_in_any_language(self):
        kind = comparison_kind(Milestone._meta.get_field("outcome"))
        assert agrees(kind, "approved", "Approved") is True
        with override("es"):
            assert agrees(comparison_kind(Milestone._meta.get_field("outcome")), "rejected", "approved") is False
        assert agrees(kind, "approved", "waved through") is None

    def test_other_words_for_an_approach_prove_nothing(self):
        kind = comparison_kind(Coding._meta.get_field("approach"))
        assert agrees(kind, ("Own regime", "own_regime"), "own regime") is True
        assert agrees(kind, ("Own regime", "own_regime"), "immunity like that of diplomats") is None


class TestConfidence:
    @given(st.lists(items, max_size=6), items)
    def test_independent_support_never_lowers_it(self, cited, further):
        new = further._replace(stance="supports", agrees=None, family="new")
        assert level(assess([*cited, new])) >= level(assess(cited))

    @given(st.lists(items, max_size=6), items)
    def test_a_reprint_of_a_document_already_counted_changes_nothing(self, cited, further):
        original = GradedCitation("supports", "C", 3, family="x")
        reprint = further._replace(stance="supports", agrees=None, family="x", derived=True)
        before, after = assess([*cited, original]), assess([*cited, original, reprint])
        assert level(after) == level(before)
        assert after.independent == before.independent

    @given(st.lists(items, max_size=6), items)
    def test_a_reprint_no_better_than_those_counted_never_raises_it(self, cited, further):
        backing = [item for item in cited if item.backs]
        assume(backing)
        best = max(backing, key=lambda item: item.grade)
        reprint = best._replace(derived=True)
        assert level(assess([*cited, reprint])) <= level(assess(cited))

    @given(st.lists(items, max_size=6), items, rulings)
    def test_a_dispute_never_raises_it(self, cited, further, ruling):
        dispute = further._replace(stance="disputes")
        assert level(assess([*cited, dispute], ruling)) <= level(assess(cited, ruling))

    @given(st.lists(items, max_size=6), rulings)
    def test_order_does_not_matter(self, cited, ruling):
        assert assess(cited, ruling) == assess(cited[::-1], ruling)

    @given(st.lists(items, max_size=6))
    def test_a_retracted_source_counts_for_nothing(self, cited):
        retracted = GradedCitation("supports", "A", 1, family="z")._replace(standing="retracted")
        assert assess([*cited, retracted]) == assess(cited)

    @given(st.lists(items, max_size=6), items)
    def test_a_correction_never_raises_it(self, cited, item):
        stands, corrected = item._replace(standing="stands"), item._replace(standing="corrected")
        if item.stance == "supports" and item.agrees is not False:
            assert level(assess([*cited, corrected])) <= level(assess([*cited, stands]))

    @given(st.lists(items, max_size=6))
    def test_without_support_there_is_none(self, cited):
        assessed = assess(cited)
        assert (assessed.confidence == "") == (assessed.sources == 0)

    def test_the_published_rule(self):
        strong, fair, weak = (
            GradedCitation("supports", "A", 1, "s"),
            GradedCitation("supports", "C", 3, "f"),
            GradedCitation("supports", "E", 5, "w"),
        )
        assert assess([strong]).confidence == "medium"
        assert assess([strong, fair]).confidence == "high"
        assert assess([fair]).confidence == "low"
        assert assess([fair, fair._replace(family="g")]).confidence == "medium"
        assert assess([weak, weak._replace(family="g")]).confidence == "low"
        assert assess([strong._replace(kind="treaty_text")]).confidence == "high"
        assert assess([strong, fair, strong._replace(stance="disputes", family="d")]).confidence == "medium"


class TestState:
    @given(st.lists(items, max_size=6))
    def test_settled_beats_contested(self, cited):
        fair = GradedCitation("supports", "C", 3, "f")
        assert assess([*cited, fair], Ruling(settled=True)).state != "contested"

    @given(st.lists(items, max_size=6))
    def test_any_dispute_contests_what_no_ruling_settles(self, cited):
        dispute = GradedCitation("disputes", "F", 6)
        assert assess([*cited, dispute]).state == "contested"
        fair = GradedCitation("supports", "C", 3, "f")
        assert assess([*cited, fair, dispute], Ruling(settled=True)).state == "settled"

    @pytest.mark.parametrize(("reliability", "credibility"), [("D", 1), ("E", 3), ("F", 6), ("B", 4)])
    def test_no_ruling_settles_it_for_one_weak_source(self, reliability, credibility):
        weak, dispute = GradedCitation("supports", reliability, credibility, "w"), GradedCitation("disputes", "C", 3)
        reprint = weak._replace(derived=True)
        assert assess([weak, dispute], Ruling(settled=True)).state == "contested"
        assert assess([weak, reprint, dispute], Ruling(settled=True)).state == "contested"
        assert assess([weak], Ruling(settled=True)).state == "supported"
        assert assess([weak, weak._replace(family="v"), dispute], Ruling(settled=True)).state == "settled"

    @given(st.lists(items, max_size=6))
    def test_another_value_is_a_dispute(self, cited):
        assert assess([*cited, GradedCitation("supports", "F", 6, agrees=False)]).state == "contested"

    def test_an_open_ruling_keeps_it_open(self):
        assert assess([GradedCitation("supports", "A", 1)], Ruling(settled=False)).state == "contested"

    def test_a_mention_is_neither_for_nor_against(self):
        assert assess([GradedCitation("mentions", "A", 1, agrees=False)]).state == "unsourced"

    @given(st.lists(items, max_size=6))
    def test_an_editor_may_overrule_the_confidence(self, cited):
        assert assess(cited, Ruling(settled=True, confidence="low")).confidence == "low"
