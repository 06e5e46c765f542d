"""Rows whose fields state facts, and the words for where such a row stands on its way to the public."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

validate_slug = RegexValidator(r"^[a-z0-9]+(?:-[a-z0-9]+)*\Z", _("Use lower-case letters, digits and single hyphens."))


class Status(models.TextChoices):
    """Where a record stands on its way to the public."""

    DRAFT = "draft", _("draft")
    IN_REVIEW = "in_review", _("in review")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")
    MERGED = "merged", _("merged")


# What no other record should name from now on.
UNCHOOSABLE = (Status.WITHDRAWN, Status.MERGED)


class NotReady(ValidationError):
    """The publish gate refuses: ``missing`` lists the gaps (see ``sources.evidence.publish_gate``) for the editor."""

    def __init__(self, missing):
        self.missing = missing
        super().__init__([str(gap) for gap in missing])


class VerbRefused(ValidationError):
    """The verb does not apply to the record as it stands, or not to this person."""


def is_blank(value):
    return value is None or value == "" or value == []


class CitedMixin:
    """Rows whose fields state facts.

    ``CITABLE_FIELDS`` names the fields that a citation may support; ``required_citations()`` those that must have one.
    """

    CITABLE_FIELDS = ()
    # By field, what readers call a fact where the field's own label would puzzle them.
    FACT_LABELS = {}

    def fact_value(self, field):
        """The value of a citable field as comparable data: text, number, slug, or a list of slugs."""
        model_field = self._meta.get_field(field)
        if model_field.many_to_many:
            return sorted(str(row) for row in getattr(self, field).all()) if self.pk else []
        value = getattr(self, field)
        return str(value) if model_field.is_relation and value is not None else value

    def says(self, field):
        """Whether the field states anything. Needs no query for a relation to one row."""
        model_field = self._meta.get_field(field)
        if model_field.many_to_many:
            return bool(self.pk and getattr(self, field).all())
        return not is_blank(getattr(self, model_field.attname))

    def required_citations(self):
        """Every citable field that says something."""
        return [field for field in self.CITABLE_FIELDS if self.says(field)]

    def holds_text(self):
        """Whether the text of the matter, or an official summary of it, is held here, so that reports can be set against it."""
        return False
