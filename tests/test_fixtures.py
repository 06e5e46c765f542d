"""Fixtures: the same bytes out as in, nothing twice, an editor's work is kept, and a bad file changes nothing at all."""

import copy
import random
import shutil

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.db import connection

from agreements.models import Agreement
from sources.models import Citation, LoadedFixture, Review, Revision, Version
from sources.records import fixtures
from sources.records.fixtures import ExportReport, FixtureError
from tests.content import counts

pytestmark = pytest.mark.django_db


class Plain(yaml.SafeDumper):
    """YAML without aliases for what stands twice."""

    def ignore_aliases(self, data):
        return True


def as_yaml(data):
    return yaml.dump(data, Dumper=Plain, sort_keys=False, explicit_end=True)


# A small folder that a test may spoil

PUBLISHER = {"name": "The Daily Record", "kind": "news"}
SOURCE = {"title": "A report", "kind": "news", "publisher": "daily-record", "date": "2025-12-16"}
EXAMPLIA = {"name": "Examplia", "kind": "state", "iso_alpha3": "EXA"}
MINISTRY = {"name": "Ministry", "kind": "ministry", "parent": "examplia"}
AGREEMENT = {
    "title": "Treaty", "type": "sofa", "citations": [{"fields": ["title", "type"], "source": "report", "locator": "p. 1"}],
    "parties": [{"organisation": "examplia", "citations": [{"fields": ["organisation", "role"], "source": "report", "locator": "p. 2"}]}],
    "milestones": [
        {"kind": "signed", "date": "2025-12", "citations": [{"fields": ["kind", "date"], "source": "report", "locator": "p. 3"}]}
    ],
}  # fmt: skip
SMALL = {
    "publishers/daily-record": PUBLISHER,
    "sources/report": SOURCE,
    "organisations/examplia": {**EXAMPLIA, "citations": [{"fields": ["name", "iso_alpha3"], "source": "report", "locator": "p. 1"}]},
    "organisations/ministry": {**MINISTRY, "citations": [{"fields": ["name", "parent"], "source": "report", "locator": "p. 1"}]},
    "agreements/treaty": AGREEMENT,
}  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    return write_small(tmp_path)


def write_small(folder):
    for name, data in SMALL.items():
        path = folder / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(as_yaml(data))
    return folder


def change(folder, name, **fields):
    """The file with fields changed; ``None`` removes one."""
    data = copy.deepcopy(SMALL[name]) | fields
    data = {key: value for key, value in data.items() if value is not None}
    (folder / f"{name}.yaml").write_text(as_yaml(data))


def test_files_load_in_any_order(folder):
    report = fixtures.load(folder)
    assert sorted(report.created) == sorted(SMALL)
    assert Agreement.objects.published().get().milestones.get().date.text == "2025-12"


def test_exported_files_load_again(folder, tmp_path):
    fixtures.load(folder)
    fixtures.export(folder)
    assert fixtures.export(folder, check=True) == ExportReport()
    assert fixtures.find_mistakes(folder) == []


def test_a_changed_file_changes_its_record_only(folder):
    fixtures.load(folder)
    change(folder, "agreements/treaty", title="Another treaty")
    report = fixtures.load(folder)
    assert (report.updated, report.created, report.unchanged) == (["agreements/treaty"], [], 4)
    assert Agreement.objects.get().title == "Another treaty"


def test_editors_changes_are_kept(folder):
    fixtures.load(folder)
    record = Agreement.objects.get()
    record.title = "As the editor has it"
    record.save()
    change(folder, "agreements/treaty", title="As the file has it")
    assert fixtures.load(folder).kept == ["agreements/treaty"]
    assert Agreement.objects.get().title == "As the editor has it"


def test_a_removed_part_is_removed_with_its_citations(folder):
    fixtures.load(folder)
    change(folder, "agreements/treaty", milestones=None)
    fixtures.load(folder)
    assert not Agreement.objects.get().milestones.exists()
    assert not Citation.objects.filter(part__startswith="milestones").exists()


def test_each_load_is_one_revision(folder):
    fixtures.load(folder)
    change(folder, "agreements/treaty", title="Another treaty")
    fixtures.load(folder)
    revisions = Revision.objects.filter(record_id=Agreement.objects.get().pk, dossier__contains="milestones")
    assert sorted(revisions.values_list("number", flat=True)) == [1, 2]


def test_an_export_of_an_empty_database_removes_nothing(folder):
    with pytest.raises(FixtureError, match="no records"):
        fixtures.export(folder)
    assert (folder / "agreements" / "treaty.yaml").exists()


