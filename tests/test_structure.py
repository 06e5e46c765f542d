"""Structure: fields listed by name, constraints and indexes in the database, help texts and docstrings."""

import io
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

from kb.api import VIEWSETS
from sources.lib.filters import AfterFilter, BeforeFilter
from sources.models import AboutRecord, Trail
from sources.reading.api import PlainSerializer, RecordSerializer
from sources.records.base import Documented, Record
from sources.records.part import Part
from tests.content import APPS, FOLDER

ROOT = Path(__file__).resolve().parent.parent
MODELS = [model for app in APPS for model in apps.get_app_config(app).get_models()]


# Templates and styles

LONGEST_LINE = 120


def test_lines_of_templates_and_styles_fit_a_screen():
    paths = [path for app in ("kb", *APPS) for end in ("html", "css") for path in (ROOT / app).rglob(f"*.{end}")]
    assert len(paths) > 100
    long = [
        (str(path.relative_to(ROOT)), number)
        for path in paths
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > LONGEST_LINE
    ]
    assert long == []


# Serializers


def subclasses(kind):
    for child in kind.__subclasses__():
        yield child
        yield from subclasses(child)


SERIALIZERS = sorted({one for one in subclasses(PlainSerializer) if hasattr(one, "Meta")}, key=lambda one: one.__name__)


def test_a_serializer_lists_its_fields(subtests):
    for serializer in SERIALIZERS:
        with subtests.test(serializer.__name__):
            assert isinstance(serializer.Meta.fields, tuple)
            assert not hasattr(serializer.Meta, "exclude")
            assert len(set(serializer.Meta.fields)) == len(serializer.Meta.fields)


def test_a_serializer_only_reads(subtests):
    for serializer in SERIALIZERS:
        with subtests.test(serializer.__name__):
            assert all(field.read_only for field in serializer().get_fields().values())


# What a model keeps to itself, and why.
_INNER = "the row's own, or the database's"
HIDDEN = {
    "id": _INNER, "order": "the order of the list says it", "created_at": _INNER, "updated_at": _INNER, "search_text": _INNER,
    "sort_key": _INNER,
    "status": "only published rows are shown", "withdrawn_at": "shown by the 410", "withdrawn_reason": "shown by the 410",
    "merged_into": "shown by the 301", "changed_by": "an account", "uncited_count": "the facts say it: state unsourced",
    "record_type": "shown as record or about", "record_id": "shown as record or about", "record_ref": "shown as record",
    "uid": "shown as id", "record_name": "shown as record.name", "kind": None,
}  # fmt: skip
# By model: columns that follow from others, and what is shown under another name.
HIDDEN_BY_MODEL = {
    "Agreement": {"party_count": "also counts parties that readers do not see"},
    "Topic": {"group_order": "the order of the list", "order": "the order of the list"},
    "ContestedFact": {"kind": "shown as record.kind"},
    "Approach": {"key": "the code is its name", "topic": "shown within its topic"},
    "Source": {"is_contested": "a document's own imprint is cited nowhere else"},
    "Organisation": {
        "is_contested": "the facts say it",
        "names_in_time": "the names say it; links show the name of a day",
    },
    "Person": {"is_contested": "the facts say it"},
    "ExerciseSeries": {"is_contested": "the facts say it"},
    "Publisher": {},
    "NegativeFinding": {"published_at": "its form has no versions"},
}
PUBLIC_MODELS = [model for model in MODELS if model in {one.Meta.model for one in SERIALIZERS}]


def exposed(model):
    """Every name of a column of ``model`` that some serializer shows."""
    names = set()
    for serializer in SERIALIZERS:
        if serializer.Meta.model is model:
            for name, field in serializer().get_fields().items():
                names |= {name, (field.source or name).partition(".")[0]}
    return names


def test_every_column_is_shown_or_kept_back_for_a_reason(subtests):
    for model in PUBLIC_MODELS:
        with subtests.test(model.__name__):
            bounds = {name for field in model._meta.fields for name in getattr(field, "bounds", ())}
            bounds |= {f"{name}_{end}" for name in ("signed",) for end in ("earliest", "latest")}
            kept = {name for name, why in HIDDEN.items() if why} | {*HIDDEN_BY_MODEL.get(model.__name__, ())} | bounds
            parent = {model.PARENT} if issubclass(model, Part) else set()
            fields = {field.name for field in (*model._meta.fields, *model._meta.many_to_many)}
            assert fields - exposed(model) - kept - parent == set()


def test_models_without_a_public_form_are_named():
    private = {"Presence", "LoadedFixture", "Review", "Revision", "Proposal", "Version", "Codebook"}
    private |= {"Removal", "TrailHead"}
    # What two coders answered is a measurement: readers see figures of it.
    private |= {"SecondCoding", "CodingPair"}
    # The read store holds the public forms.
    private |= {"PublicAnswer", "PublicForm", "PublicReference", "PublicTick"}
    # What is found shows its record.
    private |= {"SearchEntry", "SearchName", "SearchWord", "SearchSlip"}
    # The agreement shows the span of today.
    private |= {"StatusSpan"}
    # What lists are found in, and what all forms together have.
    private |= {"PartyEntry", "StepEntry", "TopicEntry", "PublicTally"}
    assert {model.__name__ for model in MODELS} - {model.__name__ for model in PUBLIC_MODELS} == private


def test_no_public_form_shows_an_account():
    for serializer in SERIALIZERS:
        assert not {"changed_by", "by", "by_name", "email", "user", "reviews", "revisions"} & {*serializer.Meta.fields}


