"""A dump of what readers can ask for: each list in each format, with counts and all parts, and some records of each kind."""

from agreements.models import Agreement, Topic
from kb.api import VIEWSETS
from people.models import Organisation
from sources.history.version_api import VersionedViewSet
from sources.reading.search.request import FACETS
from tests.routes import API_LISTS, LISTS, PAGES, identifier

SITE = [
    "/",
    "/api/v1/",
    "/about/",
    "/data/",
    "/topics/",
    "/countries/",
    "/compare/",
    "/map/",
    "/map.svg",
    "/map.csv",
    "/map/?colour=status",
    "/timeline/",
    "/timeline.svg",
    "/timeline.csv",
    "/network/",
    "/robots.txt",
    "/sitemap.xml",
    "/sitemap/agreements.xml",
    "/search/?q=paraguay",
    "/search/?q=zqcanary",
    "/search/?q=paraguay&kind=agreements&party=PRY",
    "/search/?q=peña&contested=true",
    "/api/v1/search/?q=paraguay&facets=" + ",".join(FACETS),
    "/api/v1/search/?q=zqcanary&facets=kind,party",
    "/api/v1/suggest/?q=zq",
    "/api/v1/suggest/?q=pa",
    "/api/v1/schema/",
    "/api/v1/docs/",
]
WORDS = ["zqcanary", "a", "paraguay", "peña"]


def addresses():
    """Every public address: each list in each format, with counts and all parts, and some records of each kind."""
    yield from SITE
    for address, viewset in LISTS.values():
        yield address
        yield f"{address}?count=true&page_size=5"
        yield from (f"{address}?ordering={name}&page_size=3" for name in viewset.orderings.names())
        if "q" in viewset.filterset_class.base_filters:
            yield from (f"{address}?q={word}&count=true" for word in WORDS)
        if "contested" in viewset.filterset_class.base_filters:
            yield from (f"{address}?contested={value}&count=true" for value in ("true", "false"))
    for address, viewset in API_LISTS.values():
        includes = ",".join(getattr(viewset.serializer_class.Meta, "includes", ()))
        yield from (f"{address}?format={name}&page_size=20" for name in ("csv", "jsonl"))
        yield f"{address}?page_size=30" + (f"&include={includes}" if includes else "")
        if viewset.has_facets:
            yield f"{address}?page_size=1&facets={','.join(FACETS)}"
    yield from of_records()
    slugs = list(
        Agreement.objects.published()
        .filter(codings__isnull=False)
        .distinct()
        .order_by("slug")
        .values_list("slug", flat=True)[:2]
    )
    if len(slugs) == 2:
        yield from (f"{start}/compare/?agreement={slugs[0]}&agreement={slugs[1]}" for start in ("", "/api/v1"))


# What each record has below its own address, as a page and in the API.
VERSIONS = ("history/", "v/1/")


def of_records():
    for name, viewset in VIEWSETS.items():
        rows = viewset.serializer_class.rows().order_by("pk")
        for row in {*rows[:2], *rows.reverse()[:1]}:
            yield f"/api/v1/{name}/{identifier(row)}/"
            if name in ("agreements", "exercises", "assistance", "events"):
                yield from (f"/api/v1/{name}/{row.slug}/{word}/" for word in DERIVED[name])
        if issubclass(viewset, VersionedViewSet):
            yield from (f"/api/v1/{name}/{row.slug}/{last}" for row in rows[:1] for last in VERSIONS)
    for start, viewset in PAGES.values():
        rows = viewset.serializer_class.rows().order_by("pk")
        yield from (f"{start}{row.slug}/" for row in {*rows[:2], *rows.reverse()[:1]})
        yield from (f"{start}{row.slug}/{last}" for row in rows[:1] for last in VERSIONS)
    for agreement in Agreement.objects.published().order_by("pk")[:2]:
        yield f"/agreements/{agreement.slug}/full/"
        yield from (f"{start}?record={agreement.ref}" for start in OF_ONE)
    for organisation in Organisation.objects.published().order_by("pk")[:3]:
        yield f"/organisations/{organisation.slug}/timeline/"
        yield from (f"{start}?record={organisation.ref}&depth=2" for start in OF_ONE[1:])
    for topic in Topic.objects.order_by("pk")[:2]:
        yield from (f"/topics/{topic.slug}/", f"/api/v1/topics/{topic.slug}/counts/")


# Pictures of one record.
OF_ONE = ("/timeline/", "/network/", "/network.svg", "/network.graphml", "/network.json", "/network.csv")
DERIVED = {
    "agreements": ("matrix", "similar", "ladder"),
    "exercises": ("legal-basis",),
    "assistance": ("legal-basis",),
    "events": ("legal-basis",),
}


def dump(client, asked):
    """``{address: (status, headers, body)}``."""
    answers = {}
    for address in asked:
        answer = client.get(address, headers={"X-Request-ID": "always-the-same"})
        answers[address] = (answer.status_code, dict(answer.headers), answer.content)
    return answers
