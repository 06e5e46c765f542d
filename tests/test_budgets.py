"""What an answer costs the database: a list at most 10 queries, a record at most 20, and no more for 50 rows than for few."""

import re
from collections import Counter
from itertools import product

import pytest
from django.db import connection
from django.db.models import Count
from django.test.utils import CaptureQueriesContext

from agreements.models import Agreement, Topic
from kb.api import VIEWSETS
from sources.models import Source
from sources.reading.search.request import FACETS
from sources.records import dossier
from sources.records.base import Record
from tests.addresses import DERIVED, VERSIONS
from tests.factory import make_agreement, make_assistance, make_event, make_exercise, make_position, make_state
from tests.forms import address as editing_address
from tests.routes import API_LISTS, LISTS, PAGES, identifier

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]
LIST, RECORD = 8, 20
# More for each misspelt word, and for each facet of which something is chosen.
SEARCH = 16
# The home page is short lists, counts that are kept, and one form.
HOME = 16
# Records looked at of each kind: so many of those with most citations, for they have most parts, and some others.
SAMPLE = 12


def cost(client, address):
    """The statements that an answer takes, without the values in them."""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = client.get(address)
    assert answer.status_code == 200, (address, answer.content[:200])
    return Counter(shape(query["sql"]) for query in queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE")))


def shape(sql):
    """A statement without its values, so that the same question asked row by row is seen."""
    return re.sub(r"\(\?(, \?)*\)", "(?)", re.sub(r"'[^']*'|\b\d+\b", "?", sql))


def within(spent, budget, address):
    assert spent.total() <= budget, (address, spent.total(), spent.most_common(2))
    statement, times = max(spent.items(), key=lambda item: item[1], default=("", 0))
    assert times <= 3, f"{address} asks {times} times: {statement}"


def test_a_list(client, case):
    for route, size in product(LISTS, [1, 50]):
        with case(f"{route} · {size}"):
            address, _viewset = LISTS[route]
            within(cost(client, f"{address}?page_size={size}&count=true"), LIST, address)


def test_a_list_with_facets(client):
    for address, viewset in API_LISTS.values():
        if viewset.has_facets:
            within(cost(client, f"{address}?page_size=5&facets={','.join(FACETS)}"), LIST, address)


def test_a_search_costs_the_same_for_one_result_and_for_many(client):
    for query in ("q=D2", "q=paraguay", "q=immunity&page=2", "q=ramirez+lescano", "q=forces+submarine+xyzzyq"):
        for address in (f"/search/?{query}", f"/api/v1/search/?{query}&facets={','.join(FACETS)}"):
            # The first of a day asks which of its words are common.
            client.get(address)
            assert cost(client, address).total() <= SEARCH, address
    for query in ("kind=agreements", "kind=agreements&party=PRY&type=sofa"):
        assert cost(client, f"/search/?q=paraguay&{query}").total() <= SEARCH + 4, query
    within(cost(client, "/api/v1/suggest/?q=pa"), 4, "suggestions")


def test_fifty_rows_cost_no_more_than_ten(client, case):
    for route in LISTS:
        with case(route):
            address, _viewset = LISTS[route]
            few, many = (cost(client, f"{address}?page_size={size}") for size in (10, 50))
            # A relation that none of ten rows has is asked for once when one of fifty has it: never once a row.
            assert many.total() - few.total() <= 3, many - few


def test_a_list_with_everything_included(client, case):
    for route in API_LISTS:
        with case(route):
            address, viewset = API_LISTS[route]
            includes = ",".join(getattr(viewset.serializer_class.Meta, "includes", ()))
            query = f"?page_size=50&include={includes}" if includes else "?page_size=50"
            within(cost(client, address + query), 2 * RECORD, address)


def test_a_download_costs_what_the_list_costs(client, case):
    for route in API_LISTS:
        with case(route):
            address, _viewset = API_LISTS[route]
            within(cost(client, f"{address}?format=csv&page_size=50"), LIST, address)


def some(viewset):
    rows = viewset.serializer_class.rows().order_by("pk")
    if issubclass(rows.model, Record):
        rows = rows.annotate(number=Count("citations")).order_by("-number", "pk")
    return {identifier(row) for row in (*rows[:SAMPLE], *rows.reverse()[:SAMPLE])}


def test_a_record_of_the_api(client, case):
    for name in VIEWSETS:
        with case(name):
            for identity in some(VIEWSETS[name]):
                within(cost(client, f"/api/v1/{name}/{identity}/"), RECORD, f"{name}/{identity}")


def test_a_page(client, case):
    for name in PAGES:
        with case(name):
            start, viewset = PAGES[name]
            for identity in some(viewset):
                within(cost(client, f"{start}{identity}/"), RECORD, f"{start}{identity}/")


def test_a_history_and_a_version(client, case):
    for name, api in product(PAGES, ["", "/api/v1"]):
        with case(f"{name} · {api}"):
            start, viewset = PAGES[name]
            for identity in sorted(some(viewset))[:2]:
                for last in VERSIONS:
                    within(cost(client, f"{api}{start}{identity}/{last}"), LIST, f"{api}{start}{identity}/{last}")


def test_a_history_of_fifty_versions_costs_what_one_of_one_costs(client):
    addresses = [f"{api}/agreements/us-paraguay-sofa/history/" for api in ("", "/api/v1")]
    record = Agreement.objects.get(slug="us-paraguay-sofa")
    few = [cost(client, address).total() for address in addresses]
    body = record.representation()
    for number in range(49):
        record.freeze(dossier.canonical({**body, "note": f"{number}"}).decode())
    assert [cost(client, address).total() for address in addresses] == few


def test_the_richest_records(client, case):
    for slug, start in product(["us-paraguay-sofa", "nato-sofa-1951"], ["/agreements/", "/api/v1/agreements/"]):
        with case(f"{slug} · {start}"):
            within(cost(client, f"{start}{slug}/"), RECORD, slug)


def test_the_fullest_profiles(client, case):
    for slug in ["united-states", "paraguay", "netherlands", "us-government", "paraguay-senate"]:
        with case(slug):
            within(cost(client, f"/organisations/{slug}/"), RECORD, slug)
            within(cost(client, f"/organisations/{slug}/timeline/"), LIST, slug)


def test_a_profile_of_many_rows_costs_what_one_of_few_costs(client):
    """A state with one row of each kind, and the same with twelve more."""
    state = make_state("XAA", "Utopia")
    fill(state, 1)
    few = cost(client, "/organisations/xaa/"), cost(client, "/countries/")
    fill(state, 12)
    many = cost(client, "/organisations/xaa/"), cost(client, "/countries/")
    assert [spent.total() for spent in many] == [spent.total() for spent in few]


def fill(state, number):
    """``number`` rows of each kind that a profile shows."""
    for _row in range(number):
        party = [{"organisation": state.slug}]
        make_agreement(parties=party, milestones=[{"kind": "signed", "date": "2020"}], status="published")
        make_exercise(country=state.slug, participations=party, dates="2021", status="published")
        make_assistance(provider=state.slug, recipients=[state.slug], date="2022", status="published")
        make_position(organisation=state.slug, status="published")
        make_event(country=state.slug, date="2023", status="published")


def test_the_sources_that_say_most(client, case):
    for source in Source.objects.annotate(number=Count("statements")).order_by("-number", "pk")[:4]:
        with case(source.slug):
            within(cost(client, f"/sources/{source.slug}/"), RECORD, source.slug)


def test_a_page_of_the_site(client, case):
    sites = ["/", "/about/", "/data/", "/topics/", "/countries/", "/compare/", "/api/v1/schema/", "/api/v1/"]
    for address in sites:
        with case(address):
            within(cost(client, address), HOME if address == "/" else RECORD, address)


def test_a_second_reader_of_what_is_worked_out_from_many_records(client, case):
    for address in ("/", "/about/", "/countries/", "/topics/d2/", "/organisations/united-states/"):
        with case(address):
            client.get(address)
            within(cost(client, address), LIST, address)


def test_derived_data(client):
    for name, words in DERIVED.items():
        for identity in sorted(some(VIEWSETS[name]))[:4]:
            for word in words:
                within(cost(client, f"/api/v1/{name}/{identity}/{word}/"), RECORD, f"{name}/{identity}/{word}")


def test_topics(client):
    for slug in Topic.objects.values_list("slug", flat=True)[:4]:
        for address in (f"/topics/{slug}/", f"/api/v1/topics/{slug}/counts/"):
            within(cost(client, address), RECORD, address)


def test_a_comparison(client, case):
    for number, start in product([2, 6], ["", "/api/v1"]):
        with case(f"{number} · {start}"):
            slugs = Agreement.objects.published().filter(codings__isnull=False).distinct().order_by("slug")[:number]
            query = "&".join(f"agreement={agreement.slug}" for agreement in slugs)
            within(cost(client, f"{start}/compare/?{query}"), RECORD, query)


# The editing screen of the fullest record; its size is held in tests/test_editing_content.py.
SCREEN = 50


def test_the_editing_screen_of_the_fullest_record(editor):
    fullest = Agreement.objects.annotate(number=Count("citations")).order_by("-number", "pk").first()
    assert fullest.citations.count() > 100
    within(cost(editor, editing_address(fullest)), SCREEN, fullest)
