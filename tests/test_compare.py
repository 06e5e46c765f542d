"""Two to six agreements side by side: the page, the JSON and the CSV show the same cells, and nothing unpublished."""

import csv
import io
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agreements import compare as comparison
from agreements.compare.word_diff import MAX_WORDS, compare_clauses, diff, words_of
from agreements.models import Agreement
from sources.reading.store.keeping import keep
from tests.content import undone
from tests.factory import add_clause, add_coding, cite, code, make_agreement, make_source, make_topics, rule

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def rows(django_db_setup, django_db_blocker):
    """Alpha and Beta differ on D2 and agree on F1; Gamma is coded on nothing; a fourth is a draft."""
    with undone(django_db_blocker):
        make_topics("A2", "D2", "F1")
        alpha, beta, _gamma = (agreement(slug) for slug in ("alpha", "beta", "gamma"))
        agreement("secret", status="draft")
        clause = add_clause(alpha, summary="Personnel obey the law.")
        code(alpha, "D2", "first", clause=clause, summary="The sending state tries them.")
        code(beta, "D2", "second", clause=add_clause(beta, summary="Personnel respect the law."))
        code(alpha, "F1", "first")
        code(beta, "F1", "first")
        code(alpha, "A2", stance="silent", person_class="contractor")
        code(beta, "A2", stance="text_unavailable")
        yield


def agreement(slug, status="published"):
    return make_agreement(slug=slug, title=f"Agreement {slug}", status=status)


@pytest.fixture
def world(rows):
    return {slug: Agreement.objects.get(slug=slug) for slug in ("alpha", "beta")}


def address(*slugs, api=False, **more):
    query = urlencode([("agreement", slug) for slug in slugs] + list(more.items()))
    return f"{'/api/v1' if api else ''}/compare/?{query}"


def table_of(client, *slugs, **more):
    return client.get(address(*slugs, api=True, **more)).json()


def notes_of(table):
    """Those of codings, without what supports the agreements' own titles and types."""
    return [note for note in table["notes"] if note["source"]["slug"] != "the-source"]


def rows_of(table):
    return {row["topic"]: row for section in table["sections"] for row in section["topics"]}


