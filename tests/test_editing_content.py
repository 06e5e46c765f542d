"""The whole content through the editing forms: saving an unchanged form changes nothing, and no page is too large."""

import pytest

from agreements.models import Agreement
from sources.records import dossier
from sources.records.dossier import documented_models
from tests.cast import sign_in
from tests.forms import address, open_form, said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]


@pytest.mark.parametrize("kind", sorted(documented_models()))
def test_a_record_in_memory_reads_back_the_same(kind):
    for record in documented_models()[kind].objects.all():
        state = record.dossier()
        assert dossier.read(dossier.in_memory(record, state)) == state


@pytest.mark.parametrize("kind", sorted(documented_models()))
def test_a_form_that_nobody_touched_changes_nothing(kind, carol):
    """Of each kind the record with most to draw, with every list open."""
    rows = documented_models()[kind].objects.all()
    record = max(rows[:200], key=lambda row: sum(getattr(row, name).count() for name in row.PARTS))
    form = open_form(sign_in(carol), record, panel="all")
    assert "Nothing was changed" in said(form.post())


def test_the_fullest_agreement_is_a_page_of_less_than_300_kilobytes(editor):
    answer = editor.get(address(Agreement.objects.get(slug="us-paraguay-sofa")))
    assert len(answer.content) < 300_000
