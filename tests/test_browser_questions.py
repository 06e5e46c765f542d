"""Fifteen questions of journalists and lawyers, each answered from the home page within three interactions, with and without script.

An interaction is a click, or filling in and sending one form. What must be on the page are the words of the answer.
"""

import pytest

from tests.visiting import carry_out

pytestmark = pytest.mark.browser
AGREEMENT = "US–Paraguay SOFA"


def deputies_vote(visit):
    visit.sees("Chamber of Deputies of Paraguay", "53 for, 8 against")
    visit.click(f"How did the chambers vote on the {AGREEMENT}?").sees("Chamber of Deputies of Paraguay", "53", "8")


def senators_against(visit):
    visit.click(f"How did the chambers vote on the {AGREEMENT}?").open("#step-senate")
    visit.sees("Senate of Paraguay", "Celeste Amarilla", "Esperanza Martínez", "Rafael Filizzola", "voting against")


def host_may_try_contractors(visit):
    visit.click("Which agreements let the host state try contractors?")
    visit.sees("contractors", "Afghanistan BSA", "US–Japan SOFA", "Iraq withdrawal agreement", "Host state")


def brazil_objected(visit):
    visit.ask("What did a state, its bodies and its officials say?", said_for="Brasil")
    visit.sees("Lula", "concern", "soldiers")


def rubio_signed(visit):
    visit.ask("What did a person sign?", signatory="Rubio").click("Marco Rubio")
    visit.sees("Signatory: Marco Rubio", "1 agreement", AGREEMENT)


def notice_compared(visit):
    visit.click("Compare", within="header")
    for name in (AGREEMENT, "NATO SOFA"):
        visit.tab.locator("fieldset label", has_text=name).first.get_by_role("checkbox").check()
    visit.send(visit.tab.locator("form", has=visit.tab.get_by_role("button", name="Compare", exact=True)))
    visit.sees(AGREEMENT, "NATO SOFA", "notice", "365 days")


def exercises_without_a_basis(visit):
    visit.click("For which exercises does no source name a legal basis?").sees("15 exercises", "Unitas XL")
    visit.click("Unitas XL, Paraguay 1999").sees("none in force between these states is known here")


def in_force_according_to(visit):
    visit.click(f"Is the {AGREEMENT} in force, and who says so?")
    visit.sees("entry into force not established", "17 March 2026", "claimed", "low confidence", "contested")


def delivered(visit):
    visit.click("What was delivered, and to whom?")
    visit.sees("Fast boat for the Navy of Paraguay", "Firefighting equipment", "delivered", "Navy of Paraguay")


def activity_in_paraguay(visit):
    visit.click("Exercises", within="header").open("details.filters")
    visit.send(visit.tab.locator("details.filters form"), country="Paraguay", taking_part="Estados Unidos")
    visit.sees(
        "Participant, its bodies included: United States", "Unitas XL", "Marine Security Guards", "special forces"
    )


def without_public_text(visit):
    visit.click("Of which agreements is no text known to be public?").sees("Text available: not known", " agreements")


def open_disputes(visit):
    visit.click("On what do the sources still contradict one another?").sees(AGREEMENT, "open")


def what_a_source_says(visit):
    visit.send(visit.tab.locator("header form"), q="Peña firma acuerdo SOFA")
    visit.click("[Peña firma acuerdo SOFA tras reunirse con Landau]")
    visit.sees("ABC Color", AGREEMENT)


def passage_of_the_notice(visit):
    visit.click(AGREEMENT)
    answer = '//dt[contains(., "How can a party leave?")]/following-sibling::dd[1]'
    visit.follow(visit.tab.locator(f'xpath={answer}//a[@role="doc-noteref"]'))
    visit.tab.get_by_text("can only be terminated with one year’s notice").locator("visible=true").first.wait_for()
    visit.sees("can only be terminated with one year’s notice", "para 9")


def agreements_of_poland(visit):
    visit.ask("Which agreements does a state have?", party="Polonia")
    visit.sees("parties: Poland", "US–Poland EDCA 2020", "NATO SOFA", "United States")


QUESTIONS = (
    deputies_vote, senators_against, host_may_try_contractors, brazil_objected, rubio_signed, notice_compared,
    exercises_without_a_basis, in_force_according_to, delivered, activity_in_paraguay, without_public_text, open_disputes,
    what_a_source_says, passage_of_the_notice, agreements_of_poland,
)  # fmt: skip


@pytest.mark.parametrize(
    "script", [pytest.param(True, marks=pytest.mark.script), False], ids=["with script", "without"]
)
def test_each_is_answered_within_three_interactions(live_content, live_server, browser, subtests, script):
    for question in QUESTIONS:
        with subtests.test(question.__name__):
            carry_out(question, browser, live_server, script)


def test_there_are_fifteen():
    assert len({*QUESTIONS}) == 15
