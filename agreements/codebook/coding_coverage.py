"""How much of the collection is coded on the topics of the codebook."""

from urllib.parse import urlencode

from django.db.models import Count, Q

from agreements.models import Agreement


def coding_coverage():
    """``{"recorded", "coded", "known", "others"}``: published agreements, those coded on a topic or more, those only known to
    exist, and the records of the kind that are no agreements between parties. One query."""
    no_agreement = Q(type__in=Agreement.NOT_BETWEEN_PARTIES)
    counts = Agreement.objects.published().aggregate(
        recorded=Count("pk", filter=~no_agreement),
        coded=Count("pk", filter=~no_agreement & Q(topics_coded__gt=0)),
        others=Count("pk", filter=no_agreement),
    )
    return {**counts, "known": counts["recorded"] - counts["coded"]}


def query_of_others():
    """The query of the list of what is no agreement between parties."""
    return urlencode([("type", code) for code in Agreement.NOT_BETWEEN_PARTIES])
