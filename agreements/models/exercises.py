"""Series of exercises and their editions, with who took part and who came to see."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agreements.models.certainty import HeadlineCertainty
from agreements.models.instruments import Agreement
from people.models import Organisation, Person
from sources.lib.fields import HAPPENED, NameField, PartialDateField, ProseField, bound
from sources.records.base import Record
from sources.records.part import Part, one_key


class Domain(models.TextChoices):
    """The kinds of work that an exercise trains or a deployment does."""

    LAND = "land", _("land")
    AIR = "air", _("air")
    MARITIME = "maritime", _("maritime and riverine")
    CYBER = "cyber", _("cyber")
    SPECIAL_OPERATIONS = "special_operations", _("special operations")
    COUNTER_TERRORISM = "counter_terrorism", _("counter-terrorism")
    COUNTER_NARCOTICS = "counter_narcotics", _("counter-narcotics")
    MEDICAL = "medical", _("medical and dental")
    HUMANITARIAN = "humanitarian", _("humanitarian and disaster relief")
    MIXED = "mixed", _("several")


class ExerciseSeries(Record):
    """A recurring exercise whose editions share a name."""

    KIND = "series"
    READING_ORDER = 45
    IS_NEWS = False
    SEARCH_FIELDS = ("name",)
    NAMED_BY = ("name",)
    DOSSIER_FIELDS = ("name", "first_held", "summary")
    CITABLE_FIELDS = ("name", "first_held", "summary")

    name = NameField(help_text=_("The name that the editions share."))
    first_held = PartialDateField(
        bounds=("first_earliest", "first_latest"),
        years_ahead=HAPPENED,
        help_text=_("When the first edition was held."),
    )
    first_earliest = bound()
    first_latest = bound()
    summary = ProseField(blank=True, help_text=_("What the series is for, in a few plain sentences, each sourced."))

    class Meta(Record.Meta):
        ordering = ["sort_key", "slug"]
        verbose_name_plural = "exercise series"

    def __str__(self):
        return self.name


class Exercise(HeadlineCertainty, Record):
    """An exercise, training course, deployment or mission: forces of one state working with or in another."""

    KIND = "exercises"
    HEADLINE = "dates"
    READING_ORDER = 40
    SEARCH_FIELDS = ("name", "venue")
    NAMED_BY = ("name",)
    DATED_BY = "dates"
    DOSSIER_FIELDS = (
        "name", "kind", "series", "edition", "dates", "dates_note", "venue", "country", "host", "domain", "focus",
        "purpose", "summary", "legal_basis", "legal_basis_note",
    )  # fmt: skip
    CITABLE_FIELDS = (
        "name", "kind", "series", "edition", "dates", "venue", "country", "host", "focus", "purpose", "summary",
        "legal_basis",
    )  # fmt: skip
    PARTS = ("participations", "visits")
    QUESTIONS = {
        "name": _("What is it called?"),
        "kind": _("What sort of activity is it?"),
        "series": _("Which series does it belong to?"),
        "edition": _("Which edition is it?"),
        "dates": _("When did it take place?"),
        "venue": _("Where did it take place?"),
        "country": _("In which state did it take place?"),
        "host": _("Who hosted it?"),
        "focus": _("What was trained or done?"),
        "purpose": _("What was it for?"),
        "summary": _("What happened?"),
        "legal_basis": _("On which instrument does it rest?"),
    }

    class Kind(models.TextChoices):
        EXERCISE = "exercise", _("joint exercise")
        TRAINING = "training", _("training course or exchange")
        DEPLOYMENT = "deployment", _("deployment")
        MISSION = "mission", _("medical, relief or advisory mission")

    name = NameField(help_text=_("The name as used, or a plain description where it has none."))
    kind = models.CharField(
        max_length=12, choices=Kind.choices, db_index=True, help_text=_("What sort of activity it is.")
    )
    series = models.ForeignKey(
        ExerciseSeries,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="editions",
        help_text=_("The series that this is an edition of."),
    )
    edition = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=_("The number of the edition in its series.")
    )
    dates = PartialDateField(
        bounds=("dates_earliest", "dates_latest"),
        help_text=_("When it took place: a date, or an interval such as 2026-01-08/2026-01-16."),
    )
    dates_earliest = bound()
    dates_latest = bound()
    dates_note = NameField(blank=True, help_text=_("How the dates were found, where no source prints them."))
    venue = NameField(blank=True, help_text=_("The place, base or facility."))
    country = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="exercises_in",
        limit_choices_to={"kind": "state"},
        help_text=_("The state on whose territory it took place."),
    )
    host = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="exercises_hosted",
        help_text=_("The force or body that hosted it."),
    )
    domain = models.CharField(
        max_length=20,
        blank=True,
        choices=Domain.choices,
        db_index=True,
        help_text=_("The main domain of the activity."),
    )
    focus = ProseField(blank=True, help_text=_("What was trained or done."))
    purpose = ProseField(blank=True, help_text=_("What it was for, according to those who held it."))
    summary = ProseField(blank=True, help_text=_("What a reader should know, in a few plain sentences, each sourced."))
    legal_basis = models.ForeignKey(
        Agreement,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="exercises",
        help_text=_("The instrument that a source names as its legal basis."),
    )
    legal_basis_note = NameField(blank=True, help_text=_("Why the legal basis is uncertain, or that none is known."))

    class Meta(Record.Meta):
        ordering = [models.F("dates_earliest").desc(nulls_last=True), "slug"]
        indexes = [
            *Record.Meta.indexes,
            models.Index(fields=["status", "-dates_earliest", "slug"], name="exercise_public_order"),
        ]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(edition__isnull=True) | Q(series__isnull=False),
                name="exercise_edition_needs_series",
                violation_error_message=_("An edition number needs the series it counts in."),
            ),
        ]

    def __str__(self):
        return self.name


class Participation(Part):
    """A state, force or unit that took part in an exercise."""

    PARENT = "exercise"
    NAMES = ("organisation",)
    DOSSIER_FIELDS = ("organisation", "role", "strength", "note")
    CITABLE_FIELDS = ("organisation", "role", "strength")
    KNOWN_BY = ("organisation",)
    FACT_LABELS = {"organisation": _("That it took part")}
    QUESTIONS = {
        "organisation": _("Did %(entry)s take part?"),
        "role": _("In which role did %(entry)s take part?"),
        "strength": _("How many people did %(entry)s send?"),
    }

    class Role(models.TextChoices):
        PARTICIPANT = "participant", _("participant")
        HOST = "host", _("host")
        TRAINER = "trainer", _("trainer")
        TRAINEE = "trainee", _("trainee")
        OBSERVER = "observer", _("observer")

    exercise = models.ForeignKey(Exercise, models.CASCADE, related_name="participations", help_text=_("The exercise."))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="participations", help_text=_("Who took part.")
    )
    role = models.CharField(
        max_length=12, choices=Role.choices, default=Role.PARTICIPANT, help_text=_("In which role it took part.")
    )
    strength = models.PositiveIntegerField(null=True, blank=True, help_text=_("The number of people it sent."))
    note = NameField(blank=True, help_text=_("What a reader should know, for example that the unit is not named."))

    class Meta(Part.Meta):
        constraints = [one_key("exercise", "participation")]

    def __str__(self):
        return str(self.organisation)

    def key_words(self):
        return [self.organisation.slug]


class Visit(Part):
    """A visit to an exercise by officials, such as a distinguished visitors' day."""

    PARENT = "exercise"
    DATED_BY = "date"
    DOSSIER_FIELDS = ("title", "date", "visitors", "unnamed", "description")
    CITABLE_FIELDS = ("title", "date", "visitors", "unnamed", "description")
    KNOWN_BY = ("title",)

    exercise = models.ForeignKey(Exercise, models.CASCADE, related_name="visits", help_text=_("The exercise visited."))
    title = NameField(help_text=_("What the visit was called."))
    date = PartialDateField(bounds=("date_earliest", "date_latest"), help_text=_("The day of the visit."))
    date_earliest = bound()
    date_latest = bound()
    visitors = models.ManyToManyField(
        Person, blank=True, related_name="visits", help_text=_("The visitors who are named.")
    )
    unnamed = NameField(blank=True, help_text=_("Visitors whom the sources describe without a name."))
    description = ProseField(blank=True, help_text=_("What the visitors saw or did."))

    class Meta(Part.Meta):
        constraints = [one_key("exercise", "visit")]

    def __str__(self):
        return self.title

    def key_words(self):
        return [self.title]
