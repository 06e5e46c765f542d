"""Steps at the door of the editing screens: the password, the secret that the page shows, the code of the app that has it."""

import re
from base64 import b32decode
from binascii import unhexlify

import pytest
from django_otp.oath import totp

from tests.cast import PASSWORD

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


def security_lines(caplog):
    """What the log says of the door."""
    return [record.getMessage() for record in caplog.records if record.name == "kb.security"]
