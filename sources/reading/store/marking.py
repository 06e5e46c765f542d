"""The queryset of rows that public forms show."""

from django.db import models

from sources.reading.store import keeping


class MarkingQuerySet(models.QuerySet):
    """Changing rows without ``save()`` marks forms too. ``bulk_create`` does not: who uses it saves the record beside it."""

    def update(self, **columns):
        with keeping.saving():
            for row in self:
                keeping.row_changed(row)
            return super().update(**columns)

    update.alters_data = True
