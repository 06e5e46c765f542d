"""Recomputes derived columns of existing rows."""

BATCH = 500


def refill(rows, derived):
    """Set the columns that ``derived(row)`` gives as ``{column: value}`` on each of ``rows``, in batches.

    Uses ``bulk_update``, so ``save()`` does not run and ``updated_at`` stays.
    """
    batch = []
    for row in rows.iterator(chunk_size=BATCH):
        values = derived(row)
        for column, value in values.items():
            setattr(row, column, value)
        batch.append(row)
        if len(batch) == BATCH:
            rows.model.objects.bulk_update(batch, values)
            batch = []
    if batch:
        rows.model.objects.bulk_update(batch, values)