class TestTheTable:
    def test_a_topic_differs_when_two_known_answers_do(self, client, world):
        rows = rows_of(table_of(client, "alpha", "beta"))
        assert [rows[topic]["result"] for topic in ("A2", "D2", "F1")] == ["open", "differs", "same_kind"]

    def test_columns_stand_in_the_order_of_the_address(self, client, world):
        table = table_of(client, "beta", "alpha")
        assert [head["slug"] for head in table["agreements"]] == ["beta", "alpha"]
        assert [cell["agreement"] for cell in rows_of(table)["D2"]["cells"]] == ["beta", "alpha"]

    def test_unknowns_stay_apart(self, client, world):
        cells = rows_of(table_of(client, "alpha", "beta", "gamma"))["A2"]["cells"]
        assert [cell["entries"][0]["stance"] for cell in cells] == ["silent", "text_unavailable", "not_coded"]

    def test_only_differences_leaves_what_differs(self, client, world):
        assert list(rows_of(table_of(client, "alpha", "beta", only="differences"))) == ["D2"]

    def test_only_coded_leaves_out_what_nobody_coded(self, client, world):
        make_topics("L6")
        assert "L6" in rows_of(table_of(client, "alpha", "beta"))
        assert "L6" not in rows_of(table_of(client, "alpha", "beta", only="coded"))

    def test_groups_choose_topics(self, client, world):
        assert list(rows_of(table_of(client, "alpha", "beta", group="D"))) == ["D2"]

    def test_classes_of_person_are_split_within_a_cell(self, client, world):
        code(world["alpha"], "D2", "second", person_class="contractor")
        entries = rows_of(table_of(client, "alpha", "beta"))["D2"]["cells"][0]["entries"]
        assert [entry["person_class"] for entry in entries] == ["all", "contractor"]

    def test_an_article_leads_to_its_clause(self, client, world):
        clause = rows_of(table_of(client, "alpha", "beta"))["D2"]["cells"][0]["entries"][0]["clauses"][0]
        assert clause["page"] == "/agreements/alpha/#clause-art-1-scope"

    def test_wording_is_offered_where_both_hold_a_clause(self, client, world):
        (pair,) = rows_of(table_of(client, "alpha", "beta"))["D2"]["wording"]
        assert (pair["a"], pair["b"], pair["of"]) == ("alpha.art-1-scope", "beta.art-1-scope", "summary")

    def test_both_sides_of_a_contested_coding_are_shown(self, client, world):
        coding = world["alpha"].codings.get(topic__code="D2")
        part = f"codings/{coding.key}"
        cite(
            world["alpha"],
            "approach",
            make_source(slug="gazette", reliability="A", reliability_reason="Its record."),
            part,
            credibility=1,
        )
        cite(world["alpha"], "approach", make_source(slug="tabloid"), part, stance="disputes", value="full immunity")
        table = table_of(client, "alpha", "beta")
        entry = rows_of(table)["D2"]["cells"][0]["entries"][0]
        assert (entry["state"], entry["disputing"]) == ("contested", 1)
        assert [note["source"]["slug"] for note in notes_of(table)] == ["gazette", "tabloid"]
        assert [mark["stance"] for mark in entry["notes"]] == ["supports", "disputes"]

    def test_one_place_has_one_note_for_all_that_it_says_with_the_same_grade(self, client, world):
        source, part = make_source(slug="gazette"), f"codings/{world['alpha'].codings.get(topic__code='D2').key}"
        cite(world["alpha"], "approach", source, part, credibility=2)
        stance = cite(world["alpha"], "stance", source, part, credibility=2)
        assert len(notes_of(table_of(client, "alpha", "beta"))) == 1
        stance.credibility = 3
        stance.save()
        notes = notes_of(table_of(client, "alpha", "beta"))
        assert [note["credibility"] for note in notes] == [3, 2]

    def test_a_ruling_settles_it_and_its_reason_is_shown(self, client, world):
        coding = world["alpha"].codings.get(topic__code="D2")
        part = f"codings/{coding.key}"
        cite(world["alpha"], "approach", make_source(slug="tabloid"), part, stance="disputes", value="full immunity")
        rule(world["alpha"], "approach", part, state="settled", adopted_value="first", reason="The text is plain.")
        entry = rows_of(table_of(client, "alpha", "beta"))["D2"]["cells"][0]["entries"][0]
        assert (entry["state"], entry["reason"]) == ("settled", "The text is plain.")

    def test_a_draft_source_says_nothing(self, client, world):
        before = client.get(address("alpha", "beta", api=True)).content
        coding = world["alpha"].codings.get(topic__code="D2")
        cite(
            world["alpha"],
            "approach",
            make_source(slug="leak", status="draft"),
            f"codings/{coding.key}",
            stance="disputes",
        )
        assert client.get(address("alpha", "beta", api=True)).content == before


class TestOneTableThreeRenderings:
    def test_csv_has_the_cells_of_the_json(self, client, world):
        table = table_of(client, "alpha", "beta", only="coded")
        rows = list(
            csv.DictReader(
                io.StringIO(client.get(address("alpha", "beta", only="coded", format="csv")).content.decode())
            )
        )
        wanted = [
            (
                row["topic"],
                cell["agreement"],
                entry["person_class"],
                entry["stance"],
                (entry["approach"] or {}).get("code", ""),
            )
            for section in table["sections"]
            for row in section["topics"]
            for cell in row["cells"]
            for entry in cell["entries"]
        ]
        verdicts = [
            (row["topic"], row["agreement"], row["person_class"], row["stance"], row["approach"])
            for row in rows
            if row["group"] != "instrument"
        ]
        assert verdicts == wanted

    def test_page_and_api_give_the_same_csv(self, client, world):
        page = client.get(address("alpha", "beta", format="csv"))
        api = client.get(address("alpha", "beta", api=True, format="csv"))
        assert page.content == api.content
        assert page["Content-Type"].startswith("text/csv")

    def test_the_page_shows_each_summary(self, client, world):
        text = client.get(address("alpha", "beta")).content.decode()
        assert "The sending state tries them." in text
        assert "/agreements/alpha/#clause-art-1-scope" in text

    def test_cells_cannot_run_as_formulas(self, client, world):
        world["alpha"].codings.filter(topic__code="F1").update(summary="=HYPERLINK(1)")
        assert "'=HYPERLINK" in client.get(address("alpha", "beta", format="csv")).content.decode()

    def test_cells_cannot_become_markup(self, client, world):
        world["alpha"].codings.filter(topic__code="F1").update(summary="<script>alert(1)</script>")
        assert "<script>alert" not in client.get(address("alpha", "beta")).content.decode()


