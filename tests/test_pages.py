"""The pages with the published content: complete, sound, light, and each fact with its evidence."""

import gzip
import re
from html.parser import HTMLParser

import orjson
import pytest
from django.db.models import Count
from django.test import Client

from kb.site.views import EXAMPLES
from sources.models import Citation
from sources.records.dossier import documented_models
from tests.routes import PAGE_LISTS, PAGES

MAX_BYTES = 100 * 1024
SITE_PAGES = ("/", "/about/", "/data/", "/topics/", "/topics/d2/", "/countries/")
# States with much, with little and with nothing recorded, a body with statements, and sources that say much.
PROFILES = (
    "/organisations/united-states/",
    "/organisations/poland/",
    "/organisations/andorra/",
    "/organisations/us-department-of-state/",
    "/organisations/united-states/timeline/",
    "/sources/paraguay-post-2025-12-22/",
    "/sources/iso-3166-1/?page=2",
    "/contested/?state=settled",
)
PICTURES = (
    "/map/",
    "/map/?colour=approach&topic=D2",
    "/timeline/",
    "/timeline/?party=PRY",
    "/timeline/?record=agreements/us-paraguay-sofa",
    "/network/",
    "/network/?record=agreements/us-paraguay-sofa",
    "/network/?record=organisations/united-states&depth=2",
)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]


def best_documented(kind):
    """The slug of the record of a kind with the most citations, whose page is the fullest."""
    model = documented_models()[kind]
    cited = Citation.objects.published().filter(record_ref__startswith=f"{kind}/").order_by()
    row = cited.values("record_ref").annotate(number=Count("pk")).order_by("-number", "record_ref").first()
    return row["record_ref"].partition("/")[2] if row else model.objects.published().first().slug


def record_addresses():
    """One page of each kind of record."""
    return [
        start + best_documented(viewset.serializer_class.Meta.model.KIND) + "/" for start, viewset in PAGES.values()
    ]


FROZEN = tuple(
    f"{start}{last}"
    for start in ("/agreements/us-paraguay-sofa/", "/people/marco-rubio/")
    for last in ("history/", "v/1/")
)
# Where the page of a kind is an extract, the whole record stands below it.
WHOLE = "/agreements/us-paraguay-sofa/full/"
COMPARED = (
    "/compare/",
    "/compare/?agreement=us-paraguay-sofa&agreement=us-ecuador-sofa-2023&agreement=nato-sofa-1951",
    "/compare/clauses/?a=us-paraguay-sofa.art-1-scope&b=us-ecuador-sofa-2023.art-1-scope",
)


def all_addresses():
    lists = (address for address, _viewset in PAGE_LISTS.values())
    records = [*record_addresses(), WHOLE, *FROZEN]
    return list(dict.fromkeys([*SITE_PAGES, *PICTURES, *lists, *records, *COMPARED, *PROFILES]))


@pytest.fixture(scope="module")
def answers(content):
    """``{address: answer}`` of every kind of page, asked for once."""
    client = Client()
    return {address: client.get(address) for address in all_addresses()}


@pytest.fixture(scope="module")
def records(answers):
    """Those of records alone."""
    return {address: answers[address] for address in record_addresses()}


class Page(HTMLParser):
    """What the tests ask of a page's markup."""

    def __init__(self, answer):
        super().__init__()
        self.ids, self.links, self.headings, self.tags, self.faults = [], [], [], [], []
        self.language = ""
        self.feed(answer.content.decode())

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.tags.append(tag)
        if tag == "html":
            self.language = attributes.get("lang")
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "a":
            self.links.append(attributes.get("href", ""))
        if tag == "script" and "src" not in attributes and attributes.get("type") != "application/ld+json":
            self.faults.append("script in the page")
        self.faults += [f"{name} on {tag}" for name in attributes if name == "style" or name.startswith("on")]
        for name in ("src", "action"):
            if "//" in (attributes.get(name) or ""):
                self.faults.append(f"{tag} from elsewhere")

    @property
    def inner_links(self):
        return [link[1:] for link in self.links if link.startswith("#")]


def test_every_page_is_sound(answers):
    """One heading of the first order, no step left out, unique ids, nothing inline, inner links that lead somewhere."""
    for address, answer in answers.items():
        assert answer.status_code == 200, address
        page = Page(answer)
        steps = zip(page.headings, page.headings[1:], strict=False)
        assert page.headings.count(1) == 1, address
        assert all(after <= before + 1 for before, after in steps), (address, page.headings)
        assert page.language == "en"
        assert not page.faults, (address, page.faults)
        assert "style" not in page.tags
        assert len(page.ids) == len(set(page.ids)), (address, {name for name in page.ids if page.ids.count(name) > 1})
        assert set(page.inner_links) <= {*page.ids, ""}, (address, set(page.inner_links) - set(page.ids))


def test_links_between_pages_lead_somewhere(client, answers):
    addresses = set()
    for answer in answers.values():
        addresses |= {link.partition("#")[0] for link in Page(answer).links if link.startswith("/")}
    records = [start for start, _viewset in PAGES.values()]
    # Records named by others are published by construction, and there are hundreds; one of each kind was opened above.
    others = sorted(link for link in addresses if link and not any(link.startswith(start) for start in records))
    assert others
    for link in others:
        assert client.get(link).status_code == 200, link


