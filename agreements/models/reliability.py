"""Reliability of coding: an agreement coded a second time, and what the two coders answered."""

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agreements.models.codebook import Codebook, Coding, Topic
from agreements.models.instruments import Agreement
from sources.records.status import Status, VerbRefused


class SecondCoding(models.Model):
    """A second person's coding of an agreement, made without sight of the first.

    It is a measurement and no content: it has no citations, changes no coding, and has no history of its own, because it
    cannot be changed once it is finished. Readers see only figures made of the pairs of all agreements.
    """

    agreement = models.OneToOneField(
        Agreement, models.CASCADE, related_name="second_coding", help_text=_("The instrument.")
    )
    coder = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", help_text=_("Whose account did it.")
    )
    coder_name = models.CharField(max_length=150, help_text=_("The account's name at that time, kept when it changes."))
    codebook = models.ForeignKey(
        Codebook, models.PROTECT, related_name="+", help_text=_("The version of the codebook it follows.")
    )
    answers = models.JSONField(
        default=list, blank=True, help_text=_("What the second coder answered so far: topic, class, stance, approach.")
    )
    begun_on = models.DateField(auto_now_add=True, help_text=_("The day on which it was begun."))
    finished_on = models.DateField(
        null=True, help_text=_("The day from which it cannot be changed and is compared with the first coding.")
    )

    class Meta:
        ordering = ["-begun_on", "-pk"]

    def __str__(self):
        return f"{self.agreement} · {self.coder_name}"

    def require_open(self, user):
        """Raises ``VerbRefused`` for anybody but its coder, and when it is finished."""
        if self.coder_id != user.pk:
            raise VerbRefused(gettext("%(name)s is coding this agreement a second time.") % {"name": self.coder_name})
        if self.finished_on:
            raise VerbRefused(gettext("This second coding is finished and cannot be changed."))

    def finish(self, answers):
        """Save the pairs of answers of both codings as they are now, before anybody sees the comparison.

        ``answers``: ``{(slug of the topic, class): ((stance, key of the approach) of the first, of the second)}``.
        """
        topics = {topic.slug: topic for topic in Topic.objects.all()}
        with transaction.atomic():
            for (slug, person), (first, second) in answers.items():
                self.pairs.create(
                    topic=topics[slug], person_class=person, first_stance=first[0], first_approach=first[1],
                    second_stance=second[0], second_approach=second[1],
                )  # fmt: skip
            self.finished_on = timezone.localdate()
            self.save()


class CodingPairQuerySet(models.QuerySet):
    def published(self):
        """Those of published agreements. Asked for each pair: there are few, and a join may begin with all agreements."""
        published = SecondCoding.objects.filter(pk=OuterRef("second_coding"), agreement__status=Status.PUBLISHED)
        return self.filter(Exists(published))

    def judged(self):
        """Pairs that can be compared: both coded the unit, and at least one had a text to read. As ``CodingPair.is_judged``."""
        one_only = Q(first_stance=Coding.Stance.NOT_CODED) | Q(second_stance=Coding.Stance.NOT_CODED)
        unread = Q(first_stance=Coding.Stance.TEXT_UNAVAILABLE, second_stance=Coding.Stance.TEXT_UNAVAILABLE)
        return self.exclude(one_only | unread)


class CodingPair(models.Model):
    """The answers of two independent coders on one topic for one class of person, on the day when the second finished.

    Approaches are kept as their keys: a later change of the first coding, or of the codebook, must not change what was measured.
    """

    second_coding = models.ForeignKey(
        SecondCoding, models.CASCADE, related_name="pairs", help_text=_("The second coding it belongs to.")
    )
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="coding_pairs", help_text=_("The topic."))
    person_class = models.CharField(
        max_length=20, choices=Coding.PersonClass.choices, help_text=_("The class of persons that it is about.")
    )
    first_stance = models.CharField(
        max_length=20, choices=Coding.Stance.choices, help_text=_("The stance that the first coding gave.")
    )
    first_approach = models.CharField(
        max_length=120, blank=True, help_text=_("The key of the approach that the first coding gave.")
    )
    second_stance = models.CharField(
        max_length=20, choices=Coding.Stance.choices, help_text=_("The stance that the second coding gave.")
    )
    second_approach = models.CharField(
        max_length=120, blank=True, help_text=_("The key of the approach that the second coding gave.")
    )

    objects = CodingPairQuerySet.as_manager()

    class Meta:
        ordering = ["topic__group_order", "topic__order", "person_class"]
        constraints = [
            models.UniqueConstraint(
                fields=["second_coding", "topic", "person_class"],
                name="coding_pair_once",
                violation_error_message=_("This unit was compared already."),
            )
        ]

    def __str__(self):
        return f"{self.topic.code} · {self.get_person_class_display()}"

    @property
    def is_judged(self):
        stances = {self.first_stance, self.second_stance}
        return Coding.Stance.NOT_CODED not in stances and stances != {Coding.Stance.TEXT_UNAVAILABLE.value}

    @property
    def agrees(self):
        return (self.first_stance, self.first_approach) == (self.second_stance, self.second_approach)
