"""A date that is written otherwise than the notation has it is refused with what to write."""

import pytest

from sources.evidence.reported_values import read_date
from sources.lib.dates import PartialDate, PartialDateError
from tests.desk import fresh
from tests.factory import make_source
from tests.forms import open_form

ONE = {
    "15/12/2025": "2025-12-15", "15.12.2025": "2025-12-15", "15-12-2025": "2025-12-15", "12/15/2025": "2025-12-15",
    "2025/12/15": "2025-12-15", "2025.12.15": "2025-12-15", "2025-1-5": "2025-01-05", "12/2025": "2025-12",
    "1.2025": "2025-01", "15 December 2025": "2025-12-15", "December 15, 2025": "2025-12-15", "Dec 2025": "2025-12",
    "15th of December 2025": "2025-12-15", "15 de diciembre de 2025": "2025-12-15", "enero 2024": "2024-01",
    "1º de marzo de 2024": "2024-03-01", "5/5/2025": "2025-05-05", " 15 / 12 / 2025 ": "2025-12-15",
    "2001-2005": "2001/2005",
}  # fmt: skip


def test_the_hint_names_the_right_notation(subtests):
    for text, meant in ONE.items():
        with subtests.test(text):
            with pytest.raises(PartialDateError) as refusal:
                PartialDate.parse(text)
            assert str(refusal.value) == f"Write {meant}."
            PartialDate.parse(meant)


@pytest.mark.parametrize("text", ["5/12/2025", "05.12.2025", "5-12-2025"])
def test_where_day_and_month_can_be_told_either_way_both_are_said(text):
    with pytest.raises(PartialDateError) as refusal:
        PartialDate.parse(text)
    assert str(refusal.value) == "Write 2025-12-05 for 5 December 2025, or 2025-05-12 for 12 May 2025."


def test_ambiguous_dates_are_refused_without_a_guess(subtests):
    for text in ["yesterday", "99/99/2025", "32/12/2025", "1/2/3/4", "15/12/25", "soon", "/", "2025-13-45"]:
        with subtests.test(text):
            with pytest.raises(PartialDateError) as refusal:
                PartialDate.parse(text)
            assert not str(refusal.value).startswith("Write 2")


def test_the_notation_itself_is_taken(subtests):
    for text in ["2025", "2025-12~", "2001/2005", "2001/..", "../2006-12-31", "2001/", "2026-01-08/2026-01-16"]:
        with subtests.test(text):
            assert str(PartialDate.parse(text)) == text


def test_reported_dates_in_words_are_still_compared():
    assert str(read_date("el 15 de diciembre de 2025")) == "2025-12-15"
    with pytest.raises(PartialDateError):
        read_date("some day in spring")


@pytest.mark.django_db
def test_the_message_stands_at_the_field_and_what_was_typed_stays(editor, draft):
    form = open_form(editor, draft)
    form.add("milestones", kind="in_force", date="15/12/2025")
    answer = form.post()
    page = answer.content.decode()
    assert "Write 2025-12-15." in page
    assert "one slash" not in page
    row = page[page.index('id="milestones-1"') :]
    assert "Write 2025-12-15." in row[row.index("field-date ") : row.index("field-date_note")]
    assert 'value="15/12/2025"' in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("15/12/2025", "Write 2025-12-15."),
        ("05/12/2025", "or 2025-05-12 for 12 May 2025"),
        ("soon", "Write the day as"),
    ],
)
def test_whole_days_are_not_guessed_either(editor, typed, said):
    """In American writing 05/12/2025 would be a day in May without a word."""
    source = make_source(status="draft", cited=False)
    form = open_form(editor, source)
    form["retrieved_on"] = typed
    assert said in form.post().content.decode()
    assert fresh(source).retrieved_on is None


@pytest.mark.django_db
def test_a_day_as_all_dates_are_written_is_taken(editor):
    source = make_source(status="draft", cited=False, retrieved_on="2026-01-15")
    form = open_form(editor, source)
    assert form["retrieved_on"] == ["2026-01-15"]
    form["retrieved_on"] = "2026-02-20"
    form.post()
    assert str(fresh(source).retrieved_on) == "2026-02-20"
