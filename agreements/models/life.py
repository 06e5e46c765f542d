"""The life and the content of an agreement: its parties, the steps it took, who signed it, and its clauses."""

from django.db import models
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from agreements.life.questions import MAKES_STATUS, question_of_step
from agreements.models.instruments import Agreement
from people.models import Organisation, Person
from sources.evidence.confidence import Confidence, State
from sources.lib.fields import HAPPENED, NameField, PartialDateField, ProseField, bound, check_happened
from sources.reading.fact_wording import choice_label
from sources.records.part import Part, one_key


class Party(Part):
    """A state or organisation that takes part in the instrument."""

    PARENT = "agreement"
    NAMES = ("organisation",)
    DOSSIER_FIELDS = ("organisation", "role", "acting_through", "note")
    CITABLE_FIELDS = ("organisation", "role")
    KNOWN_BY = ("organisation", "role")
    FACT_LABELS = {"organisation": _("That it is a party")}
    QUESTIONS = {"organisation": _("Is %(entry)s a party?"), "role": _("In which role does %(entry)s take part?")}

    class Role(models.TextChoices):
        PARTY = "party", _("party")
        SENDING = "sending", _("sending state")
        RECEIVING = "receiving", _("receiving state")
        PARTICIPANT = "participant", _("participant")
        DEPOSITARY = "depositary", _("depositary")
        LEAD = "lead", _("lead")
        SUBJECT = "subject", _("subject of it")

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="parties", help_text=_("The instrument."))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="party_to", help_text=_("The state or organisation.")
    )
    role = models.CharField(
        max_length=12, choices=Role.choices, default=Role.PARTY, help_text=_("In which role it takes part.")
    )
    acting_through = NameField(blank=True, help_text=_("The ministry or commission that acts for it, where named."))
    note = NameField(blank=True, help_text=_("What a reader should know about this party."))

    class Meta(Part.Meta):
        verbose_name_plural = "parties"
        constraints = [one_key("agreement", "party")]
        indexes = [models.Index(fields=["organisation", "agreement"], name="party_by_organisation")]

    def __str__(self):
        return str(self.organisation)

    def key_words(self):
        return [self.organisation.iso_alpha3 or self.organisation.slug]


