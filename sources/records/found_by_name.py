"""Records of one kind by their names: for readers from the search index, for editors with their drafts."""

from functools import partial

from django.db.models import Case, Q, When

from sources.lib.text import fold, names_with
from sources.reading.search import names as search_names
from sources.reading.store import reading
from sources.records.status import Status

# A longer query, such as a pasted title, is searched by its first words.
MAX_WORDS = 12
# Editors' searches find so many published records of a kind, and as many others: nobody looks through more, and they can add a word.
MOST_FOUND = 2000


class FoundByName:
    """A queryset of records that can be asked for what has words in its names."""

    def matching(self, words, most=MOST_FOUND):
        """Rows whose names have every one of the words, whole or as the beginning of a word. Accents and capitals do not
        count. Text without a letter or digit matches nothing. Drafts are among them: readers are shown ``found_by``. Of more than
        ``most`` published ones those with most evidence: see ``is_too_many``."""
        return self._having(words, lambda wanted: self.naming(wanted, partial(in_any_row, most=most)))

    def named(self, words, most=MOST_FOUND):
        """As ``matching``, by the rows' own names alone."""
        return self._having(words, lambda wanted: in_any_row(self.model, *wanted, most=most))

    def is_too_many(self, words):
        """Whether ``matching`` leaves out published records that have the words, too."""
        return search_names.has_more(self.model, _words_of(words), MOST_FOUND)

    def found_by(self, words):
        """As ``matching``, of published rows alone, all of them, from the search index."""
        reading.freshen()
        return self._having(words, lambda wanted: self.naming(wanted, search_names.having))

    def _having(self, words, condition):
        wanted = _words_of(words)
        return self.filter(condition(wanted)) if wanted else self.none()

    def called(self, text):
        """The published rows of which a whole name is the text, from the search index."""
        reading.freshen()
        return self.filter(search_names.called(self.model, fold(text)))

    def called_like(self, words):
        """The published rows that have every one of the folded words in their own names, then those with a name of which a word is
        spelt much as one of them, from the search index as it is."""
        has_all = search_names.having(self.model, *words)
        rows = self.filter(has_all | search_names.spelt_like(self.model, words))
        return rows.order_by(Case(When(has_all, then=0), default=1))

    def naming(self, words, having):
        """The ``Q`` of the records that the folded words find. ``having(model, *words)`` is the ``Q`` of the rows of a kind that have
        them in their own names."""
        own, beside = having(self.model, *words), [self.named_beside(word, having) for word in words]
        if None in beside:
            return own
        if len(words) == 1:
            return own | beside[0]
        # Also one by one, for some words may be in the record's own names and some beside.
        return own | Q(*(having(self.model, word) | other for word, other in zip(words, beside, strict=True)))

    def named_beside(self, word, having):
        """The ``Q`` of the records with the word in a name of a record that they are known by, such as a party; ``None`` for a kind that
        is known by its own names alone."""
        return None


def _words_of(text):
    return fold(text).split()[:MAX_WORDS]


def in_any_row(model, *words, most):
    """The ``Q`` of the rows that have the words in their own names: published ones from the search index, which has no drafts; the
    others, and those that changed since they were put there, from their column: they are few, and an editor's look writes nothing.

    The keys are asked for one way after the other: where one query may go several ways, databases look at every row.
    """
    rows, in_column = model.objects.order_by(), Q(*map(names_with, words))
    ways = [
        *(rows.filter(found, status=Status.PUBLISHED) for found in search_names.best(model, words, most)),
        rows.exclude(status=Status.PUBLISHED).filter(in_column),
        rows.filter(search_names.changed_since(model), in_column),
    ]
    return Q(pk__in={key for way in ways for key in way.values_list("pk", flat=True)[:most]})
