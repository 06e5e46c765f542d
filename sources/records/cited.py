"""Rows whose fields state facts, the publication status, and the exceptions of the verbs."""

from functools import cache

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

validate_slug = RegexValidator(r"^[a-z0-9]+(?:-[a-z0-9]+)*\Z", _("Use lower-case letters, digits and single hyphens."))


class Status(models.TextChoices):
    """The publication status of a record."""

    DRAFT = "draft", _("draft")
    IN_REVIEW = "in_review", _("in review")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")
    MERGED = "merged", _("merged")


# Search boxes do not offer records with these statuses.
UNCHOOSABLE = (Status.WITHDRAWN, Status.MERGED)


class NotReady(ValidationError):
    """Publication is refused because facts lack a source; ``missing`` lists the gaps (see ``sources.evidence.publish_gate``)."""

    def __init__(self, missing):
        self.missing = missing
        super().__init__([str(gap) for gap in missing])


class VerbRefused(ValidationError):
    """The verb does not fit the status of the record, or this person must not carry it out."""


def is_blank(value):
    return value is None or value == "" or value == []


@cache
def _column_of(model, field):
    """The attribute with the plain value of a field; ``None`` for a relation to many."""
    model_field = model._meta.get_field(field)
    return None if model_field.many_to_many else model_field.attname


class CitedMixin:
    """Rows whose fields state facts.

    ``CITABLE_FIELDS`` names the fields that a citation may support; ``required_citations()`` those that must have one.
    """

    CITABLE_FIELDS = ()
    # By field, what readers call a fact where the field's own label would puzzle them.
    FACT_LABELS = {}

    def fact_value(self, field):
        """The value of a citable field as plain data: text, number, name of the related row, or a list of names."""
        model_field = self._meta.get_field(field)
        if model_field.many_to_many:
            return sorted(str(row) for row in getattr(self, field).all()) if self.pk else []
        value = getattr(self, field)
        return str(value) if model_field.is_relation and value is not None else value

    def says(self, field):
        """Whether the field has a value. A foreign key needs no query."""
        column = _column_of(type(self), field)
        if column is None:
            return bool(self.pk and getattr(self, field).all())
        return not is_blank(getattr(self, column))

    def required_citations(self):
        """The fields that must have a citation: every citable field with a value."""
        return [field for field in self.CITABLE_FIELDS if self.says(field)]

    def holds_text(self):
        """Whether we hold the text, or an official summary, that this row is about. Only then can reports be compared with it."""
        return False
