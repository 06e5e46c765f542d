"""The questions about conflicts of a join, and their answers: one side, both, or another text."""

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from sources.desk.authorship import UNKNOWN, Author
from sources.desk.wording import Worded
from sources.records import dossier_diff

SIDE, TEXT = "side:", "text:"
ANOTHER = "text"
MAX_TEXT = 20_000


@dataclass
class Question:
    """One conflict, in words, as the screen shows it: ``author`` is who wrote *theirs*; ``side`` and ``text`` are the
    answer."""

    conflict: Worded
    author: Author = UNKNOWN
    field: models.Field | None = None
    side: str = ""
    text: str = ""
    error: str = ""
    value: str | None = None

    @property
    def path(self):
        return self.conflict.path

    @property
    def takes_both(self):
        return self.conflict.is_twice_added

    @property
    def takes_text(self):
        return self.field is not None

    @property
    def is_long(self):
        return isinstance(self.field, models.TextField)

    @property
    def sides(self):
        """The possible answers."""
        also = [dossier_diff.BOTH] if self.takes_both else [ANOTHER] if self.takes_text else []
        return [dossier_diff.THEIRS, dossier_diff.MINE, *also]

    def choice(self):
        """The answer as ``dossier_diff.merge`` takes it, or ``None``."""
        if self.side not in self.sides:
            return None
        return dossier_diff.Typed(self.value) if self.side == ANOTHER else self.side

    def check(self):
        """Validate the answer and set ``error``."""
        self.error, self.value = "", None
        if self.side not in self.sides:
            self.error = _("Choose one.")
        elif self.side == ANOTHER:
            try:
                value = self.field.clean(self.field.formfield().clean(self.text), None)
                self.value = None if value in (None, "") else str(value)
            except ValidationError as refusal:
                self.error = " ".join(refusal.messages)


def questions(record, conflicts, authors, params=None, may_type=True):
    """A ``Question`` for each conflict, with the answers in ``params`` (what the form posted) where it has any.

    ``authors`` is a function that gives ``{path: Author}`` for a list of paths; ``may_type=False`` offers no other text.
    """
    author_by_path = authors([conflict.path for conflict in conflicts])
    params = params or {}
    return [
        Question(
            conflict=conflict,
            author=author_by_path[conflict.path],
            field=_typed_field(record, conflict) if may_type else None,
            side=params.get(SIDE + conflict.path, ""),
            text=_typed_text(params, conflict),
        )
        for conflict in conflicts
    ]


def _typed_text(params, conflict):
    """The text that was typed or, before anything was posted, the text of *mine*."""
    typed = params.get(TEXT + conflict.path)
    if typed is None:
        return "" if conflict.mine is None else str(conflict.mine)
    return typed.replace("\r\n", "\n").strip()[:MAX_TEXT]


def choices(questions):
    """``{path: choice}`` of the questions that were answered, for ``dossier_diff.merge``."""
    answered = {question.path: question.choice() for question in questions}
    return {path: choice for path, choice in answered.items() if choice is not None}


def _typed_field(record, conflict):
    """The model field of a conflict if another text may be typed, or ``None`` for lists, relations and choices."""
    part, name, proof = dossier_diff.split(conflict.path)
    if proof or not name:
        return None
    model = record._meta.get_field(part.partition("/")[0]).related_model if part else type(record)
    if name not in model.DOSSIER_FIELDS:  # an order of parts
        return None
    field = model._meta.get_field(name)
    return None if field.is_relation or field.choices or isinstance(field, models.BooleanField) else field


def place_error(questions, error, state):
    """Set a ``DossierError`` about ``state``, the result of the answers, on the question that caused it. Returns whether there is
    such a question."""
    path = _as_path(error.path, state)
    question = next((question for question in questions if _is_about(question, path)), None)
    if question:
        question.error = str(error.message)
    return question is not None


def _is_about(question, path):
    # When both rows are kept, the second gets the key of the first with a number.
    own = rf"{re.escape(question.path)}(-\d+)?" if question.side == dossier_diff.BOTH else re.escape(question.path)
    return bool(re.match(rf"{own}($|[. ])", path)) or question.path.startswith(f"{path} @ ")


def _as_path(path, state):
    """``milestones[2].date`` as ``milestones/signed.date``."""
    match = re.fullmatch(r"(\w+)\[(\d+)\](\..*)?", path)
    if not match:
        return path
    name, number, rest = match.groups()
    entries = state.get(name, [])
    key = entries[int(number)]["key"] if int(number) < len(entries) else number
    return f"{name}/{key}{rest or ''}"
