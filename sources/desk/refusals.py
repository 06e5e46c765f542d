"""Who may publish, return, withdraw and merge, and the words of a refusal."""

from django.utils.translation import ngettext

from sources.records.status import NotReady


def may_publish(request):
    return request.user.has_perm("sources.publish_record")


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
