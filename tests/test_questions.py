"""Every fact that can be disputed has a plain question, and no question shows a field path, a code or a placeholder."""

import re

import pytest
from django.db.models import Q

from agreements.life.questions import question_of_step
from agreements.models import Coding, Milestone
from sources.models import Citation
from sources.reading.fact_wording import question_of
from sources.reading.store.reading import data_of
from sources.records.base import record_models
from sources.records.dossier import documented_models
from sources.records.part import Part

CODE = re.compile(r"[a-z]+_[a-z]+|/|%\(")


def rows_of(model):
    """The kinds of rows whose facts can be disputed: a kind of record and its parts."""
    return [model, *(model._meta.get_field(name).related_model for name in model.PARTS)]


def test_every_kind_of_step_has_its_two_questions(subtests):
    for kind in Milestone.Kind:
        with subtests.test(kind):
            for field in ("kind", "date"):
                question = question_of_step(field, {"kind": kind.value, "body": None})
                assert question.endswith("?") and not CODE.search(question)


def test_a_step_of_a_chamber_names_it():
    asked = question_of_step("date", {"kind": "chamber", "body": {"name": "Senate of Paraguay"}})
    assert asked == "When did the chamber vote on it? (Senate of Paraguay)"


def test_every_class_of_person_is_called_in_words(subtests):
    topic = {"code": "D2", "name": "Criminal jurisdiction"}
    for person_class in Coding.PersonClass:
        with subtests.test(person_class):
            question = Coding.question("stance", {"topic": topic, "person_class": person_class.value})
            assert question.startswith("Who may try ") and not CODE.search(question)


def test_questions_are_of_fields_that_can_be_cited(subtests):
    for kind in record_models():
        for model in rows_of(kind):
            with subtests.test(model.__name__):
                assert set(model.QUESTIONS) <= set(model.CITABLE_FIELDS)
                if not issubclass(model, Part):
                    assert not any("%(" in str(question) for question in model.QUESTIONS.values())


@pytest.mark.django_db
def test_each_cited_fact_of_the_content_is_asked_in_plain_words(content, subtests):
    """One citation of each field of each list of entries, of every kind."""
    for kind in documented_models():
        cited = Citation.objects.of_published_records().filter(record_ref__startswith=f"{kind}/")
        places = {}
        for row in cited.filter(~Q(field="")).only("record_ref", "record_id", "part", "field").iterator():
            places.setdefault((row.part.partition("/")[0], row.field), row)
        rows = list(places.values())
        if rows:
            with subtests.test(kind):
                for row in rows:
                    question = question_of(data_of(row.record), row.part, row.field)
                    assert "?" in question, question
                    assert not re.search(r"%\(|[a-z]_[a-z]", question), question
