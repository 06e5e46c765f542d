"""What happens around agreements: assistance, events, and what was publicly said."""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from agreements.models.certainty import HeadlineCertainty
from agreements.models.instruments import Agreement
from people.models import Organisation, Person
from sources.lib.fields import HAPPENED, NameField, PartialDateField, ProseField, bound, check_happened
from sources.models import check_about
from sources.records.base import Record, RecordQuerySet
from sources.records.part import Part, one_key


class Assistance(HeadlineCertainty, Record):
    """Equipment, training, works or funds given or sold under or beside an instrument."""

    KIND = "assistance"
    HEADLINE = "state"
    READING_ORDER = 50
    SEARCH_FIELDS = ("title", "item")
    NAMED_BY = ("title",)
    DATED_BY = "date"
    TOLD_APART_BY = ("kind", "date")
    DOSSIER_FIELDS = (
        "title", "kind", "item", "quantity", "quantity_note", "value", "currency", "terms", "state", "date", "date_note",
        "provider", "donors", "recipients", "supplier", "programme", "purpose", "summary", "legal_basis",
        "legal_basis_note",
    )  # fmt: skip
    CITABLE_FIELDS = (
        "item", "quantity", "value", "state", "date", "provider", "donors", "recipients", "supplier", "programme",
        "purpose", "summary", "legal_basis",
    )  # fmt: skip
    QUESTIONS = {
        "item": _("What is given or sold?"),
        "quantity": _("How many are there?"),
        "value": _("What is it worth?"),
        "state": _("How far has it come?"),
        "date": _("When did it happen, or when is it planned?"),
        "provider": _("Who gives or sells it?"),
        "donors": _("Who else gave part of it?"),
        "recipients": _("Who receives it?"),
        "supplier": _("Who makes or installs it?"),
        "programme": _("Which programme does it belong to?"),
        "purpose": _("What is it for?"),
        "summary": _("What happened?"),
        "legal_basis": _("On which instrument does it rest?"),
    }

    class Kind(models.TextChoices):
        EQUIPMENT = "equipment", _("equipment")
        TRAINING = "training", _("training")
        WORKS = "works", _("works")
        FUNDS = "funds", _("funds")
        SERVICES = "services", _("services")

    class Terms(models.TextChoices):
        DONATED = "donated", _("given")
        SOLD = "sold", _("sold")
        LOANED = "loaned", _("lent")
        UNKNOWN = "unknown", _("not known")

    class State(models.TextChoices):
        PLANNED = "planned", _("planned or expected")
        ANNOUNCED = "announced", _("announced")
        CONTRACTED = "contracted", _("contracted")
        DELIVERED = "delivered", _("delivered")
        CANCELLED = "cancelled", _("cancelled")

    title = NameField(help_text=_("What it is, in a few words."))
    kind = models.CharField(
        max_length=12, choices=Kind.choices, db_index=True, help_text=_("What sort of assistance it is.")
    )
    item = NameField(blank=True, help_text=_("The thing given or sold, with its type where known."))
    quantity = models.PositiveIntegerField(null=True, blank=True, help_text=_("How many, where a source counts them."))
    quantity_note = NameField(blank=True, help_text=_("What the sources say or leave out about the quantity."))
    value = models.DecimalField(
        max_digits=16, decimal_places=2, null=True, blank=True, help_text=_("The value or price in the given currency.")
    )
    currency = models.CharField(max_length=3, blank=True, help_text=_("The ISO 4217 code of the currency."))
    terms = models.CharField(
        max_length=8, choices=Terms.choices, default=Terms.UNKNOWN, help_text=_("Whether it was given, sold or lent.")
    )
    state = models.CharField(
        max_length=12, choices=State.choices, db_index=True, help_text=_("How far it has come, by the latest source.")
    )
    date = PartialDateField(
        bounds=("date_earliest", "date_latest"),
        help_text=_("When this state was reached, or is planned to be reached."),
    )
    date_earliest = bound()
    date_latest = bound()
    date_note = NameField(blank=True, help_text=_("How the date was found, or what it means."))
    provider = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assistance_given",
        help_text=_("The state or body that gives or sells it."),
    )
    donors = models.ManyToManyField(
        Organisation,
        blank=True,
        related_name="assistance_donated",
        help_text=_("Bodies named as having given part of it."),
    )
    recipients = models.ManyToManyField(
        Organisation, blank=True, related_name="assistance_received", help_text=_("Who receives it.")
    )
    supplier = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assistance_supplied",
        help_text=_("The company that makes or installs it."),
    )
    programme = NameField(blank=True, help_text=_("The programme it belongs to, as a source names it."))
    purpose = ProseField(blank=True, help_text=_("What it is for."))
    summary = ProseField(blank=True, help_text=_("What a reader should know, in a few plain sentences, each sourced."))
    legal_basis = models.ForeignKey(
        Agreement,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assistance",
        help_text=_("The instrument that a source names as its legal basis."),
    )
    legal_basis_note = NameField(blank=True, help_text=_("Why the legal basis is uncertain, or that none is known."))

    class Meta(Record.Meta):
        ordering = [models.F("date_earliest").desc(nulls_last=True), "slug"]
        verbose_name_plural = "assistance"
        indexes = [
            *Record.Meta.indexes,
            models.Index(fields=["status", "-date_earliest", "slug"], name="assistance_public_order"),
        ]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(value__isnull=True, currency="") | (Q(value__isnull=False) & ~Q(currency="")),
                name="assistance_value_with_currency",
                violation_error_message=_("A value needs its currency, and a currency its value."),
            ),
        ]

    def __str__(self):
        return self.title

    def clean(self):
        if self.state == self.State.DELIVERED:
            check_happened(self, "date", _("Correct the date, or the state: it has not been delivered yet."))


