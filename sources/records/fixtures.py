"""Fixtures: the published content as one readable YAML file per record, ``fixtures/<kind>/<slug>.yaml``.

A file is the record's dossier (see ``sources.records.dossier``) with, where the record is not published, its ``status``. All files
load in one transaction, in any order; the first mistake is reported with file, record and field, and nothing changes.
A record that an editor changed since it was loaded is left as it is; a file that says what the record says changes nothing.
"""

import hashlib
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import prefetch_related_objects

from sources.desk import merging
from sources.lib.collecting import no_garbage_collection
from sources.models import Citation, LoadedFixture, NegativeFinding, Source, TrailHead, heads_kept
from sources.reading.store import counter
from sources.reading.store import keeping as store
from sources.records import bulk, dossier, fixture_files
from sources.records.base import Record, Reviewed
from sources.records.dossier.values import goes_on_in
from sources.records.fixture_files import FixtureError, name_of
from sources.records.loading_order import kinds_in_order
from sources.records.status import Status

STATUS_FIELDS = ("status", "withdrawn_reason", "merged_into")
COMMENT = "Loaded from the fixtures"


@dataclass
class LoadReport:
    """What a load did: refs of records by outcome. ``equal`` counts files whose bytes changed but whose content did not."""

    created: list = field(default_factory=list)
    updated: list = field(default_factory=list)
    equal: int = 0
    unchanged: int = 0
    kept: list = field(default_factory=list)


@dataclass
class ExportReport:
    """What an export did, or would do: the paths written, removed, and left although they have no record."""

    written: list = field(default_factory=list)
    removed: list = field(default_factory=list)
    left: list = field(default_factory=list)


@dataclass(eq=False)
class _File(bulk.Entry):
    path: Path = None
    sha256: str = ""
    is_new: bool = False
    # The digest of the record's state when it was last loaded, and when it was last saved.
    before: str = ""
    saved_at: object = None
    is_equal: bool = False


# Loading


def load(folder, announce=lambda number: None):
    """Load every fixture below ``folder``. Returns a ``LoadReport``; raises ``FixtureError`` at the first mistake.

    All files are read before the transaction starts; then ``announce(number)`` is called with the number of files to write.
    """
    report = LoadReport()
    with no_garbage_collection():
        files = _changed_files(folder, report, _stop)
        if files:
            announce(len(files))
            with store.together(), heads_kept():
                if _is_empty():
                    _write_at_once(files, report)
                else:
                    _write(files, report, _stop)
    return report


def _is_empty():
    """Whether the database holds no record and never held one."""
    return not any(model.objects.exists() for model in (*dossier.documented_models().values(), TrailHead))


def _write_at_once(files, report):
    try:
        bulk.load([files], COMMENT)
    except bulk.Refusal as refusal:
        raise _mistake(refusal.entry, refusal.error) from None
    _remember(files)
    report.created += [f"{file.kind}/{file.slug}" for file in files]
    for file in files:
        if file.wanted_status == Status.MERGED:
            _try(_merge, file, _stop)


def find_mistakes(folder):
    """Load every fixture, roll back, and return the messages of all mistakes."""
    mistakes, report = [], LoadReport()
    files = _changed_files(folder, report, mistakes.append)
    with store.together():
        _write(files, report, mistakes.append)
        transaction.set_rollback(True)
    return [str(mistake) for mistake in mistakes]


def _stop(mistake):
    raise mistake


def _changed_files(folder, report, refuse):
    """The files whose bytes differ from those that were loaded last; ``refuse`` is called with each mistake."""
    known = _known()
    files = []
    for path in _paths(folder):
        try:
            file = _read_if_changed(path, known, report)
        except FixtureError as mistake:
            refuse(mistake)
            continue
        if file:
            files.append(file)
    return files


def _known():
    return {(row.kind, row.slug): row for row in LoadedFixture.objects.all()}


def _write(files, report, refuse):
    """Write the files in four rounds, so that their order does not matter; ``refuse`` is called with each mistake."""
    _find_records(files)
    # Read again after the lock: another load may have come first.
    known = _known()
    files = [file for file in files if _may_write(file, known, report)]
    with dossier.remembering():
        for step in (_write_fields, _write_rest):
            files = [file for file in files if _try(step, file, refuse)]
        for batch in _batches(files):
            dossier.gather([file.record for file in batch])
            _remember([file for file in batch if _try(_finish, file, refuse)])
    _report(files, report)
    records = _touched_by([file for file in files if not file.is_equal])
    for batch in _batches(records, of=lambda record: record):
        _forget_named(batch)
        dossier.gather(batch)
        for record in batch:
            record.refresh_derived()
    merged = [file for file in files if file.status.get("status") == Status.MERGED and not file.is_equal]
    _freeze_versions(records, but={file.record.ref for file in merged})
    for file in merged:
        _try(_merge, file, refuse)


