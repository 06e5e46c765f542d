"""A GET of any admin screen writes nothing, opens no transaction, and does not wait for writers."""

import re

import pytest
from django.contrib import admin
from django.db import connection
from django.urls import reverse

from kb.staff import worklists
from sources.models import Proposal, Review
from tests import drafts
from tests.cast import make_user, sign_in
from tests.desk import propose
from tests.test_concurrency import long_write

pytestmark = pytest.mark.django_db(transaction=True)
WRITES = re.compile(r"\s*(BEGIN|SAVEPOINT|INSERT|UPDATE|DELETE|REPLACE|CREATE|ALTER|SELECT .* FOR UPDATE)", re.I | re.S)


def addresses():
    """Every list, and every address of one row of each kind, as the site itself names them; then the pages of no kind."""
    for model in admin.site._registry:
        start = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        yield from (start, f"{start}add/")
        row = model._default_manager.order_by("pk").first()
        words = ["change", "history", "delete", *getattr(admin.site._registry[model], "own_words", ())]
        yield from (f"{start}{row.pk}/{word}/" for word in words if row)
    yield from (reverse("admin:worklist", args=[worklist.name]) for worklist in worklists.LISTS)
    for pattern in filter(lambda answers: getattr(answers, "name", ""), admin.site.get_urls()):
        if not pattern.pattern.regex.groups and pattern.name not in ("login", "logout"):
            yield reverse(f"admin:{pattern.name}")
    yield reverse("admin:autocomplete") + "?app_label=agreements&model_name=party&field_name=organisation&term=a"


@pytest.fixture
def administrator(transactional_db):
    """Signed in, with a row of every kind and a proposal."""
    drafts.small_world()
    carol = make_user("administrator", "carol")
    client = sign_in(carol)
    agreement = drafts.record_models()[0].objects.filter(status="published").first()
    propose(client, agreement, note="A better note")
    assert Proposal.objects.exists()
    assert Review.objects.exists()
    return client


def look(client, place):
    """``(status, statements that write)`` of a GET."""
    written = []

    def watch(execute, sql, params, many, context):
        if WRITES.match(sql):
            written.append(sql[:80])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        answer = client.get(place)
        getattr(answer, "rendered_content", None)
    return answer.status_code, written


def test_no_screen_writes_when_it_is_looked_at(administrator):
    answers = {place: look(administrator, place) for place in addresses()}
    assert len(answers) > 100
    assert {place: written for place, (_status, written) in answers.items() if written} == {}
    assert {place: status for place, (status, _written) in answers.items() if status >= 500} == {}


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite lets one connection write at a time")
def test_every_screen_is_drawn_while_somebody_else_writes(administrator):
    places = list(addresses())
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 0")
    try:
        with long_write():
            answers = {place: administrator.get(place).status_code for place in places}
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout = {connection.settings_dict['OPTIONS']['timeout'] * 1000}")
    assert {place: status for place, status in answers.items() if status >= 500} == {}