class TestRefusals:
    @pytest.mark.parametrize(
        ("query", "parameter"),
        [
            ("agreement=alpha", "agreement"),
            ("agreement=alpha&agreement=alpha", "agreement"),
            ("&".join(f"agreement=a{n}" for n in range(7)), "agreement"),
            ("agreement=alpha&agreement=beta&only=diff", "only"),
            ("agreement=alpha&agreement=beta&group=Z", "group"),
            ("agreement=alpha&agreement=beta&format=xml", "format"),
            ("agreement=alpha&agreement=beta&agrement=gamma", "agrement"),
            ("agreement=alpha&agreement=beta&only=all&only=coded", "only"),
        ],
    )
    def test_unknown_parameters_are_400_and_named(self, client, world, query, parameter):
        answer = client.get(f"/api/v1/compare/?{query}")
        assert answer.status_code == 400
        assert parameter in [error["parameter"] for error in answer.json()["errors"]]
        assert client.get(f"/compare/?{query}").status_code == 400

    def test_a_misspelt_parameter_gets_a_hint(self, client, world):
        assert "Did you mean “agreement”?" in client.get("/api/v1/compare/?agrement=alpha").json()["detail"]

    def test_a_draft_answers_like_an_unknown_one(self, client, world):
        draft = client.get(address("alpha", "secret", api=True))
        unknown = client.get(address("alpha", "nobody", api=True))
        assert draft.status_code == unknown.status_code == 404
        assert draft.content == unknown.content.replace(b"nobody", b"secret")
        assert client.get(address("alpha", "secret")).status_code == 404

    def test_a_withdrawn_agreement_is_not_compared(self, client, world):
        world["beta"].withdraw(by=None, reason="Wrong.")
        assert client.get(address("alpha", "beta", api=True)).status_code == 404

    def test_without_parameters_there_is_a_form(self, client, world):
        answer = client.get("/compare/")
        assert answer.status_code == 200
        assert 'name="agreement" value="alpha"' in answer.content.decode()
        assert "secret" not in answer.content.decode()


class TestCost:
    def test_six_agreements_on_all_topics_take_few_queries(self, client, django_assert_max_num_queries):
        codes = [f"{letter}{n}" for letter in "ABCDEFGHIJ" for n in range(3, 10)][:69]
        make_topics(*codes)
        source = make_source(slug="gazette", reliability="A", reliability_reason="Its record.")
        for n in range(6):
            record = agreement(f"a{n}")
            clause = add_clause(record)
            for topic in codes:
                coding = add_coding(record, topic, "first", clause=clause)
                if n < 2:
                    cite(record, "approach", source, f"codings/{coding.key}")
            keep(record)
        client.get(address("a0", "a1"))
        with django_assert_max_num_queries(4):
            assert client.get(address(*(f"a{n}" for n in range(6)))).status_code == 200
        with django_assert_max_num_queries(2):
            assert client.get(address(*(f"a{n}" for n in range(6)), api=True)).status_code == 200

    def test_a_third_agreement_costs_no_further_query(self, world):
        counts = []
        for slugs in (("alpha", "beta"), ("alpha", "beta", "gamma")):
            with CaptureQueriesContext(connection) as queries:
                comparison.build(comparison.ComparisonQuery(slugs))
            counts.append(len(queries))
        assert counts[0] == counts[1]


