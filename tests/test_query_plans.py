"""Every list, under every filter and in every order, is read from an index that carries both: no database scans or sorts a large
table for a page of fifty rows."""

import datetime
import re

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agreements.models import (
    Agreement,
    Approach,
    Clause,
    Codebook,
    Coding,
    Milestone,
    Party,
    PartyEntry,
    Signature,
    StatusSpan,
    StepEntry,
    Topic,
    TopicEntry,
)
from kb.api import VIEWSETS
from kb.staff import worklists
from people.filters import published_organisation
from people.models import Organisation, Person
from sources.lib.filters import AfterFilter, BeforeFilter, ChoicesFilter, YearFilter, YesNoFilter
from sources.lib.paging import PAGE_SIZE
from sources.lib.planner_statistics import take_statistics
from sources.models import Adjudication, Citation, ContestedFact, PublicForm, Publisher, Source
from tests.content import undone

pytestmark = pytest.mark.django_db
NUMBER = 1500
# The tables that grow with the collection. Topics, states, rulings and findings are few.
LARGE = tuple(
    model._meta.db_table
    for model in (
        Agreement, Clause, Coding, Milestone, Party, PartyEntry, Signature, StatusSpan, StepEntry, TopicEntry, Citation,
        ContestedFact, PublicForm, Source,
    )
)  # fmt: skip
# What a reader asks for by a name.
VALUES = {
    "party": "AAA", "between": "AAA,BBB", "signatory": "person-1", "person": "person-1", "topic": "A1", "approach": "A1/shared",
    "agreement": "agreement-7", "body": "state-aaa", "publisher": "publisher", "source": "source-1", "field": "title",
    "part": "milestones/signed", "record": "agreements/agreement-7", "language": "es", "group": "A", "about": "agreements/agreement-7",
    "provider": "AAA", "recipient": "AAA", "country": "AAA", "participant": "AAA", "legal_basis": "agreement-7", "parent": "AAA",
    "nationality": "AAA", "organisation": "AAA", "region": "eastern-asia", "milestones.kind": "signed",
}  # fmt: skip
# Lists, by filter and ordering, that may sort more than a page, and why; each way round.
BY_TITLE = "titles order the whole list and that of a party; what another filter leaves is sorted"
OF_ONE = "of one record, which has few"
EXEMPT = {
    **{("agreements", key, "title"): BY_TITLE for key in ("topic", "approach", "stance", "person_class", "contested")},
    ("agreements", "contested", "slug"): "few are contested: an index of these alone, in the order of dates",
    ("milestones", "agreement", "date"): OF_ONE,
    ("milestones", "body", "agreement"): "of one body, by date in an index",
    ("signatures", "person", "agreement"): OF_ONE,
    ("sources", "publisher", "title"): "of one publisher, by date in an index",
    ("sources", "publisher", "slug"): "of one publisher, by date in an index",
}


@pytest.fixture(scope="module", autouse=True)
def many(django_db_setup, django_db_blocker):
    with undone(django_db_blocker):
        make_many()
        take_statistics()
        yield


def public(number):
    return {"status": "published", "published_at": timezone.now() - datetime.timedelta(minutes=number)}


def named(name, number=0):
    return {"slug": name, "search_text": name, "sort_key": name, **public(number)}


def make_many():
    codes = ["AAA", "BBB", *(f"C{letter}{other}" for letter in "CDEFGHIJ" for other in "ABCDEFGH")]
    states = [
        Organisation(
            kind="state",
            iso_alpha3=code,
            iso_alpha2=code[1:],
            region="eastern-asia",
            name=code,
            **named(f"state-{code.lower()}"),
        )
        for code in codes
    ]
    bodies = [Organisation(kind="agency", name=f"Body {number}", **named(f"body-{number}")) for number in range(NUMBER)]
    Organisation.objects.bulk_create([*states, *bodies])
    people = [Person(name=f"Person {number}", **named(f"person-{number}")) for number in range(NUMBER)]
    Person.objects.bulk_create(people)
    sources = make_sources()
    agreements = [
        Agreement(
            title=f"Agreement {number}",
            type=Agreement.Type.values[number % 7],
            signed=str(day(number) or ""),
            signed_earliest=day(number),
            signed_latest=day(number),
            is_contested=number % 20 == 0,
            **named(f"agreement-{number}", number),
        )
        for number in range(NUMBER)
    ]
    Agreement.objects.bulk_create(agreements)
    make_parts(agreements, states, people)
    make_codings(agreements)
    make_evidence(agreements, sources)
    Agreement.keep_list_rows([row.pk for row in agreements])
    make_forms([*agreements, *sources, *people, *states, *bodies])


