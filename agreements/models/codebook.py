"""The codebook: topics to compare agreements by, and the coding of an agreement on a topic."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from agreements.life.questions import IMMUNITY, question_of_coding
from agreements.models.instruments import Agreement
from agreements.models.life import Clause
from sources.lib.fields import NameField, ProseField
from sources.lib.text import fold
from sources.reading.fact_wording import choice_label, localised
from sources.reading.search.entries import Entry
from sources.records.base import Documented, DocumentedQuerySet
from sources.records.found_by_name import MAX_WORDS
from sources.records.part import Part, PartQuerySet, one_key


class Codebook(Documented):
    """One version of the codebook, with what changed since the one before."""

    KIND = "codebooks"
    NAMED_AS_ONE = True
    DOSSIER_FIELDS = ("version", "published_on", "purpose", "changes")

    version = models.CharField(max_length=12, unique=True, help_text=_("The version's number, for example 1.0."))
    published_on = models.DateField(help_text=_("The day from which codings may name this version."))
    purpose = ProseField(help_text=_("What the codebook is for."))
    changes = ProseField(blank=True, help_text=_("What changed since the version before."))

    class Meta:
        ordering = ["-published_on", "-version"]

    def __str__(self):
        return self.version

    def is_before(self, other):
        return (self.published_on, self.version) < (other.published_on, other.version)


class TopicQuerySet(DocumentedQuerySet):
    def in_order(self):
        return self.order_by("group_order", "order")

    def found_by(self, words):
        """The topics whose code, names or definitions have every one of the words, whole or as the beginning of a word."""
        wanted = fold(words).split()[:MAX_WORDS]
        columns = ("code", "name", "name_es", "definition", "definition_es")
        texts = {pk: f" {fold(' '.join(texts))}" for pk, *texts in self.values_list("pk", *columns)} if wanted else {}
        return self.filter(pk__in=[pk for pk, text in texts.items() if all(f" {word}" in text for word in wanted)])


class Topic(Documented):
    """A question that an agreement can answer, such as who may try which offences."""

    KIND = "topics"
    NAMED_AS_ONE = True
    READING_ORDER = 10
    FOUND_AT = 6
    IS_TYPED = True
    DOSSIER_FIELDS = (
        "code", "name", "name_es", "definition", "definition_es", "group", "group_name", "group_name_es", "group_order",
        "order", "since",
    )  # fmt: skip
    PARTS = ("approaches",)

    code = models.CharField(max_length=4, unique=True, help_text=_("The code, for example D2: group and number."))
    name = NameField(max_length=120, help_text=_("The topic's name in English."))
    name_es = NameField(max_length=120, blank=True, help_text=_("The topic's name in Spanish."))
    definition = ProseField(help_text=_("What the topic covers."))
    definition_es = ProseField(blank=True, help_text=_("The definition in Spanish."))
    group = models.CharField(max_length=2, db_index=True, help_text=_("The letter of its group."))
    group_name = NameField(max_length=80, help_text=_("The group's name in English."))
    group_name_es = NameField(max_length=80, blank=True, help_text=_("The group's name in Spanish."))
    group_order = models.PositiveSmallIntegerField(help_text=_("The group's place in the codebook."))
    order = models.PositiveSmallIntegerField(help_text=_("The topic's place in its group."))
    since = models.ForeignKey(
        Codebook, models.PROTECT, related_name="new_topics", help_text=_("The version that brought the topic in.")
    )

    objects = TopicQuerySet.as_manager()

    class Meta:
        ordering = ["group_order", "order"]

    def __str__(self):
        return f"{self.code} {self.name}"

    @classmethod
    def name_columns(cls):
        return ("code", "name", "name_es")

    def get_absolute_url(self):
        return reverse("topics-page", args=[self.slug])

    @classmethod
    def search_entries(cls):
        """What can be found of the topics."""
        return [topic.search_entry() for topic in cls.objects.prefetch_related("approaches")]

    def search_entry(self):
        told = [approach.name for approach in self.approaches.all()]
        told += [approach.meaning for approach in self.approaches.all()]
        return Entry(
            ref=self.ref,
            page=self.get_absolute_url(),
            names=[str(self), *filter(None, (self.name, self.name_es, self.code))],
            passages=[("Definition", self.definition), ("Approach", ". ".join(told))],
            facets={"topic": [self.code]},
        )


class Approach(Part):
    """One of the answers that agreements give on a topic.

    An approach is never removed, for codings of earlier versions name it: from the version ``until`` on it is retired.
    """

    PARENT = "topic"
    DOSSIER_FIELDS = (
        "code", "name", "name_es", "short_name", "short_name_es", "favours", "meaning", "since", "until",
    )  # fmt: skip

    class Favours(models.TextChoices):
        """Whose hands an answer on jurisdiction, taxes or customs leaves a person or a claim in."""

        SENDING_STATE = "sending_state", _("the sending state or its people")
        SHARED = "shared", _("both states, or some acts only")
        HOST_STATE = "host_state", _("the host state")

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="approaches", help_text=_("The topic."))
    code = models.SlugField(max_length=60, help_text=_("The code in the data, for example exclusive_sending_state."))
    name = NameField(max_length=120, help_text=_("The name that readers see."))
    name_es = NameField(max_length=120, blank=True, help_text=_("The name in Spanish."))
    short_name = NameField(
        max_length=24,
        blank=True,
        help_text=_("The answer in one to three words, for tables such as the immunity matrix."),
    )
    short_name_es = NameField(max_length=24, blank=True, help_text=_("The same in Spanish."))
    favours = models.CharField(
        max_length=16,
        choices=Favours.choices,
        blank=True,
        help_text=_("Whom the answer favours, shown as the colour of a cell; empty where it favours nobody."),
    )
    meaning = ProseField(help_text=_("What an agreement with this approach says, in one line."))
    since = models.ForeignKey(
        Codebook,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="new_approaches",
        help_text=_("The version that brought the approach in; empty when it came with the topic."),
    )
    until = models.ForeignKey(
        Codebook,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="retired_approaches",
        help_text=_(
            "The first version without the approach; codings of earlier versions keep it until they are recoded."
        ),
    )

    class Meta(Part.Meta):
        verbose_name_plural = "approaches"
        constraints = [
            one_key("topic", "approach"),
            models.UniqueConstraint(
                fields=["topic", "code"],
                name="approach_code_once",
                violation_error_message=_("The topic already has an approach with this code."),
            ),
        ]

    def __str__(self):
        return self.name

    def key_words(self):
        return [self.code.replace("_", "-")]


class CodingQuerySet(PartQuerySet):
    def to_recode(self):
        """Codings whose approach the newest codebook no longer has."""
        # By the keys of the approaches, which are few: in one query, SQLite looks at every coding of every agreement.
        retired = Approach.objects.filter(until__isnull=False).order_by()
        return self.filter(approach__in=list(retired.values_list("pk", flat=True)))


class Coding(Part):
    """What an agreement says on a topic for a class of person."""

    PARENT = "agreement"
    DOSSIER_FIELDS = ("topic", "person_class", "stance", "approach", "basis", "summary", "clauses", "codebook", "note")
    CITABLE_FIELDS = ("stance", "approach")
    FACT_LABELS = {"stance": _("Whether it is dealt with"), "approach": _("Which rule applies")}

    class Stance(models.TextChoices):
        """The codebook's stances. The four unknowns are four values."""

        PRESENT = "present", _("dealt with")
        EXCLUDED = "expressly_excluded", _("expressly excluded")
        SILENT = "silent", _("silent")
        TEXT_UNAVAILABLE = "text_unavailable", _("text unavailable")
        INCONCLUSIVE = "inconclusive", _("inconclusive")
        NOT_APPLICABLE = "not_applicable", _("not applicable")
        NOT_CODED = "not_coded", _("not coded")

    class PersonClass(models.TextChoices):
        ALL = "all", _("all covered persons")
        MILITARY = "military", _("members of the force")
        CIVILIAN = "civilian", _("civilian component")
        CONTRACTOR = "contractor", _("contractors (firms)")
        CONTRACTOR_EMPLOYEE = "contractor_employee", _("employees of contractors")
        DEPENDANT = "dependant", _("dependants")
        LOCALLY_HIRED = "locally_hired", _("locally hired staff")

    UNCITED_STANCES = (Stance.TEXT_UNAVAILABLE, Stance.NOT_APPLICABLE, Stance.NOT_CODED)

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="codings", help_text=_("The instrument."))
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="codings", help_text=_("The topic of the codebook."))
    person_class = models.CharField(
        max_length=20,
        choices=PersonClass.choices,
        default=PersonClass.ALL,
        db_index=True,
        help_text=_("The class of persons that the coding is about."),
    )
    stance = models.CharField(
        max_length=20,
        choices=Stance.choices,
        db_index=True,
        help_text=_("Whether the instrument deals with the topic, or why this is not known."),
    )
    approach = models.ForeignKey(
        Approach,
        models.PROTECT,
        null=True,
        blank=True,
        # Lists go by the entries, which stand in their order; with an index here SQLite would sort all codings of the approach.
        db_index=False,
        related_name="codings",
        help_text=_("Which of the topic's approaches it takes; empty when it deals with the topic in another way."),
    )
    basis = models.CharField(
        max_length=16,
        choices=Clause.Basis.choices,
        blank=True,
        db_index=True,
        help_text=_("What the coding rests on."),
    )
    summary = ProseField(blank=True, help_text=_("What it says on the topic, in the editors' own words."))
    clauses = models.ManyToManyField(
        Clause, blank=True, related_name="codings", help_text=_("The clauses that the coding rests on.")
    )
    codebook = models.ForeignKey(
        Codebook, models.PROTECT, related_name="codings", help_text=_("The version of the codebook it follows.")
    )
    note = ProseField(blank=True, help_text=_("What a reader should know about this coding."))

    objects = CodingQuerySet.as_manager()

    class Meta(Part.Meta):
        ordering = ["topic__group_order", "topic__order", "person_class"]
        constraints = [
            one_key("agreement", "coding"),
            models.UniqueConstraint(
                fields=["agreement", "topic", "person_class"],
                name="coding_once",
                violation_error_message=_("This topic is already coded for this class of person."),
            ),
            models.CheckConstraint(
                condition=Q(approach__isnull=True) | Q(stance__in=["present", "expressly_excluded", "inconclusive"]),
                name="coding_approach_needs_text",
                violation_error_message=_("An approach needs a stance that says what the text does."),
            ),
            models.CheckConstraint(
                condition=~Q(basis="") | Q(stance__in=["text_unavailable", "not_applicable", "not_coded"]),
                name="coding_has_basis",
                violation_error_message=_("Say what the coding rests on: text, official summary or press."),
            ),
        ]
        indexes = [models.Index(fields=["topic", "stance", "agreement"], name="coding_by_topic")]

    def __str__(self):
        return f"{self.topic.code} · {self.get_person_class_display()}"

    @classmethod
    def entry_label(cls, row):
        """The topic's name, with the class of person unless that says the topic already: “Contractors (firms)”."""
        topic = localised(row["topic"], "name")
        if row["person_class"] == cls.PersonClass.ALL:
            return topic
        persons = choice_label(cls, "person_class", row["person_class"])
        return capfirst(persons) if persons.startswith(topic.lower()) else f"{topic} – {persons}"

    @classmethod
    def question(cls, field, row):
        return question_of_coding(field, row["topic"], row["person_class"])

    def is_weighty(self, field):
        return self.topic.group == IMMUNITY and field in ("stance", "approach")

    def key_words(self):
        return [self.topic.code, self.person_class if self.person_class != "all" else ""]

    def clean(self):
        if self.approach and self.topic_id and self.approach.topic_id != self.topic_id:
            words = {"approach": self.approach, "other": self.approach.topic, "topic": self.topic}
            raise ValidationError(
                {"approach": _("“%(approach)s” is an approach of %(other)s. Choose one of %(topic)s.") % words}
            )
        if self.topic_id and self.codebook_id:
            self._require_version_that_has_it()

    def _require_version_that_has_it(self):
        """Refuse a topic or an approach that the version named does not have: one that came later, or was retired."""
        if self._is_later(self.topic):
            words = {"name": self.topic, "version": self.codebook, "since": self.topic.since}
            raise ValidationError(
                {"codebook": _("%(name)s came with version %(since)s; version %(version)s does not have it.") % words}
            )
        if self.approach and self._is_later(self.approach):
            words = {"name": self.approach, "version": self.codebook, "since": self.approach.since}
            raise ValidationError(
                {"codebook": _("“%(name)s” came with version %(since)s; version %(version)s does not have it.") % words}
            )
        if self.approach and self.approach.until_id and not self.codebook.is_before(self.approach.until):
            words = {"name": self.approach, "until": self.approach.until}
            raise ValidationError(
                {"approach": _("“%(name)s” was retired in version %(until)s. Choose another approach.") % words}
            )

    def _is_later(self, row):
        """Whether a topic or an approach came after the version that the coding names."""
        return bool(row.since_id) and row.since_id != self.codebook_id and self.codebook.is_before(row.since)

    def required_citations(self):
        return [] if self.stance in self.UNCITED_STANCES else super().required_citations()

    def holds_text(self):
        """If its own basis, or one of its clauses, was read."""
        return self.basis in Clause.READ or any(clause.holds_text() for clause in self.clauses.all())
