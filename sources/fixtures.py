"""Fixtures: the published content as one readable YAML file per record, ``fixtures/<kind>/<slug>.yaml``.

A file is the record's dossier (see ``kb.core.dossier``) with, where the record is not published, its ``status``. All files
load in one transaction, in any order; the first mistake is reported with file, record and field, and nothing changes.
A record that an editor changed since it was loaded is left as it is.
"""

import codecs
import gc
import hashlib
import os
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

import yaml
from django.core.exceptions import ValidationError
from django.db import transaction

from kb.core import dossier
from kb.core.records import Record, Status
from sources import contested
from sources.models import LoadedFixture, Source

# A kind comes after the kinds its own fields name; parts and citations are written when all records exist.
KINDS = (
    "publishers", "sources", "organisations", "people", "codebooks", "topics", "agreements", "series", "exercises",
    "assistance", "events", "findings", "positions",
)  # fmt: skip
STATUS_FIELDS = ("status", "withdrawn_reason", "merged_into")
MAX_FILE_BYTES = 2_000_000
COMMENT = "Loaded from the fixtures"


class FixtureError(ValueError):
    """A fixture is refused; the message names the file, the record and the field."""


class _TextLoader(getattr(yaml, "CBaseLoader", yaml.BaseLoader)):
    """Every scalar is text: no “no” that means false, no date that loses its precision. Each key stands once."""

    def construct_mapping(self, node, deep=False):
        keys = [key.value for key, _value in node.value]
        twice = {str(key) for key in keys if keys.count(key) > 1}
        if twice:
            raise FixtureError(f"the key “{sorted(twice)[0]}” stands twice")
        return super().construct_mapping(node, deep)


class _TextDumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):
    yaml_implicit_resolvers = {}

    def ignore_aliases(self, data):
        return True

    def represent_list(self, data):
        """Lists of words on one line, lists of entries one below the other."""
        words = all(isinstance(item, str) for item in data)
        return self.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=words)


_TextDumper.add_representer(list, _TextDumper.represent_list)


@dataclass
class LoadReport:
    """What a load did: refs of records by outcome."""

    created: list = field(default_factory=list)
    updated: list = field(default_factory=list)
    unchanged: int = 0
    kept: list = field(default_factory=list)


@dataclass
class _File:
    path: Path
    kind: str
    slug: str
    sha256: str
    data: dict
    status: dict
    record: object = None
    is_new: bool = False


# Loading


def load(folder):
    """Load every fixture below ``folder``. Returns a ``LoadReport``; raises ``FixtureError`` at the first mistake."""
    report = LoadReport()
    with transaction.atomic(), _no_garbage_collection():
        _load(_paths(folder), report, _stop)
    return report


