"""Rows that public forms show: changing one marks the forms, however it is changed."""

from django.db import models

from sources.reading.store import keeping


class MarkedRow:
    """A model whose ``save`` and ``delete`` mark the forms that show the row, in the same transaction."""

    def save(self, *args, **kwargs):
        with keeping.saving():
            super().save(*args, **kwargs)
            keeping.row_changed(self)

    def delete(self, *args, **kwargs):
        with keeping.saving():
            keeping.row_changed(self)
            return super().delete(*args, **kwargs)

    delete.alters_data = save.alters_data = True


class MarkingQuerySet(models.QuerySet):
    """``update`` marks too. ``bulk_create`` does not: who uses it saves the record beside it."""

    def update(self, **columns):
        with keeping.saving():
            for row in self:
                keeping.row_changed(row)
            return super().update(**columns)

    update.alters_data = True

    def bulk_update(self, objs, fields, batch_size=None):
        """As ``update``, of rows in memory: they are not read once more."""
        with keeping.saving():
            for row in objs:
                keeping.row_changed(row)
            return models.QuerySet(self.model, using=self._db).bulk_update(objs, fields, batch_size)

    bulk_update.alters_data = True
