"""An instrument and its parts: titles, registry numbers, parties, milestones, signatures, clauses, relations."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agreements.status import InstrumentStatus, status_of
from kb.core.fields import NameField, PartialDateField, ProseField, WebAddressField, bound
from kb.core.records import Part, Record, RecordQuerySet, one_key
from people.models import Organisation, Person


class AgreementQuerySet(RecordQuerySet):
    def signed_by(self, person):
        return self.filter(signatures__person=person).distinct()


class Agreement(Record):
    """An instrument of security cooperation: a treaty, memorandum, exchange of notes, programme or strategy."""

    KIND = "agreements"
    SERIALIZER = "agreements.api.AgreementSerializer"
    SEARCH_FIELDS = ("title", "title_es", "short_title")
    DOSSIER_FIELDS = (
        "title", "title_note", "short_title", "title_es", "type", "summary", "purpose", "term", "term_kind", "term_years",
        "termination", "termination_days", "presence", "article_count", "text_availability", "text_note", "status_note",
        "note",
    )  # fmt: skip
    CITABLE_FIELDS = (
        "title", "title_es", "type", "summary", "purpose", "term", "term_years", "termination", "termination_days",
        "presence", "article_count", "text_availability",
    )  # fmt: skip
    PARTS = ("titles", "registry_numbers", "parties", "milestones", "signatures", "clauses", "relations", "codings")

    class Type(models.TextChoices):
        """What the instrument calls itself or is, in the usage of treaty practice (UN Treaty Handbook, glossary)."""

        STATUS_OF_FORCES = "sofa", _("status-of-forces agreement")
        VISITING_FORCES = "visiting_forces", _("visiting-forces agreement")
        SUPPLEMENTARY = "supplementary", _("supplementary agreement")
        DEFENCE_COOPERATION = "defence_cooperation", _("defence cooperation agreement")
        ACCESS = "access", _("access and facilities agreement")
        WITHDRAWAL = "withdrawal", _("withdrawal agreement")
        MEMORANDUM = "memorandum", _("memorandum of understanding")
        LETTER_OF_OFFER = "letter_of_offer", _("letter of offer and acceptance")
        SAFE_THIRD_COUNTRY = "safe_third_country", _("safe-third-country agreement")
        EXCHANGE_OF_NOTES = "exchange_of_notes", _("exchange of notes or letters")
        ALLIANCE = "alliance", _("alliance treaty")
        MISSION = "mission", _("military mission agreement")
        PARTNERSHIP = "partnership", _("partnership arrangement")
        INITIATIVE = "initiative", _("initiative or programme")
        STRATEGY = "strategy", _("strategy or doctrine")

    class TermKind(models.TextChoices):
        INDEFINITE = "indefinite", _("indefinite")
        FIXED = "fixed", _("fixed term")
        RENEWABLE = "renewable", _("fixed term, renewable")
        TIED = "tied", _("tied to another instrument or event")
        UNKNOWN = "unknown", _("not known")

    class TextAvailability(models.TextChoices):
        OFFICIAL = "official", _("official text")
        TRANSCRIPT = "transcript", _("complete transcript or mirror")
        EXTRACTS = "extracts", _("extracts")
        SUMMARY = "summary", _("official summary only")
        NONE = "none", _("no public text")
        UNKNOWN = "unknown", _("not known")

    READABLE = (
        TextAvailability.OFFICIAL,
        TextAvailability.TRANSCRIPT,
        TextAvailability.EXTRACTS,
        TextAvailability.SUMMARY,
    )

    title = NameField(max_length=500, help_text=_("The full title in English, official or translated."))
    title_note = NameField(blank=True, help_text=_("How the title was found, where it is not the printed one."))
    short_title = NameField(max_length=120, blank=True, help_text=_("The short form used in lists and comparisons."))
    title_es = NameField(max_length=500, blank=True, help_text=_("The title in Spanish."))
    type = models.CharField(
        max_length=24, choices=Type.choices, db_index=True, help_text=_("What sort of instrument it is.")
    )
    summary = ProseField(blank=True, help_text=_("What it is and does, in a few plain sentences, each sourced."))
    purpose = ProseField(blank=True, help_text=_("The purposes and activities that the instrument names."))
    term = NameField(blank=True, help_text=_("How long the instrument lasts, in words."))
    term_kind = models.CharField(
        max_length=12,
        choices=TermKind.choices,
        default=TermKind.UNKNOWN,
        db_index=True,
        help_text=_("The kind of term, for comparison."),
    )
    term_years = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=_("The (first) term in years, where it is fixed.")
    )
    termination = NameField(blank=True, help_text=_("How it can be ended, in words."))
    termination_days = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("The notice of termination in days; one year counts 365, one month 30.")
    )
    presence = ProseField(
        blank=True, help_text=_("How long people may stay under it: the presence, not the instrument's own term.")
    )
    article_count = models.PositiveSmallIntegerField(null=True, blank=True, help_text=_("The number of its articles."))
    text_availability = models.CharField(
        max_length=12,
        choices=TextAvailability.choices,
        default=TextAvailability.UNKNOWN,
        db_index=True,
        help_text=_("How much of the text the public can read."),
    )
    text_note = ProseField(blank=True, help_text=_("Which text the record rests on, and what of it was not seen."))
    status_note = ProseField(
        blank=True, help_text=_("Why the status is unknown or doubtful; shown beside the derived status.")
    )
    note = ProseField(blank=True, help_text=_("Anything else a reader should know."))
    # Derived columns, kept by ``refresh_derived`` whenever the parts change, so that lists filter and sort by an index.
    signed = models.CharField(max_length=32, blank=True, default="", editable=False)
    signed_earliest = models.DateField(null=True, editable=False, db_index=True)
    signed_latest = models.DateField(null=True, editable=False)
    current_status = models.CharField(
        max_length=16, choices=InstrumentStatus.choices, default=InstrumentStatus.UNKNOWN, editable=False, db_index=True
    )

    objects = AgreementQuerySet.as_manager()

    class Meta(Record.Meta):
        ordering = [models.F("signed_earliest").desc(nulls_last=True), "slug"]
        indexes = [
            models.Index(fields=["status", "-signed_earliest", "slug"], name="agreement_public_order"),
            models.Index(fields=["status", "type", "-signed_earliest", "slug"], name="agreement_public_type"),
        ]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(term_years__isnull=True) | Q(term_kind__in=["fixed", "renewable"]),
                name="agreement_years_need_fixed_term",
                violation_error_message=_("Only a fixed or renewable term has a number of years."),
            ),
        ]

    def __str__(self):
        return self.short_title or self.title

    def holds_text(self):
        return self.text_availability in self.READABLE

    def required_citations(self):
        """``text_availability`` “not known” states no fact."""
        fields = super().required_citations()
        return [field for field in fields if field != "text_availability" or self.text_availability != "unknown"]

    def search_words(self):
        words = super().search_words()
        if self.pk:
            words += [title.text for title in self.titles.all()]
            words += [number.number for number in self.registry_numbers.all()]
            # A party whose own record readers cannot see must not be found by its name either.
            parties = self.parties.select_related("organisation")
            words += [party.organisation.name for party in parties if party.organisation.is_published]
        return words

    def status_on(self, day=None):
        """The status that the milestones show for ``day`` (today by default), with the reason: a ``StatusFinding``."""
        return status_of(list(self.milestones.all()), day, note=self.status_note)

    def refresh_derived(self):
        signed = [m for m in self.milestones.all() if m.kind == Milestone.Kind.SIGNED and m.date]
        last = max(signed, key=lambda m: m.date_latest or m.date_earliest, default=None)
        self.signed = str(last.date) if last else ""
        self.signed_earliest = last.date_earliest if last else None
        self.signed_latest = last.date_latest if last else None
        self.current_status = self.status_on().status
        super().refresh_derived()


class AgreementTitle(Part):
    """A title of the instrument in one language."""

    PARENT = "agreement"
    DOSSIER_FIELDS = ("language", "text", "kind", "note")
    CITABLE_FIELDS = ("text",)

    class Kind(models.TextChoices):
        OFFICIAL = "official", _("official title")
        PRINTED = "printed", _("as printed by a source")
        DESCRIPTIVE = "descriptive", _("descriptive title")

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="titles", help_text=_("The instrument."))
    language = models.CharField(max_length=8, help_text=_("The ISO 639 code of the title's language."))
    text = NameField(max_length=500, help_text=_("The title, letter by letter."))
    kind = models.CharField(
        max_length=12, choices=Kind.choices, default=Kind.PRINTED, help_text=_("Where the title comes from.")
    )
    note = NameField(blank=True, help_text=_("What a reader should know about this title."))

    class Meta(Part.Meta):
        constraints = [one_key("agreement", "title")]

    def __str__(self):
        return self.text

    def key_words(self):
        return [self.language, self.kind]


class RegistryNumber(Part):
    """The instrument's number in a treaty series, register or gazette."""

    PARENT = "agreement"
    DOSSIER_FIELDS = ("series", "number", "url", "note")
    CITABLE_FIELDS = ("number",)

    agreement = models.ForeignKey(
        Agreement, models.CASCADE, related_name="registry_numbers", help_text=_("The instrument.")
    )
    series = NameField(max_length=80, help_text=_("The series, for example TIAS, UNTS, Trb. or BGBl. II."))
    number = NameField(max_length=80, help_text=_("The number in that series."))
    url = WebAddressField(blank=True, help_text=_("Where the entry is on the web."))
    note = NameField(blank=True, help_text=_("What a reader should know, for example that it was not verified."))

    class Meta(Part.Meta):
        constraints = [one_key("agreement", "registry_number")]

    def __str__(self):
        return f"{self.series} {self.number}"

    def key_words(self):
        return [self.series, self.number]