class Milestone(Part):
    """A dated step in the life of an instrument."""

    PARENT = "agreement"
    DATED_BY = "date"
    ERRORS_AT = {
        "milestone_votes_need_chamber": "kind",
        "milestone_motion_needs_chamber": "motion",
        "milestone_of_one_party_names_it": "party",
    }
    DOSSIER_FIELDS = (
        "kind", "date", "date_note", "party", "body", "place", "motion", "outcome", "votes_for", "votes_against",
        "votes_abstaining", "votes_absent", "evidence", "description",
    )  # fmt: skip
    CITABLE_FIELDS = (
        "kind", "date", "body", "place", "outcome", "votes_for", "votes_against", "votes_abstaining", "votes_absent",
        "description",
    )  # fmt: skip
    FACT_LABELS = {"kind": _("The step itself")}

    class Kind(models.TextChoices):
        """Steps in the words of the Vienna Convention on the Law of Treaties (VCLT, 1969), by article, and of
        parliamentary practice."""

        TALKS = "talks", _("talks reported")
        NEGOTIATED = "negotiated", _("text negotiated")  # VCLT art. 9
        INITIALLED = "initialled", _("initialled")  # VCLT art. 10
        SIGNED = "signed", _("signed")  # VCLT art. 12
        PROVISIONAL = "provisional", _("applied provisionally")  # VCLT art. 25
        SUBMITTED = "submitted", _("sent to the legislature")
        HEARING = "hearing", _("hearing held")
        COMMITTEE = "committee", _("committee reported")
        CHAMBER = "chamber", _("voted on by a chamber")
        COURT = "court", _("ruled on by a court")
        CHALLENGED = "challenged", _("challenged in court")
        RATIFIED = "ratified", _("ratified")  # VCLT art. 14
        ACCEDED = "acceded", _("acceded")  # VCLT art. 15
        PROMULGATED = "promulgated", _("promulgated")
        NOTES = "notes", _("notes exchanged")  # VCLT art. 13
        PUBLISHED = "published", _("text published")
        IN_FORCE = "in_force", _("entered into force")  # VCLT art. 24
        BOUND = "bound", _("entered into force for one party")  # VCLT art. 24(3)
        NOT_IN_FORCE = "not_in_force", _("seen not in force")
        REGISTERED = "registered", _("registered")  # VCLT art. 80
        AMENDED = "amended", _("amended")  # VCLT art. 39
        RENEWED = "renewed", _("renewed")
        RESERVATION = "reservation", _("reservation made")  # VCLT art. 19
        DECLARATION = "declaration", _("declaration made")
        TERRITORIAL = "territorial", _("extended to a territory")  # VCLT art. 29
        SUSPENDED = "suspended", _("suspended")  # VCLT art. 57
        NOTICE = "notice", _("notice of termination given")  # VCLT art. 56
        LEFT = "left", _("left by one party")  # VCLT art. 54
        TERMINATED = "terminated", _("terminated")  # VCLT art. 54
        EXPIRED = "expired", _("expired")  # VCLT art. 54
        SUPERSEDED = "superseded", _("superseded by a later instrument")  # VCLT art. 59
        LAUNCHED = "launched", _("launched")

    class Evidence(models.TextChoices):
        EVIDENCED = "evidenced", _("evidenced")
        CLAIMED = "claimed", _("claimed")
        PLANNED = "planned", _("announced or expected")

    class Outcome(models.TextChoices):
        APPROVED = "approved", _("approved")
        REJECTED = "rejected", _("rejected")
        FAVOURABLE = "favourable", _("favourable")
        UNFAVOURABLE = "unfavourable", _("unfavourable")
        CLEARED = "cleared", _("cleared")
        STRUCK = "struck_down", _("struck down or suspended")
        PENDING = "pending", _("pending")

    class Motion(models.TextChoices):
        """What a chamber voted on. Only the first two say anything of its consent."""

        APPROVAL = "approval", _("to approve it")
        REJECTION = "rejection", _("to reject it")
        SHELVING = "shelving", _("to shelve it")
        POSTPONEMENT = "postponement", _("to put it off")
        ENDING = "ending", _("to end it or leave it")
        OTHER = "other", _("something else about it")

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="milestones", help_text=_("The instrument."))
    kind = models.CharField(max_length=12, choices=Kind.choices, db_index=True, help_text=_("Which step it is."))
    date = PartialDateField(
        bounds=("date_earliest", "date_latest"), help_text=_("The day of the step, as precise as the sources are.")
    )
    date_earliest = bound()
    date_latest = bound()
    date_note = NameField(blank=True, help_text=_("How the date was found, where a source does not print it."))
    party = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("The state whose procedure this step belongs to; empty for a step of all parties."),
    )
    body = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="milestones",
        help_text=_("The chamber, committee, court or office that acted."),
    )
    place = NameField(blank=True, help_text=_("Where it happened."))
    motion = models.CharField(
        max_length=12,
        choices=Motion.choices,
        blank=True,
        help_text=_("What was voted on; empty when the motion was to approve the instrument."),
    )
    outcome = models.CharField(
        max_length=12,
        choices=Outcome.choices,
        blank=True,
        help_text=_("What the body decided, where it decided something."),
    )
    votes_for = models.PositiveIntegerField(null=True, blank=True, help_text=_("Votes in favour."))
    votes_against = models.PositiveIntegerField(null=True, blank=True, help_text=_("Votes against."))
    votes_abstaining = models.PositiveIntegerField(null=True, blank=True, help_text=_("Abstentions."))
    votes_absent = models.PositiveIntegerField(null=True, blank=True, help_text=_("Members absent."))
    evidence = models.CharField(
        max_length=12,
        choices=Evidence.choices,
        default=Evidence.EVIDENCED,
        help_text=_("Whether a document or several reports show the step, or somebody only claims or expects it."),
    )
    description = ProseField(blank=True, help_text=_("What happened, in a sentence."))
    # Derived from the citations on the step, and kept by ``Agreement.refresh_derived``.
    confidence = models.CharField(
        max_length=8,
        choices=Confidence.choices,
        blank=True,
        editable=False,
        help_text=_("How well the sources support the step and its day; empty without a source."),
    )
    standing = models.CharField(
        max_length=12,
        choices=State.choices,
        blank=True,
        editable=False,
        help_text=_("Whether sources differ on the step or its day."),
    )
    is_weak = models.BooleanField(
        default=False,
        editable=False,
        help_text=_("Whether the step rests on weak sources alone: it is shown as claimed and changes no status."),
    )
    is_foretold = models.BooleanField(
        default=False,
        editable=False,
        help_text=_(
            "Whether all sources of this end of a term were published before it, so that none can know of a renewal."
        ),
    )

    class Meta(Part.Meta):
        ordering = [models.F("date_earliest").asc(nulls_last=True), "order", "key"]
        constraints = [
            one_key("agreement", "milestone"),
            models.CheckConstraint(
                condition=Q(kind__in=["chamber", "committee"])
                | Q(
                    votes_for__isnull=True,
                    votes_against__isnull=True,
                    votes_abstaining__isnull=True,
                    votes_absent__isnull=True,
                ),
                name="milestone_votes_need_chamber",
                violation_error_message=_("Only a vote of a chamber or committee has numbers of votes."),
            ),
            models.CheckConstraint(
                condition=Q(motion="") | Q(kind__in=["chamber", "committee"]),
                name="milestone_motion_needs_chamber",
                violation_error_message=_("Only a chamber or committee votes on a motion."),
            ),
            models.CheckConstraint(
                condition=Q(party__isnull=False)
                | ~Q(kind__in=["acceded", "bound", "left", "reservation", "declaration", "territorial"]),
                name="milestone_of_one_party_names_it",
                violation_error_message=_("Name the party that took this step."),
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "date_earliest"], name="milestone_kind_date"),
            models.Index(fields=["body", "date_earliest"], name="milestone_body_date"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.date or ''}".strip()

    def clean(self):
        if self.is_evidenced:
            check_happened(self, "date", _("Mark the step as announced or expected, or correct the date."))

    @property
    def is_evidenced(self):
        return self.evidence == self.Evidence.EVIDENCED

    @classmethod
    def entry_label(cls, row):
        return capfirst(choice_label(cls, "kind", row["kind"]))

    @classmethod
    def question(cls, field, row):
        return question_of_step(field, row) or super().question(field, row)

    def is_weighty(self, field):
        return self.kind in MAKES_STATUS and field in ("kind", "date", "outcome")

    def key_words(self):
        return [self.kind, self.body.slug if self.body else ""]

    def shown_key_words(self):
        return self.key_words() if self.body and self.body.is_published else [self.kind]


