"""A form whose protection no longer fits: a plain page that says what happened and leads on."""

import pytest
from django.test import Client

from tests.cast import PASSWORD
from tests.door import DOOR
from tests.forms import forms_of


def stale_client(user=None):
    client = Client(enforce_csrf_checks=True)
    if user:
        client.force_login(user)
    return client


def test_a_sign_in_from_a_second_tab_is_told_that_all_is_well(alice):
    page = stale_client(alice).post(f"{DOOR}?next=/admin/people/person/", {"username": "alice", "password": PASSWORD})
    assert page.status_code == 403
    text = page.content.decode()
    assert "You signed in as alice in another tab" in text
    assert 'href="/admin/people/person/"' in text
    assert PASSWORD not in text
    assert "no-store" in page["Cache-Control"]


@pytest.mark.django_db
def test_a_stale_sign_in_leads_to_a_new_one():
    text = stale_client().post(DOOR, {"username": "alice", "password": PASSWORD}).content.decode()
    assert "Open the sign-in again" in text
    assert "CSRF" not in text


def test_typing_can_be_sent_again(alice):
    address = "/admin/people/person/add/?_popup=1"
    typed = {"name": 'Ana "Peña" <b>', "note": "two\nlines", "several": ["1", "2"]}
    page = stale_client(alice).post(address, typed, headers={"Origin": "http://testserver"})
    assert page.status_code == 403
    form = forms_of(page)[f"{address}"]
    assert form["name"] == ['Ana "Peña" <b>']
    assert form["note"] == ["two\nlines"]
    assert form["several"] == ["1", "2"]
    assert len(form["csrfmiddlewaretoken"]) == 1


@pytest.mark.parametrize("origin", [None, "null", "https://evil.example"])
def test_a_post_from_another_origin_is_not_given_back(alice, origin):
    headers = {"Origin": origin} if origin else {}
    page = stale_client(alice).post("/admin/people/person/add/", {"name": "Planted"}, headers=headers)
    assert page.status_code == 403
    assert "Planted" not in page.content.decode()


def test_a_password_is_never_put_into_the_page(alice):
    secret = {"old_password": PASSWORD, "new_password1": "another good long phrase"}
    page = stale_client(alice).post("/admin/password_change/", secret, headers={"Origin": "http://testserver"})
    assert PASSWORD not in page.content.decode()


def test_after_the_session_ended_the_page_leads_to_the_door(db):
    page = stale_client().post("/admin/people/person/add/", {"name": "Ana"}, headers={"Origin": "http://testserver"})
    assert f'href="{DOOR}?next=/admin/people/person/add/"' in page.content.decode()
