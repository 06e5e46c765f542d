"""Nearest relatives: the agreements that answer the codebook's topics most alike.

The measure, as readers see it: among the topics that both agreements answer so that the answers can be compared (see
``agreements.codebook.answer_comparison``), the share on which they are the same. A topic counts once, however many classes of
person it is split by. With fewer than ``MINIMUM`` such topics there is no comparison. Few topics prove little, so relatives are
ranked by ``(same + 1) / (compared + 2)``, which approaches the share as topics grow; equal ranks are sorted by slug. Unknown answers
do not count.
"""

from django.db.models import Count, Q

from agreements.codebook import answer_comparison
from agreements.models import Agreement, Coding
from sources.reading.api import link
from sources.reading.store import answers
from sources.records.status import Status

MINIMUM = 5
LIMIT = 10
# Only agreements that share an answer with this one can be near; those that share most are looked at closely.
CANDIDATES = 200


def compare(left, right):
    """Two agreements' codings by topic → ``{"same": [codes], "differs": [codes]}`` in the order of ``left``."""
    topics = {"same": [], "differs": []}
    for code, ours in left.items():
        theirs = right.get(code)
        result = answer_comparison.same_on_topic(ours, theirs) if theirs else None
        if result is not None:
            topics["same" if result else "differs"].append(code)
    return topics


def rank(left, others):
    """``others`` maps a slug to codings by topic. Returns dicts, nearest first, without those under the minimum."""
    entries = []
    for slug, right in others.items():
        result = compare(left, right)
        compared = len(result["same"]) + len(result["differs"])
        if compared >= MINIMUM and result["same"]:
            entries.append(
                {
                    "slug": slug,
                    "same": len(result["same"]),
                    "compared": compared,
                    "score": round((len(result["same"]) + 1) / (compared + 2), 4),
                    "same_on": result["same"],
                    "differs_on": result["differs"],
                }
            )
    return sorted(entries, key=lambda entry: (-entry["score"], entry["slug"]))


@answers.kept("relatives")
def relatives(slug):
    """The nearest relatives of a published agreement, as readers see them."""
    return relatives_of(Agreement.objects.published().get(slug=slug))


def relatives_of(agreement, limit=LIMIT):
    """The nearest published agreements: ``rank`` entries with a link ``agreement``. Two queries."""
    ours = _answers(Coding.objects.filter(agreement=agreement)).get(agreement.slug)
    if not ours:
        return []
    rows = Coding.objects.filter(agreement__in=_candidates(agreement.pk, ours))
    names = {}
    others = _answers(rows, names)
    return [{**entry, "agreement": link(names[entry["slug"]])} for entry in rank(ours, others)[:limit]]


def _answers(codings, names=None):
    """``{slug: codings by topic}`` with only the columns for comparing. ``names``, if given, gets ``{slug: Agreement}`` for links."""
    rows = codings.order_by("agreement", "topic__group_order", "topic__order", "person_class").values_list(
        "agreement__slug", "agreement__title", "agreement__short_title", "topic__code", "person_class", "stance",
        "approach__code",
    )  # fmt: skip
    answers = {}
    for slug, title, short_title, topic, person_class, stance, approach in rows:
        if slug not in answers:
            answers[slug] = {}
            if names is not None:
                names[slug] = Agreement(slug=slug, title=title, short_title=short_title, status=Status.PUBLISHED)
        answer = {"stance": stance, "approach": {"code": approach} if approach else None}
        answers[slug].setdefault(topic, {})[person_class] = answer
    return answers


def _candidates(agreement_id, ours):
    """Primary keys of the published agreements that share most answers with this one."""
    known = [answer for classes in ours.values() for answer in classes.values() if answer_comparison.is_known(answer)]
    shared = Q(pk__in=[])
    if any(answer["approach"] for answer in known):
        taken = Coding.objects.filter(agreement=agreement_id, approach__isnull=False).values("approach")
        shared |= Q(stance__in=answer_comparison.KNOWN, approach__in=taken)
    if any(answer["stance"] == "silent" for answer in known):
        shared |= Q(
            stance="silent", topic__in=Coding.objects.filter(agreement=agreement_id, stance="silent").values("topic")
        )
    return (
        Coding.objects.filter(shared, agreement__status=Status.PUBLISHED)
        .exclude(agreement=agreement_id)
        .order_by()
        .values("agreement")
        .annotate(shared=Count("topic", distinct=True))
        .order_by("-shared", "agreement__slug")
        .values_list("agreement", flat=True)[:CANDIDATES]
    )
