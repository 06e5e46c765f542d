"""Public identifiers of rows about a record: derived from the first content of the row, and kept when it is corrected."""

from itertools import count


def assign_ids(fresh, gone=(), taken=()):
    """Set the public identifier of each of the ``fresh`` rows about a record.

    A row that has one keeps it. A row that corrects one of the ``gone`` rows takes over its identifier. The others get a new one.
    ``taken`` are identifiers of other rows.
    """
    taken = set(taken)
    for row in fresh:
        if row.uid in taken:
            row.uid = ""
        taken |= {row.uid} - {""}
    free = [row for row in gone if row.uid not in taken]
    for level in range(len(fresh[0].likenesses()) if fresh else 0):
        for row in (row for row in fresh if not row.uid):
            former = next((other for other in free if _is_like(row, other, level)), None)
            if former is not None:
                free.remove(former)
                row.uid = former.uid
                taken.add(row.uid)
    for row in (row for row in fresh if not row.uid):
        row.uid = next(uid for uid in map(row.make_uid, count(1)) if uid not in taken)
        taken.add(row.uid)


def _is_like(row, other, level):
    likeness = row.likenesses()[level]
    same_place = (row.part, row.field) == (other.part, other.field)
    return likeness is not None and same_place and likeness == other.likenesses()[level]
