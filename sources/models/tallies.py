"""Counts over all public forms, kept with them, so that no page counts rows."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PublicTallyQuerySet(models.QuerySet):
    def add(self, numbers):
        """Add ``numbers``, ``{(subject, value): number}``. The caller holds the lock of the store (see ``sources.reading.store``)."""
        numbers = {key: number for key, number in numbers.items() if number}
        present = {}
        for row in self.filter(subject__in={subject for subject, _value in numbers}) if numbers else ():
            if row.key in numbers:
                row.number += numbers[row.key]
                present[row.key] = row
        self.bulk_update(present.values(), ["number"], batch_size=200)
        new = sorted(numbers.keys() - present.keys())
        self.bulk_create(self.model(subject=key[0], value=key[1], number=numbers[key]) for key in new)

    def of(self, subjects):
        """For each subject ``{value: number}`` of what is counted under it."""
        numbers = {subject: {} for subject in subjects}
        for subject, value, number in self.filter(subject__in=subjects, number__gt=0).values_list(
            "subject", "value", "number"
        ):
            numbers[subject][value] = number
        return list(numbers.values())


class PublicTally(models.Model):
    """How many of something all public forms together have, such as sources in Spanish."""

    subject = models.CharField(max_length=80, help_text=_("What is counted, for example the languages of sources."))
    value = models.CharField(max_length=120, help_text=_("The value of which the number is told."))
    number = models.BigIntegerField(default=0, help_text=_("How many there are."))

    objects = PublicTallyQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "value"], name="public_tally_once")]

    def __str__(self):
        return f"{self.subject}, {self.value}: {self.number}"

    @property
    def key(self):
        return self.subject, self.value
