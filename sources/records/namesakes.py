"""Labels that distinguish rows with the same name: a source by publisher and date, a person by the latest office."""

from collections import Counter

from sources.reading.fact_wording import choice_label, field_of
from sources.records.dossier.kinds import is_documented
from sources.records.status import Status

NAMES = ("name", "title", "label", "question", "version", "slug")


class ToldApart:
    """A model whose rows may share a name."""

    # The columns by which people tell them apart.
    TOLD_APART_BY = ()

    @classmethod
    def details_of(cls, keys):
        """``{primary key: text}``: details that distinguish these rows from others with the same name. At most one query."""
        if not cls.TOLD_APART_BY:
            return {}
        rows = cls.objects.filter(pk__in=list(keys)).values_list("pk", *cls.TOLD_APART_BY)
        return {pk: ", ".join(cls._details_in_words(values)) for pk, *values in rows}

    @classmethod
    def _details_in_words(cls, values):
        for name, value in zip(cls.TOLD_APART_BY, values, strict=True):
            if value:
                field = field_of(cls, name)
                yield choice_label(cls, name, value) if getattr(field, "choices", None) else str(value)


def name_column(model):
    """The column that holds the name of a row."""
    return next(name for name in NAMES if field_of(model, name))


def choice_labels(rows):
    """``{primary key: label}`` of rows of one model: the name and its details, and the slug if two labels are still equal.

    Namesakes in the database count, even if they are not among ``rows``. At most three queries.
    """
    rows = list(rows)
    if not rows or not is_documented(rows[0]):
        return {row.pk: str(row) for row in rows}
    model = type(rows[0])
    known = {row.pk: row for row in [*rows, *_namesakes(model, rows)]}
    details = model.details_of(known)
    labels = {pk: f"{row} — {details[pk]}" if details.get(pk) else str(row) for pk, row in known.items()}
    times = Counter(labels.values())
    return {row.pk: labels[row.pk] if times[labels[row.pk]] == 1 else f"{labels[row.pk]} ({row.slug})" for row in rows}


def plain_labels(rows):
    """``{primary key: label}`` of rows of one model without a query: the name, and the slug if two of ``rows`` share it."""
    names = {row.pk: str(row) for row in rows}
    times = Counter(names.values())
    return {
        row.pk: f"{row} ({row.slug})" if times[str(row)] > 1 and hasattr(row, "slug") else names[row.pk] for row in rows
    }


def _namesakes(model, rows):
    name = name_column(model)
    names = {getattr(row, name) for row in rows}
    namesakes = model.objects.filter(**{f"{name}__in": names}).exclude(pk__in=[row.pk for row in rows])
    if getattr(model, "SORTED_BY_NAME", False) and model.SEARCH_FIELDS[0] == name:
        # The names themselves stand in no index; what they are sorted by does, with the status.
        namesakes = namesakes.filter(status__in=Status.values, sort_key__in={row.sort_key for row in rows})
    return namesakes
