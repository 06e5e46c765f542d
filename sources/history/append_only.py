"""Base classes of rows that are never changed or deleted, not even with the record that they are about.

These classes raise an error with a reason. Triggers refuse the same in the database (``sources.history.trail_triggers``).
"""

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.utils.translation import gettext as _


class AppendOnlyError(TypeError):
    """The code tried to change or remove a row of the trail."""

    def __init__(self, model):
        super().__init__(
            _("A %(row)s is written once and never changed or removed.") % {"row": model._meta.verbose_name}
        )


class AppendOnlyQuerySet(models.QuerySet):
    def update(self, **kwargs):
        raise AppendOnlyError(self.model)

    def bulk_update(self, objs, fields, batch_size=None):
        raise AppendOnlyError(self.model)

    def bulk_create(self, objs, *args, **kwargs):
        """Refused too, because ``save()`` seals each row with the one before it."""
        raise AppendOnlyError(self.model)

    def delete(self):
        raise AppendOnlyError(self.model)

    update.alters_data = bulk_update.alters_data = delete.alters_data = True
    delete.queryset_only = True


class AppendOnly(models.Model):
    """A row that is written once."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise AppendOnlyError(type(self))
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args, **kwargs):
        raise AppendOnlyError(type(self))


class TrailRelation(GenericRelation):
    """A ``GenericRelation`` to rows of the trail, which deleting the record does not delete."""

    def bulk_related_objects(self, objs, using="default"):
        return []
