"""What one agreement adds to the counts of each topic (see ``agreements.codebook.topic_counts``)."""

from agreements.codebook.answer_comparison import ALL, CORE_CLASSES

# The class of persons that a coding for all covered persons surely speaks for (see agreements.codebook.answer_comparison).
FORCE = "force"
# The values under a topic: an agreement that is coded at all, or for a group; and its answers for a group.
CODED, APPROACH, STANCE = "coded", "approach", "stance"


def subject_of(topic):
    """What the counts of a topic stand under; ``topic`` is its slug."""
    return f"topic/{topic}"


def value_of(*words):
    return "/".join(words)


def group_of(person_class):
    """The group of persons that a coding counts for: the force with its civilian component, or the class itself."""
    return FORCE if person_class in (ALL, *CORE_CLASSES) else person_class


def tallies_of(codings, is_counted):
    """``{(subject, value)}`` for the codings of one agreement, as its public form has them. Agreements are counted and not codings,
    so each pair stands once. ``is_counted``: whether it is among the agreements whose number is told."""
    found = set()
    for row in codings:
        subject, group = subject_of(row["topic"]["slug"]), group_of(row["person_class"])
        if is_counted:
            found |= {(subject, CODED), (subject, value_of(CODED, group))}
        if row["approach"] or row["stance"] == "present":
            found.add((subject, value_of(APPROACH, group, row["approach"]["code"] if row["approach"] else "")))
        else:
            found.add((subject, value_of(STANCE, group, row["stance"])))
    return found
