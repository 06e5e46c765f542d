"""Recovery codes: ten single-use codes on paper for somebody who has lost the authenticator app.

They are stored in django-otp's static device, one for each user. New codes keep the device, since open sessions refer to it.
"""

import re

import django_otp
from django.db import transaction
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken

NUMBER = 10
DEVICE_NAME = "recovery codes"
PATTERN = re.compile(r"[a-z2-7]{8}")


def normal(text):
    """The code as it is kept: without blanks and hyphens, in small letters."""
    return re.sub(r"[\s-]", "", text).lower()


def looks_like_code(text):
    return bool(PATTERN.fullmatch(normal(text)))


def renew(user):
    """Ten new codes in the place of those before. Returns them as they are read: ``abcd-efgh``."""
    codes = [StaticToken.random_token() for _number in range(NUMBER)]
    with transaction.atomic():
        device = device_of(user) or StaticDevice.objects.create(user=user, name=DEVICE_NAME)
        device.token_set.all().delete()
        StaticToken.objects.bulk_create([StaticToken(device=device, token=code) for code in codes])
    return [f"{code[:4]}-{code[4:]}" for code in codes]


def device_of(user):
    return StaticDevice.objects.filter(user=user, confirmed=True).order_by("pk").first()


def remaining(user):
    """How many codes are left."""
    return StaticToken.objects.filter(device__user=user, device__confirmed=True).count()


def use(user, text):
    """Use up a code. Returns the static device if the code was one of the user's, else ``None``."""
    device = device_of(user)
    return device and django_otp.verify_token(user, device.persistent_id, normal(text))
