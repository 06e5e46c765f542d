"""Looks words up in the own names of records, for editors: drafts are found too."""

from collections import defaultdict

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils.functional import cached_property

from sources.lib.text import names_with
from sources.reading.search import names
from sources.records.status import Status

# Editors' searches find so many published records of a kind, and as many others: nobody looks through more, and they can add a word.
MOST_FOUND = 2000
# A text of more words is a title or a sentence: few names have all of them, so all kinds are asked for at once.
LONG = 6


class OwnNames:
    """Of records of any kind, those whose own names have words, for one search: what was asked is not asked again.

    Published records are looked for in the search index, which has no drafts; the others, and those that changed since they were put
    there, in their column: they are few, and an editor's look writes nothing. Of more than ``most`` published ones of a kind it finds
    those with most evidence, and those of which the words are a whole name.
    """

    def __init__(self, most=MOST_FOUND):
        self.most = most
        self._found, self._called, self._of_all = {}, {}, {}

    def __call__(self, model, *words):
        """The ``Q`` of the rows with all of the folded words."""
        return Q(pk__in=self.keys(model, *words))

    def keys(self, model, *words):
        """The primary keys of the rows with all of the folded words, as a set."""
        asked = (model, words)
        if asked not in self._found:
            self._found[asked] = {*self._published(model, words), *self._others(model, words)}
        return self._found[asked]

    def _published(self, model, words):
        if words not in self._called:
            self._called[words] = _by_kind(names.called_of_all(words, self.most))
        best = self._best_of_all(words) if len(words) > LONG else None
        found = names.best(model, words, self.most) if best is None else best[model.KIND]
        return [*found, *self._called[words][model.KIND]]

    def _best_of_all(self, words):
        """The keys by kind; ``None`` if there are too many to be all."""
        if words not in self._of_all:
            found = names.best_of_all(words, self.most)
            self._of_all[words] = None if found is None else _by_kind(found)
        return self._of_all[words]

    def _others(self, model, words):
        # One way after the other: where one query may go several ways, databases look at every row.
        rows, in_column = model.objects.order_by(), Q(*map(names_with, words))
        ways = [rows.exclude(status=Status.PUBLISHED), *self._changed_of(rows)]
        return {key for way in ways for key in way.filter(in_column).values_list("pk", flat=True)[: self.most]}

    def _changed_of(self, rows):
        """Those of the rows that have changed, in a list; mostly there are none."""
        if self._changed is None:
            return [rows.filter(names.changed_since(rows.model))]
        keys = self._changed[ContentType.objects.get_for_model(rows.model).pk]
        return [rows.filter(pk__in=keys)] if keys else []

    @cached_property
    def _changed(self):
        """The keys of all records that changed, by type; ``None`` if they are many."""
        few = names.few_changed()
        return None if few is None else _by_kind(few)


def _by_kind(pairs):
    found = defaultdict(list)
    for kind, key in pairs:
        found[kind].append(key)
    return found
