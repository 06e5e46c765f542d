"""A value that is the key of nothing is refused or ignored on every screen of the admin, never a 500."""

from itertools import product

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.urls import reverse

from agreements.models import Position
from sources.models import NegativeFinding
from sources.records import dossier
from sources.records.base import record_models
from tests import drafts, factory
from tests.cast import make_user, sign_in
from tests.content import undone
from tests.forms import Form, add_form, address, forms_of, open_form

pytestmark = pytest.mark.django_db
SCREENS = sorted(admin.site._registry, key=lambda model: model._meta.label)
NOT_KEYS = ["abc", "9" * 30, "-1", "1.5", "٣", "1,x"]
# The middleware refuses it in an address; a form brings it as it is.
NUL = "1\0"
# A form of an agreement takes long: what fails in one way or another on each database.
IN_FORMS = ["abc", "9" * 30, NUL]


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with undone(django_db_blocker):
        drafts.small_world()
        yield make_user("administrator", "carol")


@pytest.fixture
def administrator(world):
    return sign_in(world, raise_request_exception=False)


def start_of(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def test_no_screen_refers_to_a_row_by_a_name_that_is_no_field(administrator):
    for model in SCREENS:
        # Relations of other rows to this one are among them.
        for name in ["nothing", "password", *(relation.name for relation in model._meta.related_objects)]:
            assert administrator.get(start_of(model), {"_to_field": name}).status_code == 400, (model, name)
    record = factory.make_agreement()
    for name in ("clauses", "nothing"):
        assert administrator.get(address(record), {"_to_field": name}).status_code == 400, name
    assert administrator.get(address(record), {"_to_field": "id"}).status_code == 200


def relations(model):
    return [field.name for field in (*model._meta.fields, *model._meta.many_to_many) if field.is_relation]


def lasting(answers):
    return {place: status for place, status in answers.items() if status >= 500}


def test_a_list_survives_any_value_of_any_relation(administrator, case):
    for model in SCREENS:
        with case(model._meta.label_lower):
            names = [*relations(model), "id", "pk"]
            look_ups = ["", "__exact", "__in", "__id__exact"]
            answers = {}
            for value in NOT_KEYS:
                for name in names:
                    for look_up in look_ups:
                        query = {f"{name}{look_up}": value}
                        answers[str(query)] = administrator.get(start_of(model), query).status_code
                answers[f"tick {value}"] = administrator.post(
                    start_of(model), {"action": "delete_selected", "_selected_action": [value, "1"]}
                ).status_code
            answers["tick NUL"] = administrator.post(
                start_of(model), {"action": "delete_selected", "_selected_action": NUL}
            ).status_code
            assert lasting(answers) == {}


def test_every_action_survives_what_is_no_key(administrator, case):
    for model in SCREENS:
        with case(model._meta.label_lower):
            actions = [name if isinstance(name, str) else name.__name__ for name in admin.site._registry[model].actions]
            for action in [*actions, "delete_selected"]:
                for value in (*NOT_KEYS, NUL):
                    form = {
                        "action": action,
                        "_selected_action": value,
                        "select_across": "0",
                        "post": "yes",
                        "reason": "x",
                    }
                    assert administrator.post(start_of(model), form).status_code < 500, (action, value)


def test_an_empty_form_survives_any_value_in_its_address(administrator, case):
    """Relations one by one, all other fields at once: an empty form reads each for itself."""
    for model in SCREENS:
        with case(model._meta.label_lower):
            others = {field.name for field in model._meta.fields} - {*relations(model)}
            some = [others, *({name} for name in relations(model))]
            answers = {
                (*names, value): administrator.get(f"{start_of(model)}add/", dict.fromkeys(names, value)).status_code
                for names in some
                for value in NOT_KEYS
            }
            assert lasting(answers) == {}


def test_a_screen_survives_any_key_in_its_address(administrator, case):
    for model in SCREENS:
        with case(model._meta.label_lower):
            words = ["change", "history", "delete", *getattr(admin.site._registry[model], "own_words", ())]
            answers = {}
            for word in words:
                for value in ("abc", "9" * 30, "-1", "1.5", "٣", "_00", "x" * 500):
                    place = f"{start_of(model)}{value}/{word}/"
                    answers[place] = max(administrator.get(place).status_code, administrator.post(place).status_code)
            assert lasting(answers) == {}


def change_forms():
    """Each kind with a change form that an administrator may fill in."""
    return [model for model in SCREENS if getattr(model, "KIND", "")]


def test_a_form_refuses_what_is_no_key_in_any_of_its_fields(administrator, case):
    """All relations at once, those of the parts, of new parts, of citations and of the rows' own keys among them."""
    for model in change_forms():
        with case(model._meta.label_lower):
            form = open_form(administrator, model.objects.order_by("pk").first(), panel="all")
            for prefix in [name.removesuffix("-TOTAL_FORMS") for name in form if name.endswith("-TOTAL_FORMS")]:
                if f"{prefix}-__prefix__-key" in form:
                    form.add(prefix)
            wanted = {field for kind in apps.get_models() for field in relations(kind)} | {
                "key",
                "record_id",
                "facts",
                "fact",
            }
            for filled in (form, add_form(administrator, model)):
                touched = [name for name in filled if name.rpartition("-")[2] in wanted and "__prefix__" not in name]
                for value in IN_FORMS:
                    filled.update({name: [value] for name in touched})
                    assert administrator.post(filled.address, sent(filled)).status_code < 500, value


def sent(form):
    return {name: values for name, values in form.items() if "__prefix__" not in name}


def test_the_account_screen_survives_what_is_no_key(administrator, world):
    answer = administrator.get(reverse("admin:auth_user_change", args=[world.pk]))
    fields = next(found for name, found in forms_of(answer).items() if name.endswith("_form"))
    for name in ("groups", "user_permissions", "role"):
        assert administrator.post(answer.request["PATH_INFO"], {**Form(fields), name: "9" * 30}).status_code < 500


def test_a_search_box_and_a_shortcut_survive_any_value(administrator, subtests):
    for value in NOT_KEYS:
        with subtests.test(value):
            places = ["/admin/autocomplete/", f"/admin/r/{'9' * 30}/1/", f"/admin/r/1/{'9' * 30}/", "/admin/r/abc/x/"]
            for model in SCREENS:
                for name in relations(model):
                    query = {
                        "app_label": model._meta.app_label,
                        "model_name": model._meta.model_name,
                        "field_name": name,
                    }
                    for more in (
                        {"term": value},
                        {"term": "a", "page": value},
                        {"term": "a", "agreement": value, "topic": value},
                    ):
                        assert administrator.get(places[0], {**query, **more}).status_code < 500, (model, name, more)
            assert [place for place in places[1:] if administrator.get(place).status_code >= 500] == []


# The record that a row is about


NO_RECORDS = [
    "auth.user",
    "sessions.session",
    "otp_totp.totpdevice",
    "sources.citation",
    "sources.publisher",
    "people.post",
]


def test_a_row_is_about_a_record_and_nothing_else(administrator, world, case):
    for model, other in product([NegativeFinding, Position], NO_RECORDS):
        with case(f"{model.__name__} about {other}"):
            kind = ContentType.objects.get_for_model(apps.get_model(other))
            record = next(row for row in model.objects.order_by("pk"))
            form = open_form(administrator, record)
            form["record_type"], form["record_id"] = str(kind.pk), str(world.pk)
            answer = form.post()
            assert answer.status_code == 200
            assert "record_type" in answer.context["adminform"].form.errors

            row = model.objects.get(pk=record.pk)
            row.record_type, row.record_id = kind, 1
            with pytest.raises(ValidationError) as refusal:
                row.clean()
            assert "record_type" in refusal.value.message_dict


@pytest.mark.parametrize("model", [NegativeFinding, Position])
def test_the_form_offers_kinds_of_record(administrator, model):
    record = model.objects.order_by("pk").first()
    answer = administrator.get(address(record))
    field = answer.context["adminform"].form.fields["record_type"]
    assert {kind.model_class() for kind in field.queryset} == set(record_models())


@pytest.mark.parametrize("given", [("agreements", None), (None, "1"), ("agreements", "987654")])
def test_the_kind_and_the_record_are_named_together(administrator, given):
    kind, number = given
    model = dossier.documented_models().get(kind)
    form = open_form(administrator, factory.make_finding(status="draft"))
    form["record_type"] = str(ContentType.objects.get_for_model(model).pk) if model else ""
    form["record_id"] = number or ""
    answer = form.post()
    assert "record_id" in answer.context["adminform"].form.errors
