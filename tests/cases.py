"""Many cases in one test: each is reported by its name, and one that fails keeps none of the others from running."""

from contextlib import contextmanager

import pytest
from django.core.cache import cache

from tests.content import undone


@pytest.fixture
def subtests(subtests, monkeypatch):
    """pytest's own, for cases that only read. A loop that comes to no case at all has tested nothing, and fails."""
    test, names = subtests.test, []

    def named_test(name):
        names.append(name)
        return test(str(name)[:100])

    monkeypatch.setattr(subtests, "test", named_test)
    yield subtests
    assert names, "the loop of this test had no case"


@pytest.fixture
def case(subtests, db, django_db_blocker):
    """``with case(name): …`` for cases that write: each undoes its rows and begins with an empty cache, as a test does."""

    @contextmanager
    def one(name):
        with subtests.test(name), undone(django_db_blocker):
            cache.clear()
            yield

    return one
