"""One door: password, second factor, lock-out, sessions that end; and how an account is made."""

import io
import re
from base64 import b32decode
from binascii import unhexlify
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from kb import roles
from tests.cast import PASSWORD, sign_in

DOOR = "/admin/login/"
FACTOR = "/admin/second-factor/"
IMAGE = "/admin/second-factor/code.svg"


@pytest.fixture
def required(settings):
    settings.STAFF_SECOND_FACTOR = True


def give_password(client, name, password=PASSWORD, onward=""):
    return client.post(f"{DOOR}?next={onward}" if onward else DOOR, {"username": name, "password": password})


def secret_on(page):
    """The secret that the page shows, as the hexadecimal text a device keeps."""
    shown = re.search(r"<code>([A-Z2-7 ]+)</code>", page.content.decode()).group(1)
    return b32decode(shown.replace(" ", "")).hex()


def code_for(key, steps=0):
    return f"{totp(unhexlify(key), t0=-30 * steps):06d}"


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


# The second factor, where it is required


def test_the_first_sign_in_sets_up_the_second_factor(alice, required):
    client = Client()
    give_password(client, "alice", onward="/admin/people/person/")
    step = client.get("/admin/people/person/")
    assert step.url.startswith(DOOR)
    step = client.get(step.url)
    assert step.url == f"{FACTOR}?next=%2Fadmin%2Fpeople%2Fperson%2F"
    page = client.get(step.url)
    assert page.status_code == 200
    key = secret_on(page)

    answer = client.post(step.url, {"code": code_for(key), "next": "/admin/people/person/"})

    assert answer.url == "/admin/people/person/"
    assert client.get(answer.url).status_code == 200
    device = TOTPDevice.objects.get()
    assert (device.user, device.confirmed, device.key) == (alice, True, key)


def test_the_next_sign_in_asks_for_the_code(alice, required):
    device = TOTPDevice.objects.create(user=alice, name="phone")
    client = Client()
    give_password(client, "alice")
    page = client.get(FACTOR)
    assert "<code>" not in page.content.decode()
    assert client.get(IMAGE).status_code == 404
    assert client.post(FACTOR, {"code": code_for(device.key)}).url == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_a_code_may_be_typed_as_it_is_shown_in_two_groups(alice, required):
    device = TOTPDevice.objects.create(user=alice, name="phone")
    client, code = sign_in(alice, verified=False), code_for(device.key)
    assert client.post(FACTOR, {"code": f" {code[:3]} {code[3:]} "}).status_code == 302


def test_a_code_counts_once(alice, required):
    device = TOTPDevice.objects.create(user=alice, name="phone")
    code = code_for(device.key)
    assert sign_in(alice, verified=False).post(FACTOR, {"code": code}).status_code == 302
    again = sign_in(alice, verified=False).post(FACTOR, {"code": code})
    assert again.status_code == 200
    assert "used already" in again.content.decode()


@pytest.mark.parametrize("code", ["000000", "abcdef", "", "12345", "1234567", "٣٣٣٣٣٣", "1" * 5000])
def test_a_wrong_code_opens_nothing(alice, required, code, monkeypatch):
    TOTPDevice.objects.create(user=alice, name="phone", key="00" * 20, last_t=2**40)
    client = sign_in(alice, verified=False)
    answer = client.post(FACTOR, {"code": code})
    assert answer.status_code == 200
    assert client.get("/admin/").status_code == 302


def test_wrong_codes_make_the_next_wait(alice, required):
    device = TOTPDevice.objects.create(user=alice, name="phone")
    client = sign_in(alice, verified=False)
    for _ in range(4):
        client.post(FACTOR, {"code": "000000"})
        TOTPDevice.objects.update(throttling_failure_timestamp=timezone.now() - timedelta(hours=1))
    client.post(FACTOR, {"code": "000000"})
    answer = client.post(FACTOR, {"code": code_for(device.key)})
    assert answer.status_code == 200
    assert re.search(r"Try again in \d+ seconds", answer.content.decode())


def test_a_wrong_code_while_setting_up_keeps_the_secret_and_makes_no_device(alice, required):
    client = sign_in(alice, verified=False)
    key = secret_on(client.get(FACTOR))
    wrong = f"{(int(code_for(key)) + 500_000) % 1_000_000:06d}"
    assert secret_on(client.post(FACTOR, {"code": wrong})) == key
    assert not TOTPDevice.objects.exists()


def test_another_sign_in_is_shown_another_secret(alice, required):
    first, second = (secret_on(sign_in(alice, verified=False).get(FACTOR)) for _ in range(2))
    assert first != second


def test_a_half_open_session_cannot_replace_the_device(alice, required):
    client = sign_in(alice, verified=False)
    key = secret_on(client.get(FACTOR))
    TOTPDevice.objects.create(user=alice, name="phone")  # set up in another window meanwhile
    assert client.post(FACTOR, {"code": code_for(key)}).status_code == 200
    assert client.get("/admin/").status_code == 302
    assert TOTPDevice.objects.count() == 1


