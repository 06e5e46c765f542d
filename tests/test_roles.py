"""Four roles: what each may do is one table, in the code, in the document, in the database and on the screens."""

import re
from itertools import pairwise

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from agreements.models import Agreement
from kb.staff import roles
from kb.staff.roles import Role
from sources.models import Publisher
from sources.records.base import Documented
from sources.records.part import Part
from tests.cast import make_user, sign_in
from tests.factory import make_agreement, make_person, make_publisher, make_topic

DOCUMENT = settings.BASE_DIR / "docs" / "roles.md"
ACTIONS = ("view", "add", "change", "delete")


def documented():
    """The table in docs/roles.md as ``{role: {"app.codename"}}``, and the models it names."""
    lines = [line for line in DOCUMENT.read_text().splitlines() if line.startswith("| ") and "`" in line]
    table, models = {role: set() for role in Role}, []
    for line in lines:
        rows, *cells = [cell.strip() for cell in line.strip("|").split("|")]
        names = re.findall(r"`(\w+\.\w+)`", rows)
        if len(cells) != len(Role) or not names:
            continue
        for role, cell in zip(Role, cells, strict=True):
            if cell == "yes":
                table[role].update(names)
            for action in cell.split() if cell != "yes" else ():
                assert action in ACTIONS
                table[role].update(name.replace(".", f".{action}_") for name in names)
        models += [name for name in names if name != roles.PUBLISH]
    return table, models


def codenames(group):
    return {f"{row.content_type.app_label}.{row.codename}" for row in group.permissions.select_related("content_type")}


def test_the_document_says_what_the_code_says():
    assert documented()[0] == roles.permissions()


def test_every_kind_of_content_is_in_the_document_once():
    content = {model._meta.label_lower for model in apps.get_models() if issubclass(model, (Documented, Part))}
    named = documented()[1]
    assert len(named) == len(set(named))
    assert content <= set(named)


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
def test_the_groups_hold_exactly_the_table(role):
    assert codenames(Group.objects.get(name=role.value)) == roles.permissions()[role]


@pytest.mark.django_db
def test_permissions_outside_the_table_are_removed():
    viewers = Group.objects.get(name="viewer")
    viewers.permissions.add(Permission.objects.get(codename="delete_agreement"))
    viewers.permissions.remove(Permission.objects.get(codename="view_agreement"))
    for _again in range(2):
        roles.bring_in()
        assert codenames(viewers) == roles.permissions()[Role.VIEWER]
    assert Group.objects.count() == 4


def test_each_role_holds_the_one_before_it():
    sets = list(roles.permissions().values())
    assert all(lower < higher for lower, higher in pairwise(sets))


@pytest.mark.parametrize("role", [Role.VIEWER, Role.EDITOR, Role.REVIEWER])
def test_only_administrators_delete_records_and_touch_accounts(role):
    held = roles.permissions()[role]
    parts = {model._meta.label_lower for model in apps.get_models() if issubclass(model, Part)} | {
        "sources.citation",
        "sources.adjudication",
    }
    deletes = {name.replace(".delete_", ".") for name in held if ".delete_" in name}
    assert deletes <= parts
    assert not [name for name in held if name.startswith("auth.")]


@pytest.mark.parametrize("role", Role)
def test_nobody_may_write_the_trail(role):
    writing = {f"sources.{verb}_{row}" for verb in ACTIONS[1:] for row in ("review", "revision", "version", "proposal")}
    assert not roles.permissions()[role] & writing


# People


@pytest.mark.django_db
def test_a_role_replaces_the_one_before_it():
    user = make_user("administrator", "dora")
    assert user.is_superuser
    user.user_permissions.add(Permission.objects.get(codename="delete_agreement"))
    roles.assign(user, Role.VIEWER)
    user = type(user).objects.get(pk=user.pk)
    assert roles.role_of(user) == Role.VIEWER
    assert not user.is_superuser
    assert user.is_staff
    assert user.get_all_permissions() == roles.permissions()[Role.VIEWER]


def test_a_change_of_role_counts_from_the_next_request(alice):
    client, address = sign_in(alice), reverse("admin:people_person_add")
    assert client.get(address).status_code == 200
    roles.assign(alice, Role.VIEWER)
    assert client.get(address).status_code == 403


# Screens


def test_victor_looks_and_changes_nothing(victor):
    record, client = make_agreement(status="published"), sign_in(victor)
    assert client.get(reverse("admin:agreements_agreement_changelist")).status_code == 200
    answer = client.get(reverse("admin:agreements_agreement_change", args=[record.pk]))
    assert (answer.status_code, answer.url) == (302, record.get_absolute_url())
    assert client.get(reverse("admin:agreements_agreement_add")).status_code == 403
    assert (
        client.post(reverse("admin:agreements_agreement_change", args=[record.pk]), {"title": "x"}).status_code == 403
    )
    for word in ("verb", "restore", "settle"):
        answer = client.post(reverse(f"admin:agreements_agreement_{word}", args=[record.pk]), {"verb": "submit"})
        assert answer.status_code == 403, word
    assert client.get(reverse("admin:sources_proposal_changelist")).status_code == 403


