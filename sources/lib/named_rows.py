"""Published rows by what readers call them: their address, a code, or any of their names in any language.

A name is compared whole and folded, so that capitals and accents do not matter. A draft is never looked at: its name is answered
like one that nobody has.
"""

from collections import Counter
from difflib import SequenceMatcher

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from sources.lib.prepared import PreparedRows
from sources.lib.text import fold

# How many rows are read to find one by its name, those with the shortest names first, and how many are offered at most.
MOST_READ, MOST_OFFERED = 500, 6
# A longer text is compared by its first words where no name matches it whole.
MOST_WORDS = 12
# How alike a misspelt name must be to be offered.
ALIKE = 0.6


class UnclearName(ValidationError):
    """A value that names no row or several. ``offers`` are the rows to choose from (see ``ByAnyName.offers``)."""

    def __init__(self, message, offers=()):
        self.offers = offers
        super().__init__(message, code="invalid_choice")


class ByAnyName:
    """Finds one row for a text. Subclasses say ``by_code``, ``by_name``, ``near`` and ``value_of``."""

    # What the list is called whose names a page suggests; empty for an open list.
    suggests = ""

    def __call__(self, text):
        """The row. Raises ``UnclearName``."""
        if row := self.by_code(text):
            return row
        found = self.by_name(text)
        if len(found) == 1:
            return found[0]
        shown = text[:60]
        if found:
            message = _("Several published records are called “%(name)s”.") % {"name": shown}
            raise UnclearName(message, self.offers(text, found))
        message = _("Nothing published is called “%(name)s”.") % {"name": shown}
        raise UnclearName(message, self.offers(text, self.near(text)))

    def offers(self, text, rows):
        """``[(text, value, name)]``: for each row, what to write instead of the text."""
        rows = rows[:MOST_OFFERED]
        names = Counter(map(str, rows))
        values = [self.value_of(row) for row in rows]
        return [
            (text, value, f"{row} ({value})" if names[str(row)] > 1 else str(row))
            for row, value in zip(rows, values, strict=True)
        ]


class ByName(ByAnyName):
    """Rows of one model: ``ByName(rows)("Estados Unidos")``.

    ``rows()`` gives the rows that readers see, which the search index knows, each with ``all_names()``; ``codes`` are columns
    that name a row as its slug does. ``suggestions()`` gives the names that a page suggests as the list ``suggests``.
    """

    def __init__(self, rows, codes=(), suggests="", suggestions=None):
        self.rows, self.codes, self.suggests, self.suggestions = rows, codes, suggests, suggestions
        self._coded = PreparedRows(self._with_code)

    def by_code(self, text):
        """The row with this slug, else the one with this code, else ``None``."""
        return min(self._coded(text, text.upper()), key=lambda row: row.slug != text, default=None)

    def _with_code(self, slug, code):
        named = Q(slug=slug)
        for column in self.codes:
            named |= Q(**{column: code})
        # Unordered: for an order, the database would go through all rows in it.
        return self.rows().filter(named).order_by()[:2]

    def by_name(self, text):
        """The rows of which a whole name is this text."""
        wanted = fold(text)
        rows = self._called(wanted) if wanted else ()
        return [row for row in rows if wanted in map(fold, row.all_names())]

    def near(self, text):
        """The rows that have every word of the text in their names; without such, those spelt much like it."""
        words = fold(text).split()[:MOST_WORDS]
        rows = self._called_like(words) if words else ()
        return [row for row in rows if has_words(row, words)][:MOST_OFFERED] or most_alike(rows, " ".join(words))

    def _called(self, wanted):
        return self._read(self.rows().called(wanted))

    def _called_like(self, words):
        return self._read(self.rows().called_like(words))

    @staticmethod
    def _read(rows):
        rows = rows.order_by(*rows.query.order_by, Length("search_text"), "slug")
        return list(rows.prefetch_related(*(name for name, _field in rows.model.FURTHER_NAMES))[:MOST_READ])

    @staticmethod
    def value_of(row):
        return row.slug


class _Nothing:
    """Stands for the row that a record does not name."""

    slug = pk = None

    def __str__(self):
        return _("none named")


NO_ROW = _Nothing()


class OrNone(ByAnyName):
    """As another look-up, but ``none`` asks for the records that name no row."""

    def __init__(self, lookup):
        self.lookup = lookup
        for name in ("rows", "by_name", "near", "value_of"):
            setattr(self, name, getattr(lookup, name))

    def by_code(self, text):
        return NO_ROW if text.casefold() == "none" else self.lookup.by_code(text)


class ByNameOfFew(ByName):
    """For a model that is not in the search index by these names: all of its rows are read."""

    def _all(self, _words):
        return list(self.rows().order_by("slug"))

    _called = _called_like = _all


def most_alike(rows, wanted):
    """Those of the rows with a name that is much like the folded text, the most alike first."""
    graded = [(max(alike(wanted, fold(name)) for name in row.all_names()), row) for row in rows]
    near = sorted((pair for pair in graded if pair[0] >= ALIKE), key=lambda pair: -pair[0])
    return [row for _grade, row in near[:MOST_OFFERED]]


def has_words(row, words):
    """Whether each of the folded ``words`` begins a word of the row's names."""
    names = " ".join(f" {fold(name)}" for name in row.all_names())
    return bool(words) and all(f" {word}" in names for word in words)


def alike(one, other):
    """How alike two texts are, from 0 to 1. Quick about those that are not."""
    matcher = SequenceMatcher(None, one, other)
    return matcher.ratio() if min(matcher.real_quick_ratio(), matcher.quick_ratio()) >= ALIKE else 0
