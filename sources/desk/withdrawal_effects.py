"""The effects of a withdrawal on other published records: facts without a source, and entries that are no longer shown."""

from collections import defaultdict
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from sources.desk.wording import fact_label, row_label
from sources.models import Citation, NegativeFinding, Source
from sources.records import dossier
from sources.records.base import Record, Reviewed
from sources.records.status import Status


@dataclass(frozen=True)
class Effect:
    """``unsourced`` and ``unshown`` are ``[(record, [what, in words])]``, of published records that stay."""

    unsourced: list
    unshown: list

    def __bool__(self):
        return bool(self.unsourced or self.unshown)

    @property
    def digest(self):
        """A digest, to check that the effect is still the one that the reviewer saw."""
        return dossier.digest(
            [[(record.ref, words) for record, words in part] for part in (self.unsourced, self.unshown)]
        )


def of_withdrawal(records):
    """The ``Effect`` of withdrawing these records together."""
    records = list(records)
    gone = {(type(record), record.pk) for record in records}
    return Effect(_in_words(_unsourced(records), gone, _fact), _in_words(_unshown(records), gone, _entry))


def _unsourced(records):
    """``{(record type, record id): {(part, field)}}`` of the facts whose only support is one of the records."""
    sources, findings = ([row.pk for row in records if isinstance(row, kind)] for kind in (Source, NegativeFinding))
    resting = Q(source__in=sources) | Q(finding__in=findings)
    support = Citation.objects.filter(stance="supports").exclude(locator="").order_by()
    columns = ("record_type", "record_id", "part", "field")
    lost = set(support.filter(resting).on_visible_parts().values_list(*columns))
    about = {record_id for _type, record_id, _part, _field in lost}
    others = support.usable().filter(record_id__in=about).exclude(pk__in=support.filter(resting).values("pk"))
    by_record = defaultdict(set)
    for record_type, record_id, part, field in lost - set(others.values_list(*columns)):
        by_record[record_type, record_id].add((part, field))
    return by_record


def _unshown(records):
    """``{(record type, record id): {(part,)}}`` of the entries that are hidden without one of the records (see ``Part.NAMES``)."""
    by_record = defaultdict(set)
    for model in (model for model in dossier.documented_models().values() if issubclass(model, Record)):
        record_type = ContentType.objects.get_for_model(model).pk
        for list_name in model.PARTS:
            part = model._meta.get_field(list_name).related_model
            for name in part.NAMES:
                named = [row.pk for row in records if isinstance(row, part._meta.get_field(name).related_model)]
                for row in part.objects.filter(**{f"{name}__in": named}) if named else ():
                    by_record[record_type, getattr(row, f"{part.PARENT}_id")].add((f"{list_name}/{row.key}",))
    return by_record


def _in_words(by_record, gone, word):
    """``[(record, words)]`` for the published records that are not themselves withdrawn, by kind and name."""
    effects = []
    for record_type in sorted({record_type for record_type, _pk in by_record}):
        model = ContentType.objects.get_for_id(record_type).model_class()
        ids = [pk for kind, pk in by_record if kind == record_type and (model, pk) not in gone]
        if issubclass(model, Reviewed):
            for record in model.objects.filter(pk__in=ids, status=Status.PUBLISHED).order_by("slug"):
                rows = dict(record.cited_rows())
                words = sorted(word(record, rows, *named) for named in by_record[record_type, record.pk])
                effects.append((record, words))
    return effects


def _fact(record, rows, part, field):
    return fact_label(record.KIND, part, field, rows.get(part))


def _entry(_record, rows, part):
    return row_label(part, rows[part])
