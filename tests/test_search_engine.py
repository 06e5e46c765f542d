"""Search: what is found first, why, how it is counted; nothing of drafts; current when the change is."""

import pytest

from people.models import Organisation, Person
from sources.lib.text import fold
from sources.models import SearchEntry, SearchName
from sources.reading.search import matching, sorts, spelling, taking
from sources.reading.search.query import search, suggestions
from sources.reading.search.spelling import beginnings, distance, nearest
from sources.records.base import record_models
from tests.factory import (
    make_agreement,
    make_event,
    make_organisation,
    make_person,
    make_position,
    make_source,
    make_state,
    make_topic,
)


def refs(text, **asked):
    return [entry.ref for entry in search(text, **asked).results]


@pytest.mark.django_db
class TestFinding:
    def test_accents_case_and_order_do_not_count(self):
        make_person(name="Rubén Ramírez Lezcano", slug="ruben", status="published")
        for text in ("ruben ramirez", "LEZCANO RUBÉN", "ramírez, rubén"):
            assert refs(text) == ["people/ruben"]

    def test_one_slip_is_forgiven_and_said(self):
        make_person(name="Rubén Ramírez Lezcano", slug="ruben", status="published")
        found = search("ruben lescano")
        assert [entry.ref for entry in found.results] == ["people/ruben"]
        assert found.meant == "ruben lezcano"

    def test_what_has_only_some_of_the_words_is_said_to(self):
        make_person(name="Rubén Lezcano", slug="ruben", status="published")
        found = search("lezcano submarine")
        assert found.is_loose
        assert [entry.ref for entry in found.results] == ["people/ruben"]

    def test_an_exact_name_goes_before_a_longer_one(self):
        make_state("NER", "Niger")
        make_state("NGA", "Nigeria")
        assert refs("niger") == ["organisations/ner", "organisations/nga"]
        assert refs("nigeri") == ["organisations/nga"]

    def test_an_abbreviation_goes_before_a_name_that_begins_so(self):
        make_state("UKR", "Ukraine")
        make_state("GBR", "United Kingdom", other_names=[{"name": "UK", "kind": "abbreviation"}])
        assert refs("uk") == ["organisations/gbr", "organisations/ukr"]

    def test_words_that_stand_together_in_a_text_count_more(self):
        for slug, text in (
            ("apart", "One party gives notice after a year."),
            ("close", "It ends with one year's notice."),
        ):
            make_agreement(status="published", slug=slug, title=f"Pact {slug}", summary=text, clauses=[])
        assert refs("one year notice") == ["agreements/close", "agreements/apart"]

    def test_a_clause_that_says_so_goes_before_its_agreement(self):
        clause = {"number": "9", "heading": "End", "summary": "Either may end it with one year's notice."}
        make_agreement(status="published", slug="pact", summary="It ends with one year's notice.", clauses=[clause])
        assert refs("one year notice") == ["clauses/pact.art-9-end", "agreements/pact"]

    def test_a_letter_is_a_word_and_no_beginning(self):
        make_agreement(status="published", slug="pact", title="Annex B")
        make_agreement(status="published", slug="other", title="Bases and barracks")
        assert refs("b") == ["agreements/pact"]

    def test_short_words_are_not_marked_where_others_are(self):
        make_agreement(status="published", title="The pact", summary="The end of the term of notice.")
        _label, pieces = search("term of notice").results[0].why
        assert [text for text, is_hit in pieces if is_hit] == ["term", "notice"]

    def test_it_says_which_text_matched(self):
        make_agreement(status="published", title="The pact", summary="Soldiers may not be tried by local judges.")
        [entry] = search("tried judge").results
        label, pieces = entry.why
        assert label == "Summary"
        assert [text for text, is_hit in pieces if is_hit] == ["tried", "judges"]
        assert "".join(text for text, _hit in pieces) == "Soldiers may not be tried by local judges."

    def test_a_name_needs_no_explanation(self):
        make_agreement(status="published", title="The pact")
        assert search("pact").results[0].why is None

    def test_a_clause_is_found_by_itself(self):
        clause = {"number": "7", "heading": "Firearms", "summary": "They may carry weapons."}
        make_agreement(status="published", slug="pact", title="The pact", clauses=[clause])
        assert refs("weapons") == ["clauses/pact.art-7-firearms"]

    def test_what_another_record_is_called_now_is_found(self):
        """Its name stands in the entries of the records that name it, which are made anew first."""
        state = make_state("SWZ", "Swaziland")
        make_agreement(status="published", slug="pact", title="The pact", parties=[{"organisation": state.slug}])
        state.name = "Eswatini"
        state.save()
        assert "agreements/pact" in refs("eswatini")
        assert "agreements/pact" not in refs("swaziland")

    def test_a_topic_is_found_by_code_and_definition(self):
        make_topic("D2", name="Criminal jurisdiction", definition="Who tries offences.")
        assert refs("d2") == refs("offences") == ["topics/d2"]

    def test_results_can_be_chosen_by_facet(self):
        make_agreement(
            status="published", title="Pact of 1990", type="sofa", milestones=[{"kind": "signed", "date": "1990"}]
        )
        make_agreement(
            status="published", title="Pact of 2000", type="memorandum", milestones=[{"kind": "signed", "date": "2000"}]
        )
        assert search("pact", {"year": ["1990"]}).count == 1
        assert search("pact", {"year": ["1990", "2000"]}).count == 2
        assert search("pact", {"year": ["1990"], "type": ["memorandum"]}).count == 0