def snapshot(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.yaml")}


def test_an_export_leaves_files_that_it_never_loaded_and_names_them(folder):
    fixtures.load(folder)
    change(folder, "agreements/treaty", title="From git")
    (folder / TREATY).rename(folder / "agreements" / "from-git.yaml")
    report = fixtures.export(folder)
    assert [path.stem for path in report.left] == ["from-git"]
    assert "treaty" in [path.stem for path in report.written]
    assert report.removed == []
    assert b"From git" in (folder / "agreements" / "from-git.yaml").read_bytes()


def test_an_export_removes_the_file_of_a_removed_record_and_names_it(folder):
    fixtures.load(folder)
    Agreement.objects.all().delete()
    assert [path.stem for path in fixtures.export(folder, check=True).removed] == ["treaty"]
    assert (folder / TREATY).exists()
    assert [path.stem for path in fixtures.export(folder).removed] == ["treaty"]
    assert not (folder / TREATY).exists()


def test_an_export_leaves_the_file_of_a_removed_record_that_changed_since(folder):
    fixtures.load(folder)
    Agreement.objects.all().delete()
    change(folder, "agreements/treaty", title="Changed in git since")
    report = fixtures.export(folder)
    assert ([path.stem for path in report.left], report.removed) == (["treaty"], [])


def test_the_command_names_what_it_removed_and_what_it_left(folder, capsys):
    fixtures.load(folder)
    Agreement.objects.all().delete()
    (folder / "people").mkdir()
    (folder / "people" / "new-from-git.yaml").write_text(as_yaml({"name": "Ana"}))
    call_command("export_fixtures", folder)
    said = capsys.readouterr().out
    assert "removed agreements/treaty.yaml: its record is gone" in said
    assert "left people/new-from-git.yaml" in said
    assert "1 removed, 1 left" in said


# Other bytes, same content


def reworded(folder):
    """Every file with other bytes that say the same: blank lines, another order of its fields, and a default spelt out."""
    for name, data in SMALL.items():
        data = dict(reversed(data.items()))
        if "citations" in data:
            data["citations"] = [{"stance": "supports", **citation} for citation in data["citations"]]
        (folder / f"{name}.yaml").write_text("\n\n" + as_yaml(data) + "  \n\n")


def test_other_bytes_that_say_the_same_change_nothing(folder):
    fixtures.load(folder)
    record = Agreement.objects.get()
    before = [*model_states()]
    reworded(folder)
    report = fixtures.load(folder)
    assert (report.equal, report.updated, report.created, report.kept) == (len(SMALL), [], [], [])
    assert [*model_states()] == before
    assert Agreement.objects.get().published_at == record.published_at
    # The digests of the files are known now.
    assert fixtures.load(folder).unchanged == len(SMALL)


def model_states():
    """Everything that a load could leave behind, times included."""
    for model in (Agreement, Citation, Revision, Review, Version):
        yield model, [*model.objects.order_by("pk").values()]


def test_a_status_alone_is_a_change(folder):
    fixtures.load(folder)
    change(folder, "agreements/treaty", status="withdrawn", withdrawn_reason="Found to be wrong.")
    assert fixtures.load(folder).updated == ["agreements/treaty"]
    assert Agreement.objects.get().status == "withdrawn"
    (folder / TREATY).write_text("\n" + (folder / TREATY).read_text())
    assert fixtures.load(folder).equal == 1


@pytest.mark.parametrize("command", ["load_fixtures", "load_fixtures --check"])
@pytest.mark.parametrize(("name", "words"), [("nowhere", "no such folder"), (".", "no fixtures below it")])
def test_a_folder_without_fixtures_is_a_plain_error(tmp_path, command, name, words):
    command, *options = command.split()
    with pytest.raises(CommandError, match=words):
        call_command(command, tmp_path / name, *options)


def test_a_file_that_cannot_be_read_is_a_plain_error(folder):
    (folder / TREATY).unlink()
    (folder / TREATY).mkdir()
    with pytest.raises(FixtureError, match=r"agreements/treaty.yaml: it cannot be read"):
        fixtures.load(folder)


def test_the_load_says_how_long_editors_wait(folder, capsys):
    call_command("load_fixtures", folder)
    said = capsys.readouterr().out
    assert ("Writing 5 files. For about 1 s editors cannot save" in said) == (connection.vendor == "sqlite")
    call_command("load_fixtures", folder)
    assert "Writing" not in capsys.readouterr().out


def test_all_mistakes_are_listed_and_nothing_is_kept(folder):
    change(folder, "agreements/treaty", type="bogus")
    change(folder, "organisations/ministry", kind="bogus")
    mistakes = fixtures.find_mistakes(folder)
    assert ["ministry.yaml" in mistakes[0], "treaty.yaml" in mistakes[1]] == [True, True]
    assert counts() == dict.fromkeys(counts(), 0)


# Bad fixtures: what is wrong → file and words that the refusal names


def text(file, content):
    """The file holds these bytes, or this text and the end of a file."""
    return lambda folder: (folder / file).write_bytes(
        content if isinstance(content, bytes) else f"{content}\n...\n".encode()
    )


def fields(name, **changes):
    return lambda folder: change(folder, name, **changes)


def cited(**changes):
    entry = {"fields": ["title", "type"], "source": "report", "locator": "p. 1"} | changes
    return fields("agreements/treaty", citations=[{key: value for key, value in entry.items() if value is not None}])


TREATY = "agreements/treaty.yaml"
GOOD = as_yaml(AGREEMENT).removesuffix("...\n")
BAD = {
    "truncated": (text(TREATY, GOOD[:-40] + "\n  - {"), ["treaty"]),
    "cut off between two entries": (text(TREATY, GOOD[: GOOD.index("milestones:")].encode()), ["treaty", "cut off"]),
    "without its last line": (text(TREATY, GOOD.encode()), ["treaty", "cut off"]),
    "empty": (text(TREATY, b""), ["treaty", "mapping"]),
    "a list": (text(TREATY, "- a\n- b\n"), ["treaty", "mapping"]),
    "a word": (text(TREATY, "hello"), ["treaty", "mapping"]),
    "a byte-order mark": (text(TREATY, b"\xef\xbb\xbf" + GOOD.encode()), ["treaty"]),
    "UTF-16": (text(TREATY, GOOD.encode("utf-16")), ["treaty", "UTF-8"]),
    "Latin-1": (text(TREATY, "title: Pe\xf1a\n".encode("latin-1")), ["treaty", "UTF-8"]),
    "NUL": (text(TREATY, GOOD + "note: a\x00b\n"), ["treaty"]),
    "a tab": (text(TREATY, "title:\tA\n\ttype: sofa\n"), ["treaty"]),
    "a key twice": (text(TREATY, GOOD + "title: Another\n"), ["treaty", "title", "twice"]),
    "a key twice inside": (text(TREATY, GOOD + "titles:\n- language: en\n  text: A\n  text: B\n"), ["treaty", "text", "twice"]),
    "an alias": (text(TREATY, GOOD + "note: &a x\nsummary: *a\n"), ["treaty", "alias"]),
    "an alias bomb": (text(TREATY, "a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n"), ["treaty"]),
    "a tag": (text(TREATY, GOOD + "note: !!python/object/apply:os.system ['true']\n"), ["treaty"]),
    "two documents": (text(TREATY, GOOD + "---\n" + GOOD), ["treaty"]),
    "a key that is no text": (text(TREATY, GOOD + "[1, 2]: x\n"), ["treaty"]),
    "deep nesting": (text(TREATY, "note: " + "[" * 3_000 + "]" * 3_000), ["treaty", "deeply"]),
    "only opening brackets": (text(TREATY, "note: " + "[" * 200_000), ["treaty", "deeply"]),
    "only opening braces": (text(TREATY, "{a: " * 200_000), ["treaty", "deeply"]),
    "entries within entries": (text(TREATY, "- " * 200_000), ["treaty", "deeply"]),
    "too large": (text(TREATY, GOOD + "note: " + "x" * 2_100_000), ["treaty", "larger"]),
    "an unknown field": (fields("agreements/treaty", colour="red"), ["treaty", "colour"]),
    "a derived field": (fields("agreements/treaty", party_count=2), ["treaty", "party_count"]),
    "a private field": (fields("agreements/treaty", changed_by="1"), ["treaty", "changed_by"]),
    "no title": (fields("agreements/treaty", title=None), ["treaty", "title"]),
    "a title too long": (fields("agreements/treaty", title="x" * 501), ["treaty", "title"]),
    "an unknown choice": (fields("agreements/treaty", type="bogus"), ["treaty", "type"]),
    "a list for a line": (fields("agreements/treaty", title=["a"]), ["treaty", "title"]),
    "a mapping for a line": (fields("agreements/treaty", title={"a": "b"}), ["treaty", "title"]),
    "a line for a list": (fields("agreements/treaty", parties="examplia"), ["treaty", "parties"]),
    "a word for a part": (fields("agreements/treaty", parties=["examplia"]), ["treaty", "parties"]),
    "a word for a number": (fields("agreements/treaty", article_count="many"), ["treaty", "article_count"]),
    "a negative number": (fields("agreements/treaty", article_count="-1"), ["treaty", "article_count"]),
    "a number too large": (fields("agreements/treaty", article_count="9" * 25), ["treaty", "article_count"]),
    "a broken rule": (fields("agreements/treaty", term_years="5"), ["treaty", "term"]),
    "a date not in the calendar": (fields("agreements/treaty", milestones=[{"kind": "signed", "date": "2025-02-30"}]), ["treaty", "date"]),
    "the month 00": (fields("agreements/treaty", milestones=[{"kind": "signed", "date": "2025-00"}]), ["treaty", "date"]),
    "a span backwards": (fields("agreements/treaty", milestones=[{"kind": "signed", "date": "2026/2025"}]), ["treaty", "date"]),
    "an unknown field of a part": (fields("agreements/treaty", parties=[{"organisation": "examplia", "x": "y"}]), ["treaty", "parties", "x"]),
    "a part without its record": (fields("agreements/treaty", parties=[{"role": "party"}]), ["treaty", "parties"]),
    "a part that names nothing": (fields("agreements/treaty", parties=[{"organisation": "nowhere"}]), ["treaty", "organisation", "nowhere"]),
    "the same part twice": (fields("agreements/treaty", parties=[{"organisation": "examplia"}] * 2), ["treaty", "parties", "twice"]),
    "a bad key": (fields("agreements/treaty", parties=[{"organisation": "examplia", "key": "A b"}]), ["treaty", "key"]),
    "a bidirectional override": (fields("agreements/treaty", title="Treaty\u202e"), ["treaty", "title"]),
    "an address that runs": (fields("sources/report", url="javascript:alert(1)"), ["report", "url"]),
    "an uncited fact": (fields("agreements/treaty", summary="It says much."), ["treaty", "summary"]),
    "a citation without a place": (cited(locator=None), ["treaty", "citations"]),
    "a citation of no field": (cited(fields=[]), ["treaty", "citations", "fields"]),
    "a citation of an unknown field": (cited(fields=["colour"]), ["treaty", "colour"]),
    "a citation of a field that states no fact": (cited(fields=["title_note"]), ["treaty", "title_note"]),
    "a citation of an unknown source": (cited(source="nowhere"), ["treaty", "source", "nowhere"]),
    "a citation of nothing": (cited(source=None), ["treaty", "citations"]),
    "a citation with an unknown word": (cited(colour="red"), ["treaty", "colour"]),
    "a citation with an unknown stance": (cited(stance="bogus"), ["treaty", "stance"]),
    "a credibility out of range": (cited(credibility="7"), ["treaty", "credibility"]),
    "a quotation too long": (cited(quotation="word " * 31), ["treaty", "quotation"]),
    "citations that are no list": (fields("agreements/treaty", citations="report"), ["treaty", "citations"]),
    "a ruling without a value": (fields("agreements/treaty", rulings=[{"field": "title", "state": "settled", "reason": "x", "ruled_by": "x", "ruled_on": "2026-01-01"}]), ["treaty", "rulings"]),
    "a ruling without a day": (fields("agreements/treaty", rulings=[{"field": "title", "reason": "x", "ruled_by": "x"}]), ["treaty", "ruled_on"]),
    "an unknown status": (fields("agreements/treaty", status="bogus"), ["treaty", "status"]),
    "withdrawn without a reason": (fields("agreements/treaty", status="withdrawn"), ["treaty", "reason"]),
    "merged into nothing": (fields("agreements/treaty", status="merged", merged_into="nowhere"), ["treaty", "merged_into"]),
    "merged into itself": (fields("agreements/treaty", status="merged", merged_into="treaty"), ["treaty"]),
    "a status where there is none": (fields("publishers/daily-record", status="draft"), ["daily-record", "status"]),
    "an unknown publisher": (fields("sources/report", publisher="nowhere"), ["report", "publisher", "nowhere"]),
    "a source of itself": (fields("sources/report", derived_from="report"), ["report", "deriv"]),
    "a grade without a reason": (fields("sources/report", reliability="A"), ["report", "reliability"]),
    "a body that is part of itself": (fields("organisations/ministry", parent="ministry"), ["ministry", "part of itself"]),
    "the same code twice": (fields("organisations/ministry", kind="state", iso_alpha3="EXA"), ["ministry", "code"]),
    "a code of no state": (fields("organisations/ministry", iso_alpha3="MIN"), ["ministry", "code"]),
}  # fmt: skip


def ring_of_sources(folder):
    for name, origin in (("one", "two"), ("two", "three"), ("three", "one")):
        data = SOURCE | {"derived_from": origin}
        (folder / "sources" / f"{name}.yaml").write_text(as_yaml(data))


def ring_of_parents(folder):
    for name, parent in (("one", "two"), ("two", "one")):
        (folder / "organisations" / f"{name}.yaml").write_text(
            as_yaml({"name": name, "kind": "ministry", "parent": parent, "status": "draft"})
        )


def ring_of_merges(folder):
    for name, into in (("one", "two"), ("two", "one")):
        (folder / "agreements" / f"{name}.yaml").write_text(
            as_yaml(AGREEMENT | {"status": "merged", "merged_into": into})
        )


BAD |= {
    "a ring of origins": (ring_of_sources, ["derived_from"]),
    "a ring of parents": (ring_of_parents, ["parent"]),
    "a ring of merges": (ring_of_merges, ["agreements/", "merge"]),
    "an unknown kind": (lambda folder: (folder / "treaties").mkdir(), ["treaties", "kind"]),
    "a bad slug": (lambda folder: shutil.copy(folder / TREATY, folder / "agreements" / "Bad_Slug.yaml"), ["Bad_Slug", "slug"]),
    "a slug too long": (lambda folder: shutil.copy(folder / TREATY, folder / "agreements" / f"{'x' * 121}.yaml"), ["slug"]),
}  # fmt: skip


def test_a_bad_fixture_is_refused_and_nothing_changes(tmp_path, case):
    for number, (fault, (spoil, words)) in enumerate(BAD.items()):
        with case(fault):
            folder = write_small(tmp_path / str(number))
            spoil(folder)
            with pytest.raises(FixtureError) as refused:
                fixtures.load(folder)
            assert [word for word in words if word.casefold() not in str(refused.value).casefold()] == [], refused.value
            assert counts() == dict.fromkeys(counts(), 0)


@pytest.mark.parametrize("fault", ["an unknown field", "an uncited fact", "a citation of an unknown source", "UTF-16"])
def test_a_bad_change_leaves_what_was_there(folder, fault):
    fixtures.load(folder)
    before = counts()
    BAD[fault][0](folder)
    with pytest.raises(FixtureError):
        fixtures.load(folder)
    assert counts() == before
    assert Agreement.objects.get().title == "Treaty"
    assert LoadedFixture.objects.count() == len(SMALL)


MUTATIONS = 300


def spoilt(chance, name):
    """One of the small files, spoilt in one of many ways, each of which is a mistake."""
    data = copy.deepcopy(SMALL[name])
    whole = as_yaml(data).encode()
    way = chance.choice(("cut", "type", "missing", "unknown", "byte", "encoding", "ring"))
    if way == "cut":
        return whole[: chance.randrange(len(whole) - len("...\n"))]
    if way == "byte":
        at = chance.randrange(len(whole))
        return whole[:at] + chance.choice((b"\0", b"\xff", b"\x1b", b"\xc3(")) + whole[at:]
    if way == "encoding":
        return chance.choice(
            (b"\xef\xbb\xbf" + whole, whole.decode().encode("utf-16"), whole.decode().encode("utf-32"))
        )
    if way == "type":
        data[chance.choice([key for key in data if key != "citations"])] = chance.choice(
            ({"a": "b"}, [["x"]], [{"x": "y"}])
        )
    elif way == "missing":
        del data["name" if "name" in data else "title"]
    elif way == "unknown":
        data[f"field{chance.randrange(1000)}"] = "x"
    else:
        return b"&a [*a]\n...\n" if chance.random() < 0.5 else b"a: &a {b: *a}\n...\n"
    return as_yaml(data).encode()


def test_three_hundred_hostile_files_are_each_refused_by_name_and_change_nothing(folder):
    fixtures.load(folder)
    before, good = [*model_states()], snapshot(folder)
    for number in range(MUTATIONS):
        chance = random.Random(number)  # noqa: S311  (the same cases each time)
        name = chance.choice(sorted(SMALL))
        path = folder / f"{name}.yaml"
        path.write_bytes(spoilt(chance, name))
        with pytest.raises(FixtureError) as refused:
            fixtures.load(folder)
            pytest.fail(f"{number}: {name} was taken: {path.read_bytes()}")
        assert f"{name}.yaml" in str(refused.value), number
        path.write_bytes(good[f"{name}.yaml"])
    assert [*model_states()] == before
    assert fixtures.load(folder).unchanged == len(SMALL)


def test_a_link_out_of_the_folder_is_no_fixture(folder, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "secret.txt"
    outside.write_text("secret: words")
    (folder / "agreements" / "link.yaml").symlink_to(outside)
    with pytest.raises(FixtureError, match="link"):
        fixtures.load(folder)
