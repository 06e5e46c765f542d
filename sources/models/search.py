"""The search index: what readers can find, with its names, its text and its facets.

``sources.reading.search`` alone writes these rows, from the forms of the read store. The full-text index over ``names``, ``words``
and ``facets`` is of the database: FTS5 on SQLite, a ``tsvector`` on PostgreSQL (see the migrations).
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from sources.models.public import PublicForm


class SearchEntry(models.Model):
    """One thing that can be found: a record, a clause of one, a contested fact of one, or a topic."""

    form = models.ForeignKey(
        PublicForm,
        models.CASCADE,
        null=True,
        related_name="entries",
        help_text=_("The form that the entry was made from; empty for what has no form, such as a topic."),
    )
    record_id = models.PositiveBigIntegerField(
        null=True,
        help_text=_("The primary key of the record that the form is of, so that lists need not look into the forms."),
    )
    ref = models.CharField(max_length=200, unique=True, help_text=_("What is found, as kind/name."))
    made_of = models.CharField(max_length=64, help_text=_("Digest of the form that the entry was made from."))
    page = models.CharField(max_length=400, help_text=_("Its address."))
    name = models.TextField(help_text=_("What it is called."))
    names = models.TextField(help_text=_("All its names and numbers, folded, one a line."))
    words = models.TextField(help_text=_("The rest of its text, folded."))
    passages = models.JSONField(help_text=_("The text as readers see it: pairs of what it is and what it says."))
    weight = models.PositiveIntegerField(
        default=0, help_text=_("How much evidence it has: among equals, the more is found first.")
    )
    facets = models.TextField(
        help_text=_(
            "By what it is counted and chosen: lines such as kind=agreements, as the filters of lists write the values."
        )
    )

    class Meta:
        indexes = [models.Index(fields=["-weight", "id"], name="search_entry_by_weight")]

    def __str__(self):
        return self.ref

    @property
    def kind(self):
        return self.ref.partition("/")[0]


class SearchName(models.Model):
    """A beginning by which an entry is suggested: one of its names, or such a name from its second or a later word on."""

    entry = models.ForeignKey(SearchEntry, models.CASCADE, related_name="beginnings")
    text = models.CharField(max_length=200, help_text=_("The folded text."))
    is_whole = models.BooleanField(help_text=_("Whether this is a whole name."))

    class Meta:
        indexes = [models.Index(fields=["text", "is_whole", "entry"], name="search_name_text")]

    def __str__(self):
        return self.text


class SearchWord(models.Model):
    """A word of some name, for the spelling that a reader may have meant."""

    text = models.CharField(max_length=40, unique=True)

    def __str__(self):
        return self.text


class SearchSlip(models.Model):
    """A word with one letter left out: two words that differ by one slip have such a form in common."""

    word = models.ForeignKey(SearchWord, models.CASCADE, related_name="slips")
    text = models.CharField(max_length=40)

    class Meta:
        indexes = [models.Index(fields=["text", "word"], name="search_slip_text")]

    def __str__(self):
        return self.text
