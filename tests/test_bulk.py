"""The bulk path gives what writing and publishing one record after the other gives: the same rows in every table."""

import random
from collections import Counter
from itertools import islice

import orjson
import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import models

from agreements.models import Agreement, Clause, PartyEntry, StepEntry, TopicEntry
from bench import loading
from kb import generating
from kb.generating import world
from people.models import Organisation
from sources.history import integrity
from sources.models import (
    Citation,
    LoadedFixture,
    Proposal,
    PublicForm,
    PublicReference,
    PublicTick,
    Revision,
    SearchEntry,
    SearchName,
    SearchSlip,
    SearchWord,
    TrailHead,
    Version,
)
from sources.reading.store import checking
from sources.records import bulk, fixture_files, fixtures
from sources.records.dossier.kinds import documented_models, is_documented
from tests.content import models as content_models
from tests.content import put, rolled_back
from tests.test_fixtures import SMALL, change, spoilt, write_small

pytestmark = pytest.mark.django_db

# What no two loads share: keys, moments, and the seals and digests that cover them.
NOT_COMPARED = {"id", "created_at", "updated_at", "at", "chain"}
# What follows from the public forms, which are checked against the tables instead.
OF_FORMS = (PublicForm, PublicReference, PublicTick, SearchEntry, SearchName, SearchSlip, SearchWord)


def state():
    """``{table: its rows}`` in a form that does not depend on keys and moments."""
    names = {
        model: _names_of(model) for model in content_models() if is_documented(model) or getattr(model, "PARENT", "")
    }
    kinds = {ContentType.objects.get_for_model(model).pk: model for model in documented_models().values()}
    return {
        model._meta.label: Counter(_as_text(row, names, kinds) for row in model._base_manager.all())
        for model in content_models()
        if model not in (LoadedFixture, TrailHead, *OF_FORMS)
    } | {"heads": Counter(TrailHead.objects.values_list("steps", flat=True))}


def _names_of(model):
    if is_documented(model):
        return dict(model.objects.values_list("pk", "slug"))
    return {pk: f"{slug}/{key}" for pk, slug, key in model.objects.values_list("pk", f"{model.PARENT}__slug", "key")}


def _as_text(row, names, kinds):
    said = {}
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if field.name in NOT_COMPARED or (isinstance(row, Version) and field.name == "sha256"):
            continue
        if isinstance(row, (PartyEntry, StepEntry, TopicEntry)) and field.name == "heading":
            # The rest of it is a key.
            value = value.partition("/")[0]
        elif field.name == "record_id" and value is not None:
            value = names[kinds[row.record_type_id]][value]
        elif isinstance(field, models.ForeignKey) and field.related_model in names and value is not None:
            value = names[field.related_model][value]
        elif isinstance(field, models.DateTimeField):
            value = value is not None
        elif isinstance(row, Version) and field.name == "body":
            value = {name: part for name, part in orjson.loads(value).items() if name != "published_at"}
        said[field.name] = str(value)
    return orjson.dumps(said, option=orjson.OPT_SORT_KEYS).decode()


def loaded(folder):
    """The state after a load into the empty database, which is undone."""
    with rolled_back():
        report = fixtures.load(folder)
        assert not report.kept and not report.updated
        found = state()
        assert [fault for fault in integrity.broken_trails() if fault] == []
        assert checking.check()[1] == []
        assert fixtures.load(folder).unchanged == len(report.created)
        return found


def check_same(at_once, folder, monkeypatch):
    monkeypatch.setattr(fixtures, "_is_empty", lambda: False)
    one_by_one = loaded(folder)
    for table, rows in one_by_one.items():
        assert at_once[table] == rows, table


@pytest.fixture
def content_at_once(content_rows, db):
    """The state after the bulk load of the run. That it is whole, sealed, kept right and loaded only once, tests of the content say."""
    with rolled_back():
        put(content_rows)
        return state()


def test_the_published_content_is_the_same_both_ways(content_at_once, monkeypatch):
    check_same(content_at_once, settings.BASE_DIR / "fixtures", monkeypatch)
    assert content_at_once["sources.Citation"].total() > 5000


# Generated content


@pytest.fixture
def small_world(monkeypatch):
    monkeypatch.setattr(world, "STATES", 6)


def test_generated_content_is_the_same_both_ways(small_world, tmp_path, monkeypatch):
    made = world.World(random.Random(5), "g5", 30)  # noqa: S311  (the same content each time)
    for entry in generating.entries(made, 30):
        path = tmp_path / entry.kind / f"{entry.slug}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(fixture_files.as_bytes({**entry.status, **entry.data}))
    tables = loaded(tmp_path)
    check_same(tables, tmp_path, monkeypatch)
    filled = [label for label in tables if tables[label].total()]
    assert {"agreements.Coding", "agreements.StatusSpan", "sources.ContestedFact", "agreements.Position"} <= {*filled}


def test_the_same_seed_makes_the_same_content(small_world):
    def slugs(seed):
        made = world.World(random.Random(seed), "g", 9)  # noqa: S311  (the same content each time)
        return [(entry.slug, entry.data) for entry in islice(generating.entries(made, 9), 400)]

    assert slugs(1) == slugs(1)
    assert slugs(1) != slugs(2)