def test_alice_writes_and_does_not_publish_or_delete(alice):
    record, client = make_agreement(), sign_in(alice)
    here = reverse("admin:agreements_agreement_change", args=[record.pk])
    assert 'name="_save"' in client.get(here).content.decode()
    verb = reverse("admin:agreements_agreement_verb", args=[record.pk])
    assert client.post(verb, {"verb": "publish"}).status_code == 403
    assert client.post(verb, {"verb": "submit"}).status_code == 302
    assert client.get(reverse("admin:agreements_agreement_delete", args=[record.pk])).status_code == 403
    assert client.get(reverse("admin:auth_user_changelist")).status_code == 403


def test_alice_removes_parts_within_a_record(alice):
    record, client = make_person(other_names=[{"name": "Anita"}]), sign_in(alice)
    page = client.get(reverse("admin:people_person_change", args=[record.pk])).content.decode()
    assert 'name="other_names-0-DELETE"' in page


def test_alice_leaves_the_codebook_alone(alice):
    topic, client = make_topic(), sign_in(alice)
    here = reverse("admin:agreements_topic_change", args=[topic.pk])
    assert client.get(here).status_code == 200
    assert client.post(here, {"name": "x"}).status_code == 403


def test_bob_publishes_what_alice_submitted(alice, bob):
    record = make_agreement(status="in_review", by=alice)
    verb = reverse("admin:agreements_agreement_verb", args=[record.pk])
    assert sign_in(bob).post(verb, {"verb": "publish"}).status_code == 302
    assert Agreement.objects.get(pk=record.pk).is_published
    assert sign_in(bob).get(reverse("admin:agreements_agreement_delete", args=[record.pk])).status_code == 403


def test_bob_does_not_bypass_the_second_pair_of_eyes(bob):
    record = make_agreement(status="in_review", by=bob)
    verb = reverse("admin:agreements_agreement_verb", args=[record.pk])
    assert sign_in(bob).post(verb, {"verb": "publish", "bypass": "1"}).status_code == 403
    assert sign_in(bob).post(verb, {"verb": "publish"}).status_code == 302
    assert not Agreement.objects.get(pk=record.pk).is_published


def test_carol_removes_a_record_and_the_log_says_so(carol):
    from django.contrib.admin.models import LogEntry

    record, client = make_publisher(slug="gone", name="Gone"), sign_in(carol)
    address = reverse("admin:sources_publisher_delete", args=[record.pk])
    seen = client.get(address).context["plan"].seal()
    data = {"reason": "By order of a court.", "comment": "Letter 12.", "seen": seen}
    assert client.post(address, data).status_code == 302
    assert not Publisher.objects.filter(slug="gone").exists()
    logged = LogEntry.objects.get(user=carol, action_flag=3)
    assert (logged.object_repr, logged.change_message) == ("publishers/gone", "Letter 12.")


@pytest.mark.django_db
def test_somebody_without_a_role_is_sent_to_the_door():
    answer = sign_in(make_user(None)).get(reverse("admin:index"))
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("admin:login"))


# Accounts


def new_account(client, **fields):
    given = {
        "username": "dora",
        "email": "",
        "role": "editor",
        "password1": "a long good phrase",
        "password2": "a long good phrase",
    }
    return client.post(reverse("admin:auth_user_add"), {**given, **fields})


def test_carol_makes_an_account_with_a_role(carol, django_user_model):
    assert new_account(sign_in(carol)).status_code == 302
    dora = django_user_model.objects.get(username="dora")
    assert (roles.role_of(dora), dora.is_staff, dora.is_superuser) == (Role.EDITOR, True, False)


def test_the_password_rules_hold_here_as_well(carol):
    answer = new_account(sign_in(carol), password1="short", password2="short")
    assert answer.status_code == 200
    assert "at least 12 characters" in answer.content.decode()


def test_carol_changes_a_role_but_not_the_last_administrators(carol, bob, django_user_model):
    client = sign_in(carol)

    def change(user, **fields):
        return client.post(reverse("admin:auth_user_change", args=[user.pk]), {"username": user.username, **fields})

    assert change(bob, role="viewer", is_active="on").status_code == 302
    assert roles.role_of(django_user_model.objects.get(pk=bob.pk)) == Role.VIEWER
    for fields in ({"role": "editor", "is_active": "on"}, {"role": "administrator"}):
        answer = change(carol, **fields)
        assert answer.status_code == 200
        assert "Nobody would be left" in answer.content.decode()
    assert django_user_model.objects.get(pk=carol.pk).is_superuser


def test_an_account_that_acted_cannot_be_deleted(carol, alice, victor):
    make_person(by=alice)
    client = sign_in(carol)
    assert client.get(reverse("admin:auth_user_delete", args=[alice.pk])).status_code == 403
    assert client.get(reverse("admin:auth_user_delete", args=[victor.pk])).status_code == 200


def test_neither_groups_nor_devices_have_a_screen():
    from django.contrib import admin

    shown = {model._meta.label for model in admin.site._registry}
    assert not shown & {"auth.Group", "otp_totp.TOTPDevice", "otp_static.StaticDevice"}
