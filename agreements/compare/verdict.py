"""The verdict on a row of a comparison: the same, different, or unknown, with the reason.

Two agreements that both set a notice period have the same *kind* of rule; one year and two years are different *values* of it.
So the answers are compared first (``agreements.codebook.answer_comparison``), then their values if both sides state one.
"""

from itertools import combinations

from agreements.codebook.answer_comparison import is_known, same_on_topic

DIFFERS, DIFFERENT_VALUE, SAME_VALUE, SAME_KIND, SILENT, OPEN = (
    "differs",
    "different_value",
    "same_value",
    "same_kind",
    "silent",
    "open",
)
# The first of these that some pair has is the verdict: differences first, then the weaker of two agreements.
RESULTS = (DIFFERS, DIFFERENT_VALUE, SAME_KIND, SAME_VALUE, SILENT, OPEN)
DIFFERENCES = (DIFFERS, DIFFERENT_VALUE)
ALIKE = (SAME_KIND, SAME_VALUE, SILENT)
# Why an agreement cannot be compared: a stance of its coding, or one of these. ``alone``: no other one has a known answer.
ALONE, OTHER_CLASS, NO_APPROACH = "alone", "other_class", "no_approach"


def verdict(cells):
    """``(result, untold)`` for the cells of one topic.

    ``result`` is one of ``RESULTS``. ``untold`` lists the agreements that cannot be compared with any other one, as
    ``{"agreement", "why"}``; the result is about the others only.
    """
    sides = [{entry["person_class"]: entry for entry in cell["entries"]} for cell in cells]
    known = [index for index, side in enumerate(sides) if any(map(is_known, side.values()))]
    results, told = set(), set()
    for here, there in combinations(known, 2):
        result = _of_pair(sides[here], sides[there])
        results.add(result)
        if result != OPEN:
            told |= {here, there}
    untold = [
        {"agreement": cell["agreement"], "why": _why(sides[index], len(known) == 1)}
        for index, cell in enumerate(cells)
        if index not in told
    ]
    return next((name for name in RESULTS if name in results), OPEN), untold


def _of_pair(left, right):
    same = same_on_topic(left, right)
    if not same:
        return OPEN if same is None else DIFFERS
    known = [entry for side in (left, right) for entry in side.values() if is_known(entry)]
    if all(entry["stance"] == "silent" for entry in known):
        return SILENT
    one, other = _value(left), _value(right)
    if one is None or other is None:
        return SAME_KIND
    return SAME_VALUE if one == other else DIFFERENT_VALUE


def _value(side):
    return next((entry["value"] for entry in side.values() if entry["value"]), None)


def _why(side, is_alone):
    known = [entry for entry in side.values() if is_known(entry)]
    if not known:
        return next(iter(side.values()))["stance"]
    if is_alone:
        return ALONE
    if any(entry["stance"] == "present" and not entry["approach"] for entry in known):
        return NO_APPROACH
    return OTHER_CLASS
