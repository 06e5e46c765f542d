"""Small published worlds for the tests of comparison and evidence: a codebook, agreements, sources that speak of them."""

import itertools

from django.utils import timezone

from agreements.models import Agreement, Approach, Clause, Codebook, Coding, Topic
from people.models import Organisation
from sources.models import Adjudication, Citation, Publisher, Source

_number = itertools.count(1)
_GROUPS = "ABCDEFGHIJKL"


def published(status="published"):
    return {"status": status, "published_at": timezone.now() if status == "published" else None}


def make_topics(*codes, approaches=("first", "second", "not_covered", "inconclusive")):
    """Topics by code, each with the same approaches."""
    book, _new = Codebook.objects.get_or_create(
        slug="v1", defaults={"version": "1.0", "published_on": "2026-01-01", "purpose": "Tests."}
    )
    found = {}
    for code in codes:
        group = code[0]
        topic = Topic.objects.create(
            slug=code.lower(), code=code, name=f"Topic {code}", definition=f"About {code}.", group=group,
            group_name=f"Group {group}", group_order=_GROUPS.index(group) + 1, order=int(code[1:]), since=book,
        )  # fmt: skip
        for order, name in enumerate(approaches):
            Approach.objects.create(
                topic=topic, code=name, name=name.replace("_", " "), meaning=f"It is {name}.", order=order
            )
        found[code] = topic
    return found


def make_agreement(slug, status="published", **fields):
    fields.setdefault("title", f"Agreement {slug}")
    fields.setdefault("type", "sofa")
    return Agreement.objects.create(slug=slug, **published(status), **fields)


def make_state(slug, code=""):
    return Organisation.objects.create(slug=slug, name=slug.title(), kind="state", iso_alpha3=code, **published())


def code(agreement, topic, approach="", stance="present", person_class="all", clause=None, **fields):
    """A coding, without sources."""
    unread = stance in ("text_unavailable", "not_applicable", "not_coded")
    coding = Coding.objects.create(
        agreement=agreement,
        topic=Topic.objects.get(code=topic),
        person_class=person_class,
        stance=stance,
        approach=Approach.objects.get(topic__code=topic, code=approach) if approach else None,
        basis="" if unread else fields.pop("basis", "text"),
        codebook=Codebook.objects.get(),
        **fields,
    )
    if clause:
        coding.clauses.add(clause)
    return coding


def make_clause(agreement, number="1", heading="Scope", **fields):
    return Clause.objects.create(agreement=agreement, number=number, heading=heading, **fields)


def make_source(slug="", status="published", **fields):
    publisher, _new = Publisher.objects.get_or_create(slug="herald", defaults={"name": "The Herald", "kind": "news"})
    fields.setdefault("title", f"Report {slug}")
    fields.setdefault("kind", "news")
    if fields.get("reliability", "F") != "F":
        fields.setdefault("reliability_reason", "Its record.")
    return Source.objects.create(
        slug=slug or f"source-{next(_number)}",
        publisher=fields.pop("publisher", publisher),
        **published(status),
        **fields,
    )


def cite(record, field, source, part="", **fields):
    fields.setdefault("locator", "para 1")
    return Citation.objects.create(record=record, field=field, source=source, part=part, **fields)


def rule(record, field, part="", **fields):
    defaults = {"reason": "The better source says so.", "ruled_by": "Editors", "ruled_on": "2026-02-01"}
    return Adjudication.objects.create(record=record, field=field, part=part, **defaults | fields)
