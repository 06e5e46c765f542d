"""Agreement of two coders: known values, and what must hold for every table of answers."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.coding.kappa import measure

ANSWERS = "abcd"
PAIRS = st.lists(st.tuples(st.sampled_from(ANSWERS), st.sampled_from(ANSWERS)), max_size=60)


def of(pairs):
    return measure(Counter(pairs))


def test_the_textbook_table():
    """Two readers of 50 proposals: 20 times both yes, 15 times both no; 70 % alike, 50 % by chance."""
    measured = measure({("yes", "yes"): 20, ("yes", "no"): 5, ("no", "yes"): 10, ("no", "no"): 15})
    assert (measured.pairs, measured.agreeing, measured.share) == (50, 35, 0.7)
    assert measured.kappa == pytest.approx(0.4)


def test_nothing_to_compare_has_no_value():
    assert measure({}) == measure({("a", "b"): 0})
    assert (measure({}).share, measure({}).kappa) == (None, None)


def test_one_answer_throughout_tests_nothing():
    measured = measure({("present", "present"): 40})
    assert measured.share == 1
    assert measured.kappa is None


def test_a_rare_answer_brings_kappa_to_nought_though_the_two_nearly_agree():
    measured = measure({("present", "present"): 21, ("present", "silent"): 3})
    assert measured.share == 0.875
    assert measured.kappa == 0


@given(PAIRS)
def test_it_lies_between_minus_one_and_one(pairs):
    measured = of(pairs)
    assert measured.share is None or 0 <= measured.share <= 1
    assert measured.kappa is None or -1 <= measured.kappa <= 1
    # Chance never explains more than everything, so kappa is never above the share.
    assert measured.kappa is None or measured.kappa <= measured.share


@given(PAIRS)
def test_the_order_of_coders_does_not_matter(pairs):
    assert of(pairs) == of([(second, first) for first, second in pairs])


@given(PAIRS, st.permutations(ANSWERS))
def test_the_names_of_the_answers_do_not_matter(pairs, names):
    renamed = dict(zip(ANSWERS, names, strict=True))
    assert of(pairs) == of([(renamed[first], renamed[second]) for first, second in pairs])


@given(PAIRS, st.integers(min_value=1, max_value=5))
def test_more_units_of_the_same_make_no_difference(pairs, times):
    once, more = of(pairs), of(pairs * times)
    assert more.share == pytest.approx(once.share)
    assert more.kappa == pytest.approx(once.kappa)


@given(st.lists(st.sampled_from(ANSWERS), min_size=2).filter(lambda answers: len(set(answers)) > 1))
def test_two_who_always_agree_have_one(answers):
    assert of([(answer, answer) for answer in answers]).kappa == 1


@given(*[st.lists(st.sampled_from(ANSWERS), min_size=1, max_size=8)] * 2)
def test_answers_that_have_nothing_to_do_with_each_other_have_nought(firsts, seconds):
    kappa = of([(first, second) for first in firsts for second in seconds]).kappa
    assert kappa is None or kappa == pytest.approx(0)
