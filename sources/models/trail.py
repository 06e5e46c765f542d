"""The trail of a record: reviews, revisions, proposals, frozen versions and removals."""

from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sources.history import chain, removal
from sources.history.append_only import AppendOnly, AppendOnlyQuerySet
from sources.lib.fields import ProseField
from sources.models.about import about_index
from sources.records.status import VerbRefused


class TrailHead(models.Model):
    """Where the chain of a record's trail ends: how many steps it has, and the seal of the last one.

    Without it, nothing would show that the last rows of a trail are missing.
    """

    record_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    record_id = models.BigIntegerField()
    steps = models.PositiveIntegerField(help_text=_("How many rows the trail of the record has."))
    chain = models.CharField(max_length=64, help_text=_("The seal of the last of them."))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record_type", "record_id"], name="trail_head_once")]

    def __str__(self):
        return f"{self.record_type} {self.record_id}: {self.steps}"

    @classmethod
    def of(cls, row):
        """The head of the record that ``row`` is about, locked until the transaction ends; a new one for the first row."""
        kept = _kept_heads.get()
        key = row.record_type_id, row.record_id
        if kept is not None and key in kept:
            return kept[key]
        about = {"record_type_id": row.record_type_id, "record_id": row.record_id}
        head = cls.objects.select_for_update().filter(**about).first() or cls(**about, steps=0, chain="")
        if kept is not None:
            kept[key] = head
        return head

    def go_on(self, row):
        self.steps, self.chain = row.step, row.chain
        if _kept_heads.get() is None:
            self.save()


_kept_heads = ContextVar("kept_heads", default=None)


@contextmanager
def heads_kept():
    """While many rows are written in one transaction, keep the heads in memory and write each once at the end."""
    kept = {}
    token = _kept_heads.set(kept)
    try:
        yield
    finally:
        _kept_heads.reset(token)
    new = [head for head in kept.values() if head.pk is None and head.steps]
    gone_on = [head for head in kept.values() if head.pk is not None]
    TrailHead.objects.bulk_create(new)
    for head in gone_on:
        head.save()


class ChainedQuerySet(AppendOnlyQuerySet):
    def empty(self, column):
        """Empty a body for good. The database refuses this without a ``Removal`` (``sources.history.trail_triggers``)."""
        return models.QuerySet.update(self, **{column: ""})

    empty.alters_data = True
    empty.queryset_only = True


class Chained(AppendOnly):
    """A row of the trail that is sealed together with the one before it (see ``sources.history.chain``)."""

    step = models.PositiveIntegerField(
        default=0, editable=False, help_text=_("The number of this row in the record's trail, from 1.")
    )
    chain = models.CharField(
        max_length=64, blank=True, editable=False, help_text=_("Digest of what the row says and of the row before it.")
    )

    objects = ChainedQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            return super().save(*args, **kwargs)
        with transaction.atomic(savepoint=False):
            head = TrailHead.of(self)
            self.step = head.steps + 1
            self.chain = self.seal(head.chain, is_new=True)
            super().save(*args, **kwargs)
            head.go_on(self)

    def seal(self, before, is_new=False):
        """The seal that the row should have after the seal ``before``."""
        model_name = self._meta.model_name
        said = {name: self._said(name, is_new) for name in chain.COVERED[model_name]}
        kind = ContentType.objects.get_for_id(self.record_type_id)
        return chain.seal(model_name, (kind.app_label, kind.model, self.record_id), self.step, before, said)

    def _said(self, name, is_new):
        """The value of a column as it will be stored, since some fields clean it."""
        if not is_new or name.endswith("_id"):
            return getattr(self, name)
        field = self._meta.get_field(name)
        return field.get_prep_value(field.pre_save(self, add=True))


class Trail(models.Model):
    """A row of the trail of a record: who did it, when, in which name at that time."""

    record_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    record_id = models.BigIntegerField()
    record = GenericForeignKey("record_type", "record_id")
    at = models.DateTimeField(default=timezone.now, editable=False, db_index=True, help_text=_("When it happened."))
    # Emptying it would change a row that nothing may change: an account that acted is switched off, not deleted.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", help_text=_("Whose account did it.")
    )
    by_name = models.CharField(max_length=150, help_text=_("The account's name at that time, kept when it changes."))
    comment = ProseField(blank=True, help_text=_("Why, in the person's own words."))

    class Meta:
        abstract = True


