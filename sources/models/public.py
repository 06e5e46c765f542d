"""The read store: each published record's public form, written once and read by every public channel.

See ``sources.reading.store``, which alone writes these rows.
"""

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sources.lib import clock


class PublicFormQuerySet(models.QuerySet):
    def of(self, model):
        return self.filter(record_type=ContentType.objects.get_for_model(model))

    def stale(self):
        """Forms that must be made anew before readers see them."""
        return self.filter(Q(marked__gt=F("made")) | Q(valid_until__lt=clock.today()))


class PublicForm(models.Model):
    """What readers see of one published record."""

    record_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    record_id = models.BigIntegerField()
    kind = models.CharField(max_length=32, help_text=_("The kind of the record."))
    slug = models.CharField(max_length=120, help_text=_("The last part of its address."))
    made = models.PositiveBigIntegerField(help_text=_("The tick of the store's counter for which the form was made."))
    marked = models.PositiveBigIntegerField(
        default=0, help_text=_("The tick at which something that the form shows last changed.")
    )
    valid_until = models.DateField(
        null=True, help_text=_("The last day on which the form says the same; empty if it does not depend on the day.")
    )
    published_at = models.DateTimeField(help_text=_("When readers first saw the present version."))
    sha256 = models.CharField(max_length=64, help_text=_("Digest of the form."))
    citations = models.PositiveIntegerField(default=0, help_text=_("How many citations it has."))
    link = models.TextField(help_text=_("How others name the record, as canonical JSON."))
    card = models.TextField(help_text=_("What lists show of it, as canonical JSON."))
    disputes = models.TextField(
        default="[]", help_text=_("What sources say of each fact on which they differ, as JSON.")
    )
    line = models.TextField(default="", help_text=_("Its row in a list as CSV."))
    # Last, since it is long: SQLite reads a row's columns from the first one on.
    form = models.TextField(help_text=_("The API's representation as canonical JSON."))

    objects = PublicFormQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["-published_at", "slug"], name="public_form_newest"),
            models.Index(fields=["kind", "-citations", "slug"], name="public_form_most_cited"),
            models.Index(fields=["valid_until"], name="public_form_valid_until"),
            models.Index(fields=["record_type"], name="public_form_stale", condition=Q(marked__gt=F("made"))),
        ]
        constraints = [
            models.UniqueConstraint(fields=["record_type", "record_id"], name="public_form_once"),
            models.UniqueConstraint(fields=["kind", "slug"], name="public_form_address_once"),
        ]

    def __str__(self):
        return f"{self.kind}/{self.slug}"

    @property
    def key(self):
        return self.record_type_id, self.record_id

    @property
    def is_stale(self):
        """Whether it must be made anew before readers see it. As ``PublicFormQuerySet.stale``."""
        return self.marked > self.made or (self.valid_until is not None and self.valid_until < clock.today())


class PublicReference(models.Model):
    """A row that a form was made from: when that row changes, the form is stale."""

    form = models.ForeignKey(PublicForm, models.CASCADE, related_name="references", db_index=False)
    target_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+", db_index=False)
    target_id = models.BigIntegerField(help_text=_("The row; 0 stands for any row of its kind."))

    class Meta:
        indexes = [models.Index(fields=["target_type", "target_id", "form"], name="public_reference_target")]
        constraints = [
            models.UniqueConstraint(fields=["form", "target_type", "target_id"], name="public_reference_once")
        ]

    def __str__(self):
        return f"{self.form_id} → {self.target_type_id}/{self.target_id}"


class PublicAnswer(models.Model):
    """What was worked out from many published records, such as the profile of a state."""

    name = models.CharField(
        max_length=200, unique=True, help_text=_("The language, what it answers, and the slugs of what it is about.")
    )
    tick = models.PositiveBigIntegerField(
        help_text=_(
            "The tick of the store's counter for which it was worked out; it stands as long as the counter says the same."
        )
    )
    day = models.DateField(help_text=_("The day for which it was worked out."))
    text = models.TextField(help_text=_("The answer as JSON."))

    def __str__(self):
        return self.name


class PublicTick(models.Model):
    """The store's counter: one row, which every change of something public increases and locks until it is committed."""

    tick = models.PositiveBigIntegerField(default=0)
    # A digest of the code that made the forms; see ``sources.reading.store.code``.
    code = models.CharField(max_length=64)

    def __str__(self):
        return str(self.tick)