@contextmanager
def _no_garbage_collection():
    """All rows stay in memory until the end; looking for cycles among them over and over takes a fifth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def find_mistakes(folder):
    """Try to load every fixture, change nothing, and return all mistakes as messages."""
    mistakes = []
    with transaction.atomic():
        _load(_paths(folder), LoadReport(), mistakes.append)
        transaction.set_rollback(True)
    return [str(mistake) for mistake in mistakes]


def _stop(mistake):
    raise mistake


def _load(paths, report, refuse):
    """Write the files in four rounds, so that their order does not matter; ``refuse`` gets each mistake."""
    known = {(row.kind, row.slug): row for row in LoadedFixture.objects.all()}
    files = []
    for path in paths:
        try:
            file = _read_if_changed(path, known, report)
        except FixtureError as mistake:
            refuse(mistake)
            continue
        if file:
            files.append(file)
    _find_records(files)
    files = [file for file in files if _may_write(file, known, report)]
    with dossier.remembering():
        for step in (_write_fields, _write_rest):
            files = [file for file in files if _try(step, file, refuse)]
        for batch in _batches(files):
            dossier.gather([file.record for file in batch])
            finished = [file for file in batch if _try(_finish, file, refuse)]
            _remember(finished)
    records = _touched_by(files)
    for batch in _batches(records, of=lambda record: record):
        dossier.gather(batch)
        for record in batch:
            record.refresh_derived()
    _freeze_versions(records)


def _batches(items, of=lambda file: file.record, size=100):
    """Lists of at most ``size`` items whose records are of one kind."""
    for _kind, group in groupby(items, key=lambda item: type(of(item))):
        group = list(group)
        for start in range(0, len(group), size):
            yield group[start : start + size]


def _paths(folder):
    folder = Path(folder)
    strangers = sorted(path.name for path in folder.iterdir() if path.is_dir() and path.name not in KINDS)
    if strangers:
        raise FixtureError(f"{strangers[0]}/: there is no such kind; the kinds are {', '.join(KINDS)}")
    for kind in KINDS:
        yield from sorted((folder / kind).glob("*.yaml"))


def _read_if_changed(path, known, report):
    raw = path.read_bytes()
    sha256 = hashlib.sha256(raw).hexdigest()
    kind, slug = path.parent.name, path.stem
    before = known.get((kind, slug))
    if before and before.file_sha256 == sha256:
        report.unchanged += 1
        return None
    data = _parse(path, raw)
    status = {name: data.pop(name) for name in STATUS_FIELDS if name in data}
    return _File(path, kind, slug, sha256, data, status)


def _parse(path, raw):
    where = f"{path.parent.name}/{path.name}"
    if len(raw) > MAX_FILE_BYTES:
        raise FixtureError(f"{where}: larger than {MAX_FILE_BYTES} bytes")
    if raw.startswith(codecs.BOM_UTF8):
        raise FixtureError(f"{where}: starts with a byte-order mark; save it as plain UTF-8")
    try:
        text = raw.decode("utf-8")
        if "*" in text and any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=_TextLoader)):
            raise FixtureError("aliases are not allowed")
        data = yaml.load(text, Loader=_TextLoader)  # noqa: S506  (a base loader: text only)
    except UnicodeDecodeError as error:
        raise FixtureError(f"{where}: not UTF-8 at byte {error.start}") from None
    except RecursionError:
        raise FixtureError(f"{where}: nested too deeply") from None
    except (yaml.YAMLError, FixtureError) as error:
        raise FixtureError(f"{where}: {error}") from None
    if not isinstance(data, dict) or any(not isinstance(key, str) for key in data):
        raise FixtureError(f"{where}: a fixture is one mapping of fields")
    return data


def _find_records(files):
    """Set the record of each file, if it is there."""
    for kind, group in groupby(files, key=lambda file: file.kind):
        group = list(group)
        rows = dossier.documented_models()[kind].objects.select_for_update()
        present = {row.slug: row for row in rows.filter(slug__in=[file.slug for file in group])}
        for file in group:
            file.record = present.get(file.slug)


def _may_write(file, known, report):
    model = dossier.documented_models()[file.kind]
    before = known.get((file.kind, file.slug))
    if file.record is None and before is None:
        file.record, file.is_new = model(slug=file.slug), True
        report.created.append(f"{file.kind}/{file.slug}")
        return True
    if before is None or file.record is None or _state_digest(file.record) != before.dossier_sha256:
        report.kept.append(f"{file.kind}/{file.slug}")
        return False
    report.updated.append(f"{file.kind}/{file.slug}")
    return True


def _try(step, file, refuse):
    where = f"{file.path.parent.name}/{file.path.name}: {file.slug}"
    try:
        with transaction.atomic():
            step(file)
    except (dossier.DossierError, ValidationError) as error:
        message = "; ".join(error.messages) if isinstance(error, ValidationError) else error
        refuse(FixtureError(f"{where}: {message}"))
        return False
    return True


def _write_fields(file):
    dossier.write_fields(file.record, file.data, skip_self=True)


def _write_rest(file):
    record = file.record
    if any(dossier.names_own_kind(record, name) for name in record.DOSSIER_FIELDS if name in file.data):
        dossier.write_fields(record, file.data)
    dossier.write_parts(record, file.data, derive=False, is_new=file.is_new)


def _finish(file):
    """The history and the status; the record is gathered."""
    file.record.note_revision(by=None, comment=COMMENT, is_first=file.is_new)
    _set_status(file)


def _set_status(file):
    record = file.record
    if not isinstance(record, Record):
        if file.status:
            raise dossier.DossierError("status", "this kind has no publication status")
        return
    status = file.status.get("status", Status.PUBLISHED)
    if status not in Status.values:
        raise dossier.DossierError("status", f"“{status}” is not a status")
    if status in (Status.DRAFT, Status.IN_REVIEW):
        if status == Status.IN_REVIEW and record.status == Status.DRAFT:
            record.submit(by=None, comment=COMMENT)
        return
    record.publish(by=None, comment=COMMENT, freeze=False)
    if status == Status.WITHDRAWN:
        record.withdraw(by=None, reason=file.status.get("withdrawn_reason", ""))
    elif status == Status.MERGED:
        into = type(record).objects.filter(slug=file.status.get("merged_into", "")).first()
        if into is None:
            raise dossier.DossierError("merged_into", "there is no such record")
        record.merge(into, by=None, reason=COMMENT)


def _remember(files):
    """Note what was loaded; the records are gathered."""
    rows = [
        LoadedFixture(
            kind=file.kind, slug=file.slug, file_sha256=file.sha256, dossier_sha256=_state_digest(file.record)
        )
        for file in files
    ]
    LoadedFixture.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["kind", "slug"],
        update_fields=["file_sha256", "dossier_sha256"],
    )


def _state_digest(record):
    return dossier.digest([_status_of(record), dossier.read(record)])


def _freeze_versions(records):
    """Versions are frozen when every record that they name stands as it will be seen."""
    published = [record for record in records if record.is_published]
    for batch in _batches(published, of=lambda record: record):
        representations = batch[0].represent_many(batch)
        for record in batch:
            record.freeze_version(representations[record.pk])


def _touched_by(files):
    """The records of the files, and those that rest on a source among them, each once: now that the sources are published,
    their citations count."""
    records = {file.record.ref: file.record for file in files if isinstance(file.record, Record)}
    updated = [file.record for file in files if isinstance(file.record, Source) and not file.is_new]
    resting = {record.ref: record for record in contested.records_resting_on(updated)} if updated else {}
    return list({**resting, **records}.values())


# Writing back


def as_fixture(record):
    """The dossier of a record with its status, where it is not published."""
    return {**_status_of(record), **dossier.read(record, brief=True)}


def _status_of(record):
    if not isinstance(record, Record) or record.is_published:
        return {}
    status = {"status": str(record.status)}
    if record.withdrawn_reason:
        status["withdrawn_reason"] = record.withdrawn_reason
    if record.merged_into:
        status["merged_into"] = record.merged_into.slug
    return status


def dump(record):
    """The bytes of the record's fixture file."""
    text = yaml.dump(
        _as_text(as_fixture(record)),
        Dumper=_TextDumper,
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=False,
        width=110,
    )
    return text.encode()


def _as_text(value):
    if isinstance(value, dict):
        return {key: _as_text(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_text(item) for item in value]
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


def export(folder, check=False):
    """Write every record's fixture below ``folder``; return the paths that differed. ``check`` writes nothing."""
    folder = Path(folder)
    differing, wanted = [], set()
    models = dossier.documented_models()
    if not any(models[kind].objects.exists() for kind in KINDS):
        raise FixtureError("the database holds no records; nothing was written or removed")
    for kind in KINDS:
        for batch in _batches(models[kind].objects.order_by("slug"), of=lambda record: record):
            dossier.gather(batch)
            for record in batch:
                path = folder / kind / f"{record.slug}.yaml"
                wanted.add(path)
                body = dump(record)
                if not path.exists() or path.read_bytes() != body:
                    differing.append(path)
                    if not check:
                        _replace(path, body)
    for kind in KINDS:
        for path in sorted((folder / kind).glob("*.yaml")):
            if path not in wanted:
                differing.append(path)
                if not check:
                    path.unlink()
    return differing


def _replace(path, body):
    """Write, sync and rename, so that no file under its final name is ever half written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(body)
            out.flush()
            os.fsync(out.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
