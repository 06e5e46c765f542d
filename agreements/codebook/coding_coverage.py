"""How much of the collection is coded on the topics of the codebook."""

from urllib.parse import urlencode

from agreements.models import Agreement
from sources.reading.store.reading import tallies_of


def coding_coverage():
    """``{"recorded", "coded", "known", "others"}``: published agreements, those coded on a topic or more, those only known to
    exist, and the records of the kind that are no agreements between parties. From the forms: nothing is counted anew."""
    levels, others = tallies_of("agreements/coded", "agreements/others")
    recorded, known = sum(levels.values()), levels.get(Agreement.CodingLevel.KNOWN, 0)
    return {"recorded": recorded, "coded": recorded - known, "known": known, "others": sum(others.values())}


def query_of_others():
    """The query of the list of what is no agreement between parties."""
    return urlencode([("type", code) for code in Agreement.NOT_BETWEEN_PARTIES])
