"""Rows about one field of one record, of whatever kind the record is."""

import hashlib
from collections import defaultdict
from functools import lru_cache, reduce
from operator import or_

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce, Substr
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from sources.lib.identifiers import assign_ids
from sources.reading.store.marking import MarkedRow, MarkingQuerySet
from sources.records.base import record_models
from sources.records.status import is_published


class AboutRecord(MarkedRow, models.Model):
    """A row about one field of one record, or of one of its parts.

    ``part`` is empty for the record itself, else ``<parts>/<key>``, for example ``milestones/signed``.
    """

    record_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+", editable=False)
    record_id = models.BigIntegerField(editable=False)
    record = GenericForeignKey("record_type", "record_id")
    part = models.CharField(
        max_length=160,
        blank=True,
        help_text=_("The entry of the record that is meant; empty for the record itself."),
    )
    field = models.CharField(max_length=40, help_text=_("The field that is meant."))
    record_ref = models.CharField(
        max_length=160,
        editable=False,
        help_text=_("The record as “kind/slug”; slugs never change, so lists need not look the record up."),
    )
    uid = models.CharField(
        max_length=16,
        unique=True,
        editable=False,
        help_text=_("The public identifier, the same in every installation. A correction does not change it."),
    )

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        self.stamp()
        super().save(*args, **kwargs)

    def stamp(self):
        """Set ``record_ref``, and the public identifier if there is none yet."""
        self.record_ref = self.record.ref
        if not self.uid:
            rows = type(self).objects.filter(record_type=self.record_type, record_id=self.record_id).exclude(pk=self.pk)
            assign_ids([self], taken={*rows.values_list("uid", flat=True)})

    def make_uid(self, number=1):
        """The first identifier of the row. If another row has it, the caller tries a higher ``number``."""
        words = (self.record_ref, self.part, self.field, *self.uid_words(), *([str(number)] if number > 1 else ()))
        return hashlib.sha256("\x1f".join(words).encode()).hexdigest()[:12]

    def uid_words(self):
        """The values that distinguish two rows about the same field."""
        return ()

    def place_words(self):
        """The values that are unique among the rows about one record."""
        return (self.part, self.field, *self.uid_words())

    def likenesses(self):
        """The values by which a corrected row is recognised, the surest first; ``None`` where the row has no such value."""
        return ((),)

    def clean(self):
        record = self.record
        if record is None:
            return
        rows = dict(record.cited_rows())
        if self.part not in rows:
            raise ValidationError({"part": _("The record has no entry “%(part)s”.") % {"part": self.part}})
        if self.field not in rows[self.part].CITABLE_FIELDS:
            raise ValidationError({"field": _("“%(field)s” is not a field that can be cited.") % {"field": self.field}})
        self.check_target(rows[self.part])

    def check_target(self, row):
        """Check this row against ``row``, the record or part that it is about. Raises ``ValidationError``."""


def check_about(row):
    """Check that ``row`` names an existing record of a public kind, or none. Raises ``ValidationError``."""
    if row.record_type_id is None and row.record_id is None:
        return
    if row.record_type_id is None or row.record_id is None:
        raise ValidationError({"record_id": _("Name both the kind and the record, or neither.")})
    if row.record_type.model_class() not in record_models():
        raise ValidationError({"record_type": _("Choose a kind of record.")})
    if row.about is None:
        raise ValidationError({"record_id": _("There is no such record.")})


class AboutRecordQuerySet(MarkingQuerySet):
    def of_published_records(self):
        """Rows about records that readers can see, in one query."""
        return self & _of_published_records(self.model, _types(record_models()))

    def on_visible_parts(self, model=None):
        """Rows about records, or about parts that readers see. Does not check the status of the record.

        ``model``: all rows are about records of this kind, which makes a shorter query.
        """
        return self & _on_visible_parts(self.model, _types([model] if model else record_models()))

    def published(self):
        return self.of_published_records()

    def records(self):
        """The records that the rows are about, by kind and slug; one query a kind."""
        keys = defaultdict(set)
        for record_type, record_id in self.order_by().values_list("record_type", "record_id").distinct():
            keys[record_type].add(record_id)
        return [
            record
            for model, content_type in _types(record_models())
            if content_type in keys
            for record in model.objects.filter(pk__in=keys[content_type]).order_by("slug")
        ]


# These two are unions over every kind of record and part: building one takes longer than asking it, so each is built once. What
# they depend on is in the arguments: emptied tables (in tests) give the content types new keys.


@lru_cache(64)
def _of_published_records(model, types):
    return model.objects.filter(_about_published(types)) & _on_visible_parts(model, types)


@lru_cache(64)
def _on_visible_parts(model, types):
    hidden = [condition for kind, pk in types for condition in _about_hidden_parts(kind, pk)]
    return model.objects.exclude(reduce(or_, hidden)) if hidden else model.objects.all()


def _types(kinds):
    """The kinds with the keys of their content types."""
    return tuple((kind, ContentType.objects.get_for_model(kind).pk) for kind in kinds)


def about_published_record():
    """The condition that the record a row is about is published, whatever its kind."""
    return _about_published(_types(record_models()))


def _about_published(types):
    """One look-up by primary key for each row; ``IN`` would make SQLite collect the keys of every published record first."""
    return reduce(or_, (Q(_is_of_type(pk)) & Q(is_published(kind, "record_id")) for kind, pk in types))


def _is_of_type(pk):
    """Through a function, or SQLite may collect the rows of each type from the index of types and sort them all."""
    return Exact(Coalesce("record_type", 0, output_field=models.BigIntegerField()), pk)


def _about_hidden_parts(model, content_type):
    """Conditions that a row is about a part that readers do not see, since it names a record that is not public.

    One for each foreign key: PostgreSQL reads the few records that are not public and then the parts that name them, where for two
    keys at once it would read every part of that kind.
    """
    for name in model.PARTS:
        part = model._meta.get_field(name).related_model
        key = Substr(models.OuterRef("part"), len(name) + 2)
        for foreign_key in part.NAMES:
            rows = part.objects.naming_hidden_records(foreign_key).filter(
                **{part.PARENT: models.OuterRef("record_id"), "key": key}
            )
            yield Q(models.Exists(rows), record_type=content_type, part__startswith=f"{name}/")


def about_index(name, *more):
    return models.Index(fields=["record_type", "record_id", *more], name=name)
