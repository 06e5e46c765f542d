"""What one agreement adds to the numbers of the world map (see ``agreements.pictures.world_map``).

The map of all agreements is read from these, so that it costs the same however many agreements there are.
"""

PARTIES, IN_FORCE = "map/parties", "map/in_force"


def status_of(in_force):
    """What the parties to agreements of this status are counted under; ``in_force`` is a value of ``InForce``."""
    return f"{IN_FORCE}/{in_force}"


def tallies_of(body):
    """``{(subject, value)}`` for an agreement, as its public form has it; the values are the slugs of its parties. An agreement
    counts once for a party that stands in it twice."""
    slugs = {row["organisation"]["slug"] for row in body["parties"] if row["organisation"]}
    subjects = (PARTIES, status_of(body["derived_status"]["in_force"]))
    return {(subject, slug) for subject in subjects for slug in slugs}
