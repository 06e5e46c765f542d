"""The status of agreements on every day, for lists and filters."""

from dataclasses import fields

from django.db import models
from django.utils.translation import gettext_lazy as _

from agreements.life.spans import Span
from agreements.life.status import InForce, InstrumentStatus
from agreements.models.instruments import Agreement
from sources.evidence.confidence import Confidence, State
from sources.lib import clock


class StatusSpanQuerySet(models.QuerySet):
    def keep(self, agreement, rows):
        """Replace the spans of ``agreement`` by ``rows`` if they differ."""
        if [row.content() for row in agreement.status_spans.all()] != [row.content() for row in rows]:
            agreement.status_spans.all().delete()
            self.model.objects.bulk_create(rows)

    def on(self, day):
        return self.filter(first__lte=day, last__gte=day)

    def today(self):
        return self.on(clock.today())


class StatusSpan(models.Model):
    """The status of one agreement from a first to a last day; kept by ``Agreement.refresh_derived``."""

    agreement = models.ForeignKey(
        Agreement, models.CASCADE, related_name="status_spans", help_text=_("The instrument.")
    )
    first = models.DateField(help_text=_("The first day."))
    last = models.DateField(help_text=_("The last day."))
    status = models.CharField(
        max_length=24, choices=InstrumentStatus.choices, help_text=_("The status derived from the milestones.")
    )
    in_force = models.CharField(
        max_length=16,
        choices=InForce.choices,
        help_text=_("Whether it is in force, as far as the recorded steps show."),
    )
    since = models.CharField(
        max_length=32, blank=True, help_text=_("The date of the step that brought the status about, as EDTF.")
    )
    milestone = models.CharField(max_length=120, blank=True, help_text=_("The key of that step."))
    confidence = models.CharField(
        max_length=8, choices=Confidence.choices, blank=True, help_text=_("How well the sources support that step.")
    )
    standing = models.CharField(
        max_length=12, choices=State.choices, blank=True, help_text=_("Whether sources differ on that step.")
    )

    objects = StatusSpanQuerySet.as_manager()

    class Meta:
        ordering = ["agreement", "first"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "first"], name="status_span_begins_once"),
            models.CheckConstraint(condition=models.Q(first__lte=models.F("last")), name="status_span_runs_forward"),
        ]
        indexes = [
            models.Index(fields=["status", "first", "last"], name="status_span_by_status"),
            models.Index(fields=["in_force", "first", "last"], name="status_span_by_force"),
        ]

    def __str__(self):
        return f"{self.get_status_display()} {self.first}/{self.last}"

    def content(self):
        """What the span says, in the form that an unsaved and a saved row share."""
        return [str(getattr(self, field.name)) for field in fields(Span)]