def _forget_named(records):
    """The records that these name were looked up before they were published; what is derived depends on their status."""
    for record in records:
        record._state.fields_cache.clear()
    prefetch_related_objects(records, *dossier.single_relations(type(records[0])))


def _report(files, report):
    for file in files:
        ref = f"{file.kind}/{file.slug}"
        if file.is_new:
            report.created.append(ref)
        elif file.is_equal:
            report.equal += 1
        else:
            report.updated.append(ref)


def _batches(items, of=lambda file: file.record, size=100):
    """Lists of at most ``size`` items whose records are of one kind."""
    for _kind, group in groupby(items, key=lambda item: type(of(item))):
        group = list(group)
        for start in range(0, len(group), size):
            yield group[start : start + size]


def _paths(folder):
    folder = Path(folder)
    if not folder.is_dir():
        raise FixtureError(f"{folder}: there is no such folder")
    kinds = kinds_in_order()
    strangers = sorted(path.name for path in folder.iterdir() if path.is_dir() and path.name not in kinds)
    if strangers:
        raise FixtureError(f"{strangers[0]}/: there is no such kind; the kinds are {', '.join(kinds)}")
    paths = [path for kind in kinds for path in sorted((folder / kind).glob("*.yaml"))]
    if not paths:
        raise FixtureError(f"{folder}: there are no fixtures below it")
    return paths


def _read_if_changed(path, known, report):
    raw = fixture_files.read(path)
    sha256 = hashlib.sha256(raw).hexdigest()
    kind, slug = path.parent.name, path.stem
    before = known.get((kind, slug))
    if before and before.file_sha256 == sha256:
        report.unchanged += 1
        return None
    data = fixture_files.parse(path, raw)
    status = {name: data.pop(name) for name in STATUS_FIELDS if name in data}
    return _File(kind, slug, data, status, path=path, sha256=sha256)


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
    if before and before.file_sha256 == file.sha256:
        report.unchanged += 1
        return False
    if file.record is None and before is None and not model.removed(file.slug):
        file.record, file.is_new = model(slug=file.slug), True
        return True
    if before is None or file.record is None or _state_digest(file.record) != before.dossier_sha256:
        report.kept.append(f"{file.kind}/{file.slug}")
        return False
    file.before, file.saved_at = before.dossier_sha256, file.record.updated_at
    return True


def _try(step, file, refuse):
    try:
        with store.together():
            step(file)
    except (dossier.DossierError, ValidationError) as error:
        refuse(_mistake(file, "; ".join(error.messages) if isinstance(error, ValidationError) else error))
        return False
    return True


def _mistake(file, message):
    return FixtureError(f"{name_of(file.path)}: {file.slug}: {message}")


def _write_fields(file):
    dossier.write_fields(file.record, file.data, skip_self=True)


def _write_rest(file):
    record = file.record
    if any(dossier.names_own_kind(record, name) for name in record.DOSSIER_FIELDS if name in file.data):
        dossier.write_fields(record, file.data)
    dossier.write_parts(record, file.data, is_new=file.is_new, corrects=True)


def _finish(file):
    """Write the revision and the status, unless the record is equal to what it was. The record must be gathered."""
    file.is_equal = not file.is_new and file.before == dossier.digest([_wanted_status(file), file.record.dossier()])
    if file.is_equal:
        type(file.record).objects.filter(pk=file.record.pk).update(updated_at=file.saved_at)
        return
    file.record.note_revision(by=None, comment=COMMENT, is_first=file.is_new)
    _set_status(file)


def _wanted_status(file):
    """The status in the file, in the form of ``_status_of``."""
    return {} if file.status.get("status", Status.PUBLISHED) == Status.PUBLISHED else file.status


def _set_status(file):
    record = file.record
    if not isinstance(record, Reviewed):
        if file.status:
            raise dossier.DossierError("status", "this kind has no publication status")
        return
    status = file.status.get("status", Status.PUBLISHED)
    if status not in Status.values or (status == Status.MERGED and not isinstance(record, Record)):
        raise dossier.DossierError("status", f"“{status}” is not a status")
    if status in (Status.DRAFT, Status.IN_REVIEW):
        if status == Status.IN_REVIEW and record.status == Status.DRAFT:
            record.submit(by=None, comment=COMMENT)
        return
    record.publish(by=None, comment=COMMENT, freeze=False)
    if status == Status.WITHDRAWN:
        record.withdraw(by=None, reason=file.status.get("withdrawn_reason", ""))


