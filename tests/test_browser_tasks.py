"""Twenty things that readers come to find or to see, each done from the home page within three interactions, with and without script."""

import pytest

from tests.visiting import carry_out

pytestmark = pytest.mark.browser
AGREEMENT = "US–Paraguay SOFA"
MAP, TIMELINE = "The map with its colours explained", "Timeline"


def a_person_by_two_family_names_misspelt(visit):
    visit.search("ramirez lescano").sees("instead of")
    visit.click("Rubén Ramírez Lezcano").sees("Minister of Foreign Affairs")


def a_person_by_half_a_name_with_wrong_accents(visit):
    visit.search("penà santi").click("Santiago Peña").sees("President of Paraguay")


def a_person_whose_name_was_typed_with_a_slip(visit):
    visit.search("filizola").click("Rafael Filizzola").sees("Senate of Paraguay")


def a_registry_number(visit):
    visit.search("TIAS 26-317").click(AGREEMENT).sees("TIAS 26-317", "entry into force not established")


def an_acronym_in_spanish(visit):
    visit.search("otan").click("North Atlantic Treaty Organisation").sees("OTAN", "NATO")


def a_state_in_spanish_without_accents(visit):
    visit.search("paises bajos").click("Netherlands").sees("NLD", "agreements")


def a_filter_takes_a_name_in_spanish(visit):
    visit.ask("Which agreements does a state have?", party="corea del sur").sees("South Korea", "US–ROK SOFA")


def a_name_that_a_state_no_longer_has(visit):
    visit.search("upper volta").click("Burkina Faso").sees("Upper Volta", "former name")


def a_clause_by_what_it_says(visit):
    visit.search("one year notice").click(f"{AGREEMENT}: Termination").sees("The agreement can be ended with one year")


def a_topic_in_spanish(visit):
    visit.search("jurisdicción penal").click("D2 Criminal jurisdiction").sees("Criminal jurisdiction", "approach")


def a_question_on_which_sources_differ(visit):
    visit.search("do contractors have immunity")
    visit.click(f"{AGREEMENT}: Do contractors have immunity or a status of their own?").sees("contested")


def results_narrowed_to_one_kind_and_one_year(visit):
    visit.search("status of forces").click("Agreements", within="#narrow")
    visit.click("2024", within="#narrow").sees("Kind: Agreements", "Year: 2024", "US–Trinidad and Tobago SOFA 2024")


def a_suggestion_taken_by_the_keyboard(visit):
    if not visit.has_script:
        return visit.search("rubio").click("Marco Rubio").sees("Secretary of State")
    box = visit.tab.locator("header form input[name=q]")
    box.press_sequentially("rubio")
    visit.tab.get_by_role("option").first.wait_for()
    visit.press(box, "ArrowDown", "Enter").sees("Marco Rubio", "Secretary of State")


def nothing_found_helps_on(visit):
    visit.search("xyzzyq").sees("this collection has gaps", "Try fewer words")
    visit.click("Topics").sees("Criminal jurisdiction")


def where_the_agreements_are(visit):
    visit.click(MAP).sees("states are parties", "Natural Earth")
    visit.follow(visit.tab.locator('svg.world a[href="/organisations/paraguay/"]')).sees("Paraguay", AGREEMENT)


def what_happened_to_an_agreement_and_when(visit):
    visit.click(AGREEMENT).click("timeline").sees("15 December 2025", "Signed", "Promulgated", "claimed")


def who_signed_an_agreement(visit):
    visit.click(AGREEMENT).click("network of connections").sees("Marco Rubio", "signed", "this agreement")


def agreements_signed_in_a_year(visit):
    visit.click(TIMELINE).click("1951").sees("NATO SOFA", "Year: 1951")


def the_network_as_a_file_for_programs(visit):
    text = visit.click(AGREEMENT).click("network of connections").download("graph (GraphML)")
    assert "<graphml" in text
    assert 'source="people/marco-rubio"' in text


def the_map_as_a_picture_and_as_a_table(visit):
    picture = visit.click(MAP).download("picture (SVG)")
    assert picture.startswith("<svg")
    assert "Japan" in picture
    table = visit.download("table (CSV)")
    assert "USA,united-states,United States," in table


TASKS = (
    a_person_by_two_family_names_misspelt, a_person_by_half_a_name_with_wrong_accents, a_person_whose_name_was_typed_with_a_slip,
    a_registry_number, an_acronym_in_spanish, a_state_in_spanish_without_accents, a_filter_takes_a_name_in_spanish,
    a_name_that_a_state_no_longer_has, a_clause_by_what_it_says, a_topic_in_spanish, a_question_on_which_sources_differ,
    results_narrowed_to_one_kind_and_one_year, a_suggestion_taken_by_the_keyboard, nothing_found_helps_on,
    where_the_agreements_are, what_happened_to_an_agreement_and_when, who_signed_an_agreement, agreements_signed_in_a_year,
    the_network_as_a_file_for_programs, the_map_as_a_picture_and_as_a_table,
)  # fmt: skip


@pytest.mark.parametrize(
    "script", [pytest.param(True, marks=pytest.mark.script), False], ids=["with script", "without"]
)
def test_each_is_done_within_three_interactions(live_content, live_server, browser, subtests, script):
    for task in TASKS:
        with subtests.test(task.__name__):
            carry_out(task, browser, live_server, script)


def test_there_are_twenty():
    assert len({*TASKS}) == 20
