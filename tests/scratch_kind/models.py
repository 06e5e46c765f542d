"""Joint patrols, with the vessels that sailed in them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models import Organisation
from sources.lib.fields import NameField, PartialDateField, ProseField, bound
from sources.records.base import Record
from sources.records.part import Part, one_key


class Patrol(Record):
    """A patrol of the forces of several states."""

    KIND = "patrols"
    SEARCH_FIELDS = ("name",)
    NAMED_BY = ("name",)
    DOSSIER_FIELDS = ("name", "date", "lead", "summary")
    CITABLE_FIELDS = ("name", "date", "lead", "summary")
    PARTS = ("vessels",)

    name = NameField(help_text=_("What the patrol was called."))
    date = PartialDateField(bounds=("date_earliest", "date_latest"), help_text=_("When it sailed."))
    date_earliest = bound()
    date_latest = bound()
    lead = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", help_text=_("Who led it.")
    )
    summary = ProseField(blank=True, help_text=_("What a reader should know."))

    class Meta(Record.Meta):
        ordering = ["sort_key", "slug"]

    def __str__(self):
        return self.name


class Vessel(Part):
    """A ship or boat that sailed in a patrol."""

    PARENT = "patrol"
    DOSSIER_FIELDS = ("name",)
    CITABLE_FIELDS = ("name",)
    KNOWN_BY = ("name",)

    patrol = models.ForeignKey(Patrol, models.CASCADE, related_name="vessels", help_text=_("The patrol."))
    name = NameField(help_text=_("The name on the hull."))

    class Meta(Part.Meta):
        constraints = [one_key("patrol", "vessel")]

    def __str__(self):
        return self.name

    def key_words(self):
        return [self.name]