def test_the_session_gets_another_key_at_the_second_door(alice, required):
    client = sign_in(alice, verified=False)
    before = client.session.session_key
    key = secret_on(client.get(FACTOR))
    client.post(FACTOR, {"code": code_for(key)})
    assert client.session.session_key != before


def test_the_picture_is_an_svg_that_the_strict_policy_shows(alice, required):
    client = sign_in(alice, verified=False)
    client.get(FACTOR)
    answer = client.get(IMAGE)
    assert answer["Content-Type"] == "image/svg+xml"
    assert "no-store" in answer["Cache-Control"]
    assert b"style=" not in answer.content
    assert "unsafe-inline" not in answer["Content-Security-Policy"]


def test_the_page_has_no_inline_script_or_style(alice, required):
    text = sign_in(alice, verified=False).get(FACTOR).content.decode()
    assert not re.search(r"<script(?![^>]*src=)[^>]*>|\sstyle=|\son\w+=", text)


def test_somebody_half_in_sees_nothing_of_what_is_behind_and_can_leave(carol, required):
    client = sign_in(carol, verified=False)
    text = client.get(FACTOR).content.decode()
    assert "/admin/people/" not in text
    assert client.post("/admin/logout/").status_code == 200
    assert client.get(FACTOR).url.startswith(DOOR)


def test_the_second_door_leads_nowhere_else(alice, required):
    client = sign_in(alice, verified=False)
    key = secret_on(client.get(f"{FACTOR}?next=https://evil.example/"))
    answer = client.post(FACTOR, {"code": code_for(key), "next": "https://evil.example/"})
    assert answer.url == "/admin/"


def test_a_visitor_is_sent_to_the_first_door(db, client):
    for address in (FACTOR, "/admin/"):
        assert client.get(address).url.startswith(DOOR)
    assert client.get(IMAGE).status_code == 404


def admin_patterns():
    """Every address of the admin by its name, with something in the place of each argument."""

    def walk(patterns):
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                if pattern.name:
                    yield pattern.name, dict.fromkeys(pattern.pattern.converters, "1")
            else:
                yield from walk(pattern.url_patterns)

    return dict(walk(admin.site.get_urls()))


OPEN = {"login", "logout", "second-factor", "second-factor-image"}


@pytest.mark.parametrize("name", sorted(set(admin_patterns()) - OPEN))
def test_nothing_else_opens_without_the_second_factor(name, carol, required):
    arguments = admin_patterns()[name] if name != "app_list" else {"app_label": "people"}
    address = reverse(f"admin:{name}", kwargs=arguments)
    client = sign_in(carol, verified=False)
    for ask in (client.get, client.post):
        answer = ask(address)
        assert answer.status_code == 302, address
        assert answer.url.startswith(DOOR)


def test_an_unknown_address_of_the_admin_answers_no_differently(carol, required):
    assert sign_in(carol, verified=False).get("/admin/no-such-thing/").url.startswith(DOOR)


# Where it is not required


def test_on_a_laptop_the_second_factor_is_offered(alice):
    client = sign_in(alice, verified=False)
    index = client.get("/admin/")
    assert index.status_code == 200
    assert FACTOR in index.content.decode()
    page = client.get(FACTOR)
    assert "Not now" in page.content.decode()
    client.post(FACTOR, {"code": code_for(secret_on(page))})
    assert TOTPDevice.objects.get().user == alice
    assert "You signed in with your second factor" in client.get(FACTOR).content.decode()


# A lost device


def reset(client, *users):
    return client.post(
        reverse("admin:auth_user_changelist"),
        {"action": "reset_second_factor", "_selected_action": [user.pk for user in users]},
    )


def test_another_administrator_resets_a_lost_device(carol, alice, required):
    editor = sign_in(alice)
    assert editor.get("/admin/").status_code == 200
    assert reset(sign_in(carol), alice).status_code == 302
    assert not TOTPDevice.objects.filter(user=alice).exists()
    # The open session stands outside again, and sets up a new one.
    assert editor.get("/admin/").status_code == 302
    assert "<code>" in editor.get(FACTOR).content.decode()
    entry = LogEntry.objects.get(object_id=str(alice.pk))
    assert entry.user == carol
    assert entry.get_change_message() == "Second factor reset."


def test_nobody_resets_the_own_device(carol, required):
    client = sign_in(carol)
    reset(client, carol)
    assert TOTPDevice.objects.filter(user=carol).exists()


def test_a_reviewer_resets_nothing(alice, bob, required):
    TOTPDevice.objects.create(user=alice, name="phone")
    assert reset(sign_in(bob), alice).status_code == 403
    assert TOTPDevice.objects.filter(user=alice).exists()


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
