"""Records of one kind by their names: for readers from the search index, for editors with their drafts."""

from django.db.models import Case, Q, When

from sources.lib.text import fold, names_with
from sources.reading.search import names as search_names
from sources.reading.store import reading
from sources.records.own_names import MOST_FOUND, OwnNames
from sources.records.status import Status

# A longer query, such as a pasted title, is searched by its first words.
MAX_WORDS = 12


class FoundByName:
    """A queryset of records that can be asked for what has words in its names."""

    def matching(self, words, own_names=None):
        """Rows whose names have every one of the words, whole or as the beginning of a word. Accents and capitals do not
        count. Text without a letter or digit matches nothing. Drafts are among them: readers are shown ``found_by``. Of very many
        published ones those with most evidence: see ``is_too_many``. ``own_names``: the ``OwnNames`` of a search of several kinds."""
        return self._having(words, lambda wanted: self.naming(wanted, own_names or OwnNames()))

    def named(self, words, own_names):
        """As ``matching``, by the rows' own names alone."""
        return self._having(words, lambda wanted: own_names(self.model, *wanted))

    def is_too_many(self, words):
        """Whether ``matching`` leaves out records that have the words in their own names, too."""
        wanted = _words_of(words)
        if search_names.has_more(self.model, wanted, MOST_FOUND):
            return True
        drafts = self.model.objects.exclude(status=Status.PUBLISHED).filter(*map(names_with, wanted))
        return drafts.order_by()[MOST_FOUND:].exists()

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