@pytest.mark.django_db
class TestWords:
    """Which words must be there, and which mean the same."""

    def test_words_of_questions_need_not_be_there(self):
        make_agreement(status="published", slug="pact", title="The pact", summary="The host pays damage.")
        found = search("who pays for the damage?")
        assert ([entry.ref for entry in found.results], found.is_loose) == (["agreements/pact"], False)

    def test_they_count_where_there_are_no_others(self):
        make_agreement(status="published", slug="pact", title="Who is who")
        make_agreement(status="published", slug="other", title="On visits")
        assert refs("who") == ["agreements/pact"]

    def test_an_agreement_is_known_by_all_its_names_and_parties_together(self):
        make_state("KOR", "South Korea")
        make_agreement(
            status="published", slug="pact", title="Agreement on facilities", short_title="Pact",
            parties=[{"organisation": "kor"}],
        )  # fmt: skip
        make_agreement(status="published", slug="other", title="Pact on visits", summary="As with South Korea.")
        assert refs("south korea pact") == ["agreements/pact", "agreements/other"]
        assert refs("korea facilities") == ["agreements/pact"]
        assert refs("south korea")[0] == "organisations/kor"
        assert [entry.ref for entry in suggestions("south")] == ["organisations/kor"]

    def test_a_sentence_does_not_hide_what_is_named_so(self):
        make_position(slug="said", statement="They talked of radio frequencies and more.", status="published")
        make_topic("I1", name="Radio spectrum", definition="Which frequencies they use.")
        assert refs("radio frequencies")[0] == "topics/i1"

    def test_articles_have_arabic_and_roman_numbers(self):
        for number, heading in (("VII", "Courts"), ("VIII", "Courts"), ("17", "Courts")):
            clause = {"number": number, "heading": heading, "summary": "Who tries."}
            make_agreement(status="published", slug=f"of-{number.lower()}", title="Pact", clauses=[clause])
        assert refs("article 7 courts")[0] == refs("art. vii courts")[0] == "clauses/of-vii.art-vii-courts"

    def test_other_spellings_and_languages_mean_the_same(self, subtests):
        make_agreement(status="published", slug="pact", title="Defence licence", summary="Troops have immunity.")
        for text in ("defense license", "soldiers immunity", "inmunidad tropas"):
            with subtests.test(text):
                assert (refs(text), search(text).is_loose) == (["agreements/pact"], False)

    def test_where_nothing_has_all_words_one_is_left_out(self):
        make_organisation(slug="court", name="Constitutional Court", status="published")
        for slug, title in (("one", "Court of one state"), ("two", "A challenge")):
            make_agreement(status="published", slug=slug, title=title)
        found = search("constitutional court challenge")
        assert found.is_loose
        assert [entry.ref for entry in found.results] == ["organisations/court"]

    def test_more_than_are_counted_are_said_to_match(self, client, monkeypatch):
        monkeypatch.setattr(taking, "COUNTED", 2)
        for number in range(4):
            make_agreement(status="published", title=f"Pact {number}", type="sofa")
        found = search("pact", facets=("type",))
        assert (found.count, found.is_at_least, found.facets) == (2, True, {"type": [("sofa", 2)]})
        assert "more than 2 results" in client.get("/search/", {"q": "pact"}).content.decode()
        monkeypatch.setattr(taking, "COUNTED", 4)
        assert (search("pact").count, search("pact").is_at_least) == (4, False)


