"""Text as people type it: folded for search, checked for characters that deceive the eye."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Embeddings, overrides and isolates reorder what is shown without changing what is stored (Trojan Source).
BIDI_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LETTERS = {"ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
_NOT_WORD = re.compile(r"[^\w]+", re.UNICODE)


def fold(text):
    """Lower case, no accents, single spaces: ``Peña``, ``PENA`` and ``pena`` fold to the same text."""
    decomposed = unicodedata.normalize("NFKD", str(text).casefold())
    plain = "".join(_LETTERS.get(char, char) for char in decomposed if not unicodedata.combining(char))
    return _NOT_WORD.sub(" ", plain).strip()


def validate_plain_text(value):
    """Refuse characters that no honest name or sentence needs. Arabic, Hebrew and joiners pass."""
    if BIDI_CONTROLS.search(value):
        raise ValidationError(_("The text contains a character that reverses its direction. Remove it."), code="bidi")
    if CONTROLS.search(value):
        raise ValidationError(_("The text contains a control character. Remove it."), code="control")


def numbered(word):
    """``word``, ``word-2``, ``word-3`` …: names to choose a free one from."""
    yield word
    yield from (f"{word}-{number}" for number in range(2, 1000))