class Review(Chained, Trail):
    """One step of a record towards the public or away from it."""

    class Verb(models.TextChoices):
        SUBMIT = "submit", _("submitted")
        PUBLISH = "publish", _("published")
        RETURN = "return", _("returned")
        AMEND = "amend", _("amended and returned")
        WITHDRAW = "withdraw", _("withdrawn")
        MERGE = "merge", _("merged")

    verb = models.CharField(max_length=8, choices=Verb.choices, db_index=True, help_text=_("What was done."))
    bypassed = models.BooleanField(
        default=False, help_text=_("Whether the author published the change without a second person.")
    )

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [about_index("review_about", "at")]
        permissions = [("publish_record", _("Can publish, return, withdraw and merge records"))]

    def __str__(self):
        return f"{self.get_verb_display()} · {self.by_name}"


class Revision(Chained, Trail):
    """The whole dossier of a record after one save: the editors' history."""

    number = models.PositiveIntegerField(help_text=_("The number of the save, from 1."))
    dossier = models.TextField(help_text=_("The dossier as canonical JSON."))
    sha256 = models.CharField(max_length=64, help_text=_("Digest of the dossier and of the revision before it."))

    class Meta:
        ordering = ["-number"]
        indexes = [about_index("revision_about", "-number")]
        constraints = [
            models.UniqueConstraint(fields=["record_type", "record_id", "number"], name="revision_number_once")
        ]

    def __str__(self):
        return f"{self.number}"


class Presence(models.Model):
    """Somebody has a record open in the admin."""

    record_ref = models.CharField(max_length=160)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record_ref", "user"], name="presence_once")]

    def __str__(self):
        return f"{self.user} · {self.record_ref}"


class Version(Chained):
    """The frozen public form of a record at one publication."""

    record_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    record_id = models.BigIntegerField()
    record = GenericForeignKey("record_type", "record_id")
    number = models.PositiveIntegerField(help_text=_("The number of the publication, from 1."))
    at = models.DateTimeField(db_index=True, help_text=_("When it was published."))
    body = models.TextField(help_text=_("The API's representation as canonical JSON."))
    sha256 = models.CharField(max_length=64, help_text=_("Digest of the body."))
    schema = models.CharField(max_length=8, help_text=_("The version of the format of this JSON."))

    class Meta:
        ordering = ["-number"]
        indexes = [about_index("version_about", "-number")]
        constraints = [
            models.UniqueConstraint(fields=["record_type", "record_id", "number"], name="version_number_once")
        ]

    def __str__(self):
        return f"{self.number}"

    @property
    def is_closed(self):
        """Whether its body was removed; a ``Removal`` of the record has the reason."""
        return not self.body

    @transaction.atomic
    def close(self, by, reason, comment):
        """Remove the body for good: the address answers 410 with the reason. Raises ``VerbRefused``. Returns the ``Removal``."""
        removal.require_reasons(reason, comment)
        record = self.record
        if record.is_published and not record.versions.filter(number__gt=self.number).exists():
            raise VerbRefused(
                gettext(
                    "The newest version is what readers see now. Publish a corrected one first, or withdraw the record."
                )
            )
        if self.is_closed:
            raise VerbRefused(gettext("This version is closed already."))
        closure = record.note_removal(by, reason, comment, self.number)
        record.versions.filter(number=self.number).empty("body")
        return closure


class Removal(Chained, Trail):
    """The lawful removal of a record or, with a ``version``, of the body of one of its versions. Its address stays reserved.

    ``comment`` is for administrators, ``reason`` for readers.
    """

    kind = models.CharField(max_length=32, help_text=_("The kind of the record."))
    slug = models.CharField(max_length=120, help_text=_("The last part of its address."))
    version = models.PositiveIntegerField(
        default=0, help_text=_("The version that was closed; 0 where the whole record was removed.")
    )
    reason = ProseField(help_text=_("Why, for readers: the legal ground in words."))
    was_public = models.BooleanField(
        default=True, help_text=_("Whether readers had seen the record; if so, its address says that it was removed.")
    )

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [about_index("removal_about", "version"), models.Index(fields=["kind", "slug"], name="removal_named")]
        constraints = [
            models.UniqueConstraint(fields=["record_type", "record_id", "version"], name="removal_once"),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(comment=""), name="removal_has_reasons"),
        ]

    def __str__(self):
        return f"{self.ref} v{self.version}" if self.version else self.ref

    @property
    def ref(self):
        return f"{self.kind}/{self.slug}"

    # The names by which the 410 page and problem document read a withdrawn record.

    status = "removed"

    @property
    def withdrawn_at(self):
        return self.at

    @property
    def withdrawn_reason(self):
        return self.reason


class LoadedFixture(models.Model):
    """What the fixture loader last read for a record, so that it never overwrites what an editor changed."""

    kind = models.CharField(max_length=32)
    slug = models.CharField(max_length=120)
    file_sha256 = models.CharField(max_length=64)
    dossier_sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "slug"], name="loaded_fixture_once")]

    def __str__(self):
        return f"{self.kind}/{self.slug}"