def make_forms(records):
    """Forms that say nothing, so that no page makes any."""
    types = ContentType.objects.get_for_models(Agreement, Source, Person, Organisation)
    empty = {"made": 1, "sha256": "", "link": "{}", "card": "{}", "form": "{}"}
    PublicForm.objects.bulk_create(
        PublicForm(
            record_type=types[type(row)],
            record_id=row.pk,
            kind=row.KIND,
            slug=row.slug,
            published_at=row.published_at,
            **empty,
        )
        for row in records
    )


def day(number):
    """Most have a date, and some share one."""
    return datetime.date(1950, 1, 1) + datetime.timedelta(days=number // 3 * 11) if number % 9 else None


def make_sources():
    publishers = [Publisher(slug="publisher", name="Publisher", kind="news")]
    publishers += [
        Publisher(slug=f"publisher-{number}", name=f"Publisher {number}", kind="news") for number in range(40)
    ]
    Publisher.objects.bulk_create(publishers)
    rows = [
        Source(
            title=f"Source {number}",
            kind=Source.Kind.values[number % 9],
            publisher=publishers[number % 40],
            language=("en", "es", "fr", "pt")[number % 4],
            date=str(day(number) or ""),
            date_earliest=day(number),
            date_latest=day(number),
            **named(f"source-{number}", number),
        )
        for number in range(NUMBER)
    ]
    Source.objects.bulk_create(rows)
    return rows


def make_parts(agreements, states, people):
    parties, signatures, clauses, steps, spans = [], [], [], [], []
    for number, row in enumerate(agreements):
        for state in {states[number % 2], states[number % len(states)]}:
            parties.append(Party(agreement=row, organisation=state, key=state.slug))
        signatures.append(Signature(agreement=row, person=people[number], key="signed"))
        clauses += [Clause(agreement=row, key=f"art-{at}", number=str(at), basis="text") for at in range(3)]
        for kind in ("signed", "ratified", "in_force")[: number % 3 + 1]:
            bounds = {"date": str(day(number) or ""), "date_earliest": day(number), "date_latest": day(number)}
            steps.append(Milestone(agreement=row, key=kind, kind=kind, body=states[number % 60], **bounds))
        spans.append(StatusSpan(agreement=row, first=datetime.date.min, last=datetime.date.max, status="signed"))
    for model, rows in (
        (Party, parties),
        (Signature, signatures),
        (Clause, clauses),
        (Milestone, steps),
        (StatusSpan, spans),
    ):
        model.objects.bulk_create(rows)


def make_codings(agreements):
    codebook = Codebook.objects.create(
        slug="1-0", version="1.0", published_on=datetime.date(2026, 1, 1), purpose="All."
    )
    about = {"definition": "What.", "group_name": "Group", "since": codebook}
    topics = [
        Topic(
            slug=f"{group.lower()}{order}",
            code=f"{group}{order}",
            name=order,
            group=group,
            group_order=ord(group),
            order=order,
            **about,
        )
        for group in "ABC"
        for order in range(1, 7)
    ]
    Topic.objects.bulk_create(topics)
    approaches = [
        Approach(topic=topic, code=code, key=code, name=code, meaning="So.")
        for topic in topics
        for code in ("shared", "exempt")
    ]
    Approach.objects.bulk_create(approaches)
    Coding.objects.bulk_create(
        Coding(
            agreement=row,
            topic=topics[at % 18],
            key=f"coding-{at}",
            stance="present" if number % 3 else "silent",
            approach=approaches[at % 18 * 2 + number % 2] if number % 3 else None,
            basis="text",
            codebook=codebook,
        )
        for number, row in enumerate(agreements)
        for at in range(number, number + 3)
    )


def make_evidence(agreements, sources):
    kind = ContentType.objects.get_for_model(Agreement)
    about = [
        {
            "record_type": kind,
            "record_id": row.pk,
            "record_ref": row.ref,
            "field": ("title", "type")[at],
            "uid": f"{number}-{at}",
        }
        for number, row in enumerate(agreements)
        for at in range(2)
    ]
    Citation.objects.bulk_create(
        Citation(source=sources[at % NUMBER], locator="p. 1", stance=("supports", "disputes")[at % 2], **place)
        for at, place in enumerate(about)
    )
    ruled_on = datetime.date(2026, 1, 1)
    Adjudication.objects.bulk_create(
        Adjudication(reason="So.", ruled_by="Ed", ruled_on=ruled_on, **place) for place in about
    )
    counted = {"sources": 1, "independent": 1, "disputing": 1}
    ContestedFact.objects.bulk_create(
        ContestedFact(
            kind="agreements", record_name="An agreement", state=("contested", "settled")[at % 2], **counted, **place
        )
        for at, place in enumerate(about)
    )


def questions(name, viewset):
    """``(filter or "", ordering, query)`` of everything that a list can be asked for one at a time."""
    asked = [("", "")] + [
        (key, f"{key}={value}")
        for key, item in viewset.filterset_class.base_filters.items()
        if (value := value_for(name, key, item))
    ]
    for key, query in asked:
        for ordering in viewset.orderings.names():
            yield key, ordering, "&".join(filter(None, [query, f"ordering={ordering}"]))


def value_for(name, key, item):
    """A value of a filter of a list; empty for words, which are looked for in every name."""
    if known := VALUES.get(f"{name}.{key}") or VALUES.get(key):
        return known
    if isinstance(item, ChoicesFilter):
        return next(str(value) for value, _label in item.field.choices if value)
    if isinstance(item, YesNoFilter):
        return "true"
    if isinstance(item, (AfterFilter, BeforeFilter, YearFilter)):
        return "1960"
    return ""


def plans(client, address):
    """The plans of the queries for the rows of a page, and their statements."""
    with CaptureQueriesContext(connection) as found:
        answer = client.get(address)
    assert answer.status_code in (200, 400), (address, answer.content[:300])
    # A kind without rows here has nothing to filter by.
    assert answer.status_code == 200 or "is called" in answer.json()["detail"], answer.content[:300]
    for query in found:
        # One row more than the page has, to see whether there is another.
        if sql_table(query["sql"]) in LARGE and f"LIMIT {PAGE_SIZE + 1}" in query["sql"]:
            yield query["sql"], plan_of(query["sql"])


def sql_table(sql):
    """The table that a statement reads its rows from."""
    named = re.search(r' FROM "(\w+)"', sql)
    return named and named[1]


def plan_of(sql):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # What the tables' size decides is switched off, so that a plan with a scan or a sort is one that has no index to use.
            cursor.execute(
                "SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off"
            )
            cursor.execute(f"EXPLAIN {sql}")
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return [row[-1] for row in cursor.fetchall()]


# SQLite calls a walk through an index in its order a scan as well; what it then sorts are rows that are equal in the first column.
TOO_MUCH = {
    "sqlite": r"^SCAN ({tables})(?! USING (COVERING )?INDEX)|USE TEMP B-TREE FOR ORDER BY|MATERIALIZE",
    "postgresql": r"Seq Scan on ({tables})\b|^\s*(->\s+)?Sort\s+\(",
}


def faults(plan):
    pattern = re.compile(TOO_MUCH[connection.vendor].replace("{tables}", "|".join(LARGE)))
    return [step for step in plan if pattern.search(step)]


@pytest.mark.parametrize("name", VIEWSETS)
def test_a_page_is_read_from_an_index(client, subtests, name):
    viewset, unused = VIEWSETS[name], {key for key in EXEMPT if key[0] == name}
    for key, ordering, query in questions(name, viewset):
        with subtests.test(query):
            found = [(faults(plan), sql[-400:]) for sql, plan in plans(client, f"/api/v1/{name}/?{query}")]
            wrong = [row for row in found if row[0]]
            place = (name, key, ordering.removeprefix("-"))
            if wrong and place in EXEMPT:
                unused.discard(place)
            else:
                assert not wrong, wrong
    if connection.vendor == "sqlite":
        assert not unused, "named as exempt, but read from an index"


def test_a_state_is_found_by_its_code_in_the_indexes_of_codes():
    with CaptureQueriesContext(connection) as found:
        assert published_organisation.by_code("AAA").slug == "state-aaa"
        assert published_organisation.by_code("state-aaa").iso_alpha3 == "AAA"
    for query in found:
        if connection.vendor == "sqlite":
            plan = plan_of(query["sql"])
            assert plan[0] == "MULTI-INDEX OR" and not any("SCAN" in step or "ORDER BY" in step for step in plan), plan
        else:
            # Several indexes are joined in a bitmap there.
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL enable_seqscan = off")
                cursor.execute(f"EXPLAIN {query['sql']}")
                plan = [row[0] for row in cursor.fetchall()]
            assert any("BitmapOr" in step for step in plan), plan


def test_parts_with_two_names_are_hidden_by_one_at_a_time():
    """With an outer join for both, PostgreSQL reads all parts of the kind for a page of fifty rows."""
    sql = str(ContestedFact.objects.published().query)
    assert "agreements_eventparticipant" in sql and "OUTER JOIN" not in sql


def test_whether_a_record_is_published_is_looked_up(subtests):
    """By ``EXISTS``, PostgreSQL would collect the keys of all published records for a page of fifty rows."""
    for model in (Citation, Adjudication, ContestedFact):
        with subtests.test(model.__name__):
            sql = str(model.objects.published().query)
            assert '(SELECT U0."status"' in sql
            assert not re.search(r'EXISTS\(SELECT [^()]* FROM "agreements_agreement"', sql)


def test_the_list_of_milestones_begins_with_their_dates(client):
    """Joined, SQLite would begin with the agreements as soon as there are ten thousand."""
    for ordering in ("", "?ordering=-date", "?kind=signed"):
        (rows,) = (sql for sql, _plan in plans(client, f"/api/v1/milestones/{ordering}") if "LIMIT" in sql)
        assert 'JOIN "agreements_agreement"' not in rows and "EXISTS" not in rows


def test_no_query_for_citations_has_what_is_joined_beside_the_condition(client):
    """PostgreSQL would take joins for free beside it, and go through all sources for each citation."""
    with CaptureQueriesContext(connection) as found:
        assert client.get("/api/v1/citations/").json()["results"]
    asked = [query["sql"] for query in found if sql_table(query["sql"]) == "sources_citation"]
    assert any("sources_publisher" in sql for sql in asked) and any("people_person" in sql for sql in asked)
    assert not [sql for sql in asked if "sources_publisher" in sql and "people_person" in sql]


@pytest.mark.parametrize("worklist", worklists.LISTS, ids=lambda worklist: worklist.name)
def test_a_worklist_is_read_from_indexes(alice, worklist):
    """Counted and shown. PostgreSQL would collect every clause and coding to look up the few of a page among them; what one user did, it
    may."""
    with CaptureQueriesContext(connection) as found:
        if worklist.is_counted:
            worklist.count(alice)
        assert list(worklist.find(alice)[:50]) or worklist.name not in ("contested", "second")
    for query in found:
        plan = plan_of(query["sql"])
        is_collected = connection.vendor == "postgresql" and worklist.name == "second"
        wrong = [step for step in plan if re.search(WHOLE[connection.vendor], step)]
        assert is_collected or not wrong, (plan, query["sql"])


WHOLE = {"sqlite": rf"^SCAN ({'|'.join(LARGE)})(?! USING (COVERING )?INDEX)", "postgresql": "hashed SubPlan"}
