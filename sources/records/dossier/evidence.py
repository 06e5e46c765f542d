"""Citations and rulings from a dossier to rows."""

import datetime
import re
from typing import NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError

from sources.lib.identifiers import assign_ids
from sources.records.dossier.kinds import DossierError
from sources.records.dossier.plans import field_of, new_row
from sources.records.dossier.saving import create, first_error
from sources.records.dossier.values import as_list, clean, find

_ROWS = {"citations": "citations", "rulings": "adjudications"}
_ID = re.compile(r"[0-9a-f]{12}")


def write_evidence(record, evidence, before, corrects=False):
    """Make citations and rulings match ``evidence``: ``{part: (entry of the dossier, row)}``. ``before`` has the lists of those that
    are there.

    ``corrects``: an entry without identifiers may correct an existing one, and then keeps its identifier.
    """
    _write_rows(record, build_citations(record, evidence), before.get("citations", ()), corrects)
    _write_rows(record, build_rulings(record, evidence), before.get("adjudications", ()), corrects)


def build_citations(record, evidence):
    """Yield ``(path, row, target)``: an unsaved citation for each one in ``evidence`` (see ``write_evidence``)."""
    yield from _build_rows(record, evidence, "citations", _wanted_citations)


def build_rulings(record, evidence):
    """The same for rulings."""
    yield from _build_rows(record, evidence, "rulings", _wanted_rulings)


def _build_rows(record, evidence, word, wanted):
    model = record._meta.get_field(_ROWS[word]).related_model
    about = {
        "record_type_id": ContentType.objects.get_for_model(record).pk, "record_id": record.pk, "record_ref": record.ref
    }  # fmt: skip
    to_record = model._meta.get_field("record")
    for part, (entry, target) in evidence.items():
        for path, fields, content in wanted(as_list(entry.get(word), word), f"{part or 'record'}.{word}"):
            said = _content_of(model, content, path)
            for field, uid in fields:
                if field not in target.CITABLE_FIELDS:
                    raise DossierError(path, f"“{field}” is not a field that can be cited")
                row = new_row(model, {**about, "part": part, "field": field, "uid": uid, **said.columns})
                row._state.fields_cache = dict(said.named)
                to_record.set_cached_value(row, record)
                yield path, row, target


def _write_rows(record, built, before, corrects):
    """Replace the rows about ``record`` by those in ``built``. Rows with the same content are kept."""
    present, kept, fresh = {}, [], []
    for row in before:
        present.setdefault(_identity(row), []).append(row)
    for path, row, target in built:
        check_target(row, target, path)
        same = present.get(_identity(row))
        if same:
            kept.append(same.pop())
        else:
            fresh.append((path, row))
    gone = [row for rows in present.values() for row in rows]
    for row in gone:
        row.delete()
    check_distinct(kept, fresh)
    rows = [row for _path, row in fresh]
    assign_ids(rows, gone if corrects else (), {row.uid for row in kept} | ids_of_others(record, rows))
    create(fresh, rules=False)


def check_distinct(kept, fresh):
    taken = {row.place_words() for row in kept}
    for path, row in fresh:
        if row.place_words() in taken:
            raise DossierError(path, f"“{row.field}” has two entries that differ in nothing but their value or note")
        taken.add(row.place_words())


def ids_of_others(record, rows):
    """The identifiers of these rows that rows about other records already have."""
    brought = {row.uid for row in rows} - {""}
    if not brought:
        return set()
    others = type(rows[0]).objects.filter(uid__in=brought).exclude(record_ref=record.ref)
    return {*others.values_list("uid", flat=True)}


def check_target(row, target, path):
    """Check kept rows too: the row that they are about may have changed."""
    try:
        row.check_target(target)
    except ValidationError as error:
        raise DossierError(*first_error(error, path)) from None


def _identity(row):
    values = (getattr(row, row._meta.get_field(name).attname) for name in row.CONTENT_FIELDS)
    return (row.part, row.field, *(value if value != "" else None for value in map(_plain, values)))


def _plain(value):
    return str(value) if isinstance(value, datetime.date) else value


def _wanted_citations(entries, path):
    for number, entry in enumerate(entries):
        where = f"{path}[{number}]"
        fields = entry.get("fields") if isinstance(entry, dict) else None
        if not isinstance(fields, list) or not fields:
            raise DossierError(where, "a citation lists the fields it supports: fields: [date, place]")
        ids = _ids_in(entry, where)
        content = {name: value for name, value in entry.items() if name not in ("fields", "ids")}
        yield where, [(field, ids.get(field, "")) for field in fields], content


def _wanted_rulings(entries, path):
    for number, entry in enumerate(entries):
        where = f"{path}[{number}]"
        if not isinstance(entry, dict) or "field" not in entry:
            raise DossierError(where, "a ruling names its field")
        yield where, [(entry["field"], "")], {name: value for name, value in entry.items() if name != "field"}


def _ids_in(entry, where):
    """``{field: identifier}`` of a citation that was corrected after it got its identifier."""
    ids = entry.get("ids", {})
    if not isinstance(ids, dict) or not all(isinstance(uid, str) and _ID.fullmatch(uid) for uid in ids.values()):
        raise DossierError(
            f"{where}.ids", "the identifiers of a citation are written as field: twelve letters and digits"
        )
    return ids


class _Content(NamedTuple):
    """What a citation or ruling says: values by column, and the rows that it names by relation."""

    columns: dict
    named: dict


def _content_of(model, content, path):
    unknown = sorted(content.keys() - set(model.CONTENT_FIELDS))
    if unknown:
        raise DossierError(f"{path}.{unknown[0]}", "there is no such field")
    said = _Content({}, {})
    for name, value in content.items():
        field, plain = field_of(model, name, "CONTENT_FIELDS")
        if plain:
            said.columns[name] = clean(plain, value, f"{path}.{name}")
        else:
            said.named[name] = target = find(field.related_model, value, None, f"{path}.{name}")
            said.columns[field.attname] = target.pk
    return said