class Party(Part):
    """A state or organisation that takes part in the instrument."""

    PARENT = "agreement"
    NAMES = ("organisation",)
    DOSSIER_FIELDS = ("organisation", "role", "acting_through", "note")
    CITABLE_FIELDS = ("organisation", "role")

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
    DOSSIER_FIELDS = (
        "kind", "date", "date_note", "party", "body", "place", "outcome", "votes_for", "votes_against", "votes_abstaining",
        "votes_absent", "evidence", "description",
    )  # fmt: skip
    CITABLE_FIELDS = (
        "kind", "date", "body", "place", "outcome", "votes_for", "votes_against", "votes_abstaining", "votes_absent",
        "description",
    )  # fmt: skip

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
        PROMULGATED = "promulgated", _("promulgated")
        NOTES = "notes", _("notes exchanged")  # VCLT art. 13
        PUBLISHED = "published", _("text published")
        IN_FORCE = "in_force", _("entered into force")  # VCLT art. 24
        REGISTERED = "registered", _("registered")  # VCLT art. 80
        AMENDED = "amended", _("amended")  # VCLT art. 39
        RENEWED = "renewed", _("renewed")
        SUSPENDED = "suspended", _("suspended")  # VCLT art. 57
        NOTICE = "notice", _("notice of termination given")  # VCLT art. 56
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
        ]
        indexes = [models.Index(fields=["kind", "date_earliest"], name="milestone_kind_date")]

    def __str__(self):
        return f"{self.get_kind_display()} {self.date or ''}".strip()

    def key_words(self):
        return [self.kind, self.body.slug if self.body else ""]


