"""The cast: Alice edits, Bob reviews, Carol administers, Victor looks, and a visitor has no account.

``def test_…(alice, bob): …`` gets the users; ``sign_in(alice)`` gives a browser in which she is signed in.
"""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from kb.staff import roles

PASSWORD = "correct horse battery staple"


def make_user(role, name=None, **fields):
    """A user with that role (``viewer``, ``editor``, ``reviewer``, ``administrator``), or ``None`` for no role at all."""
    name = name or f"some-{role or 'stranger'}"
    user = get_user_model().objects.create_user(name, f"{name}@example.org", PASSWORD, **fields)
    if role:
        roles.assign(user, role)
    return user


def sign_in(user, verified=True, **options):
    """A client in which the user is signed in; with the second factor, unless told otherwise."""
    client = Client(**options)
    client.force_login(user)
    if verified:
        give_second_factor(client, user)
    return client


def give_second_factor(client, user):
    """As after a right code: the user has a device and the session remembers it."""
    from django_otp import DEVICE_ID_SESSION_KEY
    from django_otp.plugins.otp_totp.models import TOTPDevice

    device, _made = TOTPDevice.objects.get_or_create(user=user, name="phone", defaults={"confirmed": True})
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = device.persistent_id
    session.save()
    return device


@pytest.fixture
def alice(db):
    return make_user("editor", "alice")


@pytest.fixture
def bob(db):
    return make_user("reviewer", "bob")


@pytest.fixture
def carol(db):
    return make_user("administrator", "carol")


@pytest.fixture
def victor(db):
    return make_user("viewer", "victor")
