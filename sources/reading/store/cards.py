"""Reads lists of records from the store: the query that finds the rows of a page brings the card of each, or its whole form where
something is asked for that no card has."""

import hashlib

import orjson
from django.contrib.contenttypes.models import ContentType

from sources.lib.prepared import Prepared
from sources.reading import kinds
from sources.reading.store.composing import left_out_of_cards
from sources.reading.store.keeping import settle
from sources.reading.store.reading import TICKS, current_texts


def filtered(filterset, model):
    """The published rows of ``model`` that a filter set leaves, for ``sources.lib.paging``. Raises ``BadParameters``."""
    settle()
    if filterset.check().plain_values() is not None:
        return Prepared(filterset, model.objects.published)
    filterset.queryset = model.objects.published()
    return filterset.qs


class Card:
    """One row of a list: its text, which is JSON or a line in CSV, and the digest of the form that the text is of."""

    __slots__ = ("sha256", "text")

    def __init__(self, text, sha256):
        self.text, self.sha256 = text, sha256

    @property
    def data(self):
        return orjson.loads(self.text)


class Cards:
    """Reads the rows of a list of records for ``sources.lib.paging``, each as a ``Card``.

    ``fields`` and ``include`` are those of a request, as sets; without ``fields`` and with no more included than lists have, the text
    is the card as it is kept, or the line in CSV if ``as_lines``.
    """

    def __init__(self, model, fields=None, include=(), as_lines=False):
        viewset = kinds.viewset_of(model)
        self.model, meta = model, viewset.serializer_class.Meta
        left_out = {*meta.includes} - {*include}
        chosen = [name for name in meta.fields if name not in left_out and (fields is None or name in fields)]
        self.names = None if fields is None and {*include} <= {*viewset.list_includes} else chosen
        self.column = "form" if self.names and {*self.names} & left_out_of_cards(model) else "card"
        self.are_whole, self.are_lines = self.column == "form", as_lines and self.names is None
        if self.are_lines:
            self.column = "line"

    @property
    def shape(self):
        """What the query depends on besides the rows."""
        return self.column, ContentType.objects.get_for_model(self.model).pk

    def query(self, queryset, columns):
        places = (column.place for column in columns)
        return queryset.values_list(*places, "pk", f"forms__{self.column}", *TICKS)

    def read(self, queryset, columns):
        return list(self.query(queryset, columns))

    def values(self, columns, row):
        return [
            value if isinstance(value, (str, int)) or value is None else value.isoformat()
            for value in row[: len(columns)]
        ]

    def ends(self, columns, row):
        return list(row[: len(columns)])

    def finish(self, rows):
        """The cards of rows that ``read`` gave; stale ones are made anew, together."""
        width = len(TICKS) + 2
        texts = current_texts(self.model, [row[-width:] for row in rows], self.column)
        return [Card(self._chosen(text), sha256) for text, sha256 in texts]

    def _chosen(self, text):
        """What ``fields`` and ``include`` leave of a card or form."""
        if self.names is None:
            return text
        body = orjson.loads(text)
        return orjson.dumps({name: body[name] for name in self.names}).decode()


def digest_of(cards, *about):
    """The SHA-256 of a page: of the forms that its cards are of, and of what else is in it, as bytes."""
    return hashlib.sha256(b"\n".join([*(card.sha256.encode() for card in cards), *about])).hexdigest()
