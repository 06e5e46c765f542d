"""Parts of records: rows that belong to a documented row and are edited, cited and published with it."""

from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Q
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext_lazy as _

from sources.lib.slugs import validate_slug
from sources.lib.text import fold, numbered
from sources.reading import fact_wording
from sources.reading.store.marking import MarkedRow, MarkingQuerySet
from sources.records.base import Reviewed
from sources.records.dossier.kinds import owner_of
from sources.records.fact_fields import CitedMixin
from sources.records.status import UNPUBLISHED, Status, is_published


class PartQuerySet(MarkingQuerySet):
    def published(self):
        """Parts that readers see: the parent and every record that the part names are published."""
        model = self.model
        has_status = issubclass(owner_of(model), Reviewed)
        return self.naming_published(
            self.filter(**{f"{model.PARENT}__status": Status.PUBLISHED}) if has_status else self
        )

    def published_one_by_one(self):
        """As ``published``, but the parent is looked up for each part: for lists in the order of a column of the parts, so that the
        database begins with their index and not with all parents."""
        return self.naming_published(self.filter(is_published(owner_of(self.model), self.model.PARENT)))

    @staticmethod
    def naming_published(rows):
        """Those of ``rows`` of which every record that they name is published."""
        for name in rows.model.NAMES:
            missing_or_published = Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__status": Status.PUBLISHED})
            rows = rows.filter(missing_or_published)
        return rows

    def naming_hidden_records(self, *names):
        """Parts that readers do not see although the parent is published: one of ``names``, by default of all their ``NAMES``, is a
        record that is not. For a kind of part that names records."""
        names = names or self.model.NAMES
        return self.filter(reduce(or_, (Q(**{f"{name}__status__in": UNPUBLISHED}) for name in names)))


class Part(CitedMixin, MarkedRow, models.Model):
    """A row that belongs to a documented row and is edited, cited and published with it.

    ``PARENT`` is the foreign key to that row. ``NAMES`` are foreign keys to records: the part is hidden while one of them is.
    """

    PARENT = ""
    NAMES = ()
    DOSSIER_FIELDS = ()
    # Whether a merger moves the part to the other record: yes for what is said of a person or body, no for parts of a text.
    FOLLOWS_MERGER = False
    # The fields that an entry is best known by, the first that says anything.
    KNOWN_BY = ()
    # Parts that name the same records but differ in one of these fields stay two parts after a merger.
    TOLD_APART_BY = ()

    key = models.CharField(
        max_length=120,
        blank=True,
        validators=[validate_slug],
        help_text=_("Names this entry within its record; filled in by itself and never changed afterwards."),
    )
    order = models.PositiveSmallIntegerField(default=0, help_text=_("Place in the list; equal numbers sort by name."))

    objects = PartQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["order", "key"]

    def save(self, *args, **kwargs):
        if not self.key:
            siblings = type(self).objects.filter(**{self.PARENT: self.parent}).exclude(pk=self.pk)
            self.key = self.free_key(siblings.values_list("key", flat=True))
        super().save(*args, **kwargs)

    @property
    def parent(self):
        return getattr(self, self.PARENT)

    def told_on(self):
        """Its own date, or that of the record it belongs to."""
        return super().told_on() or self.parent.told_on()

    @property
    def ref(self):
        """``parent-slug/key``: how fixtures name this row from elsewhere."""
        return f"{self.parent.slug}/{self.key}"

    @property
    def public_id(self):
        """``parent-slug.key``: the identifier in the API, the same in every installation."""
        return f"{self.parent.slug}.{self.key}"

    @classmethod
    def entry_label(cls, row):
        """What readers call an entry; ``row`` is its public form."""
        name = fact_wording.name_of(row, cls.KNOWN_BY) or row["key"]
        return f"{capfirst(str(cls._meta.verbose_name))}: {name}"

    def key_words(self):
        """The words that the key is made of if the editor gives none."""
        raise NotImplementedError

    def shown_key_words(self):
        """The words of a new key. Readers see keys, so the name of a draft must not be among them."""
        return self.key_words()

    def default_key(self):
        """The key that a fixture may leave out. It does not depend on what is published."""
        return _as_key(self.key_words())

    def free_key(self, taken):
        """A key for the row, as a new one, that is none of those ``taken``."""
        taken = set(taken)
        return next(key for key in numbered(_as_key(self.shown_key_words())) if key not in taken)


def _as_key(words):
    text = fold("-".join(str(word) for word in words if word)).replace("_", " ")
    return slugify(text)[:100].strip("-") or "entry"


def one_key(parent, name):
    """The constraint that a part's key is unique within its parent."""
    return models.UniqueConstraint(
        fields=[parent, "key"],
        name=f"{name}_key_once",
        violation_error_message=_("Another entry of this record has the same key."),
    )
