"""Names and titles: found by their words, sorted alike in every database, and kept in one spelling."""

import importlib
import unicodedata

import pytest
from django.apps import apps
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from agreements.models import Agreement
from people.models import Organisation, Person
from sources.lib.fields import SortKeyField
from sources.lib.text import clean, fold, sort_key
from sources.models import Proposal, Source
from sources.records import dossier, dossier_diff
from sources.records.base import Record, record_models
from tests.factory import (
    make_agreement,
    make_assistance,
    make_organisation,
    make_person,
    make_position,
    make_publisher,
    make_source,
    make_state,
    the_source,
)


def found(client, words, kind="agreements"):
    answer = client.get(f"/api/v1/{kind}/", {"q": words})
    assert answer.status_code == 200
    return [row["slug"] for row in answer.json()["results"]]


@pytest.mark.django_db
class TestSearch:
    SEARCHES = [
        ("Defence cooperation", "defence", True),
        ("Defence cooperation", "coop def", True),
        ("Defence cooperation", "operation", False),
        ("Defence cooperation", "defence%", True),
        ("Peña–Rubio understanding", "PENA rubio", True),
        ("Zona y Ñandú", "nandu", True),
        ("Μνημόνιο συνεργασίας", "μνημονιο", True),
        ("हिन्दी समझौता", "हिन्दी", True),
        ("हिन्दी समझौता", "हनद", False),
        ("हिन्दी समझौता", "हिन", True),
        ("ข้อตกลงความร่วมมือ", "ความร่วมมือ", True),
        ("ガイドライン", "カイド", False),
        ("日米地位協定", "地位協定", True),
        ("توافق‌نامه", "توافقنامه", True),
        ("Mili\u00adtary agree\u200bment", "military agreement", True),
        ("Military agreement", "mili\u00adtary \ufeffagree\u200bment", True),
    ]

    def test_words_and_beginnings_of_words(self, client, case):
        for title, words, is_found in self.SEARCHES:
            with case(words):
                make_agreement(slug="one", title=title, status="published")
                assert found(client, words) == (["one"] if is_found else [])

    def test_the_number_in_a_series_finds_it(self, client):
        numbers = [{"series": "TIAS", "number": "26-317"}, {"series": "UNTS", "number": "I-55"}]
        make_agreement(slug="one", registry_numbers=numbers, status="published")
        make_agreement(slug="other", registry_numbers=[{"series": "TIAS", "number": "26-318"}], status="published")
        for words, expected in (
            ("TIAS 26-317", ["one"]),
            ("26-317", ["one"]),
            ("unts", ["one"]),
            ("26-31", ["one", "other"]),
        ):
            assert sorted(found(client, words)) == expected, words

    def test_every_name_of_a_party_finds_it(self, client, subtests):
        make_state()
        names = [{"name": "North American Union", "kind": "former"}]
        fields = {"name_es": "Estados Unidos", "short_name": "EE. UU.", "iso_alpha2": "US", "other_names": names}
        make_state("USA", "United States", **fields)
        parties = [{"organisation": "pry"}, {"organisation": "usa"}]
        make_agreement(slug="one", title="Notes", parties=parties, status="published")
        spellings = ("Estados Unidos", "USA", "US", "north american union", "EE. UU.", "notes estados unidos")
        for words in ("paraguay", *spellings):
            with subtests.test(words):
                assert found(client, words) == ["one"]

    def test_a_party_that_changes_its_name_or_goes_is_searched_for_as_it_is_now(self, client):
        state = make_state("TUR", "Turkey")
        make_agreement(slug="one", title="Notes", parties=[{"organisation": "tur"}], status="published")
        dossier.write(state, {**state.dossier(), "name": "Türkiye"})
        assert (found(client, "turkiye"), found(client, "turkey")) == (["one"], [])
        state.withdraw(by=None, reason="Found to be wrong.")
        assert found(client, "turkiye") == []

    def test_a_statement_is_found_by_its_speaker(self, client):
        person = make_person(slug="ana", other_names=[{"name": "Anita", "kind": "alias"}], status="published")
        make_position(slug="said", person="ana", status="published")
        make_position(slug="other", status="published")
        assert found(client, "anita", "positions") == ["said"]
        person.withdraw(by=None, reason="Found to be wrong.")
        assert found(client, "anita", "positions") == []

    def test_a_document_is_found_by_the_new_name_of_its_publisher(self, client):
        publisher = make_publisher(slug="gazette", name="The Gazette")
        make_source(slug="one", publisher="gazette")
        dossier.write(publisher, {**publisher.dossier(), "name": "The Chronicle"})
        assert (found(client, "chronicle", "sources"), found(client, "gazette", "sources")) == (["one"], [])

    def test_the_editors_search_is_the_same(self, victor):
        make_organisation(slug="one", name="Fuerzas Armadas")
        assert Organisation.objects.matching("armada").exists()
        assert not Organisation.objects.matching("rmadas").exists()
        assert not Organisation.objects.matching("%").exists()


