"""How sure the fact is that a list shows first of an exercise, a delivery or an event."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from sources.evidence.confidence import Confidence, State
from sources.evidence.record_facts import fact_of
from sources.records import dossier
from sources.records.fact_fields import is_blank


class HeadlineCertainty(models.Model):
    """A record with a headline fact; its two columns follow from the citations and are kept by ``refresh_derived``."""

    # The field that lists show first.
    HEADLINE = ""

    headline_confidence = models.CharField(
        max_length=8,
        choices=Confidence.choices,
        blank=True,
        default="",
        editable=False,
        help_text=_("How well the sources support the fact that lists show first; empty without a source."),
    )
    headline_standing = models.CharField(
        max_length=12,
        choices=State.choices,
        blank=True,
        default="",
        editable=False,
        help_text=_("Whether sources differ on the fact that lists show first."),
    )

    class Meta:
        abstract = True

    def refresh_derived(self):
        with dossier.gathered(self):
            self._note_headline()
            super().refresh_derived()

    def _note_headline(self):
        # A draft source must not change what the public sees.
        citations = [row for row in self.citations.all() if row.is_usable and self._is_headline(row)]
        ruling = next((row for row in self.adjudications.all() if self._is_headline(row)), None)
        self.headline_confidence = self.headline_standing = ""
        if citations or ruling or not is_blank(self.fact_value(self.HEADLINE)):
            fact = fact_of("", self.HEADLINE, self, citations, ruling)
            self.headline_confidence, self.headline_standing = str(fact["confidence"]), str(fact["state"])

    def _is_headline(self, row):
        return row.part == "" and row.field == self.HEADLINE
