"""Addresses of sources: accepted if a reader can open them, refused if they lead into a private network or hold a password."""

import pytest
from django.core.exceptions import ValidationError

from sources.lib.web_address import validate_web_address
from sources.models import Source
from tests.desk import fresh
from tests.factory import make_source
from tests.forms import open_form

GOOD = [
    "https://example.org", "http://example.org/a?b=c#d", "https://example.org:8443/x", "https://www_old.example.org/page",
    "https://my_host.gov.py/", "https://münchen.example.de/straße", "https://пример.рф/", "https://xn--e1afmkfd.xn--p1ai/",
    "https://例え.テスト/頁", "https://8.8.8.8/x", "https://[2606:4700::1111]/", "https://web.archive.org/web/2025/http://x.org/@user",
]  # fmt: skip
REFUSED = [
    ("http://localhost/x", "private"), ("https://localhost:8000", "private"), ("https://printer.local/", "private"),
    ("http://db.internal/", "private"), ("http://127.0.0.1/", "private"), ("http://10.1.2.3/", "private"),
    ("http://192.168.0.1/", "private"), ("http://172.16.5.4/", "private"), ("http://169.254.169.254/", "private"),
    ("http://[::1]/", "private"), ("http://[fd00::1]/", "private"), ("http://[::ffff:10.0.0.1]/", "private"),
    ("http://１２７.0.0.1/", "private"), ("https://user:password@example.org/", "credentials"),
    ("https://user@example.org/", "credentials"), ("javascript:alert(1)", "scheme"), ("data:text/html,x", "scheme"),
    ("ftp://example.org/", "scheme"), ("//example.org/", "scheme"), ("https://", "invalid"), ("https://nohost", "invalid"),
    ("http://2130706433/", "invalid"), ("http://127.1/", "invalid"), ("https://exa mple.org/", "invalid"),
    ("https://-x.org/", "invalid"), ("https://example..org/", "invalid"), ("http://[::1", "invalid"),
    ("https://example.org:99999/", "invalid"),
]  # fmt: skip


def test_addresses_that_readers_can_open_are_accepted(subtests):
    for address in GOOD:
        with subtests.test(address):
            validate_web_address(address)
            Source._meta.get_field("url").clean(address, None)
            assert Source._meta.get_field("url").formfield().clean(address) == address


def test_addresses_that_readers_cannot_open_are_refused_with_a_reason(subtests):
    for address, code in REFUSED:
        with subtests.test(address):
            with pytest.raises(ValidationError) as refusal:
                validate_web_address(address)
            assert refusal.value.code == code
            for field in (Source._meta.get_field("url"), Source._meta.get_field("archived_url")):
                with pytest.raises(ValidationError):
                    field.clean(address, None)


@pytest.mark.django_db
def test_a_host_with_an_underscore_is_saved_and_a_private_one_is_not(editor, alice):
    source = make_source(by=alice, status="draft", cited=False)
    form = open_form(editor, source)
    form["url"] = "https://my_host.example.org/page"
    form.post()
    assert fresh(source).url == "https://my_host.example.org/page"
    form = open_form(editor, source)
    form["url"] = "http://localhost/page"
    answer = form.post()
    assert "private network" in answer.content.decode()
    assert fresh(source).url == "https://my_host.example.org/page"
