"""Press against text: a mark needs a text to stand against."""

import pytest

from agreements.press_check import marks_without_text, reports_to_mark
from tests.compare_cases import cite, code, make_agreement, make_clause, make_source, make_topics

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """D2 rests on a clause that was read, F1 on the press alone; a report speaks of both."""
    make_topics("D2", "F1")
    agreement = make_agreement("alpha")
    read = code(agreement, "D2", "first", clause=make_clause(agreement, basis="text"), basis="press")
    unread = code(agreement, "F1", "first", basis="press")
    return {
        "agreement": agreement,
        "read": f"codings/{read.key}",
        "unread": f"codings/{unread.key}",
        "report": make_source(),
    }


def test_a_mark_without_a_text_is_on_the_worklist(world):
    for part in ("read", "unread"):
        cite(world["agreement"], "approach", world["report"], world[part], against_text="overstates")
    assert [citation.part for citation in marks_without_text()] == [world["unread"]]


def test_a_report_on_a_held_text_waits_for_its_mark(world):
    for part in ("read", "unread"):
        cite(world["agreement"], "approach", world["report"], world[part])
    assert [citation.part for citation in reports_to_mark()] == [world["read"]]


def test_a_marked_report_waits_no_more(world):
    cite(world["agreement"], "approach", world["report"], world["read"], against_text="matches")
    assert [*reports_to_mark(), *marks_without_text()] == []


def test_the_text_itself_needs_no_mark(world):
    cite(world["agreement"], "approach", make_source(kind="treaty_text"), world["read"])
    assert not reports_to_mark()


def test_a_fact_of_the_whole_instrument_needs_any_of_its_text(world):
    cite(world["agreement"], "term", world["report"], against_text="matches")
    assert len(marks_without_text()) == 1
    world["agreement"].text_availability = "extracts"
    world["agreement"].save()
    assert not marks_without_text()
