"""Validates web addresses: a reader can open them, they lead into no private network and hold no password."""

import ipaddress
import re
import unicodedata
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

SCHEMES = ("http", "https")
# Endings of host names that no public register assigns (RFC 6761, 6762, 8375, and ICANN's ``internal``).
PRIVATE_ENDINGS = ("localhost", "local", "internal", "lan", "home.arpa")
# Registered names have no underscores, but some hosts that serve documents do.
_LABEL = re.compile(r"[\w](?:[\w-]{0,61}[\w])?", re.UNICODE)
_ENDING = re.compile(r"(?:xn--[a-z0-9-]{1,59}|[^\W\d_]{2,63})", re.UNICODE)
_NOT_IN_AN_ADDRESS = re.compile(r"[\s\x00-\x1f\x7f<>\"\\^`{}|]")
MALFORMED = _("Write the whole address as the browser shows it, for example https://example.org/page.")


def validate_web_address(value):
    """Raises ``ValidationError`` unless ``value`` is an http or https address of a public host."""
    try:
        parts = urlsplit(str(value))
        host, _port = parts.hostname, parts.port
    except ValueError:
        raise ValidationError(MALFORMED, code="invalid") from None
    if parts.scheme not in SCHEMES:
        raise ValidationError(_("An address on the web begins with https:// or http://."), code="scheme")
    if "@" in parts.netloc:
        raise ValidationError(_("The address carries a user name or a password. Leave that out."), code="credentials")
    if not host or _NOT_IN_AN_ADDRESS.search(value):
        raise ValidationError(MALFORMED, code="invalid")
    _check_host(unicodedata.normalize("NFKC", host).rstrip("."))


def _check_host(host):
    private = ValidationError(_("Readers cannot open this address: its host is in a private network."), code="private")
    try:
        number = ipaddress.ip_address(host)
    except ValueError:
        number = None
    if number is not None:
        if not number.is_global or number.is_multicast:
            raise private
        return
    if host in PRIVATE_ENDINGS or host.endswith(tuple(f".{ending}" for ending in PRIVATE_ENDINGS)):
        raise private
    labels = host.split(".")
    if (
        len(host) > 253
        or len(labels) < 2
        or not _ENDING.fullmatch(labels[-1])
        or not all(map(_LABEL.fullmatch, labels))
    ):
        raise ValidationError(MALFORMED, code="invalid")


class WebAddressInput(forms.URLField):
    """Django's field with our validator in place of its own."""

    default_validators = [validate_web_address]
    default_error_messages = {"invalid": MALFORMED}
