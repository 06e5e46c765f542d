"""One door: password, lock-out, sessions that end; and how an account is made."""

import io
import re
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from kb.staff import roles
from tests.cast import PASSWORD, sign_in
from tests.door import DOOR, FACTOR, give_password, security_lines

# The password


def test_the_right_password_opens_the_editing_screens(alice):
    client = Client()
    assert give_password(client, "alice").url == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_the_wrong_password_says_nothing_about_the_name(alice):
    words = [give_password(Client(), name, "wrong").content.decode() for name in ("alice", "nobody")]
    errors = [re.search(r'<p class="errornote">(.*?)</p>', text, re.S).group(1) for text in words]
    assert errors[0] == errors[1]


@pytest.mark.django_db
def test_there_is_no_account_and_no_second_door(client):
    assert not get_user_model().objects.exists()
    for address in ("/login/", "/accounts/login/", "/api/v1/login/", "/api-auth/login/"):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_the_door_leads_nowhere_else(alice, address):
    assert give_password(Client(), "alice", onward=address).url == "/admin/"


def test_a_password_can_be_changed(alice):
    client, new = sign_in(alice), "another good long phrase"
    page = client.get("/admin/password_change/")
    assert page.status_code == 200
    answer = client.post(
        "/admin/password_change/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    )
    assert answer.status_code == 302
    assert client.get("/admin/").status_code == 200
    assert give_password(Client(), "alice", new).status_code == 302


# Lock-out


def fail(times, name="alice", **where):
    return [Client().post(DOOR, {"username": name, "password": "wrong"}, **where) for _ in range(times)][-1]


def test_five_failures_close_the_door_with_a_clear_page(alice):
    assert fail(4).status_code == 200
    answer = fail(1)
    assert answer.status_code == 429
    assert answer["Retry-After"] == "900"
    assert "Try again in 15 minutes" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    # The right password does not help now.
    assert give_password(Client(), "alice").status_code == 429


def test_the_door_stays_open_for_others_and_from_elsewhere(alice, bob):
    fail(5)
    assert give_password(Client(), "bob").status_code == 302
    answer = Client().post(DOOR, {"username": "alice", "password": PASSWORD}, REMOTE_ADDR="192.0.2.7")
    assert answer.status_code == 302


def test_the_door_opens_again_after_a_while(alice):
    fail(5)
    attempt = AccessAttempt.objects.get()
    attempt.attempt_time -= timedelta(minutes=16)
    attempt.save()
    assert give_password(Client(), "alice").status_code == 302


def test_a_success_forgets_the_failures(alice):
    fail(4)
    give_password(Client(), "alice")
    assert fail(4).status_code == 200


def test_one_address_cannot_try_many_names(alice, bob):
    for number in range(19):
        assert fail(1, f"name{number}").status_code == 200
    assert fail(1, "name19").status_code == 429
    assert give_password(Client(), "bob").status_code == 429
    elsewhere = Client().post(DOOR, {"username": "bob", "password": PASSWORD}, REMOTE_ADDR="192.0.2.7")
    assert elsewhere.status_code == 302


def test_a_success_does_not_forget_what_the_address_tried_under_other_names(alice):
    for number in range(19):
        fail(1, f"name{number}")
    assert give_password(Client(), "alice").status_code == 302
    assert fail(1, "name19").status_code == 429


def test_trying_on_does_not_keep_the_door_closed(alice, bob):
    for number in range(20):
        fail(1, f"name{number}")
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=14))
    assert fail(1, "bob").status_code == 429
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    assert give_password(Client(), "bob").status_code == 302


@pytest.mark.django_db
def test_a_neighbour_in_the_same_network_counts_as_the_same_visitor():
    for number in range(19):
        fail(1, f"name{number}", REMOTE_ADDR=f"2001:db8:1:2::{number + 1:x}")
    assert fail(1, "name19", REMOTE_ADDR="2001:db8:1:2:ffff::1").status_code == 429
    assert fail(1, "name20", REMOTE_ADDR="2001:db8:1:3::1").status_code == 200


# What the log says of it


def test_a_failed_sign_in_is_logged_with_the_address_and_an_account_that_exists(alice, caplog):
    fail(1, "alice", REMOTE_ADDR="192.0.2.7")
    fail(1, "my secret password", REMOTE_ADDR="192.0.2.7")
    assert security_lines(caplog) == [
        "Sign-in failed: alice from 192.0.2.7",
        "Sign-in failed: no such account from 192.0.2.7",
    ]
    assert "secret" not in caplog.text
    assert (caplog.records[0].account, caplog.records[0].address) == ("alice", "192.0.2.7")


