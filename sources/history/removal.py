"""What a lawful removal does. Only the address, the day and the reason remain of what is removed.

The verbs are ``record.remove()`` and ``version.close()``. ``plan`` tells an administrator what goes with a record, which records
change, which facts lose their last source, and which frozen versions of other records name it; ``carry_out`` does it. A ``Removal``
is written first: the triggers of the database allow a body to be emptied only where one exists.
"""

from contextlib import contextmanager
from dataclasses import dataclass, field

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from sources.desk import merging
from sources.records import dossier
from sources.records.dossier.renaming import Renaming
from sources.records.status import VerbRefused


@dataclass
class Plan:
    """What a removal will do.

    ``goes``: the record, the records merged into it, and the searches about it. ``steps``: other records that change.
    ``unsourced``: ``[(record, number of facts)]`` that lose their last source. ``frozen``: versions of other records that show it.
    """

    record: object
    goes: list
    steps: list
    frozen: list
    unsourced: list = field(default_factory=list)

    def seal(self):
        """A digest of the plan, to check that what the administrator saw is still what will happen."""
        changes = [[step.record.ref, step.before, step.after] for step in self.steps]
        return dossier.digest([[row.ref for row in self.goes], changes, [version.pk for version in self.frozen]])


def plan(record, lock=False):
    """The ``Plan`` of removing ``record``. Raises ``VerbRefused`` if another record requires it."""
    goes = [record]
    for row in goes:
        goes += row.removed_with_it()
    made = Plan(record, goes, _steps(goes, lock), frozen_elsewhere(goes))
    for step in made.steps:
        with _needed_elsewhere():
            after = dossier.in_memory(step.record, step.after)
            dossier.check(after)
        lost = len(after.uncited()) - len(step.record.uncited())
        if lost > 0:
            made.unsourced.append((step.record, lost))
    return made


def _steps(goes, lock):
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
    by_number = {}
    for row in goes:
        if hasattr(row, "versions"):
            for version in row.versions.model.objects.filter(body__contains=f'"{row.get_absolute_url()}"'):
                if (version.record_type_id, version.record_id) not in own:
                    by_number[version.pk] = version
    return [by_number[pk] for pk in sorted(by_number)]


@contextmanager
def _needed_elsewhere():
    """Refuses what breaks a rule of another record."""
    try:
        yield
    except dossier.DossierError as error:
        raise VerbRefused(
            _("It cannot be removed while another record needs it: %(error)s") % {"error": error}
        ) from None


def require_reasons(reason, comment):
    if not reason.strip() or not comment.strip():
        raise VerbRefused(_("A removal needs a reason for readers, and one for the log."))


# Doing it


def carry_out(made, by, reason, comment, closes_elsewhere):
    """Do what the plan says, and what ``Documented.remove`` describes. Returns the ``Removal`` of the record."""
    words = _("“%(ref)s” was removed.") % {"ref": made.record.ref}
    for step in made.steps:
        with _needed_elsewhere():
            merging.write(step, by, words)
    for gone in made.goes:
        merging.rename_proposals(Renaming(type(gone), gone.slug, None), but=made.goes)
    removals = [_remove_one(gone, by, reason, comment) for gone in reversed(made.goes)]
    for row in _published_among(made):
        row.freeze_version()
    if closes_elsewhere:
        for version in made.frozen:
            version.close(by, reason, comment)
    return removals[-1]


def _remove_one(record, by, reason, comment):
    """Delete one row and its content. Its trail keeps who did what and when."""
    removal = record.note_removal(by, reason, comment)
    record.empty_trail()
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


def _published_among(made):
    """The published records whose public form changes: they named the record, or their newest version shows it."""
    rows = {step.record.ref: step.record for step in made.steps}
    for version in made.frozen:
        record = version.record
        if record.ref not in rows and record.is_published:
            record.note_publication(None, _("Another record was removed."))
            rows[record.ref] = record
    return [row for row in rows.values() if getattr(row, "is_published", False)]
