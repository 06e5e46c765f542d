"""Agreements, their names and numbers, and how they stand to each other."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agreements.codebook import topic_tallies
from agreements.life import keeping
from agreements.life.course import Life
from agreements.life.parties import parties_on
from agreements.life.spans import ONE_DAY, turning_days
from agreements.life.status import status_of, status_words
from agreements.pictures import picture_tallies
from people.models import Organisation
from sources.lib import clock
from sources.lib.fields import NameField, ProseField, WebAddressField
from sources.lib.text import shown_title
from sources.reading.store import keeping as store
from sources.records import dossier
from sources.records.base import Record, RecordQuerySet
from sources.records.part import Part, one_key


class AgreementQuerySet(RecordQuerySet):
    def between_parties(self):
        """Without what is no agreement: programmes, doctrines, procedures, practices, acts of one state."""
        return self.exclude(type__in=Agreement.NOT_BETWEEN_PARTIES)

    def counted(self):
        return self.between_parties()

    def named_beside(self, word, having):
        """By any name of a published party."""
        organisations = Organisation.objects.published().filter(Organisation.objects.naming([word], having))
        parties = self.model._meta.get_field("parties").related_model.objects.filter(organisation__in=organisations)
        return Q(pk__in=parties.values("agreement"))


def status_of_form(body):
    """The status in words that a public form of an agreement gives."""
    return status_words(body.get("status") or "", (body.get("derived_status") or {}).get("since"))


class Agreement(Record):
    """An instrument of security cooperation: a treaty, memorandum, exchange of notes, programme or strategy."""

    KIND = "agreements"
    READING_ORDER = 10
    SORTS = {"type": "type"}
    SEARCH_FIELDS = ("title", "title_es", "short_title")
    NAMED_BY = ("title", "title_note", "title_es", "short_title")
    LINKED_BY = ("signed",)
    DATED_BY = "signed"
    FURTHER_NAMES = (("titles", "text"),)
    TOLD_APART_BY = ("type", "signed")
    DOSSIER_FIELDS = (
        "title", "title_note", "short_title", "title_es", "type", "summary", "purpose", "term", "term_kind", "term_years",
        "termination", "termination_days", "presence", "article_count", "text_availability", "text_note", "status_note",
        "note",
    )  # fmt: skip
    CITABLE_FIELDS = (
        "title", "title_es", "type", "summary", "purpose", "term", "term_years", "termination", "termination_days",
        "presence", "article_count", "text_availability",
    )  # fmt: skip
    QUESTIONS = {
        "title": _("What is it called?"),
        "type": _("What sort of instrument is it?"),
        "summary": _("What is it, and what does it do?"),
        "purpose": _("What is it for?"),
        "term": _("How long does it last?"),
        "term_years": _("How many years does it last?"),
        "termination": _("How can it be ended?"),
        "termination_days": _("How many days of notice end it?"),
        "presence": _("How long may people stay under it?"),
        "article_count": _("How many articles does it have?"),
        "text_availability": _("Can the public read its text?"),
    }
    DERIVED = {"status": status_of_form}
    PARTS = ("titles", "registry_numbers", "parties", "milestones", "signatures", "clauses", "relations", "codings")
    # The columns that the rows of ``agreements.models.list_entries`` repeat, where they have them.
    LISTED_BY = ("slug", "signed_earliest", "sort_key", "type")

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
        CONVENTION = "convention", _("multilateral convention")
        MISSION = "mission", _("military mission agreement")
        PARTNERSHIP = "partnership", _("partnership arrangement")
        INITIATIVE = "initiative", _("initiative or programme")
        STRATEGY = "strategy", _("strategy or doctrine")
        PROCEDURE = "procedure", _("procedure")
        PRACTICE = "practice", _("practice without an instrument")
        AUTHORISATION = "authorisation", _("authorisation by one state")

    # No agreements with parties: recorded because sources name them beside agreements, and not counted with them.
    NOT_BETWEEN_PARTIES = (Type.INITIATIVE, Type.STRATEGY, Type.PROCEDURE, Type.PRACTICE, Type.AUTHORISATION)

    class CodingLevel(models.TextChoices):
        """How far an agreement is coded on the topics of the codebook."""

        FULL = "full", _("coded on every topic")
        PARTIAL = "partial", _("coded in part")
        KNOWN = "known", _("known to exist, not yet coded")

    class TermKind(models.TextChoices):
        INDEFINITE = "indefinite", _("indefinite")
        FIXED = "fixed", _("fixed term")
        RENEWABLE = "renewable", _("fixed term, renewable")
        AUTOMATIC = "automatic", _("fixed term, renewed by itself unless somebody gives notice")
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
        blank=True,
        help_text=_("How long people may stay under the instrument; how long the instrument itself lasts is its term."),
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
    topics_coded = models.PositiveSmallIntegerField(
        default=0, editable=False, db_index=True, help_text=_("On how many topics of the codebook it is coded.")
    )
    # How many are bound, readers see them or not; more than two, and one party's acts leave the others bound.
    party_count = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = AgreementQuerySet.as_manager()

    class Meta(Record.Meta):
        ordering = [models.F("signed_earliest").desc(nulls_last=True), "slug"]
        indexes = [
            *Record.Meta.indexes,
            models.Index(fields=["status", "-signed_earliest", "slug"], name="agreement_public_order"),
            models.Index(fields=["status", "type", "-signed_earliest", "slug"], name="agreement_public_type"),
            models.Index(
                fields=["status", "text_availability", "-signed_earliest", "slug"], name="agreement_public_text"
            ),
            models.Index(fields=["status", "term_kind", "-signed_earliest", "slug"], name="agreement_public_term"),
            # Few: an index of these alone.
            models.Index(
                fields=["status", "-signed_earliest", "slug"],
                condition=Q(is_contested=True),
                name="agreement_public_contested",
            ),
        ]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(term_years__isnull=True) | Q(term_kind__in=["fixed", "renewable", "automatic"]),
                name="agreement_years_need_fixed_term",
                violation_error_message=_("Only a fixed or renewed term has a number of years."),
            ),
        ]

    def __str__(self):
        return self.short_title or self.shown_title

    @property
    def shown_title(self):
        return shown_title(self.title, self.title_note)

    def holds_text(self):
        return self.text_availability in self.READABLE

    @property
    def is_between_parties(self):
        return self.type not in self.NOT_BETWEEN_PARTIES

    def coding_level(self, topics):
        """The level for a codebook of ``topics`` topics."""
        if not self.topics_coded:
            return self.CodingLevel.KNOWN
        return self.CodingLevel.FULL if self.topics_coded >= topics else self.CodingLevel.PARTIAL

    def required_citations(self):
        """``text_availability`` “not known” states no fact."""
        fields = super().required_citations()
        return [field for field in fields if field != "text_availability" or self.text_availability != "unknown"]

    def search_words(self):
        words = super().search_words()
        if self.pk:
            words += [title.text for title in self.titles.all()]
            words += [str(number) for number in self.registry_numbers.all()]
        return words

    def status_on(self, day=None):
        """The status that the milestones show for ``day`` (today by default), with the reason: a ``StatusFinding``."""
        return status_of(Life.of(self), day)

    def parties_on(self, day=None):
        """``{organisation id: PartyFinding}`` of the parties that have taken steps of their own by ``day``."""
        today = clock.today()
        return parties_on(Life.of(self), day or today, today)

    def form_valid_until(self, today):
        """The day before the next one on which the status of the instrument or of a party may change."""
        coming = [day for day in turning_days(Life.of(self)) if day > today]
        return coming[0] - ONE_DAY if coming else None

    def last_signing(self):
        """The latest dated signing that is evidenced, or ``None``: what is only claimed or expected dates nothing."""
        steps = [step for step in self.milestones.all() if step.kind == "signed" and step.date and step.is_evidenced]
        return max(steps, key=lambda step: step.date_latest or step.date_earliest, default=None)

    def refresh_derived(self):
        before = (self.signed_earliest, self.sort_key)
        with store.together(), dossier.gathered(self), keeping.changed_steps_saved(self):
            super().refresh_derived()
            if self.is_published and (self.signed_earliest, self.sort_key) != before:
                self.keep_list_rows([self.pk])

    def derive(self):
        signed = self.last_signing()
        self.signed = str(signed.date) if signed else ""
        self.signed_earliest = signed.date_earliest if signed else None
        self.signed_latest = signed.date_latest if signed else None
        self.topics_coded = len({row.topic_id for row in self.codings.all() if row.stance != "not_coded"})
        return {"status_spans": keeping.derive(self), **super().derive()}

    @classmethod
    def keep_list_rows(cls, keys):
        """The entries of the agreements (see ``agreements.models.list_entries``)."""
        agreements = cls._listed(keys)
        for entries in cls._list_entries():
            entries.keep(keys, agreements)

    @classmethod
    def wrong_list_rows(cls, keys):
        agreements = cls._listed(keys)
        return {key for entries in cls._list_entries() for key in entries.at_fault(keys, agreements)}

    @classmethod
    def stray_list_rows(cls):
        return {key for entries in cls._list_entries() for key in entries.stray()}

    @classmethod
    def _listed(cls, keys):
        return cls.objects.published().filter(pk__in=keys).only("pk", "status", *cls.LISTED_BY)

    @classmethod
    def _list_entries(cls):
        return [
            cls._meta.get_field(name).related_model.objects
            for name in ("party_entries", "step_entries", "topic_entries")
        ]

    @classmethod
    def is_counted(cls, body):
        return body["type"] not in cls.NOT_BETWEEN_PARTIES

    @classmethod
    def tallies_of(cls, body):
        yield from super().tallies_of(body)
        if cls.is_counted(body):
            yield "agreements/text", body["text_availability"]
            yield "agreements/status", body["status"]
            yield "agreements/coded", body["coded"]
            yield from picture_tallies.tallies_of(body)
        else:
            yield "agreements/others", body["type"]
        for coding in body["codings"]:
            yield "codings/stance", coding["stance"]
            yield "codings/basis", coding["basis"]
        yield from topic_tallies.tallies_of(body["codings"], cls.is_counted(body))


class AgreementTitle(Part):
    """A title of the instrument in one language."""

    PARENT = "agreement"
    DOSSIER_FIELDS = ("language", "text", "kind", "note")
    CITABLE_FIELDS = ("text",)
    KNOWN_BY = ("text",)

    class Kind(models.TextChoices):
        OFFICIAL = "official", _("official title")
        PRINTED = "printed", _("as printed by a source")
        DESCRIPTIVE = "descriptive", _("descriptive title")

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="titles", help_text=_("The instrument."))
    language = models.CharField(max_length=8, help_text=_("The ISO 639 code of the title's language."))
    text = NameField(max_length=500, help_text=_("The title exactly as it is written."))
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
    KNOWN_BY = ("series",)

    agreement = models.ForeignKey(
        Agreement, models.CASCADE, related_name="registry_numbers", help_text=_("The instrument.")
    )
    series = NameField(max_length=80, help_text=_("The series, for example TIAS, UNTS, Trb. or BGBl. II."))
    number = NameField(max_length=80, help_text=_("The number in that series."))
    url = WebAddressField(blank=True, help_text=_("The web address of the entry."))
    note = NameField(blank=True, help_text=_("What a reader should know, for example that it was not verified."))

    class Meta(Part.Meta):
        constraints = [one_key("agreement", "registry_number")]

    def __str__(self):
        return f"{self.series} {self.number}"

    def key_words(self):
        return [self.series, self.number]


class Relation(Part):
    """How the instrument stands to another one."""

    PARENT = "agreement"
    NAMES = ("target",)
    DOSSIER_FIELDS = ("kind", "target", "note")
    CITABLE_FIELDS = ("kind",)
    KNOWN_BY = ("target",)
    FACT_LABELS = {"kind": _("The relation")}

    class Kind(models.TextChoices):
        SUPPLEMENTS = "supplements", _("supplements")
        IMPLEMENTS = "implements", _("implements")
        SUPERSEDES = "supersedes", _("supersedes")
        AMENDS = "amends", _("amends")
        COMPARES_WITH = "compares_with", _("is compared with")
        CONDUCTED_UNDER = "conducted_under", _("is conducted under")
        FOLLOWS = "follows", _("follows up")
        BORROWS = "borrows_from", _("borrows from")

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