class Event(HeadlineCertainty, Record):
    """Something that happened beside the instruments: a meeting, call, letter, ceremony, referendum or designation."""

    KIND = "events"
    HEADLINE = "date"
    READING_ORDER = 60
    SEARCH_FIELDS = ("title", "place")
    NAMED_BY = ("title",)
    DATED_BY = "date"
    DOSSIER_FIELDS = ("title", "kind", "date", "date_note", "place", "country", "agreement", "summary", "outcome")
    CITABLE_FIELDS = ("title", "date", "place", "summary", "outcome")
    QUESTIONS = {
        "title": _("What happened?"),
        "date": _("When did it happen?"),
        "place": _("Where did it happen?"),
        "summary": _("What happened, exactly?"),
        "outcome": _("What came of it?"),
    }
    PARTS = ("participants",)

    class Kind(models.TextChoices):
        MEETING = "meeting", _("meeting or summit")
        CALL = "call", _("telephone call")
        LETTER = "letter", _("letter or message")
        CEREMONY = "ceremony", _("ceremony")
        VOTE = "vote", _("referendum or vote")
        DECISION = "decision", _("designation or decision")
        PUBLICATION = "publication", _("publication")
        SITTING = "sitting", _("sitting or recess of a body")
        AWARD = "award", _("award or nomination")

    title = NameField(help_text=_("What happened, in a few words."))
    kind = models.CharField(
        max_length=12, choices=Kind.choices, db_index=True, help_text=_("What sort of event it is.")
    )
    date = PartialDateField(
        bounds=("date_earliest", "date_latest"),
        years_ahead=HAPPENED,
        help_text=_("When it happened, as precise as the sources are."),
    )
    date_earliest = bound()
    date_latest = bound()
    date_note = NameField(blank=True, help_text=_("How the date was found, or that no source gives it."))
    place = NameField(blank=True, help_text=_("Where it happened."))
    country = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="events_in",
        limit_choices_to={"kind": "state"},
        help_text=_("The state in which or by which it happened."),
    )
    agreement = models.ForeignKey(
        Agreement,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="events",
        help_text=_("The instrument that it concerns, if any."),
    )
    summary = ProseField(blank=True, help_text=_("What happened, in a few plain sentences, each sourced."))
    outcome = ProseField(blank=True, help_text=_("What came of it."))

    class Meta(Record.Meta):
        ordering = [models.F("date_earliest").desc(nulls_last=True), "slug"]
        indexes = [
            *Record.Meta.indexes,
            models.Index(fields=["status", "-date_earliest", "slug"], name="event_public_order"),
        ]

    def __str__(self):
        return self.title


class EventParticipant(Part):
    """A person or body that took part in an event."""

    PARENT = "event"
    NAMES = ("person", "organisation")
    DOSSIER_FIELDS = ("person", "organisation", "role")
    CITABLE_FIELDS = ("role",)
    KNOWN_BY = ("organisation", "person", "role")

    event = models.ForeignKey(Event, models.CASCADE, related_name="participants", help_text=_("The event."))
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="events",
        help_text=_("The person, if one is named."),
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="events",
        help_text=_("The body, if one is named."),
    )
    role = NameField(help_text=_("What the person or body did in it."))

    class Meta(Part.Meta):
        constraints = [
            one_key("event", "event_participant"),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(organisation__isnull=False),
                name="event_participant_named",
                violation_error_message=_("Name a person or a body."),
            ),
        ]

    def __str__(self):
        return str(self.person or self.organisation)

    def key_words(self):
        return [self.person.slug if self.person else self.organisation.slug]


