"""When two agreements give the same answer on a topic of the codebook.

Works on codings as the API gives them (``agreements.api.CodingSerializer``): plain dicts with ``topic``, ``person_class``,
``stance``, ``approach`` and the rest. The comparison, the immunity matrix and the nearest relatives share these rules.

* An answer is **known** when its stance is *dealt with*, *expressly excluded* or *silent*. *Text unavailable*,
  *inconclusive* and *not coded* are three different ways of not knowing; *not applicable* is no answer either.
* Two known answers are the **same** when stance and approach are; they **differ** when a stance or an approach does. Where
  both deal with a topic and one of them has no approach of the codebook, nobody can tell: neither the same nor different.
* A coding for *all covered persons* speaks for members of the force and the civilian component. Whether it also speaks for
  contractors and dependants depends on the instrument (topics A2 and A3), so it is not compared with a coding of theirs.
"""

KNOWN = ("present", "expressly_excluded", "silent")
UNKNOWN = ("text_unavailable", "inconclusive", "not_coded")
ALL = "all"
CLASSES = ("military", "civilian", "contractor", "contractor_employee", "dependant", "locally_hired")
# Those whom “all covered persons” always means.
CORE_CLASSES = ("military", "civilian")


def by_topic(codings):
    """``{topic code: {person class: coding}}``, topics in the order given."""
    topics = {}
    for coding in codings:
        topics.setdefault(coding["topic"]["code"], {})[coding["person_class"]] = coding
    return topics


def is_known(coding):
    return coding is not None and coding["stance"] in KNOWN


def same(left, right):
    """``True`` or ``False`` for two known answers, ``None`` where it cannot be told."""
    if not is_known(left) or not is_known(right):
        return None
    if left["stance"] != right["stance"]:
        return False
    if left["stance"] == "silent":
        return True
    if not left["approach"] or not right["approach"]:
        return None
    return left["approach"]["code"] == right["approach"]["code"]


def same_on_topic(left, right):
    """As ``same`` for all classes of person that either side tells apart; ``left`` and ``right`` are by class.

    One class that differs makes the topic differ.
    """
    classes = {name for name in (*left, *right) if name != ALL}
    pairs = [(answer_for(left, name), answer_for(right, name)) for name in classes]
    if ALL in left and ALL in right:
        pairs.append((left[ALL], right[ALL]))
    results = {same(one, other) for one, other in pairs}
    if False in results:
        return False
    return True if True in results else None


def answer_for(answers, person_class):
    """The coding of a class, or that of all covered persons where it surely means the class; else ``None``."""
    if person_class in answers:
        return answers[person_class]
    return answers.get(ALL) if person_class in CORE_CLASSES else None