FAMILIES = [
    "Zúñiga",
    "de la Cruz",
    "Ñandú",
    "Abad",
    "Álvarez",
    "Alvarez Gómez",
    "Cruz",
    "İnan",
    "Łuk",
    "zorro",
    "O’Neill",
]
SORTED = [
    "Abad",
    "Álvarez",
    "Alvarez Gómez",
    "Cruz",
    "de la Cruz",
    "İnan",
    "Łuk",
    "Ñandú",
    "O’Neill",
    "zorro",
    "Zúñiga",
]


@pytest.mark.django_db
class TestOrder:
    @pytest.mark.parametrize("size", [1, 3, 50])
    def test_people_stand_by_their_family_names_whatever_the_accents(self, client, size):
        for number, name in enumerate(FAMILIES):
            make_person(slug=f"p{number}", name=f"Ana {name}", family_name=name, given_name="Ana", status="published")
        rising, falling = (
            self.walk(client, f"/api/v1/people/?ordering={order}&page_size={size}") for order in ("name", "-name")
        )
        assert rising == SORTED
        assert falling == SORTED[::-1]
        assert [row["family_name"] for row in client.get("/people/").context["rows"]] == SORTED

    @staticmethod
    def walk(client, address):
        names = []
        while address:
            body = client.get(address).json()
            names += [row["family_name"] for row in body["results"]]
            address = body["next"]
        return names

    def test_the_given_name_counts_after_the_family_name(self):
        for family, first in (("Cruz Lima", "Ada"), ("Cruz", "Zoe"), ("Cruz", "Ana"), ("", "")):
            make_person(name=f"{first} {family}".strip() or "Bea", family_name=family, given_name=first)
        assert [str(row) for row in Person.objects.all()] == ["Bea", "Ana Cruz", "Zoe Cruz", "Ada Cruz Lima"]

    @pytest.mark.parametrize(
        ("kind", "make", "field"),
        [
            ("organisations", make_organisation, "name"),
            ("agreements", make_agreement, "title"),
            ("sources", make_source, "title"),
        ],
    )
    def test_other_lists_too(self, client, kind, make, field):
        titles = ["“Zeta” accord", "acuerdo", "Ábaco", "Österreich", "zeta B"]
        for title in titles:
            make(**{field: title, "status": "published"})
        rows = client.get(f"/api/v1/{kind}/?ordering={field}").json()["results"]
        shown = [row[field] for row in rows if row[field] in titles]
        assert shown == ["Ábaco", "acuerdo", "Österreich", "“Zeta” accord", "zeta B"]

    def test_the_database_compares_bytes(self, subtests):
        for model in record_models():
            with subtests.test(model.KIND):
                field = model._meta.get_field("sort_key")
                assert isinstance(field, SortKeyField)
                if connection.vendor == "postgresql":
                    with connection.cursor() as cursor:
                        cursor.execute(
                            "SELECT collation_name FROM information_schema.columns WHERE table_name = %s AND column_name = 'sort_key'",
                            [model._meta.db_table],
                        )
                        assert cursor.fetchone() == ("C",)

    @pytest.mark.parametrize(
        ("app", "migration"),
        [("people", "people.migrations.0002_sort_key"), ("agreements", "agreements.migrations.0002_sort_key"),
         ("sources", "sources.migrations.0006_sort_key")],
    )  # fmt: skip
    def test_rows_that_stood_before_are_filled_as_a_save_fills_them(self, app, migration):
        make_state("USA", "United States", name_es="Estados Unidos", other_names=[{"name": "America", "kind": "alias"}])
        make_person(other_names=[{"name": "Anita", "kind": "alias"}])
        make_position(status="published")
        steps = [{"kind": "talks", "date": "2020"}, {"kind": "signed", "date": "2021-05~"}]
        make_agreement(title="Ábaco", milestones=steps, registry_numbers=[{"series": "TIAS", "number": "26-317"}])
        planned = [{"kind": "signed", "date": "2031", "evidence": "planned"}]
        make_agreement(milestones=planned)
        columns = ("search_text", "sort_key", "signed", "signed_earliest", "signed_latest", "updated_at")
        kept = {}
        for model in apps.get_app_config(app).get_models():
            names = [name for name in columns if name in {field.name for field in model._meta.fields}]
            if "sort_key" in names and issubclass(model, Record):
                kept[model] = (names, list(model.objects.order_by("pk").values_list(*names)))
                model.objects.update(search_text="old", sort_key="")
        assert sum(len(rows) for _names, rows in kept.values())
        importlib.import_module(migration).fill(apps, None)
        for model, (names, rows) in kept.items():
            assert list(model.objects.order_by("pk").values_list(*names)) == rows

    @given(st.text(max_size=80), st.text(max_size=20))
    def test_a_key_is_short_and_stable(self, name, given_name):
        key = sort_key(name, given_name)
        assert len(key) <= 200
        assert key == sort_key(unicodedata.normalize("NFD", name), given_name)


