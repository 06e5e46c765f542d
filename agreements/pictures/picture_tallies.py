"""What one agreement adds to the numbers of pictures (see ``agreements.pictures.world_map`` and ``dated``).

Pictures of all agreements between parties are read from these, so that they cost the same however many there are.
"""

from sources.lib.dates import PartialDate

PARTIES, IN_FORCE, SIGNED = "pictures/parties", "pictures/in_force", "pictures/signed"


def status_of(in_force):
    """What the parties to agreements of this status are counted under; ``in_force`` is a value of ``InForce``."""
    return f"{IN_FORCE}/{in_force}"


def tallies_of(body):
    """``{(subject, value)}`` for an agreement, as its public form has it; the values are the slugs of its parties, and the year of its
    signature, empty if that is not known for sure. An agreement counts once for a party that stands in it twice."""
    slugs = {row["organisation"]["slug"] for row in body["parties"] if row["organisation"]}
    subjects = (PARTIES, status_of(body["derived_status"]["in_force"]))
    year = PartialDate.parse(body["signed"]).sure_year if body["signed"] else None
    return {(SIGNED, str(year or "")), *((subject, slug) for subject in subjects for slug in slugs)}
