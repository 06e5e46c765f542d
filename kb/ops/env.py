"""Reads settings from the environment; an unknown value stops the start."""

import difflib
import os
import re
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

PREFIX = "CONCORDANCE_"
# Read by the test runner and not by the settings, so `refuse_unknown` must be told of them.
_known = {"CONCORDANCE_STRICT", "CONCORDANCE_BIND"}


def envtext(name, default=""):
    """The variable's text, or the default where it is missing or empty."""
    _known.add(name)
    return os.environ.get(name, "").strip() or default


def envbool(name, default=False):
    """`true` or `false`; anything else, such as `1` or `yes`, is refused."""
    value = envtext(name)
    if not value:
        return default
    if value.lower() not in ("true", "false"):
        raise ImproperlyConfigured(f"{name} is {value!r}: write true or false.")
    return value.lower() == "true"


def envint(name, default, minimum=0):
    """A whole number not below the minimum."""
    value = envtext(name)
    if not value:
        return default
    if not (value.isascii() and value.isdigit()) or int(value) < minimum:
        raise ImproperlyConfigured(f"{name} is {value!r}: write a whole number from {minimum} up.")
    return int(value)


def envrate(name, default):
    """Requests in a span of time, such as `600/min`, as the API's limit reads it."""
    value = envtext(name, default)
    if not re.fullmatch(r"[1-9][0-9]*/(s|sec|second|m|min|minute|h|hour|d|day)", value):
        raise ImproperlyConfigured(f"{name} is {value!r}: write a number for a span, as in 600/min.")
    return value


def envlist(name, default=()):
    """Values separated by commas; blanks around them do not count."""
    parts = [part.strip() for part in envtext(name).split(",")]
    return [part for part in parts if part] or list(default)


def envurl(name, default, schemes):
    """An address whose scheme is one of those named; the value is never shown, since it may hold a password."""
    value = envtext(name, default)
    scheme = urlsplit(value).scheme
    if scheme not in schemes:
        raise ImproperlyConfigured(f"{name} must start with one of: {', '.join(s + '://' for s in schemes)}")
    return value


def required(name, value):
    """The value, or a refusal to start that names what is missing."""
    if not value:
        raise ImproperlyConfigured(f"{name} must be set when CONCORDANCE_PRODUCTION=true.")
    return value


def refuse_unknown():
    """Stop at a misspelt name: CONCORDANCE_PRODCUTION would silently start the local mode in public."""
    for name in sorted(os.environ):
        if name.startswith(PREFIX) and name not in _known:
            near = difflib.get_close_matches(name, _known, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise ImproperlyConfigured(f"{name} is not a setting of this project.{hint}")