class TestSpelling:
    @given(st.text(max_size=60))
    def test_cleaning_and_folding_come_to_an_end(self, text):
        assert clean(clean(text)) == clean(text)
        assert fold(fold(text)) == fold(text)
        assert fold(clean(text)) == fold(text)

    SPELLINGS = [
        ("Pen\u0303a", "Peña"),
        ("Art.\u00a07 and\u202fthe rest", "Art. 7 and the rest"),
        ("soft\u00adhyphen zero\u200bwidth\ufeff", "softhyphen zerowidth"),
        ("La\u200dtin", "Latin"),
        ("توافق\u200cنامه", "توافق\u200cنامه"),
        ("क्\u200dष", "क्\u200dष"),
        ("plain\u200e text", "plain text"),
        ("שלום\u200f!", "שלום\u200f!"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
    ]

    def test_invisible_characters_are_dropped_unless_a_script_needs_them(self, subtests):
        for typed, kept in self.SPELLINGS:
            with subtests.test(kept):
                assert clean(typed) == kept

    @pytest.mark.django_db
    def test_text_is_cleaned_however_it_comes_in(self):
        by_dossier = make_agreement(
            title="Pen\u0303a\u00a0accord", titles=[{"language": "es", "text": "Acuerdo\u00a0Pen\u0303a"}]
        )
        assert (by_dossier.title, by_dossier.titles.get().text) == ("Peña accord", "Acuerdo Peña")
        by_save = Agreement.objects.create(slug="saved", title="Pen\u0303a", type="sofa", note="a\u00a0note")
        assert (by_save.title, by_save.note) == ("Peña", "a note")
        by_save.title = "n\u0303"
        by_save.full_clean()
        assert by_save.title == "ñ"
        assert Agreement.objects.filter(title="Pen\u0303a").exists()

    @pytest.mark.django_db
    def test_the_same_words_in_another_spelling_are_no_proposal(self, alice):
        record = make_agreement(title="Peña accord", status="published")
        base = record.dossier()
        typed = {**base, "title": "Pen\u0303a\u00a0accord"}
        assert dossier_diff.diff(base, typed, record.PARTS) == []
        assert record.propose(alice, base, typed) is None
        # The base as it stood before text was cleaned, and an edit of another field.
        changed = record.propose(alice, typed, {**base, "note": "A note."})
        assert [change.path for change in changed.changes()] == ["note"]
        assert Proposal.objects.count() == 1

    def test_a_side_that_only_spelt_it_otherwise_is_no_conflict(self):
        base, theirs, mine = {"title": "Pen\u0303a"}, {"title": "Peña accord"}, {"title": "Peña"}
        assert dossier_diff.merge(base, theirs, mine, ()) == ({"title": "Peña accord"}, [])


@pytest.mark.django_db
def test_a_source_is_sorted_by_its_title():
    assert Source.objects.get(pk=make_source(title="Ábaco").pk).sort_key == "abaco"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("make", "stated", "cited"),
    [
        (make_assistance, {"quantity": 1200}, "1.200"),
        (make_assistance, {"quantity": 1200}, "1\u00a0200"),
        (make_person, {"name": "Rubén Ramírez Lezcano"}, "Ramírez Lezcano, Rubén"),
    ],
)
def test_another_way_of_writing_is_no_dispute(make, stated, cited):
    citation = {"fields": [*stated], "source": the_source().slug, "locator": "p. 1", "value": cited}
    record = make(**stated, citations=[citation])
    assert not record.is_contested
    assert not record.contested_facts.exists()
