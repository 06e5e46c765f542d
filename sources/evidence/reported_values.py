"""Whether the value that a source reports is the value that the record states.

Sources write dates, numbers and names in their own way, so values are compared by what they mean.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from sources.lib.date_hints import from_words
from sources.lib.dates import PartialDate, PartialDateError
from sources.lib.text import clean, fold


@dataclass(frozen=True)
class ValueKind:
    """How the values of a field are compared. ``name`` is one of:

    ``date``, ``number``, ``choice``  by what they mean;
    ``name``   a shorter or longer form of a name agrees;
    ``label``  a name from a closed list, which sources put in their own words: equal words agree, other words prove nothing;
    ``text``   not compared.

    ``choices`` maps the codes of a ``choice`` to their English labels.
    """

    name: str
    choices: dict = field(default_factory=dict)


TEXT = ValueKind("text")


def agrees(kind, stated, reported):
    """Whether a reported value says the same as the stated one; ``None`` when that cannot be told.

    Both are text. For ``name`` and ``label``, ``stated`` may be a tuple of names; one of them must agree.
    """
    if kind.name == "text" or not reported or stated in (None, "", ()):
        return None
    return _RULES[kind.name](kind, stated, reported)


def _dates_agree(_kind, stated, reported):
    """Dates agree when some day fits both. A date marked “about” (``~``) never contradicts another one."""
    try:
        left, right = read_date(str(stated)), read_date(str(reported))
    except PartialDateError:
        return None
    if left.compatible_with(right):
        return True
    is_approximate = any(mark in left.text + right.text for mark in "~%")
    return None if is_approximate else False


def _numbers_agree(_kind, stated, reported):
    """Numbers agree when one reading of each is the same. A decimal comma alone (``27,5``) is not read."""
    left, right = _readings(stated), _readings(reported)
    return None if not left or not right else bool(left & right)


def _readings(text):
    """The numbers that the text can mean: ``1.200`` is 1200 in some countries and 1.2 in others."""
    text = clean(str(text)).strip()
    return {
        Decimal(text.replace(thousands, "").replace(point, "."))
        for thousands, point, form in _NUMBERS
        if form.fullmatch(text)
    }


def _choices_agree(kind, stated, reported):
    codes = {fold(word): code for code, label in kind.choices.items() for word in (str(code), str(label))}
    code = codes.get(fold(reported))
    return None if code is None else str(code) == str(stated)


def _names_agree(_kind, stated, reported):
    """Names agree when one contains the other: “Ramírez”, “Minister Rubén Ramírez” and “Ramírez, Rubén” all agree with
    “Rubén Ramírez”."""
    names = {form for name in (stated if isinstance(stated, tuple) else (stated,)) for form in _forms(name)} - {""}
    reported_names = _forms(reported) - {""}
    if not reported_names or not names:
        return None
    return any(f" {one} " in f" {name} " or f" {name} " in f" {one} " for one in reported_names for name in names)


def _forms(name):
    """The folded name; of “Family, Given” also “Given Family”."""
    family_name, comma, given_name = str(name).partition(",")
    return {fold(name), fold(f"{given_name} {family_name}")} if comma else {fold(name)}


def _labels_agree(_kind, stated, reported):
    names = stated if isinstance(stated, tuple) else (stated,)
    return True if fold(reported) in {fold(name) for name in names} - {""} else None


_RULES = {
    "date": _dates_agree,
    "number": _numbers_agree,
    "choice": _choices_agree,
    "name": _names_agree,
    "label": _labels_agree,
}


def _number_form(thousands, point, least):
    grouped = rf"\d{{1,3}}(?:{re.escape(thousands)}\d{{3}}){{{least},6}}"
    plain = "" if least else r"|\d{1,18}"
    return thousands, point, re.compile(rf"[+-]?(?:{grouped}{plain})(?:{re.escape(point)}\d{{1,9}})?", re.ASCII)


# ``(between thousands, before decimals, form)``: 1,200.5 and 1200.5; 1.200,5; 1 200.5; 1 200,5; 1'200.5.
_NUMBERS = (
    _number_form(",", ".", 0), _number_form(".", ",", 1), _number_form(" ", ".", 1), _number_form(" ", ",", 1),
    _number_form("'", ".", 1), _number_form("’", ".", 1),
)  # fmt: skip


def read_date(text):
    """A date as people write it (``15 December 2025``, ``Dec 15, 2025``, ``2025-12``) as a ``PartialDate``.

    Raises ``PartialDateError``.
    """
    try:
        return PartialDate.parse(text)
    except PartialDateError:
        return PartialDate.parse(from_words(text))