def test_every_record_has_a_viewset_and_its_serializer():
    for model in subclasses(Record):
        assert VIEWSETS[model.KIND].serializer_class.Meta.model is model
        assert issubclass(VIEWSETS[model.KIND].serializer_class, RecordSerializer)


# Indexes

# Filters and orderings without an index of their own, and why that does.
UNINDEXED = {
    "agreements.signed_after": "the bound beside signed_earliest, whose index carries the order of the list",
    "codings.signed_after": "as for agreements",
    "milestones.evidence": "nearly all steps are evidenced",
    "topics.code": "the codebook has sixty rows",
    "assistance.terms": "four values, after the status index",
    "citations.part": "asked together with record, which is indexed",
    "citations.field": "asked together with record, which is indexed",
    "citations.against_text": "asked together with record or source, which are indexed",
    "adjudications.field": "rulings are few",
    "contested.confidence": "three values, after the index of the state",
    "findings.on": "findings are few",
}  # fmt: skip


def leads_an_index(model, name):
    """Whether an index begins with the column, or with the status and then the column."""
    first, _dunder, rest = name.partition("__")
    field = model._meta.get_field(first)
    if rest and rest not in ("earliest", "latest"):
        return leads_an_index(field.related_model, rest) if field.is_relation else False
    if getattr(field, "db_index", False) or getattr(field, "unique", False) or field.many_to_many or field.one_to_many:
        return True
    lists = [[name.lstrip("-") for name in index.fields] for index in model._meta.indexes]
    lists += [
        list(constraint.fields)
        for constraint in model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint)
    ]
    return any(columns[0] == first or (columns[:1] == ["status"] and first in columns[1:2]) for columns in lists)


# Filters by a date go by one of its bounds.
BOUND_OF = {AfterFilter: "_latest", BeforeFilter: "_earliest"}


def asked_of(viewset):
    """``(name, column)`` of each filter and ordering that goes by one column."""
    for name, item in viewset.filterset_class.base_filters.items():
        column = (item.field_name or name) + BOUND_OF.get(type(item), "")
        if name not in ("q", "year", "region", "contested") and not hasattr(item, "condition"):
            yield name, column
    for name in viewset.orderings.columns:
        yield name, viewset.orderings.of(name)[0].name


def test_every_filter_and_ordering_has_an_index(subtests):
    for name in VIEWSETS:
        with subtests.test(name):
            viewset = VIEWSETS[name]
            model = viewset.serializer_class.Meta.model
            missing = {key for key, column in asked_of(viewset) if not leads_an_index(model, column)}
            assert {f"{name}.{key}" for key in missing} == {key for key in UNINDEXED if key.startswith(f"{name}.")}


# Models

# Fields whose meaning the field itself says everywhere, and those that only the code reads.
_SELF_EXPLAINING = {"id", "created_at", "updated_at", "record_type", "record_id", "record_ref", "uid", "search_text"}


def _explained(field):
    bounds = {name for other in field.model._meta.fields for name in getattr(other, "bounds", ())}
    return field.name in _SELF_EXPLAINING | bounds or not field.editable or field.auto_created


def test_every_field_is_explained_in_a_sentence(subtests):
    for model in [model for model in MODELS if issubclass(model, (Documented, Part, AboutRecord, Trail))]:
        with subtests.test(model.__name__):
            wrong = [
                field.name
                for field in (*model._meta.fields, *model._meta.many_to_many)
                if not _explained(field)
                and not (str(field.help_text)[:1].isupper() and str(field.help_text).endswith("."))
            ]
            assert wrong == []


def test_every_model_says_what_a_row_is(subtests):
    for model in MODELS:
        with subtests.test(model.__name__):
            assert model.__doc__ and not model.__doc__.startswith(f"{model.__name__}(")
            assert model.__doc__.strip().endswith((".", ")"))


def test_every_constraint_is_named_and_speaks_to_an_editor(subtests):
    for model in MODELS:
        with subtests.test(model.__name__):
            edited = issubclass(model, (Documented, Part, AboutRecord)) and model.__name__ != "ContestedFact"
            for constraint in model._meta.constraints:
                assert constraint.name
                if edited:
                    message = str(constraint.violation_error_message)
                    assert message.endswith(".") and "Constraint “" not in message, constraint.name


def test_every_record_and_part_has_constraints(subtests):
    for model in [model for model in MODELS if issubclass(model, (Part, Record))]:
        with subtests.test(model.__name__):
            assert model._meta.constraints


def test_every_choice_has_a_label_for_readers(subtests):
    for model in MODELS:
        with subtests.test(model.__name__):
            for field in model._meta.fields:
                for value, label in field.flatchoices:
                    assert value != "" and str(label).strip(), field
                if field.choices and field.editable:
                    assert str(field.help_text), field


def test_every_citable_field_exists_and_is_in_the_dossier():
    for model in MODELS:
        for name in getattr(model, "CITABLE_FIELDS", ()):
            assert name in model.DOSSIER_FIELDS, (model, name)


@pytest.mark.django_db
def test_migrations_are_complete():
    call_command("makemigrations", check=True, dry_run=True, stdout=io.StringIO())


@pytest.mark.django_db
def test_no_migration_has_a_name_that_says_nothing():
    names = [path.stem for app in (*APPS, "kb") for path in (ROOT / app / "migrations").glob("0*.py")]
    assert names and not [name for name in names if "_auto_" in name or name[5:] in ("initial_2",)]


def test_every_fixture_is_of_a_known_kind():
    kinds = {model.KIND for model in MODELS if getattr(model, "KIND", "")}
    assert {path.name for path in FOLDER.iterdir()} <= kinds
