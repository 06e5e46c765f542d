"""Prints what the tasks ask for: slugs of typical and of the largest records, and a signed-in administrator's session."""

import logging
import os
from urllib.parse import quote

import django
import orjson

CLAUSES, CITATIONS = 20, 40
# How many names searches are made of.
SAMPLE = 10


def facts():
    from django.db.models import Count

    from agreements.models import Agreement, Topic
    from people.models import Organisation, Person
    from sources.models import Citation

    rows = Agreement.objects.published()
    party = "XAA"
    mine = rows.filter(parties__organisation__iso_alpha3=party)
    kind = mine.values_list("type").annotate(number=Count("pk")).order_by("-number", "type")[0][0]
    twenty = rows.annotate(number=Count("clauses")).filter(number=CLAUSES).order_by("slug")
    counted = {row.slug: row.citations.count() for row in twenty[:200]}
    typical = min(counted, key=lambda slug: (abs(counted[slug] - CITATIONS), slug))
    fullest = Citation.objects.filter(record_ref__startswith="agreements/").values_list("record_ref")
    fullest = fullest.annotate(number=Count("pk")).order_by("-number", "record_ref")[:20]
    public = set(rows.values_list("slug", flat=True))
    return {
        "party": party, "type": kind, "listed": rows.between_parties().count(), "typical": typical,
        "title": quote(rows.get(slug=typical).title), "citations": counted[typical],
        "fullest": next(ref.partition("/")[2] for ref, _number in fullest if ref.partition("/")[2] in public),
        "compared": [row.slug for row in rows.annotate(number=Count("codings")).order_by("-number", "slug")[:4]],
        "topic": Topic.objects.annotate(number=Count("codings")).order_by("-number", "slug")[0].slug,
        "state": mine.order_by("slug")[0].parties.get(organisation__iso_alpha3=party).organisation.slug,
        "titles": some(rows.between_parties(), "title"), "people": some(Person.objects.published(), "name"),
        "states": some(Organisation.objects.published().exclude(iso_alpha3=""), "name"), "cookie": session(),
    }  # fmt: skip


def some(rows, column):
    """``SAMPLE`` values of a column, evenly from all rows."""
    values = list(rows.order_by("pk").values_list(column, flat=True))
    return values[:: max(len(values) // SAMPLE, 1)][:SAMPLE]


def session():
    """The cookie of an administrator, made once a database."""
    from django.contrib.auth import get_user_model

    from tests.cast import make_user, sign_in

    user = get_user_model().objects.filter(username="bench").first() or make_user("administrator", "bench")
    cookie = sign_in(user).cookies["sessionid"].value
    return f"sessionid={cookie}"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kb.settings")
    django.setup()
    logging.disable(logging.CRITICAL)
    print(orjson.dumps(facts()).decode())