@pytest.fixture
def common_from_two(monkeypatch):
    """Two entries make a word common."""
    monkeypatch.setattr(matching, "COMMON", 1)
    matching._were_common.cache_clear()
    yield
    matching._were_common.cache_clear()


@pytest.mark.django_db
class TestCommonWords:
    """They are not looked for as beginnings, which takes long."""

    @pytest.fixture(autouse=True)
    def patrols(self):
        for slug, title in (
            ("rivers", "Patrol of rivers"),
            ("lakes", "Patrol of lakes"),
            ("seas", "Patrolling of seas"),
        ):
            make_agreement(status="published", slug=slug, title=title)

    def test_a_word_that_few_have_is_found_in_all_its_endings(self):
        assert {*refs("patrol")} == {"agreements/rivers", "agreements/lakes", "agreements/seas"}

    def test_a_common_word_is_found_as_it_is_typed(self, common_from_two):
        assert {*refs("patrol")} == {"agreements/rivers", "agreements/lakes"}

    def test_words_beside_a_common_one_are_found_in_all_their_endings(self, common_from_two):
        assert refs("patrol lake") == ["agreements/lakes"]


@pytest.mark.django_db
class TestSorts:
    """Words that say what sort of thing is looked for, and of which day."""

    @pytest.fixture
    def pacts(self):
        make_state("NZL", "New Zealand")
        make_state("PER", "Peru")
        for slug, kind, party, date in (
            ("stay", "sofa", "nzl", "2025-12-15"),
            ("visits", "memorandum", "nzl", "2025-12-16"),
            ("courts", "sofa", "per", "2024-03"),
        ):
            make_agreement(
                status="published", slug=slug, title=f"Pact on {slug}", type=kind,
                parties=[{"organisation": party}], milestones=[{"kind": "signed", "date": date}],
            )  # fmt: skip

    def test_a_type_or_its_acronym_finds_what_is_of_it(self, pacts, subtests):
        for text in ("new zealand sofa", "status of forces new zealand", "Pact SOFAs New Zealand", "sofa 2025"):
            with subtests.test(text):
                found = search(text)
                assert ([entry.ref for entry in found.results], found.is_loose) == (["agreements/stay"], False)
        assert refs("mou zealand") == ["agreements/visits"]

    def test_a_kind_finds_what_is_of_it_before_texts_with_the_word(self):
        make_state("PER", "Peru")
        make_agreement(
            status="published",
            slug="pact",
            title="Pact of Peru",
            summary="In the news; no statement. Exercises follow.",
        )
        make_source(slug="report", kind="news", title="Troops for Peru")
        make_source(slug="text", kind="treaty_text", title="Pact of Peru")
        make_position(slug="said", statement="Peru is glad.", status="published")
        assert refs("news peru") == refs("noticias peru") == ["sources/report", "agreements/pact"]
        assert refs("statement peru")[0] == "positions/said"
        assert {*refs("sources peru")} == {"sources/report", "sources/text"}

    def test_sorts_alone_and_with_an_unknown_word_are_plain_words(self, pacts):
        make_agreement(status="published", slug="so-called", title="The SOFA", type="memorandum")
        for text in ("sofa", "sofa memorandum", "sofa xyzzyq"):
            assert refs(text) == ["agreements/so-called"], text

    def test_every_value_of_a_sort_is_told_by_its_label(self, subtests):
        models = [model for model in record_models() if model.SORTS]
        assert len(models) > 1
        for model in models:
            for facet, name in model.SORTS.items():
                for value, label in model._meta.get_field(name).choices:
                    with subtests.test(f"{model.KIND} {value}"):
                        told = sorts.told_by([*fold(label).split(), "xyzzyq"])
                        assert any(f"{facet}={value}" in facets for facets in told.values())

    def test_a_day_or_month_is_understood_as_people_write_it(self, pacts, subtests):
        for text in ("15 December 2025", "Dec 15, 2025", "15 de diciembre de 2025", "2025-12-15", "pact 15/12/2025"):
            with subtests.test(text):
                assert refs(text) == ["agreements/stay"]
        for text in ("december 2025", "pact of diciembre de 2025"):
            assert {*refs(text, chosen={"kind": ["agreements"]})} == {"agreements/stay", "agreements/visits"}
        assert refs("march 2024") == refs("2024-03 march") == ["agreements/courts"]
        assert search("17 december 2025").is_loose

    def test_what_is_found_by_its_day_says_so(self):
        make_event(slug="talks", title="Talks in Lima", date="2025-12-15", status="published")
        [found] = search("15/12/2025", {"kind": ["events"]}).results
        assert found.why == ("Date", [("15", True), (" December ", False), ("2025", True)])

    def test_a_year_by_itself_does_not_bring_sentences_first(self):
        make_agreement(status="published", slug="pact", title="Pact of Peru", summary="It was signed in 2025.")
        make_source(slug="report", kind="news", title="Troops for Peru", date="2025-03")
        assert refs("peru 2025") == ["agreements/pact", "sources/report"]
        assert refs("news peru 2025") == ["sources/report"]

    def test_numbers_that_are_no_date_stay_numbers(self):
        assert sorts.told_by(["article", "7", "2", "of", "1951"]) == {"1951": {"year=1951"}}
        assert sorts.told_by(["26", "317", "tias"]) == {}

    def test_what_is_named_so_goes_before_what_is_of_that_sort(self, pacts):
        make_agreement(status="published", slug="named", title="New Zealand SOFA", type="memorandum")
        assert refs("new zealand sofa") == ["agreements/named", "agreements/stay"]


