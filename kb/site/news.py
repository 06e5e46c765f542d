"""What changed of late, in substance: a record that is new to readers, or a published one of which a fact changed.

Read from the frozen versions. A publication that changed only grades, sources, the order of entries or names of other records is no
news.
"""

from functools import lru_cache

import orjson
from django.contrib.contenttypes.models import ContentType
from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import get_language

from sources.history.versions import differences
from sources.models import Version
from sources.reading.api import link
from sources.reading.fact_wording import field_of
from sources.records.base import record_models
from sources.records.dossier.kinds import ABOUT

# How many are shown, how many versions are looked at for them, and how many changes of each are told.
SHOWN, LOOKED_AT, TOLD = 8, 60, 3
# The kinds of difference that change what is said, not how well it is sourced.
OF_SUBSTANCE = ("value", "added", "removed", "ruling")


def news():
    """``[{"day", "of", "label", "changes", "more", "address"}]``, the latest first; a new record has no ``changes``."""
    versions = list(_candidates()[:LOOKED_AT])
    records = _records(versions)
    rows = (_told(version, records.get((version.record_type_id, version.record_id))) for version in versions)
    return _first(row for row in rows if row)


def _first(rows):
    """The rows to show, each record once; those of one day in the order in which readers meet their kinds."""
    chosen = {}
    for row in rows:
        chosen.setdefault(row["address"], row)
    ordered = sorted(chosen.values(), key=lambda row: (row["day"], -row["order"]), reverse=True)
    return ordered[:SHOWN]


def _candidates():
    """Versions whose content is kept, the latest first, without it: first ones of kinds that are news, and all later ones."""
    models = record_models()
    types = ContentType.objects.get_for_models(*models)
    news_types = [types[model].pk for model in models if model.IS_NEWS]
    same = Version.objects.filter(record_type=OuterRef("record_type"), record_id=OuterRef("record_id"))
    before = same.filter(number__lt=OuterRef("number")).exclude(body="").order_by("-number")
    kept = Version.objects.exclude(body="").filter(Q(number__gt=1) | Q(record_type__in=news_types))
    rows = kept.annotate(before=Subquery(before.values("pk")[:1]), digest_before=Subquery(before.values("sha256")[:1]))
    return rows.defer("body").order_by("-at", "-pk")


def _records(versions):
    """``{(type, key): record}`` of the published records that the versions are of."""
    wanted = {}
    for version in versions:
        wanted.setdefault(version.record_type_id, []).append(version.record_id)
    return {
        (key, row.pk): row
        for key, pks in wanted.items()
        for row in ContentType.objects.get_for_id(key).model_class().objects.published().filter(pk__in=pks)
    }


def _told(version, record):
    """A version as a line of news; ``None`` if readers do not see the record, or nothing of substance changed."""
    if record is None or (version.number > 1 and version.before is None):
        return None
    changes = _changes(version, type(record)) if version.before else ()
    if version.number > 1 and not changes:
        return None
    return {
        "day": version.at.date().isoformat(),
        "of": link(record),
        "label": str(record._meta.verbose_name),
        "changes": changes[:TOLD],
        "more": len(changes[TOLD:]),
        "address": reverse(f"{record.KIND}-history", args=[record.slug]),
        "order": record.READING_ORDER,
    }


def _changes(version, model):
    pair = (version.before, version.digest_before), (version.pk, version.sha256)
    return [change for change in _of_substance(*pair, get_language()) if _is_own(model, change)]


def _is_own(model, change):
    """Whether the change is of a plain field, in an entry that is known by plain fields: whatever names another record could name one
    that readers no longer see. Further names come from mergers."""
    part = change["part"].partition("/")[0]
    if part and (part not in model.PARTS or part in dict(model.FURTHER_NAMES)):
        return False
    row = model._meta.get_field(part).related_model if part else model
    fields = [*change["field"].split(","), *(getattr(row, "KNOWN_BY", ()) if part else ())]
    return not any(name == ABOUT or _is_relation(row, name) for name in fields if name)


def _is_relation(model, name):
    field = field_of(model, name)
    return field is not None and field.is_relation


@lru_cache(256)
def _of_substance(before, after, _language):
    """The differences of substance between two versions, each given with its digest, so that what is kept is always right."""
    bodies = dict(Version.objects.filter(pk__in=[before[0], after[0]]).values_list("pk", "body"))
    changes = differences(*(orjson.loads(bodies[pk]) for pk, _digest in (before, after)))
    # The status is what readers look for first.
    told = [change.as_data() for change in changes if change.what in OF_SUBSTANCE]
    return sorted(told, key=lambda change: (change["part"], change["field"]) != ("", "status"))
