"""How long a comparison of 6 agreements on 69 topics takes among 10,000 agreements with 200,000 clauses."""

from bench.clock import describe

CLAUSES_EACH, CODINGS_EACH = 20, 20
COMPARED, TOPICS = 6, 69
LIMIT_MS, LIMIT_QUERIES = 100, 12


def report(slugs):
    from django.http import QueryDict
    from django.test import Client

    from agreements import compare as comparison
    from agreements.codebook.similarity import relatives_of
    from agreements.models import Agreement

    query = "&".join(f"agreement={slug}" for slug in slugs)
    client = Client()
    nearest = Agreement.objects.get(slug=slugs[0])
    tasks = {
        "the table": lambda: comparison.build(comparison.read_query(QueryDict(query))),
        "as JSON": lambda: client.get(f"/api/v1/compare/?{query}"),
        "as CSV": lambda: client.get(f"/compare/?{query}&format=csv"),
        "as a page": lambda: client.get(f"/compare/?{query}"),
        "nearest relatives": lambda: relatives_of(nearest),
        "a topic's counts": lambda: client.get("/api/v1/topics/a1/counts/"),
    }
    for name, task in tasks.items():
        describe(name, task, limits=(LIMIT_MS, LIMIT_QUERIES))


def generate(agreements):
    """Fill the empty database; return the slugs of the agreements to compare."""
    from django.db import transaction

    with transaction.atomic():
        topics = make_topics()
        ids = make_agreements(agreements)
        make_clauses_and_codings(ids, topics)
        make_citations(ids[:COMPARED])
    return [f"agreement-{number}" for number in range(COMPARED)]


def make_topics():
    """Topics as ``(topic, its approaches)``."""
    from agreements.models import Approach, Codebook, Topic

    book = Codebook.objects.create(slug="v1", version="1", published_on="2026-01-01", purpose="Measuring.")
    codes = [(letter, number) for letter in "ABCDEFGHIJKL" for number in range(1, 7)][:TOPICS]
    topics = Topic.objects.bulk_create(
        Topic(
            slug=f"{letter}{number}".lower(), code=f"{letter}{number}", name=f"Topic {letter}{number}", definition="It is.",
            group=letter, group_name=f"Group {letter}", group_order=ord(letter), order=number, since=book,
        )
        for letter, number in codes
    )  # fmt: skip
    approaches = Approach.objects.bulk_create(
        Approach(topic=topic, key=f"way-{n}", code=f"way_{n}", name=f"Way {n}", meaning="A way.", order=n)
        for topic in topics
        for n in range(4)
    )
    return [(topic, approaches[4 * n : 4 * n + 4]) for n, topic in enumerate(topics)]


def make_agreements(number):
    from django.utils import timezone

    from agreements.models import Agreement

    now = timezone.now()
    rows = Agreement.objects.bulk_create(
        (
            Agreement(slug=f"agreement-{n}", title=f"Agreement {n}", type="sofa", status="published", published_at=now)
            for n in range(number)
        ),
        batch_size=500,
    )
    return [row.pk for row in rows]


def make_clauses_and_codings(ids, topics):
    """Each agreement has its clauses and codings on some topics; those to compare have all topics, in two classes for some."""
    from agreements.models import Clause, Codebook, Coding

    book = Codebook.objects.get()
    for start in range(0, len(ids), 500):
        chunk = ids[start : start + 500]
        clauses = Clause.objects.bulk_create(
            (
                Clause(
                    agreement_id=pk, key=f"art-{n}", number=str(n), heading=f"Article {n}", order=n, basis="text",
                    summary="It says who may do what, where, and for how long.",
                )
                for pk in chunk
                for n in range(CLAUSES_EACH)
            ),
            batch_size=500,
        )  # fmt: skip
        codings, links = [], []
        for place, pk in enumerate(chunk):
            compared = start + place < COMPARED
            for n, (topic, approaches) in enumerate(topics):
                if not compared and (n + pk) % (TOPICS // CODINGS_EACH) != 0:
                    continue
                for name in ("military", "contractor") if compared and n % 7 == 0 else ("all",):
                    codings.append(
                        Coding(
                            agreement_id=pk, key=f"{topic.slug}-{name}", topic=topic, person_class=name, stance="present",
                            approach=approaches[(n * pk) % 4], basis="text", codebook=book, order=n,
                            summary="What it says on the topic, in a sentence of usual length.",
                        )
                    )  # fmt: skip
                    links.append(clauses[place * CLAUSES_EACH + n % CLAUSES_EACH])
        made = Coding.objects.bulk_create(codings, batch_size=500)
        through = Coding.clauses.through
        through.objects.bulk_create(
            (through(coding=coding, clause=clause) for coding, clause in zip(made, links, strict=True)), batch_size=500
        )


def make_citations(ids):
    """Two sources of twenty support each coding of the agreements to compare; every tenth is disputed by a third."""
    from django.contrib.contenttypes.models import ContentType
    from django.utils import timezone

    from agreements.models import Agreement, Coding
    from sources.models import Citation, Publisher, Source

    publisher = Publisher.objects.create(slug="press", name="Press", kind="news")
    now = timezone.now()
    sources = Source.objects.bulk_create(
        Source(
            slug=f"source-{n}", title=f"Source {n}", kind="news", publisher=publisher, status="published", published_at=now,
            reliability="B", reliability_reason="Measured.",
        )
        for n in range(20)
    )  # fmt: skip
    agreement_type = ContentType.objects.get_for_model(Agreement)
    rows = []
    for number, coding in enumerate(Coding.objects.filter(agreement__in=ids).select_related("agreement")):
        stances = ["supports", "supports", *(["disputes"] if number % 10 == 0 else [])]
        for place, stance in enumerate(stances):
            rows.append(
                Citation(
                    record_type=agreement_type, record_id=coding.agreement_id, record_ref=coding.agreement.ref,
                    part=f"codings/{coding.key}", field="approach", source=sources[(number + 7 * place) % 20],
                    locator=f"para {number}", stance=stance, credibility=2, uid=f"{number}-{place}",
                )
            )  # fmt: skip
    Citation.objects.bulk_create(rows, batch_size=500)
