"""The tables that lists and counts are read from say what the records say, whatever was done to them."""

from collections import Counter
from itertools import product

import orjson
import pytest
from django.db.models import F
from django.http import QueryDict

from agreements.models import Agreement, Coding, PartyEntry, StepEntry, TopicEntry
from kb.api import VIEWSETS
from people.models import Organisation
from sources.filters import SourceFilter
from sources.models import Citation, PublicForm, PublicTally
from sources.reading.store.reading import tallies_of
from sources.records import dossier
from tests.factory import make_agreement, make_person, make_source, make_state, make_topic

pytestmark = pytest.mark.django_db


def check():
    """Compare entries and tallies with those made anew."""
    published = Agreement.objects.published()
    for model in (PartyEntry, StepEntry, TopicEntry):
        wanted = Counter(entry.content for entry in model.objects.wanted(published))
        assert Counter(entry.content for entry in model.objects.all()) == wanted
    counted = Counter()
    for form in PublicForm.objects.all():
        counted.update(form.record_type.model_class().tallies_of(orjson.loads(form.form)))
    assert {row.key: row.number for row in PublicTally.objects.exclude(number=0)} == counted


class TestActs:
    @pytest.fixture(autouse=True)
    def treaty(self):
        for code in ("PRY", "USA"):
            make_state(code, f"State of {code}")
        make_person(slug="ann", name="Ann", status="published")
        make_topic("D2", approaches=("host_state",))
        return self.make(slug="treaty", status="published")

    def make(self, **fields):
        coding = {"topic": "d2", "stance": "present", "approach": "d2/host-state", "basis": "text", "codebook": "1-0"}
        return make_agreement(
            parties=[{"organisation": "pry"}, {"organisation": "usa", "role": "depositary"}],
            signatures=[{"person": "ann"}],
            codings=[coding],
            milestones=[{"kind": "signed", "date": "2025-12-15"}],
            **fields,
        )

    def headings(self, slug="treaty"):
        return {
            row.heading.partition("/")[0]
            for model in (PartyEntry, TopicEntry)
            for row in model.objects.filter(slug=slug)
        }

    def test_a_published_agreement_is_listed_under_what_it_has(self, treaty):
        assert self.headings() == {"party", "signatory", "topic", "approach", "stance", "class"}
        assert {row.signed_earliest.isoformat() for row in PartyEntry.objects.all()} == {"2025-12-15"}
        assert PartyEntry.objects.filter(is_bound=True).count() == 1
        check()

    def test_a_step_of_one_party_is_the_latest_of_that_party_alone(self):
        steps = [
            {"kind": "signed", "date": "2025-12-15"},
            {"kind": "ratified", "date": "2026-02", "party": "pry"},
            {"kind": "in_force", "evidence": "planned"},
        ]
        pact = make_agreement(
            slug="pact",
            status="published",
            parties=[{"organisation": "pry"}, {"organisation": "usa"}],
            milestones=steps,
        )
        found = {row.heading: (str(row.last_step), row.steps) for row in StepEntry.objects.filter(agreement=pact)}
        keys = {state.slug: f"party/{state.pk}" for state in Organisation.objects.all()}
        assert found == {keys["pry"]: ("2026-02-01", 2), keys["usa"]: ("2025-12-15", 1)}
        pact.withdraw(by=None, reason="Wrong.")
        assert not StepEntry.objects.filter(agreement=pact).exists()

    def test_a_draft_adds_no_row(self, treaty):
        before = (PartyEntry.objects.count(), TopicEntry.objects.count(), [*PublicTally.objects.values_list()])
        self.make(slug="draft")
        assert (PartyEntry.objects.count(), TopicEntry.objects.count(), [*PublicTally.objects.values_list()]) == before

    def test_a_change_that_is_published_changes_them(self, treaty):
        body = treaty.dossier()
        dossier.write(treaty, {**body, "parties": body["parties"][:1], "type": "alliance", "codings": []})
        treaty.publish(by=None)
        assert self.headings() == {"party", "signatory"}
        assert {row.type for row in PartyEntry.objects.all()} == {"alliance"}
        check()

    def test_withdrawn_it_has_none_and_published_again_it_has_all(self, treaty):
        before = self.headings()
        treaty.withdraw(by=None, reason="Wrong.")
        assert self.headings() == set()
        check()
        treaty.publish(by=None)
        assert self.headings() == before
        check()

    def test_merged_it_has_none(self, treaty):
        other = self.make(slug="other", status="published", title="The other")
        treaty.merge(other, by=None)
        assert self.headings() == set()
        check()