class PositionQuerySet(RecordQuerySet):
    def named_beside(self, word, having):
        """By any name of a published speaker."""
        person, organisation = (
            model.objects.published().filter(model.objects.naming([word], having)) for model in (Person, Organisation)
        )
        return Q(person__in=person) | Q(organisation__in=organisation)


class Position(Record):
    """What a person or body publicly said of a record."""

    KIND = "positions"
    READING_ORDER = 70
    IS_TYPED = False
    ALSO_CALLED = "statement"
    IS_NEWS = False
    DATED_BY = "date"
    SEARCH_FIELDS = ("statement", "holder_note")
    DOSSIER_FIELDS = (
        "person", "organisation", "holder_note", "about", "stance", "statement", "date", "occasion", "attribution", "note",
    )  # fmt: skip
    CITABLE_FIELDS = ("stance", "statement", "date", "occasion")
    QUESTIONS = {
        "stance": _("Was the speaker for or against it?"),
        "statement": _("What was said?"),
        "date": _("When was it said?"),
        "occasion": _("Where was it said?"),
    }

    class Stance(models.TextChoices):
        SUPPORTS = "supports", _("supports")
        OPPOSES = "opposes", _("opposes")
        DENIES = "denies", _("denies")
        CONCERN = "concern", _("raises a concern")
        CLARIFIES = "clarifies", _("clarifies")
        ASSESSES = "assesses", _("assesses")

    class Attribution(models.TextChoices):
        """How near the source is to the speaker."""

        QUOTED = "quoted", _("quoted")
        PARAPHRASED = "paraphrased", _("paraphrased")
        REPORTED = "reported", _("reported at second hand")
        OWN = "own", _("the source's own view")

    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="positions", help_text=_("Who said it.")
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="positions",
        help_text=_("The body that said it, or for which it was said."),
    )
    holder_note = NameField(blank=True, help_text=_("How the source describes a speaker whom it does not name."))
    record_type = models.ForeignKey(
        ContentType,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("The kind of record spoken of."),
    )
    record_id = models.BigIntegerField(null=True, blank=True, help_text=_("The record spoken of."))
    about = GenericForeignKey("record_type", "record_id")
    stance = models.CharField(
        max_length=12,
        choices=Stance.choices,
        db_index=True,
        help_text=_("Whether the speaker is for or against it, or says something else about it."),
    )
    statement = ProseField(help_text=_("What was said, in the editors' own words."))
    date = PartialDateField(
        bounds=("date_earliest", "date_latest"), years_ahead=HAPPENED, help_text=_("When it was said.")
    )
    date_earliest = bound()
    date_latest = bound()
    occasion = NameField(blank=True, help_text=_("Where it was said: an interview, a sitting, a ceremony."))
    attribution = models.CharField(
        max_length=12,
        choices=Attribution.choices,
        default=Attribution.REPORTED,
        help_text=_("Whether the source quotes, paraphrases or only reports it."),
    )
    note = ProseField(blank=True, help_text=_("What a reader should know about this statement."))

    objects = PositionQuerySet.as_manager()

    class Meta(Record.Meta):
        ordering = [models.F("date_earliest").desc(nulls_last=True), "slug"]
        indexes = [
            *Record.Meta.indexes,
            models.Index(fields=["status", "-date_earliest", "slug"], name="position_public_order"),
            models.Index(fields=["record_type", "record_id", "status"], name="position_about"),
        ]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(organisation__isnull=False) | ~Q(holder_note=""),
                name="position_has_holder",
                violation_error_message=_("Name the person or body, or say how the source describes the speaker."),
            ),
        ]

    def __str__(self):
        holder = self.public_holder if self.is_published else self.holder
        statement = Truncator(self.statement).chars(80)
        return f"{holder}: {statement}" if holder else statement

    def holds_text(self):
        """A statement on an instrument can be set against the text of that instrument."""
        return self.about is not None and self.about.holds_text()

    @property
    def holder(self):
        return self.person or self.organisation or self.holder_note

    @property
    def public_holder(self):
        """The published person or organisation, else the note: a record that is not published must not be named."""
        named = (speaker for speaker in (self.person, self.organisation) if speaker and speaker.is_published)
        return next(named, self.holder_note)

    @staticmethod
    def without_holder(state):
        """A copy of a dossier that has a ``holder_note`` if its speaker was removed."""
        if any(state.get(name) for name in ("person", "organisation", "holder_note")):
            return state
        return {**state, "holder_note": "A speaker whose record was removed"}

    def clean(self):
        check_about(self)
