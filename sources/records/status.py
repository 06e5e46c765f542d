"""The publication status of a record, and the refusals of the verbs that change it."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """The publication status of a record."""

    DRAFT = "draft", _("draft")
    IN_REVIEW = "in_review", _("in review")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")
    MERGED = "merged", _("merged")


# Readers do not see records with these statuses.
UNPUBLISHED = tuple(status for status in Status if status != Status.PUBLISHED)
# Search boxes do not offer records with these statuses.
UNCHOOSABLE = (Status.WITHDRAWN, Status.MERGED)


def is_published(model, column):
    """The condition that the row of ``model`` whose primary key stands in ``column`` is published; looked up for each row. By ``Exists``,
    PostgreSQL would collect the keys of all published rows first."""
    status = model.objects.order_by().filter(pk=models.OuterRef(column)).values("status")
    return Exact(models.Subquery(status), Status.PUBLISHED)


class NotReady(ValidationError):
    """Publication is refused because facts lack a source; ``missing`` lists the gaps (see ``sources.evidence.publish_gate``)."""

    def __init__(self, missing):
        self.missing = missing
        super().__init__([str(gap) for gap in missing])


class VerbRefused(ValidationError):
    """The verb does not fit the status of the record, or this person must not carry it out."""
