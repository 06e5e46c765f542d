"""Carries out a verb (submit, return, publish, withdraw) by name, as the editing screens post it."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sources.records.base import NotReady, VerbRefused


def may_publish(request):
    return request.user.has_perm("sources.publish_record")


def perform(record, verb, user, comment="", bypass=False, saw=0):
    """Carry out one verb. Raises ``ValidationError`` if it is refused.

    ``saw`` is the number of the revision that the user saw: publishing is refused if there is a newer one.
    """
    steps = {
        "submit": lambda: record.submit(user, comment),
        "return": lambda: record.send_back(user, comment),
        "publish": lambda: record.publish(user, comment, bypass=bypass),
        "withdraw": lambda: record.withdraw(user, comment),
    }
    if verb not in steps:
        raise VerbRefused(_("There is no such step."))
    with transaction.atomic():
        # Read the row again under a lock: the verb saves all its columns and must not undo an edit of a moment ago.
        record.refresh_from_db(from_queryset=type(record).objects.select_for_update())
        if verb == "publish" and saw and saw != last_number(record):
            raise VerbRefused(_("The record changed while you looked at it. Please look again."))
        return steps[verb]()


def last_number(record):
    last = record.revisions.first()
    return last.number if last else 0


def refusal_text(refusal):
    if isinstance(refusal, NotReady):
        count, first = len(refusal.missing), "; ".join(map(str, refusal.missing[:5]))
        words = ngettext(
            "Not published: %(n)s fact has no source (%(first)s).",
            "Not published: %(n)s facts have no source (%(first)s).",
            count,
        )
        return words % {"n": count, "first": first}
    return " ".join(refusal.messages)
