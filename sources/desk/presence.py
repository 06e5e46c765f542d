"""Who has a record open in the admin just now."""

from datetime import timedelta

from django.db import OperationalError
from django.utils import timezone

from sources.lib.locks import is_busy, waiting
from sources.models import Presence

# The screen reports every 20 seconds; three missed reports mean that the editor has gone.
STILL_HERE = timedelta(seconds=60)


def note(record, user):
    """Note that this user has the record open. Skipped while another connection writes, so that the thread does not wait:
    the next report comes in 20 seconds."""
    try:
        with waiting(0):
            Presence.objects.update_or_create(record_ref=record.ref, user=user)
    except OperationalError as fault:
        if not is_busy(fault):
            raise


def others(record, user):
    """The other users who have it open."""
    recent = Presence.objects.filter(record_ref=record.ref, seen_at__gte=timezone.now() - STILL_HERE)
    return [row.user for row in recent.exclude(user=user).select_related("user").order_by("user__username")]