def test_the_command_fills_an_empty_database_and_one_that_holds_content(small_world, capsys):
    for seed in (1, 2):
        call_command("generate", agreements=25, seed=seed)
        assert "25 of them agreements" in capsys.readouterr().out
    assert Agreement.objects.count() == 50
    assert Agreement.objects.published().count() < 50
    assert Clause.objects.exists() and Citation.objects.exists() and Proposal.objects.live().exists()
    assert [fault for fault in integrity.broken_trails() if fault] == []
    assert [fault for fault in integrity.strayed_records() if fault] == []


def test_the_command_writes_nothing_twice(small_world):
    call_command("generate", agreements=3)
    before = Agreement.objects.count(), Revision.objects.count()
    with pytest.raises(CommandError, match=r"Not finished.*a record of this address"):
        call_command("generate", agreements=3)
    assert (Agreement.objects.count(), Revision.objects.count()) == before


def test_the_command_names_records_of_earlier_transactions(small_world, monkeypatch, capsys):
    """One batch a transaction: each names records that were written before it."""
    monkeypatch.setattr(generating, "BATCH", 40)
    monkeypatch.setattr(generating, "TOGETHER", 1)
    call_command("generate", agreements=25)
    *told, last = capsys.readouterr().out.splitlines()
    numbers = [int(line.split()[0]) for line in told]
    assert numbers == sorted(set(numbers)) and len(numbers) > 2
    assert last.startswith(f"{numbers[-1]} records, 25 of them agreements")
    assert [fault for fault in integrity.strayed_records() if fault] == []


def test_the_measure_of_loading_sees_what_is_inserted(small_world):
    """``python -m bench loading`` compares with bare inserts of the same rows."""
    made = world.World(random.Random(1), "g", 3)  # noqa: S311  (the same content each time)
    with loading._captured() as statements:
        bulk.load([list(generating.entries(made, 3))], "Measuring")
    inserted = {model for model, _columns, values in statements if values}
    assert {Agreement, Clause, Citation, Revision} <= inserted


# Refusals


def entries(**dossiers):
    """Entries of ``kind__slug``, with the small folder's others before them."""
    known = {name: data for name, data in SMALL.items() if name != "agreements/treaty"}
    named = {name.replace("__", "/").replace("_", "-"): data for name, data in dossiers.items()}
    return [bulk.Entry(*name.split("/"), data) for name, data in {**known, **named}.items()]


def test_a_refused_record_is_named_and_nothing_is_written(subtests):
    good = SMALL["agreements/treaty"]
    cited = good["parties"][0]["citations"]
    bad = {
        "a broken rule": (good | {"term_years": 5}, "fixed or renewed term"),
        "a wrong choice": (good | {"type": "bogus"}, "type"),
        "an unsourced fact": (good | {"summary": "It is long."}, "Summary"),
        "a rule of a part": (good | {"milestones": [{"kind": "left", "citations": []}]}, r"milestones\[0\].*Name the party"),
        "a citation of nothing": (good | {"citations": [{"fields": ["title"], "locator": "1"}]}, "Cite a source"),
        "one key twice": (good | {"parties": [{"organisation": "examplia", "citations": cited}] * 2}, r"parties\[1\].*twice"),
    }  # fmt: skip
    for fault, (data, words) in bad.items():
        with subtests.test(fault), pytest.raises(bulk.Refusal, match=words) as refusal:
            bulk.load([entries(agreements__good_one=good, agreements__bad_one=data)], "A test")
        assert refusal.value.entry.slug == "bad-one"
        assert not Agreement.objects.exists() and not Citation.objects.exists()


def test_a_code_that_stands_twice_in_one_batch_is_refused_by_the_record_that_has_it_second():
    again = SMALL["organisations/examplia"]
    with pytest.raises(bulk.Refusal, match="three-letter code") as refusal:
        bulk.load([entries(organisations__examplia_again=again)], "A test")
    assert refusal.value.entry.slug == "examplia-again"
    assert not Organisation.objects.exists()


def test_an_earlier_batch_is_undone_with_a_later_one():
    with pytest.raises(bulk.Refusal):
        bulk.load([entries(), [bulk.Entry("agreements", "bad", {"title": "x"})]], "A test")
    assert not Organisation.objects.exists() and not TrailHead.objects.exists()


def test_a_slug_that_is_taken_is_refused():
    bulk.load([entries()], "A test")
    with pytest.raises(bulk.Refusal, match="a record of this address already"):
        bulk.load([[bulk.Entry("organisations", "examplia", SMALL["organisations/examplia"])]], "A test")


def test_hostile_files_are_refused_by_name_in_an_empty_database(tmp_path):
    for number in range(60):
        chance = random.Random(number)  # noqa: S311  (the same cases each time)
        folder = write_small(tmp_path / str(number))
        name = chance.choice(sorted(SMALL))
        (folder / f"{name}.yaml").write_bytes(spoilt(chance, name))
        with pytest.raises(fixtures.FixtureError) as refused:
            fixtures.load(folder)
        assert f"{name}.yaml" in str(refused.value), number
        assert not TrailHead.objects.exists()


def test_a_draft_and_a_withdrawn_record_have_their_trail(tmp_path):
    folder = write_small(tmp_path)
    change(folder, "agreements/treaty", status="withdrawn", withdrawn_reason="Found to be wrong.")
    fixtures.load(folder)
    treaty = Agreement.objects.get()
    assert [review.verb for review in treaty.reviews.order_by("step")] == ["publish", "withdraw"]
    assert not treaty.versions.exists()
