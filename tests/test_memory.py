"""Room for the frames of calls: asked for, without changing the function that gets it."""

import pytest
from django.conf import settings

from kb import memory


@memory.with_room
def divided(number, *, by=2):
    """A division."""
    return number / by


def test_a_function_with_room_takes_and_gives_the_same():
    assert divided(6) == 3
    assert divided(6, by=3) == 2
    assert divided.__doc__ == "A division."
    with pytest.raises(ZeroDivisionError):
        divided(1, by=0)


def test_the_room_is_there_on_this_python():
    assert divided.__code__.co_stacksize == memory.ROOM


def test_the_server_gives_it_to_every_request():
    assert "application = with_room(" in (settings.BASE_DIR / "kb" / "wsgi.py").read_text()