class Signature(Part):
    """A person's signature under the instrument, with the name as printed."""

    PARENT = "agreement"
    NAMES = ("person",)
    DOSSIER_FIELDS = ("person", "party", "capacity", "name_as_printed", "date", "note")
    CITABLE_FIELDS = ("person", "capacity", "name_as_printed", "date")
    KNOWN_BY = ("person",)
    FACT_LABELS = {"person": _("Who signed")}
    DATED_BY = "date"
    QUESTIONS = {
        "person": _("Did %(entry)s sign?"),
        "capacity": _("In which office did %(entry)s sign?"),
        "name_as_printed": _("How is the name of %(entry)s printed?"),
        "date": _("When did %(entry)s sign?"),
    }

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="signatures", help_text=_("The instrument."))
    person = models.ForeignKey(Person, models.PROTECT, related_name="signatures", help_text=_("Who signed."))
    party = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("The state or organisation for which the person signed."),
    )
    capacity = NameField(blank=True, help_text=_("The office in which the person signed."))
    name_as_printed = NameField(blank=True, help_text=_("The name as the main source prints it."))
    date = PartialDateField(
        bounds=("date_earliest", "date_latest"),
        years_ahead=HAPPENED,
        help_text=_("The day, where it differs from the day of signature."),
    )
    date_earliest = bound()
    date_latest = bound()
    note = NameField(blank=True, help_text=_("What a reader should know about this signature."))

    class Meta(Part.Meta):
        constraints = [one_key("agreement", "signature")]
        indexes = [models.Index(fields=["person", "agreement"], name="signature_by_person")]

    def __str__(self):
        return str(self.person)

    def key_words(self):
        return [self.person.slug]


class Clause(Part):
    """A numbered part of an instrument: what it deals with, and the text where it may be shown."""

    PARENT = "agreement"
    DOSSIER_FIELDS = ("number", "heading", "summary", "text", "text_language", "basis", "note")
    CITABLE_FIELDS = ("number", "summary", "text")
    KNOWN_BY = ("heading",)
    QUESTIONS = {
        "number": _("Which number has the clause “%(entry)s”?"),
        "summary": _("What does the clause “%(entry)s” say?"),
        "text": _("How is the clause “%(entry)s” worded?"),
    }

    class Basis(models.TextChoices):
        """What the summary rests on; the codebook's ``bases``."""

        TEXT = "text", _("read in the agreement itself")
        OFFICIAL_SUMMARY = "official_summary", _("read in a summary by a party")
        PRESS = "press", _("reported by the press or an analyst")

    READ = (Basis.TEXT, Basis.OFFICIAL_SUMMARY)

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="clauses", help_text=_("The instrument."))
    number = NameField(
        max_length=60, blank=True, help_text=_("The article or section as numbered; empty when no source gives it.")
    )
    heading = NameField(help_text=_("What the clause deals with."))
    summary = ProseField(blank=True, help_text=_("What the clause does, in the editors' own words."))
    text = ProseField(blank=True, help_text=_("The text itself, where it may be shown."))
    text_language = models.CharField(max_length=8, blank=True, help_text=_("The ISO 639 code of the text's language."))
    basis = models.CharField(
        max_length=16,
        choices=Basis.choices,
        default=Basis.TEXT,
        db_index=True,
        help_text=_("What the summary rests on."),
    )
    note = ProseField(blank=True, help_text=_("What a reader should know about this clause."))

    class Meta(Part.Meta):
        constraints = [one_key("agreement", "clause")]

    def __str__(self):
        return f"Art. {self.number}: {self.heading}" if self.number else self.heading

    def key_words(self):
        return ["art" if self.number else "", self.number, self.heading]

    def holds_text(self):
        return self.basis in self.READ
