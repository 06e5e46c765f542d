"""Fixtures load in one transaction or not at all, keep what editors changed, and come back byte for byte."""

import pytest

from agreements.models import Agreement
from people.models import Organisation
from sources import fixtures
from sources.models import Citation, LoadedFixture, Publisher, Source

pytestmark = pytest.mark.django_db

GOOD = {
    "publishers/gazette.yaml": "name: The Gazette\nkind: government\n",
    "sources/print.yaml": "title: The print\nkind: law\npublisher: gazette\ndate: 2025-12\n",
    "organisations/examplia.yaml": (
        "name: Examplia\nkind: state\niso_alpha3: EXA\n"
        "citations:\n- fields: [iso_alpha3, name]\n  source: print\n  locator: p. 1\n"
    ),
    "agreements/pact.yaml": (
        "title: A pact\ntype: sofa\n"
        "citations:\n- fields: [title, type]\n  source: print\n  locator: p. 1\n"
        "parties:\n- organisation: examplia\n"
        "  citations:\n  - fields: [organisation, role]\n    source: print\n    locator: p. 1\n"
        "milestones:\n- kind: signed\n  date: 2025-12-15\n"
        "  citations:\n  - fields: [date, kind]\n    source: print\n    locator: p. 2\n"
    ),
}


@pytest.fixture
def folder(tmp_path):
    write(tmp_path, GOOD)
    return tmp_path


def write(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())


def nothing_was_loaded():
    return not any(
        model.objects.exists() for model in (Publisher, Source, Organisation, Agreement, Citation, LoadedFixture)
    )


def test_a_good_folder_is_loaded_and_published(folder):
    report = fixtures.load(folder)
    assert len(report.created) == 4
    assert Agreement.objects.published().get().status_on().status == "signed"


def test_the_second_load_changes_nothing(folder):
    fixtures.load(folder)
    report = fixtures.load(folder)
    assert (report.unchanged, report.created, report.updated, report.kept) == (4, [], [], [])


def test_what_is_exported_is_what_was_loaded(folder):
    fixtures.load(folder)
    assert fixtures.export(folder, check=True) == []
    assert {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*.yaml")} == GOOD


def test_what_an_editor_changed_is_kept(folder):
    fixtures.load(folder)
    pact = Agreement.objects.get()
    pact.note = "Changed by hand."
    pact.save()
    write(folder, {"agreements/pact.yaml": GOOD["agreements/pact.yaml"].replace("A pact", "Another pact")})
    assert fixtures.load(folder).kept == ["agreements/pact"]
    assert Agreement.objects.get().note == "Changed by hand."


def test_a_changed_file_updates_an_unchanged_record(folder):
    fixtures.load(folder)
    write(folder, {"agreements/pact.yaml": GOOD["agreements/pact.yaml"].replace("A pact", "Another pact")})
    assert fixtures.load(folder).updated == ["agreements/pact"]
    assert Agreement.objects.get().title == "Another pact"


def test_export_from_an_empty_database_removes_nothing(folder):
    with pytest.raises(fixtures.FixtureError, match="holds no records"):
        fixtures.export(folder)
    assert (folder / "agreements/pact.yaml").exists()


PACT, PRINT, STATE = "agreements/pact.yaml", "sources/print.yaml", "organisations/examplia.yaml"
# file, what to replace (``None``: the whole file), by what, and what the refusal names besides the file
BAD = [
    (PACT, "title: A pact\n", "", "title"),
    (PACT, "type: sofa", "type: soap", "type"),
    (PACT, "type: sofa", "type: [sofa]", "type"),
    (PACT, "type: sofa", "type: sofa\ntype: sofa", "twice"),
    (PACT, "type: sofa", "tipe: sofa", "tipe"),
    (PACT, "organisation: examplia", "organisation: nowhere", "nowhere"),
    (PACT, "- organisation: examplia\n", "- role: party\n", "organisation"),
    (PACT, "date: 2025-12-15", "date: 2025-02-30", "date"),
    (PACT, "date: 2025-12-15", "date: next week", "date"),
    (PACT, "kind: signed", "kind: sealed", "kind"),
    (PACT, "kind: signed", "key: Signed!\n  kind: signed", "key"),
    (PACT, "fields: [title, type]", "fields: [title, colour]", "colour"),
    (PACT, "fields: [title, type]", "fields: title", "fields"),
    (PACT, "fields: [title, type]", "fields: [title]", "type"),
    (PACT, "source: print\n  locator: p. 1\nparties", "source: lost\n  locator: p. 1\nparties", "lost"),
    (PACT, "  locator: p. 2\n", "", "Say where"),
    (PACT, "type: sofa", "type: sofa\nnote: a\u202eb", "note"),
    (PACT, "type: sofa", "type: sofa\nstatus: secret", "secret"),
    (PACT, "type: sofa", "type: sofa\nmilestones: signed", "milestones"),
    (PACT, "type: sofa", "type: &a sofa\nnote: *a", "alias"),
    (PACT, None, "- a\n- b\n", "mapping"),
    (PACT, None, "title: [unclosed\n", "pact"),
    (PACT, None, b"\xff\xfet\x00i\x00", "UTF-8"),
    (PACT, None, "title: " + "[" * 5000, "pact"),
    (PRINT, "kind: law", "kind: law\nderived_from: print", "deriv"),
    (PRINT, "publisher: gazette\n", "", "publisher"),
    (PRINT, "kind: law", "kind: law\nurl: javascript:alert(1)", "url"),
    (PRINT, "kind: law", "kind: law\nreliability: A", "grade"),
    (STATE, "iso_alpha3: EXA", "iso_alpha3: exa", "iso_alpha3"),
    (STATE, "kind: state", "kind: company", "ISO"),
]


@pytest.mark.parametrize(("file", "old", "new", "named"), BAD)
def test_a_bad_fixture_is_refused_with_its_file_and_nothing_changes(folder, file, old, new, named):
    text = new if old is None else GOOD[file].replace(old, new)
    assert text != GOOD[file]
    write(folder, {file: text})
    with pytest.raises(fixtures.FixtureError) as refusal:
        fixtures.load(folder)
    assert file in str(refusal.value)
    assert named.casefold() in str(refusal.value).casefold()
    assert nothing_was_loaded()


def test_an_unknown_kind_is_refused(folder):
    write(folder, {"treaties/pact.yaml": "title: A pact\n"})
    with pytest.raises(fixtures.FixtureError, match="treaties"):
        fixtures.load(folder)


def test_every_mistake_is_listed_and_nothing_changes(folder):
    write(folder, {"agreements/other.yaml": "title: x\ntype: soap\n", "people/ana.yaml": "nome: Ana\n"})
    mistakes = fixtures.find_mistakes(folder)
    assert len(mistakes) == 2
    assert nothing_was_loaded()
