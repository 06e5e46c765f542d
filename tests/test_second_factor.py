"""The second factor: required or offered, recovery codes, and a device that is lost."""

import re
from datetime import timedelta

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from kb.staff import recovery
from tests.cast import sign_in
from tests.door import (
    DOOR,
    FACTOR,
    IMAGE,
    code_for,
    give_password,
    secret_on,
    security_lines,
)

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

    assert 'href="/admin/people/person/"' in answer.content.decode()
    assert client.get("/admin/people/person/").status_code == 200
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


def test_a_wrong_code_opens_nothing(alice, required, monkeypatch, case):
    for code in ["000000", "abcdef", "", "12345", "1234567", "٣٣٣٣٣٣", "1" * 5000]:
        with case(code):
            TOTPDevice.objects.create(user=alice, name="phone", key="00" * 20, last_t=2**40)
            client = sign_in(alice, verified=False)
            answer = client.post(FACTOR, {"code": code})
            assert answer.status_code == 200
            assert client.get("/admin/").status_code == 302


def test_wrong_codes_make_the_next_wait(alice, required):
    device = TOTPDevice.objects.create(user=alice, name="phone")
    client = sign_in(alice, verified=False)
    for _ in range(3):
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
    assert "evil.example" not in answer.content.decode()


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


def test_nothing_else_opens_without_the_second_factor(carol, required, subtests):
    client = sign_in(carol, verified=False)
    for name, arguments in admin_patterns().items():
        if name in OPEN:
            continue
        with subtests.test(name):
            address = reverse(f"admin:{name}", kwargs={"app_label": "people"} if name == "app_list" else arguments)
            for ask in (client.get, client.post):
                answer = ask(address)
                assert answer.status_code == 302
                assert answer.url.startswith(DOOR)


def test_an_unknown_address_of_the_admin_answers_no_differently(carol, required):
    assert sign_in(carol, verified=False).get("/admin/no-such-thing/").url.startswith(DOOR)


def forget_waiting():
    """As after a pause: the device takes a code again."""
    for model in (TOTPDevice, StaticDevice):
        model.objects.update(throttling_failure_timestamp=timezone.now() - timedelta(hours=1))


@pytest.mark.parametrize("field", ["code", "recovery_code"])
def test_five_wrong_codes_close_the_second_door(alice, required, field, caplog):
    TOTPDevice.objects.create(user=alice, name="phone", key="00" * 20, last_t=2**40)
    recovery.renew(alice)
    client = sign_in(alice, verified=False)
    wrong = {"code": "000000"} if field == "code" else {"recovery_code": "aaaa-aaaa"}
    for _number in range(4):
        assert client.post(FACTOR, wrong, REMOTE_ADDR="192.0.2.7").status_code == 200
        forget_waiting()
    assert client.post(FACTOR, wrong, REMOTE_ADDR="192.0.2.7").status_code == 429
    forget_waiting()
    # A right code does not open it, nor the password again.
    right = {"recovery_code": recovery.renew(alice)[0]}
    give_password(client, "alice")
    assert client.post(FACTOR, right, REMOTE_ADDR="192.0.2.7").status_code == 429
    assert security_lines(caplog)[0] == "Second factor failed: alice from 192.0.2.7"
    assert client.post(FACTOR, right, REMOTE_ADDR="198.51.100.7").status_code == 302


# Recovery codes


def codes_on(page):
    return re.findall(r"<li><code>([a-z2-7]{4}-[a-z2-7]{4})</code>", page.content.decode())


@pytest.fixture
def codes(alice, required):
    """Alice's ten codes, as the page shows them when she sets up the app."""
    client = sign_in(alice, verified=False)
    key = secret_on(client.get(FACTOR))
    shown = codes_on(client.post(FACTOR, {"code": code_for(key)}))
    assert len(set(shown)) == 10
    # Shown once.
    assert codes_on(client.get(FACTOR)) == []
    return shown


def test_a_recovery_code_lets_in_once(alice, codes):
    client = sign_in(alice, verified=False)
    assert client.post(FACTOR, {"recovery_code": f" {codes[0].upper()} ".replace("-", " ")}).url == "/admin/"
    assert client.get("/admin/").status_code == 200
    assert "You have 9 recovery codes left." in " ".join(client.get(FACTOR).content.decode().split())
    again = sign_in(alice, verified=False)
    assert again.post(FACTOR, {"recovery_code": codes[0]}).status_code == 200
    assert again.get("/admin/").status_code == 302


def test_a_wrong_recovery_code_opens_nothing(alice, codes, case):
    for code in ["", "aaaa-aaaa", "aaaa-aaa", "0000-0000", "é" * 8, "a" * 5000, "\0" * 8]:
        with case(code):
            client = sign_in(alice, verified=False)
            assert client.post(FACTOR, {"recovery_code": code}).status_code == 200
            assert client.get("/admin/").status_code == 302


def test_somebody_elses_recovery_code_opens_nothing(alice, bob, codes):
    TOTPDevice.objects.create(user=bob, name="phone")
    recovery.renew(bob)
    assert sign_in(bob, verified=False).post(FACTOR, {"recovery_code": codes[0]}).status_code == 200


def test_new_recovery_codes_take_the_place_of_the_old(alice, codes):
    client = sign_in(alice)
    fresh = codes_on(client.post(f"{FACTOR}recovery-codes/"))
    assert len(fresh) == 10
    assert not set(fresh) & set(codes)
    assert sign_in(alice, verified=False).post(FACTOR, {"recovery_code": codes[0]}).status_code == 200
    forget_waiting()
    assert sign_in(alice, verified=False).post(FACTOR, {"recovery_code": fresh[0]}).status_code == 302


def test_whoever_came_with_a_recovery_code_stays_in_when_they_are_made_anew(alice, codes):
    client = sign_in(alice, verified=False)
    client.post(FACTOR, {"recovery_code": codes[0]})
    client.post(f"{FACTOR}recovery-codes/")
    assert client.get("/admin/").status_code == 200


def test_somebody_half_in_makes_no_recovery_codes(alice, codes):
    answer = sign_in(alice, verified=False).post(f"{FACTOR}recovery-codes/")
    assert answer.url.startswith(DOOR)
    assert recovery.remaining(alice) == 10


def test_without_an_app_a_recovery_code_is_worth_nothing(alice, required):
    (code, *_rest) = recovery.renew(alice)
    client = sign_in(alice, verified=False)
    assert client.post(FACTOR, {"recovery_code": code}).status_code == 200
    assert client.get("/admin/").status_code == 302


def test_a_lost_app_is_replaced_by_whoever_has_a_recovery_code(alice, codes):
    client = sign_in(alice, verified=False)
    client.post(FACTOR, {"recovery_code": codes[0]})
    assert client.post(f"{FACTOR}replace/").url == FACTOR
    key = secret_on(client.get(FACTOR))
    # Until the new app is set up, the password alone is not enough to set one up.
    assert "<code>" not in sign_in(alice, verified=False).get(FACTOR).content.decode()
    assert len(codes_on(client.post(FACTOR, {"code": code_for(key)}))) == 10
    assert [device.key for device in TOTPDevice.objects.all()] == [key]
    assert client.get("/admin/").status_code == 200


def test_the_app_itself_replaces_nothing(alice, required):
    client = sign_in(alice)
    client.post(f"{FACTOR}replace/")
    assert "<code>" not in client.get(FACTOR).content.decode()


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