def test_a_closed_door_is_logged(alice, caplog):
    fail(5, "alice", REMOTE_ADDR="192.0.2.7")
    assert security_lines(caplog)[-2] == "Sign-in is closed for 15 minutes: alice from 192.0.2.7"


def test_a_kept_attempt_has_no_password_and_no_code(alice, required):
    TOTPDevice.objects.create(user=alice, name="phone")
    fail(1)
    sign_in(alice, verified=False).post(FACTOR, {"code": "123123"})
    kept = " ".join(f"{attempt.get_data} {attempt.post_data}" for attempt in AccessAttempt.objects.all())
    assert "123123" not in kept
    assert "wrong" not in kept


# Sessions


def test_a_session_ends_with_the_browser_and_after_twelve_hours(alice):
    client = Client()
    give_password(client, "alice")
    assert client.cookies["sessionid"]["max-age"] == ""
    assert client.cookies["sessionid"]["httponly"]
    session = Session.objects.get()
    assert timedelta(hours=11, minutes=59) < session.expire_date - timezone.now() <= timedelta(hours=12)
    session.expire_date = timezone.now() - timedelta(seconds=1)
    session.save()
    assert client.get("/admin/").url.startswith(DOOR)


@pytest.mark.parametrize("change", ["password", "switched off"])
def test_a_session_ends_when_the_account_changes(alice, change):
    client = sign_in(alice)
    assert client.get("/admin/").status_code == 200
    if change == "password":
        alice.set_password("another good long phrase")
    else:
        alice.is_active = False
    alice.save()
    assert client.get("/admin/").url.startswith(DOOR)


def test_signing_out_ends_the_session(alice):
    client = sign_in(alice)
    key = client.session.session_key
    assert client.post("/admin/logout/").status_code == 200
    assert not Session.objects.filter(session_key=key).exists()
    assert client.get("/admin/").url.startswith(DOOR)


# Making an account


def create(*arguments, password="a long good phrase", monkeypatch=None):
    out = io.StringIO()
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
    call_command("createeditor", *arguments, "--password-stdin", stdout=out)
    return out.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize("role", roles.Role.values)
def test_an_account_is_made_with_its_role(role, monkeypatch):
    words = create("dora", "--role", role, "--email", "dora@example.org", monkeypatch=monkeypatch)
    assert words == f"dora can sign in at /admin/ as {role}.\n"
    dora = get_user_model().objects.get()
    assert (roles.role_of(dora), dora.is_staff, dora.is_superuser) == (role, True, role == "administrator")
    assert give_password(Client(), "dora", "a long good phrase").status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("password", "reason"),
    [("", "empty"), ("short", "12 characters"), ("password1234", "too common"), ("938475610293", "entirely numeric")],
)
def test_a_weak_password_is_refused(password, reason, monkeypatch):
    with pytest.raises(CommandError, match=reason):
        create("dora", "--role", "editor", password=password, monkeypatch=monkeypatch)
    assert not get_user_model().objects.exists()


@pytest.mark.parametrize("name", ["alice", "Alice"])
def test_a_taken_name_is_refused_and_the_account_left_alone(alice, name, monkeypatch):
    with pytest.raises(CommandError, match="already an account “alice”"):
        create(name, "--role", "administrator", monkeypatch=monkeypatch)
    alice.refresh_from_db()
    assert not alice.is_superuser
    assert alice.check_password(PASSWORD)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["with space", "", "x" * 151, "semi;colon"])
def test_an_odd_name_is_refused(name, monkeypatch):
    with pytest.raises(CommandError):
        create(name, "--role", "editor", monkeypatch=monkeypatch)
    assert not get_user_model().objects.exists()


@pytest.mark.django_db
def test_without_a_terminal_the_role_must_be_said(monkeypatch):
    with pytest.raises(CommandError, match="Say which role: --role viewer"):
        create("dora", monkeypatch=monkeypatch)


@pytest.mark.django_db
def test_at_a_terminal_it_asks_until_the_answers_will_do(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    passwords = iter(["short", "a long good phrase", "another", "a long good phrase", "a long good phrase"])
    answers = iter(["boss", "reviewer"])
    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("builtins.input", lambda prompt: next(answers))
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(passwords))
    complaints = io.StringIO()
    call_command("createeditor", "dora", stdout=io.StringIO(), stderr=complaints)
    assert roles.role_of(get_user_model().objects.get()) == "reviewer"
    assert "at least 12 characters" in complaints.getvalue()
    assert "not the same" in complaints.getvalue()
