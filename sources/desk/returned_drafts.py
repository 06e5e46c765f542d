"""Drafts that a reviewer returned: by whom, when, and why."""

from django.contrib.contenttypes.models import ContentType

from sources.models import Review
from sources.records.status import Status


def returns_of(records):
    """``{primary key: review}`` of the records of one kind that are drafts because a reviewer returned them."""
    drafts = [record for record in records if record.status == Status.DRAFT]
    if not drafts:
        return {}
    content_type = ContentType.objects.get_for_model(type(drafts[0]))
    steps = Review.objects.filter(record_type=content_type, record_id__in=[record.pk for record in drafts])
    last = {review.record_id: review for review in steps.order_by("at", "pk")}
    return {pk: review for pk, review in last.items() if review.verb == Review.Verb.RETURN}