@pytest.mark.django_db
class TestQuestions:
    def test_a_question_finds_what_it_asks_for(self, subtests):
        make_topic("L5", name="Duration", name_es="Duración")
        make_topic("G6", name="Cost-sharing")
        make_agreement(status="published", slug="pact", title="The agreement", summary="How long is a piece of string?")
        for text in ("How long is the agreement?", "how long does it last", "when will the treaty end", "¿Cuánto dura?",
                     "hasta cuándo está vigente el acuerdo"):  # fmt: skip
            with subtests.test(text):
                assert refs(text)[0] == "topics/l5"
        assert refs("how much does it cost")[0] == "topics/g6"

    def test_what_is_asked_of_one_agreement_is_looked_for_there(self):
        for slug in ("ghana", "peru"):
            clause = {"number": "9", "heading": "Duration", "summary": "Ten years."}
            make_agreement(status="published", slug=slug, title=f"Pact with {slug.title()}", clauses=[clause])
        assert refs("how long is the agreement with Ghana") == ["clauses/ghana.art-9-duration"]

    def test_soldiers_and_agreements_are_taken_for_granted(self):
        make_topic("D5", name="Arrest and handover")
        make_agreement(status="published", slug="pact", title="The pact", summary="Nobody may arrest soldiers.")
        assert refs("who can arrest soldiers?") == ["topics/d5", "agreements/pact"]
        assert refs("arrest soldiers") == ["agreements/pact"]