def test_pages_are_light(client, answers):
    """As a browser receives them."""
    heavy = [address for address, answer in answers.items() if len(answer.content) >= MAX_BYTES]
    for address in heavy:
        answer = client.get(address, headers={"accept-encoding": "gzip"})
        assert answer.headers["Content-Encoding"] == "gzip"
        assert len(answer.content) < MAX_BYTES, address


def test_only_the_fullest_record_needs_compression_to_be_light(records):
    heavy = [address for address, answer in records.items() if len(answer.content) >= MAX_BYTES]
    assert len(heavy) <= 1, heavy


def test_a_profile_is_light_before_it_is_compressed(answers):
    for address in PROFILES:
        assert len(answers[address].content) <= 120_000, address


def test_no_fact_is_lost_between_the_representation_and_the_page(client, records):
    for address, answer in records.items():
        facts = client.get(f"/api/v1{address}").json()["facts"]
        whole = client.get(f"{address}full/") if address.startswith("/agreements/") else answer
        ids = set(Page(whole).ids)
        for fact in facts:
            anchor = "fact-" + "-".join(filter(None, (fact["part"].replace("/", "-"), fact["field"])))
            assert anchor in ids, (address, anchor)


def test_a_contested_fact_is_marked_and_leads_to_every_value(client):
    answer = client.get(WHOLE)
    record = client.get("/api/v1/agreements/us-paraguay-sofa/").json()
    page = answer.content.decode()
    contested = [fact for fact in record["facts"] if fact["state"] == "contested"]
    assert contested
    citations = {citation["id"]: citation for citation in record["citations"]}
    for fact in contested:
        anchor = "about-fact-" + "-".join(filter(None, (fact["part"].replace("/", "-"), fact["field"])))
        panel = page[page.index(f'id="{anchor}"') :].partition("</section>")[0]
        assert f'href="#{anchor}"' in page
        for uid in fact["citations"]:
            if citations[uid]["source"]:
                assert f"#source-{citations[uid]['source']['slug']}" in panel


@pytest.mark.parametrize("address", [WHOLE, WHOLE.removesuffix("full/")])
def test_the_agreement_page_tells_its_life(client, address):
    page = client.get(address).content.decode()
    for words in ("Voted on by a chamber", "28 for", "7 against", "53 for", "Marco Rubio", "Rubén Ramírez Lezcano"):
        assert words in page
    assert "claimed" in page
    assert "15 December 2025" in page


def test_pages_name_their_twin(client, records):
    for address, answer in records.items():
        assert f"</api/v1{address}>" in answer.headers["Link"]
        assert f'href="/api/v1{address}"' in answer.content.decode()
    assert (
        'href="/api/v1/agreements/?type=sofa&amp;format=csv"' in client.get("/agreements/?type=sofa").content.decode()
    )


def test_machines_can_read_the_page(records):
    for address, answer in records.items():
        page = answer.content.decode()
        block = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
        assert orjson.loads(block[1])["url"] == f"http://testserver{address}"


def test_queries_do_not_grow_with_the_page(client, answers, records, django_assert_max_num_queries):
    for address in answers:  # asked for before: content types are looked up once a process
        budget = (
            # One for each sort of connection and end, for each ring.
            80
            if address.startswith("/network/")
            else 25
            if address in ("/", "/about/")
            else 20
            if address in (*records, WHOLE, *PROFILES)
            else 12
            if address in COMPARED
            else 10
        )
        # A source's page, and the list of contested facts, ask once for each list of entries that they speak of.
        budget += 10 if address.startswith(("/sources/", "/contested/")) else 0
        with django_assert_max_num_queries(budget):
            client.get(address)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/agreements/?bogus=1", "There is no such parameter"),
        ("/agreements/?statuss=in_force", "Did you mean “status”?"),
        ("/agreements/?type=soffa", "Did you mean “sofa”?"),
        ("/people/?organisation=nowhere", "Nothing published is called"),
        ("/sources/?published_after=2025-02-30", "not in the calendar"),
        ("/events/?cursor=x", "This cursor was not given by this list"),
        ("/agreements/us-paraguay-sofa/?bogus=1", "There is no such parameter"),
        ("/about/?bogus=1", "There is no such parameter"),
    ],
)
def test_a_refused_parameter_shows_the_reason_and_no_rows(client, address, words):
    answer = client.get(address)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert words in page.replace("&#x27;", "'")
    assert 'class="entries' not in page


def test_filters_show_as_chips_that_can_be_removed(client):
    page = client.get("/agreements/?type=sofa&party=PRY&party=USA").content.decode()
    assert 'href="/agreements/?type=sofa&amp;party=USA"' in page
    assert 'href="/agreements/?party=PRY&amp;party=USA"' in page


def test_spanish_readers_get_names_in_spanish(client):
    page = client.get("/organisations/united-states/", headers={"accept-language": "es"}).content.decode()
    assert '<html lang="es"' in page
    assert "<h1><bdi>Estados Unidos</bdi>" in page


@pytest.mark.parametrize("address", EXAMPLES)
def test_the_examples_on_the_data_page_work(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.getvalue()


def test_compression_keeps_the_validator(client):
    first = client.get("/about/", headers={"accept-encoding": "gzip"})
    assert b"Method and coverage" in gzip.decompress(first.content)
    again = client.get("/about/", headers={"accept-encoding": "gzip", "if-none-match": first.headers["ETag"]})
    assert again.status_code == 304
