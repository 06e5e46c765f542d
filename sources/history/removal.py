"""Lawful removal of a record with all its content, or of one version. Only the address, the day and the reason remain.

``plan`` tells an administrator what goes with a record, which records change, which facts lose their last source, and which frozen
versions of other records name it. ``remove`` removes the record; ``close`` closes one version. Both write a ``Removal`` into
the trail first: the triggers of the database allow a body to be emptied only where one exists.
"""

from contextlib import contextmanager
from dataclasses import dataclass, field

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from sources.desk import merging
from sources.models import NegativeFinding, Removal, Version
from sources.reading.store import keeping as store
from sources.records import dossier
from sources.records.base import Record, VerbRefused
from sources.records.dossier.renaming import Renaming


@dataclass
class Plan:
    """What a removal will do.

    ``goes``: the record, the records merged into it, and the searches about it. ``steps``: other records that change.
    ``unsourced``: ``[(record, number of facts)]`` that lose their last source. ``frozen``: versions of other records that show it.
    """

    record: object
    goes: list
    steps: list = field(default_factory=list)
    unsourced: list = field(default_factory=list)
    frozen: list = field(default_factory=list)

    def seal(self):
        """A digest of the plan, to check that what the administrator saw is still what will happen."""
        changes = [[step.record.ref, step.before, step.after] for step in self.steps]
        return dossier.digest([[row.ref for row in self.goes], changes, [version.pk for version in self.frozen]])


def plan(record):
    """The ``Plan`` of removing ``record``. Raises ``VerbRefused`` if another record requires it."""
    goes = _with_what_goes(record)
    made = Plan(record, goes, _steps(goes), frozen=frozen_elsewhere(goes))
    for step in made.steps:
        with _needed_elsewhere():
            after = dossier.in_memory(step.record, step.after)
            dossier.check(after)
        lost = len(after.uncited()) - len(step.record.uncited())
        if lost > 0:
            made.unsourced.append((step.record, lost))
    return made


def _with_what_goes(record):
    """The record, the records merged into it, and the findings about any of them."""
    goes = [record]
    for row in goes:
        if isinstance(row, Record):
            goes += row.merged_records.order_by("slug")
        if not isinstance(row, NegativeFinding):
            goes += row.findings.order_by("slug")
    return goes


def _steps(goes, lock=False):
    """The changes of other records that name one of those that go, as ``merging.Step`` rows."""
    named = {row.ref: row for gone in goes for row in merging.naming(gone, lock)}
    steps = []
    for ref in sorted(named.keys() - {row.ref for row in goes}):
        row = named[ref]
        before = after = row.dossier()
        for gone in goes:
            after = Renaming(type(gone), gone.slug, None).of(type(row), row.slug, after)
        if hasattr(row, "without_holder"):
            after = row.without_holder(after)
        steps.append(merging.Step(row, before, after))
    return steps


def frozen_elsewhere(goes):
    """Versions of other records that link to one of those that go, the oldest first."""
    own = {(ContentType.objects.get_for_model(row).pk, row.pk) for row in goes}
    found = {}
    for row in goes:
        if isinstance(row, Record):
            for version in Version.objects.filter(body__contains=f'"{row.get_absolute_url()}"'):
                if (version.record_type_id, version.record_id) not in own:
                    found[version.pk] = version
    return [found[pk] for pk in sorted(found)]


def _write(steps, by, comment):
    for step in steps:
        with _needed_elsewhere():
            merging.write(step, by, comment)


@contextmanager
def _needed_elsewhere():
    """What breaks a rule of another record within is refused."""
    try:
        yield
    except dossier.DossierError as error:
        raise VerbRefused(
            _("It cannot be removed while another record needs it: %(error)s") % {"error": error}
        ) from None


# Doing it


@store.together()
def remove(record, by, reason, comment, closes_elsewhere=False, saw=""):
    """Remove ``record`` for good, with its parts, citations, proposals, and the bodies of its revisions and versions.

    ``reason`` is for readers, ``comment`` for the log. ``closes_elsewhere`` also closes the older versions of other records that
    show it. ``saw`` is the seal of the plan that the administrator saw. Raises ``VerbRefused``. Returns the ``Removal``.
    """
    _require_reasons(reason, comment)
    goes = _with_what_goes(record)
    made = Plan(record, goes, _steps(goes, lock=True), frozen=frozen_elsewhere(goes))
    if saw and saw != made.seal():
        raise VerbRefused(
            _("Since you opened this page, what the removal would change has changed. Please look again.")
        )
    note = _("“%(ref)s” was removed.") % {"ref": record.ref}
    _write(made.steps, by, note)
    for gone in goes:
        merging.rename_proposals(Renaming(type(gone), gone.slug, None), but=goes)
    removals = [_remove_one(gone, by, reason, comment) for gone in reversed(goes)]
    showing = _published_among(made)
    for row in showing:
        row.freeze_version()
    if closes_elsewhere:
        for version in made.frozen:
            close(version, by, reason, comment)
    return removals[-1]


def _remove_one(record, by, reason, comment):
    """Delete one row and its content. Its trail keeps who did what and when."""
    removal = _note(record, by, reason, comment)
    record.revisions.all().empty("dossier")
    if isinstance(record, Record):
        record.versions.all().empty("body")
    for entry in LogEntry.objects.filter(content_type=removal.record_type, object_id=str(record.pk)):
        entry.object_repr, entry.change_message = record.ref, ""
        entry.save()
    ref = record.ref
    try:
        record.delete()
    except ProtectedError as refusal:
        others = ", ".join(sorted({str(other) for other in refusal.protected_objects})[:3])
        words = _("“%(ref)s” cannot be removed while it is named by %(others)s.") % {"ref": ref, "others": others}
        raise VerbRefused(words) from None
    return removal


def _note(record, by, reason, comment, version=0):
    was_public = getattr(record, "published_at", None) is not None or not hasattr(record, "published_at")
    return Removal.objects.create(
        record_type=ContentType.objects.get_for_model(record),
        record_id=record.pk,
        kind=record.KIND,
        slug=record.slug,
        version=version,
        by=by,
        by_name=str(by) if by else "",
        reason=reason,
        comment=comment,
        was_public=was_public,
    )


def _published_among(made):
    """The published records whose public form changes: they named the record, or their newest version shows it."""
    rows = {step.record.ref: step.record for step in made.steps}
    for version in made.frozen:
        record = version.record
        if isinstance(record, Record) and record.ref not in rows and record.is_published:
            record.note_publication(None, _("Another record was removed."))
            rows[record.ref] = record
    return [row for row in rows.values() if isinstance(row, Record) and row.is_published]


def _require_reasons(reason, comment):
    if not reason.strip() or not comment.strip():
        raise VerbRefused(_("A removal needs a reason for readers, and one for the log."))


# One version


@transaction.atomic
def close(version, by, reason, comment):
    """Close one version for good: its address answers 410 with the reason. Raises ``VerbRefused``. Returns the ``Removal``."""
    _require_reasons(reason, comment)
    record = version.record
    if record.is_published and not record.versions.filter(number__gt=version.number).exists():
        raise VerbRefused(
            _("The newest version is what readers see now. Publish a corrected one first, or withdraw the record.")
        )
    if version.is_closed:
        raise VerbRefused(_("This version is closed already."))
    removal = _note(record, by, reason, comment, version.number)
    record.versions.filter(number=version.number).empty("body")
    return removal
