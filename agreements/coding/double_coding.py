"""The second coding of an agreement: who may make it, how it is saved, and how the two codings are compared.

The unit is a topic for a class of person. A coder who answered a topic for all covered persons answered it for each class
that the other coder told apart, as in the immunity matrix. A topic that neither coded is not a unit. Three cases need a rule:

* only one of the two coded it: left out of the figures, and counted;
* both had no text to read: nothing was judged; left out of the figures, and counted;
* one had no text and the other judged: a difference.

Silent, inconclusive, not applicable and expressly excluded are judgements like any other.
"""

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agreements.coding.kappa import measure
from agreements.models import Agreement, Codebook, Coding, CodingPair, SecondCoding
from sources.models import Proposal, Review, Revision
from sources.records.status import VerbRefused

EVERYBODY = Coding.PersonClass.ALL.value
NOTHING_CODED = gettext_lazy("There is nothing to compare yet: no topic was coded.")
NOT_CODED = (Coding.Stance.NOT_CODED.value, "")


def paired(first, second):
    """``{(topic, class): (first answer, second answer)}`` of two codings ``{(topic, class): answer}``."""
    pairs = {}
    for topic in sorted({topic for topic, _person in (*first, *second)}):
        one, other = _of_topic(first, topic), _of_topic(second, topic)
        for person in _units(one, other):
            pairs[topic, person] = tuple(side.get(person) or side.get(EVERYBODY) or NOT_CODED for side in (one, other))
    return pairs


def _of_topic(coding, topic):
    return {
        person: answer for (named, person), answer in coding.items() if named == topic and answer[0] != NOT_CODED[0]
    }


def _units(one, other):
    """The classes to compare. If one coder has “all” and the other has single classes, “all” is compared with each of these."""
    split = [side for side in (one, other) if side and EVERYBODY not in side]
    return sorted({*one, *other} - ({EVERYBODY} if split else set()))


# Who may code, and saving


def known_to(user):
    """A ``Q`` for the agreements that this user has worked on, and whose coding the user so knows."""
    about = {"record_type": ContentType.objects.get_for_model(Agreement), "record_id": OuterRef("pk"), "by": user}
    return Q(*(Exists(model.objects.filter(**about)) for model in (Revision, Review, Proposal)), _connector=Q.OR)


def obstacle(agreement, user):
    """Why this user cannot be the second coder of the agreement, or an empty text."""
    if type(agreement).objects.filter(known_to(user), pk=agreement.pk).exists():
        return _(
            "You have worked on this agreement, so you know how it is coded. Somebody else codes it a second time."
        )
    if not agreement.codings.exclude(stance=Coding.Stance.NOT_CODED).exists():
        return _("Nobody has coded this agreement yet.")
    return ""


def second_coding_of(agreement):
    return SecondCoding.objects.filter(agreement=agreement).select_related("coder", "codebook").first()


@transaction.atomic
def keep(agreement, user, answers, finish=False):
    """Save the second coder's answers; ``finish`` ends the coding. Raises ``VerbRefused``."""
    # An agreement has one second coder: a second request waits for this lock and then finds the first one's row.
    type(agreement).objects.select_for_update().get(pk=agreement.pk)
    second = second_coding_of(agreement) or SecondCoding(
        agreement=agreement, coder=user, coder_name=str(user), codebook=Codebook.objects.first()
    )
    second.require_open(user)
    if refusal := obstacle(agreement, user):
        raise VerbRefused(refusal)
    second.answers = answers
    second.save()
    if finish:
        answers_of_second = _second_answers(second)
        if not answers_of_second:
            raise VerbRefused(NOTHING_CODED)
        second.finish(paired(first_answers(agreement), answers_of_second))
    return second


def first_answers(agreement):
    """``{(topic, class): (stance, key of the approach)}`` of the agreement's present codings."""
    codings = agreement.codings.select_related("topic", "approach")
    return {
        (coding.topic.slug, coding.person_class): (coding.stance, coding.approach.key if coding.approach else "")
        for coding in codings
    }


def _second_answers(second):
    return {
        (entry["topic"], entry.get("person_class", EVERYBODY)): (
            entry["stance"],
            entry.get("approach", "").rpartition("/")[2],
        )
        for entry in second.answers
    }


# Figures


def figures(pairs):
    """The reliability of coding, measured on a queryset of pairs.

    Kappa is computed on stances, since all topics have the same ones. Each topic has its own approaches; pooling them would make
    chance agreement look rarer than it is. So approaches have only a share of agreement, among the units with equal stances
    where at least one coder named an approach.
    """
    judged = pairs.judged().order_by()
    table = {
        (first, second): n
        for first, second, n in judged.values_list("first_stance", "second_stance").annotate(Count("pk"))
    }
    same_stance = Q(first_stance=F("second_stance"))
    named = same_stance & (~Q(first_approach="") | ~Q(second_approach=""))
    counts = judged.aggregate(
        agreements=Count("second_coding", distinct=True),
        topics=Count("topic", distinct=True),
        named=Count("pk", filter=named),
        same_approach=Count("pk", filter=named & Q(first_approach=F("second_approach"))),
    )
    return {"stance": measure(table), **counts, "left_out": pairs.count() - sum(table.values())}


def public_figures():
    """The figures of all published agreements."""
    return figures(CodingPair.objects.published())