class Signature(Part):
    """A person's signature under the instrument, with the name as printed."""

    PARENT = "agreement"
    NAMES = ("person",)
    DOSSIER_FIELDS = ("person", "party", "capacity", "name_as_printed", "date", "note")
    CITABLE_FIELDS = ("person", "capacity", "name_as_printed", "date")

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
        bounds=("date_earliest", "date_latest"), help_text=_("The day, where it differs from the day of signature.")
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


class Relation(Part):
    """How the instrument stands to another one."""

    PARENT = "agreement"
    NAMES = ("target",)
    DOSSIER_FIELDS = ("kind", "target", "note")
    CITABLE_FIELDS = ("kind",)

    class Kind(models.TextChoices):
        SUPPLEMENTS = "supplements", _("supplements")
        IMPLEMENTS = "implements", _("implements")
        SUPERSEDES = "supersedes", _("supersedes")
        AMENDS = "amends", _("amends")
        COMPARES_WITH = "compares_with", _("is compared with")
        CONDUCTED_UNDER = "conducted_under", _("is conducted under")
        FOLLOWS = "follows", _("follows up")

    agreement = models.ForeignKey(
        Agreement, models.CASCADE, related_name="relations", help_text=_("The instrument that relates to another.")
    )
    kind = models.CharField(max_length=16, choices=Kind.choices, db_index=True, help_text=_("How they are related."))
    target = models.ForeignKey(
        Agreement, models.PROTECT, related_name="related_from", help_text=_("The other instrument.")
    )
    note = NameField(blank=True, help_text=_("What a reader should know about this relation."))

    class Meta(Part.Meta):
        constraints = [
            one_key("agreement", "relation"),
            models.CheckConstraint(
                condition=~Q(agreement=models.F("target")),
                name="relation_to_another",
                violation_error_message=_("An instrument is not related to itself."),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.target}"

    def key_words(self):
        return [self.kind, self.target.slug]