class TestBasket:
    def add(self, client, slug, **headers):
        headers = headers or {"Sec-Fetch-Site": "same-origin"}
        return client.post("/compare/basket/", {"add": slug, "next": "/agreements/"}, headers=headers)

    def test_it_collects_and_the_header_says_how_many(self, client, world):
        assert self.add(client, "alpha").status_code == 303
        self.add(client, "beta")
        assert "Compare 2 agreements" in client.get("/compare/").content.decode()

    def test_the_form_ticks_what_was_collected(self, client, world):
        self.add(client, "alpha")
        assert 'value="alpha" checked' in client.get("/compare/").content.decode()

    def test_it_takes_out_and_empties(self, client, world):
        self.add(client, "alpha")
        client.post("/compare/basket/", {"remove": "alpha"}, headers={"Sec-Fetch-Site": "same-origin"})
        assert "Compare 1" not in client.get("/compare/").content.decode()

    def test_drafts_and_unknown_slugs_are_404(self, client, world):
        assert self.add(client, "secret").status_code == self.add(client, "nobody").status_code == 404

    def test_a_seventh_is_refused(self, client, world):
        for n in range(6):
            agreement(f"a{n}")
            assert self.add(client, f"a{n}").status_code == 303
        assert self.add(client, "alpha").status_code == 400

    @pytest.mark.parametrize(
        "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}, {"Accept": "*/*"}]
    )
    def test_forms_of_other_sites_are_refused(self, client, world, headers):
        assert self.add(client, "alpha", **headers).status_code == 403

    def test_our_own_origin_is_enough_for_older_browsers(self, client, world):
        assert self.add(client, "alpha", Origin="http://testserver").status_code == 303

    def test_it_never_leads_to_another_site(self, client, world):
        answer = client.post(
            "/compare/basket/", {"add": "alpha", "next": "//evil.example/"}, headers={"Sec-Fetch-Site": "same-origin"}
        )
        assert answer["Location"] == "/compare/"

    def test_an_altered_cookie_is_an_empty_basket(self, client, world):
        client.cookies["compare"] = "alpha:forged"
        assert "Compare 1" not in client.get("/compare/").content.decode()

    def test_pages_are_the_same_for_everybody_without_one(self, world):
        one, other = Client().get("/compare/"), Client().get("/compare/")
        assert one.content == other.content
        assert not one.cookies
        assert "Cookie" in one["Vary"]


class TestWordByWord:
    def test_it_marks_what_only_one_side_says(self):
        assert diff("They obey the law.", "They respect the law.") == [
            ("same", "They"), ("removed", " obey"), ("added", " respect"), ("same", " the law."),
        ]  # fmt: skip

    def test_the_runs_give_both_sides_back(self):
        left, right = "a b c d e", "a x c e f"
        runs = diff(left, right)
        assert "".join(text for mark, text in runs if mark != "added") == left
        assert words_of("".join(text for mark, text in runs if mark != "removed")) == words_of(right)

    def test_long_passages_are_not_marked(self):
        assert diff("word " * (MAX_WORDS + 1), "word") is None

    def test_texts_are_compared_before_summaries(self, world):
        left, right = (
            Agreement.objects.get(slug="alpha").clauses.get(),
            Agreement.objects.get(slug="beta").clauses.get(),
        )
        assert compare_clauses(left, right)["of"] == "summary"
        for clause in (left, right):
            clause.text, clause.text_language = "The text.", "en"
        assert compare_clauses(left, right)["of"] == "text"
        right.text_language = "es"
        assert compare_clauses(left, right)["of"] == "summary"

    def test_the_page_says_that_summaries_are_ours(self, client, world):
        text = client.get("/compare/clauses/?a=alpha.art-1-scope&b=beta.art-1-scope").content.decode()
        assert "summaries, not the texts" in text
        text = text.replace("\n>", ">")  # lines are broken within tags, where white space is not shown
        assert "<del> obey</del>" in text
        assert "<ins> respect</ins>" in text

    @pytest.mark.parametrize(
        ("query", "status"),
        [
            ("a=alpha.art-1-scope", 400),
            ("a=alpha&b=beta.art-1-scope", 400),
            ("a=alpha.art-1-scope&b=alpha.art-1-scope", 400),
            ("a=alpha.art-1-scope&b=beta.nothing", 404),
            ("a=alpha.art-1-scope&b=secret.art-1-scope", 404),
            ("a=alpha.art-1-scope&b=beta.art-1-scope&c=x", 400),
        ],
    )
    def test_bad_pairs_are_refused(self, client, world, query, status):
        add_clause(Agreement.objects.get(slug="secret"))
        assert client.get(f"/compare/clauses/?{query}").status_code == status
        assert client.get(f"/api/v1/compare/clauses/?{query}").status_code == status