# What is prepared gives what the database would be asked for anew


QUERIES = [
    "",
    "type=sofa",
    "party=PRY",
    "between=PRY,USA",
    "party=PRY&type=sofa",
    "party=PRY&type=sofa&type=alliance",
    "topic=D2",
    "signatory=ann",
]


class TestPrepared:
    @pytest.fixture(autouse=True)
    def many(self):
        for code in ("PRY", "USA"):
            make_state(code, f"State of {code}")
        make_person(slug="ann", name="Ann", status="published")
        make_topic("D2", approaches=("host_state",))
        for number in range(9):
            make_agreement(
                slug=f"a{number}",
                title=f"Title {number % 4}",
                type="sofa" if number % 2 else "alliance",
                parties=[{"organisation": name} for name in ("pry", "usa")[: number % 3]],
                signatures=[{"person": "ann"}] if number % 4 else [],
                codings=[{"topic": "d2", "stance": "silent", "basis": "text", "codebook": "1-0"}] if number % 2 else [],
                milestones=[{"kind": "signed", "date": f"20{10 + number // 3}"}] if number % 4 else [],
                status="published",
            )

    @staticmethod
    def expected(query, ordering):
        viewset = VIEWSETS["agreements"]
        rows = viewset.filterset_class(QueryDict(query)).rows(Agreement.objects.published)
        _name, columns = viewset.orderings.get(ordering)
        order = [
            F(column.name).desc(nulls_last=True) if column.descending else F(column.name).asc(nulls_last=True)
            for column in columns
        ]
        return [row.slug for row in rows.order_by(*order)]

    def test_every_page_forth_and_back(self, client, subtests):
        for query, ordering in product(QUERIES, VIEWSETS["agreements"].orderings.names()):
            with subtests.test(f"{query} · {ordering}"):
                expected = self.expected(query, ordering)
                forth, back = [], []
                address = f"/api/v1/agreements/?{query}&ordering={ordering}&page_size=2&count=true"
                while address:
                    body = client.get(address).json()
                    assert body["count"] == len(expected)
                    forth += [row["slug"] for row in body["results"]]
                    last, address = body, body["next"]
                while last:
                    back = [row["slug"] for row in last["results"]] + back
                    last = last["previous"] and client.get(last["previous"]).json()
                assert forth == back == expected

    def test_a_file_has_the_same_rows(self, client):
        text = client.get("/api/v1/agreements/?party=PRY&ordering=title&format=jsonl").getvalue().decode()
        assert [orjson.loads(line)["slug"] for line in text.splitlines()] == self.expected("party=PRY", "title")


def test_a_value_that_looks_like_a_sign_of_a_prepared_query_is_a_value(client):
    make_source(slug="one", language="es", status="published")
    for language in ("¤0", "es", "¤0"):
        answer = client.get("/api/v1/sources/", {"language": language})
        assert answer.status_code == 200
        assert [row["slug"] for row in answer.json()["results"]] == (["one"] if language == "es" else [])
    assert SourceFilter(QueryDict("kind=news")).check().plain_values() == [("kind", "news")]


# Last, since the content stays until the end of the module


@pytest.mark.usefixtures("content")
def test_the_content_has_entries_and_tallies_that_follow_from_it():
    check()
    assert PartyEntry.objects.count() > 100
    [stances] = tallies_of("citations")
    assert sum(stances.values()) == Citation.objects.published().count()
    [bases] = tallies_of("codings/basis")
    assert bases == Counter(Coding.objects.published().order_by().values_list("basis", flat=True))
    records, contested = tallies_of("records", "contested")
    assert records["agreements"] == Agreement.objects.published().counted().count()
    assert contested.get("agreements", 0) == Agreement.objects.published().counted().filter(is_contested=True).count()
