"""Columns that are derived from others, filled anew for the rows that stand."""

BATCH = 500


def refill(rows, derived):
    """Set the columns of ``derived(row) -> {column: value}`` on each of ``rows``, a batch at a time. Nothing else is touched,
    not even the day of the last change."""
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
