"""Text that people type: cleaned for storage, folded for search and sorting, and checked for deceptive characters."""

import re
import unicodedata
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

# Embeddings, overrides and isolates reorder what is shown without changing what is stored (Trojan Source).
BIDI_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LETTERS = {"ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
# Spaces from typesetting: no-break, figure and narrow no-break.
_NO_BREAK = str.maketrans("\u00a0\u2007\u202f", "   ")
# Invisible characters without meaning: soft hyphen, zero-width space, word joiner, byte order mark.
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
_JOINERS = re.compile("[\u200c\u200d]")
_DIRECTION_MARKS = re.compile("[\u200e\u200f\u061c]")
MAX_SORT_KEY = 200
_WITHOUT_JOINERS = ("LATIN", "GREEK", "CYRILLIC", "DIGIT", "COMBINING")
# Marks that people may leave out: accents of European scripts, vowel points of Hebrew and Arabic. Other marks are vowels and
# consonants: without them a word of Hindi, Thai or Japanese becomes another word.
_POINTS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff"
    "\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f]"
)
# Scripts that put no spaces between words.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def clean(text):
    """Text for storage: composed (NFC), with plain spaces, without invisible characters.

    Joiners are kept in scripts that need them, and direction marks in text that runs from right to left.
    """
    if text.isascii():
        return text
    text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text).translate(_NO_BREAK))
    if _JOINERS.search(text):
        text = _JOINERS.sub(lambda joiner: joiner[0] if _joins(text, joiner.start()) else "", text)
    if _DIRECTION_MARKS.search(text) and not any(unicodedata.bidirectional(char) in ("R", "AL") for char in text):
        text = _DIRECTION_MARKS.sub("", text)
    return text


def _joins(text, index):
    """Whether the joiner at ``index`` follows a letter or sign of a script that needs joiners."""
    before = text[index - 1] if index else " "
    is_sign = unicodedata.category(before)[0] in "LMS"
    return is_sign and not unicodedata.name(before, "").startswith(_WITHOUT_JOINERS)


def fold(text):
    """Words in lower case without accents, with single spaces: ``Peña``, ``PENA`` and ``pena`` fold to the same text."""
    text = str(text)
    if not text.isascii():
        text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
        text = unicodedata.normalize("NFC", "".join(_LETTERS.get(char, char) for char in _POINTS.sub("", text)))
    return " ".join("".join(map(_of_a_word, text.lower())).split())


@lru_cache(4096)
def _of_a_word(char):
    """The character if it can be part of a word, nothing if it is invisible, else a space."""
    category = unicodedata.category(char)
    return char if category[0] in "LNM" else "" if category == "Cf" else " "


def sort_key(*names):
    """The text that a row is sorted by, the same on every database. Accents and capitals do not count.

    Two spaces separate the names, so that “Li Xu” sorts before “Liang A”.
    """
    return "  ".join(map(fold, names)).strip()[:MAX_SORT_KEY]


def is_unspaced(word):
    """Whether the word has letters of a script that puts no spaces between words."""
    return bool(_UNSPACED.search(word))


def names_with(word, column="search_text"):
    """The ``Q`` that a column of folded text has a word that is, or begins with, the folded ``word``."""
    if is_unspaced(word):
        return Q(**{f"{column}__contains": word})
    return Q(**{f"{column}__startswith": word}) | Q(**{f"{column}__contains": f" {word}"})


def validate_plain_text(value):
    """Raise ``ValidationError`` for control characters and direction overrides. Arabic, Hebrew and joiners are allowed."""
    if BIDI_CONTROLS.search(value):
        raise ValidationError(_("The text contains a character that reverses its direction. Remove it."), code="bidi")
    if CONTROLS.search(value):
        raise ValidationError(_("The text contains a control character. Remove it."), code="control")


def shown_title(title, note):
    """The title as readers see it: in square brackets if a ``note`` says that nobody printed it so."""
    return f"[{title}]" if note and title else title


def numbered(word):
    """Yield ``word``, ``word-2``, ``word-3`` …, to take the first that is free."""
    yield word
    yield from (f"{word}-{number}" for number in range(2, 1000))
