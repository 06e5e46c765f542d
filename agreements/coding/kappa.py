"""Measures how far two coders agree: the share of equal answers, and Cohen's kappa.

Cohen's kappa (1960) sets the share of equal answers, p_o, against p_e, the share to be expected if each coder had given the
answers as often as they did, but without regard to the unit: kappa = (p_o - p_e) / (1 - p_e). It is 1 when the two always
agree, 0 when they agree as often as by chance, and below 0 when less often. It has no value when there is nothing to compare,
or when both gave one and the same answer throughout: then chance alone explains everything, and nothing was tested.

Where one answer is given to nearly every unit, chance explains nearly everything and kappa is near 0, however often the two
agree (the paradox of Feinstein and Cicchetti, 1990). So kappa is always shown with the share.

Answers are unordered categories, used by both coders for every unit. Which units count is decided before (see
``agreements.coding.double_coding``); nothing is left out here.
"""

from collections import Counter
from dataclasses import dataclass


@dataclass(frozen=True)
class Measure:
    """``pairs`` units were answered by both, ``agreeing`` of them alike. ``share`` and ``kappa`` are ``None`` if they have no value."""

    pairs: int
    agreeing: int
    share: float | None
    kappa: float | None


def measure(table):
    """The measure of a table ``{(first answer, second answer): number of units}``.

    With n units, A of them alike, and S the sum over all answers of (first coder's count x second coder's count), kappa is
    (nA - S) / (n² - S): the formula above, multiplied by n², so that whole numbers are divided once.
    """
    pairs = sum(table.values())
    agreeing = sum(number for (first, second), number in table.items() if first == second)
    firsts, seconds = Counter(), Counter()
    for (first, second), number in table.items():
        firsts[first] += number
        seconds[second] += number
    by_chance = sum(number * seconds[answer] for answer, number in firsts.items())
    room = pairs * pairs - by_chance
    return Measure(
        pairs=pairs,
        agreeing=agreeing,
        share=agreeing / pairs if pairs else None,
        kappa=(pairs * agreeing - by_chance) / room if room else None,
    )