@pytest.mark.django_db
class TestNames:
    """What lists, filters and search boxes ask."""

    def test_editors_find_drafts_too_and_readers_do_not(self):
        make_person(name="Ana Zubizarreta", slug="ana", status="published")
        make_person(name="Eva Zubizarreta", slug="eva", status="draft")
        for words in ("zubi", "ZUBIZARRETA", "zubizarreta e"):
            drafts = ["eva"] if words.endswith("e") else ["ana", "eva"]
            found = Person.objects.matching(words).order_by("slug").values_list("slug", flat=True)
            assert list(found) == drafts, words
            assert set(Person.objects.found_by(words).values_list("slug", flat=True)) == {*drafts} - {"eva"}, words

    def test_a_name_that_is_saved_is_found_at_once(self):
        person = make_person(name="Ana Old", slug="ana", status="published")
        person.name = "Ana New"
        person.save()
        assert Person.objects.matching("new").exists()
        assert Person.objects.found_by("new").exists()
        assert Person.objects.called("ana new").exists()
        assert not Person.objects.called("ana old").exists()

    def test_words_of_scripts_without_spaces_are_found_within(self):
        make_state("JPN", "Japan", other_names=[{"name": "大日本帝国"}])
        assert Organisation.objects.found_by("日本").exists()
        assert Organisation.objects.called("大日本帝国").exists()
        assert not Organisation.objects.found_by("中国").exists()

    def test_a_list_takes_a_letter_for_a_beginning(self):
        make_state("JPN", "Japan")
        assert Organisation.objects.found_by("j").exists()


@pytest.mark.django_db
class TestCurrent:
    def test_a_draft_is_not_found_until_it_is_published_nor_after_it_is_withdrawn(self):
        person = make_person(name="Ana Zubizarreta", slug="ana", status="draft")
        assert refs("zubizarreta") == []
        assert not SearchName.objects.filter(text__contains="zubizarreta").exists()
        person.submit(by=None)
        person.publish(by=None)
        assert refs("zubizarreta") == ["people/ana"]
        person.withdraw(by=None, reason="Another person.")
        assert refs("zubizarreta") == []
        assert suggestions("zubi") == []

    def test_a_draft_teaches_no_spelling(self):
        make_person(name="Ana Zubizarreta", status="draft")
        assert nearest("zubizareta") is None

    def test_a_name_that_was_changed_is_found_and_the_old_one_is_not(self):
        person = make_person(name="Ana Old", slug="ana", status="published")
        person.name = "Ana New"
        person.save()
        person.publish(by=None)
        assert refs("ana new") == ["people/ana"]
        assert not search("ana old").count or search("ana old").is_loose

    def test_a_position_goes_with_its_speaker(self):
        ana = make_person(name="Ana Peña", slug="ana", status="published")
        make_position(person="ana", statement="Too quick.", slug="quick", status="published")
        assert "positions/quick" in refs("peña")
        ana.withdraw(by=None, reason="Another person.")
        assert not SearchEntry.objects.filter(ref="people/ana").exists()

    def test_a_source_has_the_facets_of_documents(self):
        make_source(title="A gazette", language="es", date="2021-03")
        facets = SearchEntry.objects.get(ref__startswith="sources/").facets.split("\n")
        assert {"language=es", "year=2021", "kind=sources"} <= {*facets}


class TestSpelling:
    def test_endings_do_not_count(self):
        assert "immun" in beginnings("immunity")
        assert "party" in beginnings("parties")
        assert beginnings("acuerdos")[0] == "acuerdos"

    @pytest.mark.parametrize(
        ("one", "other", "steps"),
        [("abc", "abc", 0), ("abc", "abd", 1), ("abc", "ab", 1), ("abc", "acb", 1), ("abc", "xyz", 3), ("", "ab", 2)],
    )
    def test_slips_are_counted(self, one, other, steps):
        assert distance(one, other) == distance(other, one) == steps

    def test_short_words_and_numbers_are_taken_as_they_are(self, db):
        spelling.learn({"pact", "1951", "lezcano"})
        assert nearest("pakt") is None
        assert nearest("19511") is None
        assert nearest("lescano") == "lezcano"
        assert nearest("lezcano") is None