def _merge(file):
    """Merge the record. Runs last, because it changes every record that names this one. The parts are not moved: the file of the
    other record lists all that it has."""
    model = type(file.record)
    into = goes_on_in(model.objects.filter(slug=file.status.get("merged_into", "")).first())
    if into is None:
        raise dossier.DossierError("merged_into", "there is no such record")
    record = model.objects.get(pk=file.record.pk)
    named_in = [row for row in merging.naming(record) if _is_as_loaded(row)]
    record.merge(into, by=None, reason=COMMENT, brings_parts=False)
    for row in (*named_in, record):
        row.refresh_from_db()
        loaded = LoadedFixture.objects.get(kind=row.KIND, slug=row.slug)
        loaded.dossier_sha256 = _state_digest(row)
        loaded.save()


def _is_as_loaded(record):
    loaded = LoadedFixture.objects.filter(kind=record.KIND, slug=record.slug).first()
    return loaded is not None and loaded.dossier_sha256 == _state_digest(record)


def _remember(files):
    """Save the digests of what was loaded. The records must be gathered."""
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


def _freeze_versions(records, but):
    """Keep the public forms and freeze versions, now that every record that they name has its final state. ``but`` are refs of records to be merged."""
    published = [record for record in records if record.is_published and record.ref not in but]
    store.settle()
    since = counter.now()
    for batch in _batches(published, of=lambda record: record):
        made = store.keep_many(type(batch[0]), [record.pk for record in batch], since)
        made = {form.record_id: form for form in made}
        for record in batch:
            record.freeze(made[record.pk].form)


def _touched_by(files):
    """The records of the files, and the records that cite a source or finding among them, each once.

    The latter are graded again: citations of a source count only when it is published.
    """
    records = {file.record.ref: file.record for file in files if isinstance(file.record, Record)}
    sources, findings = (
        [file.record for file in files if isinstance(file.record, model) and not file.is_new]
        for model in (Source, NegativeFinding)
    )
    resting = Citation.objects.resting_on(sources, findings).records() if sources or findings else []
    return list({**{record.ref: record for record in resting}, **records}.values())


# Writing back


def as_fixture(record):
    """The dossier of a record with its status, where it is not published."""
    return {**_status_of(record), **dossier.read(record, brief=True)}


def _status_of(record):
    if not isinstance(record, Reviewed) or record.is_published:
        return {}
    status = {"status": str(record.status)}
    if record.withdrawn_reason:
        status["withdrawn_reason"] = record.withdrawn_reason
    if record.status == Status.MERGED:
        status["merged_into"] = record.merged_into.slug
    return status


def dump(record):
    """The bytes of the record's fixture file."""
    return fixture_files.as_bytes(as_fixture(record))


def export(folder, check=False):
    """Write every record's fixture below ``folder`` and delete the files of removed records. With ``check`` nothing changes.

    A file is deleted only if its bytes are those that this database loaded: another file may be new from the last `git pull`.
    Returns an ``ExportReport``.
    """
    folder, report = Path(folder), ExportReport()
    models = dossier.documented_models()
    if not any(models[kind].objects.exists() for kind in kinds_in_order()):
        raise FixtureError("the database holds no records; nothing was written or removed")
    wanted = set()
    for kind in kinds_in_order():
        for batch in _batches(models[kind].objects.order_by("slug"), of=lambda record: record):
            dossier.gather(batch)
            for record in batch:
                path = folder / kind / f"{record.slug}.yaml"
                wanted.add(path)
                body = dump(record)
                if not path.exists() or path.read_bytes() != body:
                    report.written.append(path)
                    if not check:
                        fixture_files.replace(path, body)
    _remove_files_of_removed_records(folder, wanted, report, check)
    return report


def _remove_files_of_removed_records(folder, wanted, report, check):
    known = _known()
    strangers = (
        path for kind in kinds_in_order() for path in sorted((folder / kind).glob("*.yaml")) if path not in wanted
    )
    for path in strangers:
        row = known.get((path.parent.name, path.stem))
        if row is None or hashlib.sha256(path.read_bytes()).hexdigest() != row.file_sha256:
            report.left.append(path)
            continue
        report.removed.append(path)
        if not check:
            path.unlink()
