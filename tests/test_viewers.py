"""A viewer reads in the editing screens what readers read, and nothing else: not by any list, screen, search box or shortcut."""

import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse

from kb.staff import worklists
from sources.desk import presence
from sources.desk.guarded_admin import GuardedAdmin
from sources.records.base import Record, Reviewed
from tests import drafts, factory
from tests.cast import make_user, sign_in
from tests.content import undone
from tests.forms import address

pytestmark = pytest.mark.django_db
TOKEN = drafts.TOKEN
SCREENS = sorted(admin.site._registry, key=lambda model: model._meta.label)


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Published records of each kind; drafts, withdrawn records, proposals and evidence beside them with a token in each field;
    published records that name drafts."""
    with undone(django_db_blocker):
        drafts.small_world()
        author = make_user("editor", f"{TOKEN}-alice")
        drafts.write_drafts(author, rounds=3)
        hidden = name_drafts_in_published_records()
        for record in hidden.values():
            presence.note(record, author)
            if record.CITABLE_FIELDS:
                factory.rule(record, record.CITABLE_FIELDS[0], reason=TOKEN, ruled_by=TOKEN)
        withdrawn = factory.make_agreement(slug=f"{TOKEN}-withdrawn", title=TOKEN, status="published")
        withdrawn.withdraw(by=None, reason="Found to be wrong.")
        yield {"hidden": hidden, "viewer": make_user("viewer", "victor")}


def name_drafts_in_published_records():
    """A draft of each kind, and a published record of each kind that names it wherever it can. Returns the drafts."""
    hidden, stock = {}, drafts.relation_of

    def relation_of(field):
        row = hidden.get(field.related_model)
        return ([row.slug] if field.many_to_many else row.slug) if row else stock(field)

    for model in drafts.record_models():
        # A part's key may be made of the slug of what it names, and keys are public.
        slug = f"hidden-{model.KIND}"
        hidden[model] = drafts.draft(model, 9, slug=slug, **about(model, "agreements/public-agreements-1"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drafts, "relation_of", relation_of)
        for model in drafts.record_models():
            ref = next(row for kind, row in hidden.items() if kind.KIND == "agreements").ref
            drafts.draft(model, 9, status="published", token="naming", **about(model, ref))
    return hidden


def about(model, ref):
    return {"about": ref} if model.KIND == "positions" else {}


@pytest.fixture
def viewer(world):
    return sign_in(world["viewer"], raise_request_exception=False)


def start_of(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def lists_of(model):
    start, screen = start_of(model), admin.site._registry[model]
    yield from (f"{start}{query}" for query in ("", "?all=", "?q=zq", "?q=canary", "?e=1", "add/"))
    yield from (f"{start}?o={number}" for number in range(1, len(screen.list_display) + 1))
    for name in screen.list_filter:
        if isinstance(name, str):
            for value, _label in model._meta.get_field(name).flatchoices:
                yield f"{start}?{name}__exact={value}"


def rows_of(model, most=60):
    return model._default_manager.order_by("-pk").values_list("pk", flat=True)[:most]


def screens_of(model):
    words = ["change", "history", "delete", *getattr(admin.site._registry[model], "own_words", ())]
    kind = ContentType.objects.get_for_model(model)
    for number, pk in enumerate(rows_of(model)):
        yield f"{start_of(model)}{pk}/change/"
        yield f"/admin/r/{kind.pk}/{pk}/"
        if number < 3:
            yield from (f"{start_of(model)}{pk}/{word}/" for word in words)


def search_boxes():
    for model in apps.get_models():
        for field in (*model._meta.fields, *model._meta.many_to_many):
            if field.is_relation:
                place = f"app_label={model._meta.app_label}&model_name={model._meta.model_name}&field_name={field.name}"
                yield from (f"/admin/autocomplete/?{place}&term={term}" for term in ("", "zq", "a"))


def elsewhere():
    yield from ("/admin/", "/admin/agreements/", "/admin/people/", "/admin/sources/", "/admin/jsi18n/")
    yield from (reverse("admin:worklist", args=[worklist.name]) for worklist in worklists.LISTS)


def tells(answer):
    """Whether an answer holds the token, in its body or a header."""
    return TOKEN in (answer.content.decode("utf-8", "replace") + str(dict(answer.headers))).casefold()


def test_no_list_or_screen_tells_a_viewer_of_a_draft(world, viewer, subtests):
    for model in SCREENS:
        with subtests.test(model._meta.label_lower):
            wrong = [place for place in (*lists_of(model), *screens_of(model)) if tells(viewer.get(place))]
            assert wrong == []


def test_no_search_box_or_page_tells_a_viewer_of_a_draft(world, viewer):
    assert [place for place in (*search_boxes(), *elsewhere()) if tells(viewer.get(place))] == []


def test_the_walk_would_find_what_an_editor_sees(world):
    editor = sign_in(make_user("editor", "erin"))
    for place in ("/admin/agreements/agreement/", "/admin/sources/citation/", "/admin/sources/negativefinding/"):
        assert tells(editor.get(place)), place


def test_a_viewer_finds_what_readers_find(world, viewer):
    for model in drafts.record_models():
        page = viewer.get(start_of(model)).content.decode()
        assert re.search("public(shorttitle|title|name|statement)", page), model
    record = next(row for row in drafts.record_models()[0].objects.published())
    answer = viewer.get(address(record))
    assert (answer.status_code, answer.url) == (302, record.get_absolute_url())
    kind = ContentType.objects.get_for_model(record)
    assert viewer.get(f"/admin/r/{kind.pk}/{record.pk}/").url == record.get_absolute_url()


def test_hidden_records_answer_a_viewer_like_missing_ones(world, viewer, subtests):
    for method in ["get", "post"]:
        with subtests.test(method):
            for model, record in world["hidden"].items():
                kind = ContentType.objects.get_for_model(model)
                words = [*admin.site._registry[model].own_words, "change", "history", "delete"]
                places = [f"{start_of(model)}%s/{word}/" for word in words] + [f"/admin/r/{kind.pk}/%s/"]
                for place in places:
                    known, random = (plain(getattr(viewer, method)(place % pk), pk) for pk in (record.pk, 987654321))
                    assert known == random, place


def plain(answer, pk):
    """An answer without what differs between any two."""
    headers = {name: value for name, value in answer.headers.items() if name not in ("X-Request-ID", "Content-Length")}
    own = "|".join(
        [
            f"(?<=[/“]){pk}(?=[/”])",
            'csrfmiddlewaretoken" value="[^"]+',
            "nonce[-=][^ >]+",
            re.escape(answer.headers["X-Request-ID"]),
        ]
    )
    return answer.status_code, re.sub(own, "", str(headers)), re.sub(own, "", answer.content.decode())


def test_a_viewer_neither_reports_nor_learns_who_has_a_record_open(world, viewer):
    record = factory.make_agreement(status="published")
    presence.note(record, make_user("editor", "the-editor"))
    answer = viewer.post(address(record, "presence"))
    assert answer.status_code == 403
    assert "the-editor" not in answer.content.decode()
    assert not presence.Presence.objects.filter(user=world["viewer"]).exists()


def test_a_search_box_still_answers_a_viewer_with_what_is_published(world, viewer):
    place = "app_label=sources&model_name=source&field_name=publisher&term=daily"
    assert "The Daily Record" in viewer.get(f"/admin/autocomplete/?{place}").content.decode()


# Nothing is left out


def test_every_registered_screen_goes_through_the_one_place():
    assert [model for model, screen in admin.site._registry.items() if not isinstance(screen, GuardedAdmin)] == []
    for model, screen in admin.site._registry.items():
        assert type(screen).get_queryset is GuardedAdmin.get_queryset, model


def test_every_kind_says_what_readers_see_of_it():
    for model in apps.get_models():
        if issubclass(model, Record):
            assert hasattr(model.objects.all(), "published")
    assert issubclass(Record, Reviewed)


def test_a_screen_that_somebody_else_registers_is_guarded_as_well(rf, world):
    from django.contrib.auth.models import Permission

    site = type(admin.site._wrapped if hasattr(admin.site, "_wrapped") else admin.site)("other")
    site.register(Permission)
    request = rf.get("/")
    request.user = world["viewer"]
    assert Permission.objects.exists()
    assert not site._registry[Permission].get_queryset(request).exists()


def test_somebody_who_is_not_signed_in_is_led_to_the_door(world):
    assert Client().get("/admin/r/1/1/").status_code == 302
