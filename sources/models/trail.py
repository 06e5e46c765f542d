"""What editors did: the steps, states and proposals of records, and the frozen public versions."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kb.core.fields import ProseField
from kb.core.trail import AppendOnly
from sources.models.about import about_index


class Trail(models.Model):
    """A row of the trail of a record: who did it, when, in which name at that time."""

    record_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    record_id = models.BigIntegerField()
    record = GenericForeignKey("record_type", "record_id")
    at = models.DateTimeField(auto_now_add=True, db_index=True, help_text=_("When it happened."))
    # Emptying it would change a row that nothing may change: an account that acted is switched off, not deleted.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", help_text=_("Whose account did it.")
    )
    by_name = models.CharField(max_length=150, help_text=_("The account's name at that time, kept when it changes."))
    comment = ProseField(blank=True, help_text=_("Why, in the person's own words."))

    class Meta:
        abstract = True


class Review(AppendOnly, Trail):
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


class Revision(AppendOnly, Trail):
    """The whole dossier of a record after one save: the editors' history."""

    number = models.PositiveIntegerField(help_text=_("Counts the saves of the record, from 1."))
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


class Proposal(Trail):
    """An edit to a published record that waits for a second person; the public sees nothing of it."""

    class State(models.TextChoices):
        OPEN = "open", _("being written")
        SUBMITTED = "submitted", _("awaiting review")
        RETURNED = "returned", _("returned to its author")
        APPROVED = "approved", _("approved")
        DISCARDED = "discarded", _("discarded")

    LIVE = (State.OPEN, State.SUBMITTED, State.RETURNED)

    record_ref = models.CharField(max_length=160, db_index=True, help_text=_("The record as “kind/slug”."))
    state = models.CharField(
        max_length=10, choices=State.choices, default=State.OPEN, db_index=True, help_text=_("How far it has come.")
    )
    base = models.TextField(help_text=_("The dossier of the record when the proposal was begun, as canonical JSON."))
    dossier = models.TextField(help_text=_("The proposed dossier, as canonical JSON."))
    changed_at = models.DateTimeField(auto_now=True, help_text=_("When it was last changed."))
    decided_by_name = models.CharField(max_length=150, blank=True, help_text=_("Who approved or returned it."))
    decided_at = models.DateTimeField(null=True, help_text=_("When it was approved or returned."))
    answer = ProseField(blank=True, help_text=_("The reviewer's comment."))
    amended_by = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        related_name="+",
        help_text=_("Who edited it besides its author; none of them approves it."),
    )

    class Meta:
        ordering = ["changed_at"]
        indexes = [about_index("proposal_about", "state")]
        constraints = [
            models.UniqueConstraint(
                fields=["record_type", "record_id", "by"],
                condition=Q(state__in=["open", "submitted", "returned"]),
                name="proposal_one_an_author",
            )
        ]

    def __str__(self):
        return f"{self.record_ref} · {self.by_name}"


class Presence(models.Model):
    """Somebody has a record open in the admin."""

    record_ref = models.CharField(max_length=160)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record_ref", "user"], name="presence_once")]

    def __str__(self):
        return f"{self.user} · {self.record_ref}"


class Version(AppendOnly):
    """The frozen public form of a record at one publication."""

    record_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    record_id = models.BigIntegerField()
    record = GenericForeignKey("record_type", "record_id")
    number = models.PositiveIntegerField(help_text=_("Counts the publications of the record, from 1."))
    at = models.DateTimeField(db_index=True, help_text=_("When it was published."))
    body = models.TextField(help_text=_("The API's representation as canonical JSON."))
    sha256 = models.CharField(max_length=64, help_text=_("Digest of the body."))
    schema = models.CharField(max_length=8, help_text=_("Version of the representation's form."))

    class Meta:
        ordering = ["-number"]
        indexes = [about_index("version_about", "-number")]
        constraints = [
            models.UniqueConstraint(fields=["record_type", "record_id", "number"], name="version_number_once")
        ]

    def __str__(self):
        return f"{self.number}"


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
