"""Evidence: who printed what, where it says so, who says otherwise, and what the editors ruled."""

import hashlib

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from kb.core.fields import NameField, PartialDateField, ProseField, WebAddressField, bound
from kb.core.records import Documented, DocumentedQuerySet, Record, Status
from kb.core.trail import AppendOnly
from sources.evidence import Confidence


def validate_short(quotation):
    """A quotation is short enough to be one: under 30 words."""
    if len(quotation.split()) >= 30:
        raise ValidationError(_("Keep a quotation under 30 words."))


class Publisher(Documented):
    """A newspaper, agency, office or site that puts documents before the public."""

    KIND = "publishers"
    DOSSIER_FIELDS = ("name", "kind", "country_code", "website", "note")

    class Kind(models.TextChoices):
        NEWS = "news", _("news outlet")
        AGENCY = "agency", _("news agency")
        GOVERNMENT = "government", _("government or parliament")
        INTERNATIONAL = "international", _("international organisation")
        RESEARCH = "research", _("research or advocacy body")
        REFERENCE = "reference", _("reference work or database")
        PERSONAL = "personal", _("newsletter, blog or individual")
        MIRROR = "mirror", _("mirror of other publishers' texts")

    name = NameField(help_text=_("The name as the publisher prints it."))
    kind = models.CharField(
        max_length=16, choices=Kind.choices, db_index=True, help_text=_("What sort of publisher it is.")
    )
    country_code = models.CharField(
        max_length=2,
        blank=True,
        validators=[RegexValidator(r"^[A-Z]{2}\Z", _("Use a two-letter ISO 3166-1 code."))],
        help_text=_("The two-letter ISO 3166-1 code of the country it publishes from."),
    )
    website = WebAddressField(blank=True, help_text=_("The publisher's own site."))
    note = ProseField(blank=True, help_text=_("What an editor should know before relying on it."))

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class Reliability(models.TextChoices):
    """Source reliability after the Admiralty system (STANAG 2511), first axis."""

    A = "A", _("completely reliable")
    B = "B", _("usually reliable")
    C = "C", _("fairly reliable")
    D = "D", _("not usually reliable")
    E = "E", _("unreliable")
    F = "F", _("reliability cannot be judged")


class Credibility(models.IntegerChoices):
    """Credibility of one item after the Admiralty system (STANAG 2511), second axis."""

    CONFIRMED = 1, _("confirmed by other sources")
    PROBABLE = 2, _("probably true")
    POSSIBLE = 3, _("possibly true")
    DOUBTFUL = 4, _("doubtful")
    IMPROBABLE = 5, _("improbable")
    UNJUDGED = 6, _("truth cannot be judged")


class Source(Record):
    """One document: an article, a treaty text, a transcript, a gazette, a press release."""

    KIND = "sources"
    SERIALIZER = "sources.api.SourceSerializer"
    SEARCH_FIELDS = ("title", "subtitle", "authors", "publisher")
    DOSSIER_FIELDS = (
        "title", "title_note", "subtitle", "kind", "publisher", "via", "authors", "date", "date_note", "section",
        "dateline", "language", "url", "archived_url", "retrieved_on", "access", "derived_from", "wire_credit",
        "reliability", "reliability_reason", "outlook", "standing", "standing_note", "note",
    )  # fmt: skip
    CITABLE_FIELDS = (
        "title", "subtitle", "publisher", "authors", "date", "section", "dateline", "access", "outlook", "wire_credit",
        "note",
    )  # fmt: skip

    class Kind(models.TextChoices):
        NEWS = "news", _("news report")
        ANALYSIS = "analysis", _("analysis or opinion")
        NEWSLETTER = "newsletter", _("newsletter issue")
        TREATY_TEXT = "treaty_text", _("treaty text")
        TRANSCRIPT = "transcript", _("transcript")
        LAW = "law", _("law or gazette entry")
        OFFICIAL = "official", _("official statement or record")
        REPORT = "report", _("research report")
        REFERENCE = "reference", _("reference work")
        DATASET = "dataset", _("dataset")
        STANDARD = "standard", _("standard")

    class Access(models.TextChoices):
        OPEN = "open", _("open")
        PAYWALLED = "paywalled", _("behind a paywall")
        RESTRICTED = "restricted", _("restricted")
        UNKNOWN = "unknown", _("not known")

    class Standing(models.TextChoices):
        STANDS = "stands", _("stands as published")
        CORRECTED = "corrected", _("corrected by its publisher")
        RETRACTED = "retracted", _("retracted by its publisher")

    title = NameField(max_length=500, help_text=_("The headline or title as printed."))
    title_note = NameField(
        blank=True,
        help_text=_("Why the title is not the printed one, for example because it was rebuilt from the address."),
    )
    subtitle = NameField(max_length=500, blank=True, help_text=_("The line printed under the headline."))
    kind = models.CharField(
        max_length=16, choices=Kind.choices, db_index=True, help_text=_("What sort of document it is.")
    )
    publisher = models.ForeignKey(
        Publisher, models.PROTECT, related_name="sources", help_text=_("Who put the document before the public.")
    )
    via = NameField(blank=True, help_text=_("The mirror or reprint that was read, where the original was not."))
    authors = NameField(
        blank=True, help_text=_("The author or authors as printed, separated by semicolons; empty when none is named.")
    )
    date = PartialDateField(
        bounds=("date_earliest", "date_latest"), help_text=_("The day of publication, as precise as the document is.")
    )
    date_earliest = bound()
    date_latest = bound()
    date_note = NameField(blank=True, help_text=_("How the date was found, where the document does not print it."))
    section = NameField(blank=True, help_text=_("The section or series it appeared in."))
    dateline = NameField(blank=True, help_text=_("The place printed before the text."))
    language = models.CharField(
        max_length=8,
        db_index=True,
        default="en",
        validators=[RegexValidator(r"^[a-z]{2,3}\Z", _("Use a two- or three-letter ISO 639 code."))],
        help_text=_("The ISO 639 code of the document's language."),
    )
    url = WebAddressField(blank=True, help_text=_("Where the document is on the web."))
    archived_url = WebAddressField(blank=True, help_text=_("A lasting copy in a web archive."))
    retrieved_on = models.DateField(null=True, blank=True, help_text=_("The day an editor read it."))
    access = models.CharField(
        max_length=12,
        choices=Access.choices,
        default=Access.UNKNOWN,
        db_index=True,
        help_text=_("Whether a reader can open the whole document."),
    )
    derived_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reprints",
        help_text=_("The document that this one reprints, translates or summarises; the two count as one origin."),
    )
    wire_credit = NameField(
        max_length=60, blank=True, help_text=_("The agency credited for the text, for example EFE or AP.")
    )
    reliability = models.CharField(
        max_length=1,
        choices=Reliability.choices,
        default=Reliability.F,
        db_index=True,
        help_text=_("How far this source has earned trust on such matters, from A to F."),
    )
    reliability_reason = ProseField(blank=True, help_text=_("Why it has this grade, in a sentence readers will see."))
    outlook = ProseField(blank=True, help_text=_("The document's own point of view, in the editors' judgement."))
    standing = models.CharField(
        max_length=12,
        choices=Standing.choices,
        default=Standing.STANDS,
        db_index=True,
        help_text=_("Whether the publisher stands by the document."),
    )
    standing_note = ProseField(blank=True, help_text=_("What was corrected or retracted, and when."))
    note = ProseField(blank=True, help_text=_("Anything else a reader should know about the document."))

    class Meta(Record.Meta):
        ordering = ["-date_earliest", "slug"]
        indexes = [models.Index(fields=["status", "-date_earliest", "slug"], name="source_public_order")]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(derived_from__isnull=True) | ~Q(derived_from=models.F("pk")),
                name="source_not_its_own_origin",
                violation_error_message=_("A source is not derived from itself."),
            ),
            models.CheckConstraint(
                condition=Q(reliability=Reliability.F) | ~Q(reliability_reason=""),
                name="source_grade_has_reason",
                violation_error_message=_("Say why the source has this reliability grade."),
            ),
        ]

    def __str__(self):
        return self.title

    def clean(self):
        seen, origin = {self.pk}, self.derived_from
        while origin is not None:
            if origin.pk in seen:
                raise ValidationError({"derived_from": _("This would make the source derive from itself.")})
            seen.add(origin.pk)
            origin = origin.derived_from

    def required_citations(self):
        """None: a document vouches for its own imprint."""
        return []

    # A record's confidence and disputes rest on its sources' grades, so a source's verbs grade again what rests on it.
    # A caller who publishes many (``freeze=False``) does that once, afterwards.

    def publish(self, by, comment="", bypass=False, freeze=True):
        with transaction.atomic():
            review = super().publish(by, comment, bypass, freeze)
            if freeze:
                self.regrade()
        return review

    def withdraw(self, by, reason):
        with transaction.atomic():
            review = super().withdraw(by, reason)
            self.regrade()
        return review

    def merge(self, into, by, reason=""):
        with transaction.atomic():
            review = super().merge(into, by, reason)
            self.regrade()
        return review

    def regrade(self):
        """Bring the facts that rest on this source, or on a reprint of it, up to date."""
        return import_string("sources.contested.regrade_resting_on")([self])


class AboutRecord(models.Model):
    """A row about one field of one record, or of one of its parts.

    ``part`` is empty for the record itself, else ``<parts>/<key>``, for example ``milestones/signed``.
    """

    record_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+", editable=False)
    record_id = models.BigIntegerField(editable=False)
    record = GenericForeignKey("record_type", "record_id")
    part = models.CharField(
        max_length=160,
        blank=True,
        help_text=_("The entry of the record that is meant; empty for the record itself."),
    )
    field = models.CharField(max_length=40, help_text=_("The field that is meant."))
    record_ref = models.CharField(
        max_length=160,
        db_index=True,
        editable=False,
        help_text=_("The record as “kind/slug”; slugs never change, so lists need not look the record up."),
    )
    uid = models.CharField(
        max_length=16,
        unique=True,
        editable=False,
        help_text=_("The public identifier, made of what the row is about; the same in every installation."),
    )

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        self.stamp()
        super().save(*args, **kwargs)

    def stamp(self):
        """Set what follows from the rest: the record's name and the public identifier."""
        self.record_ref, self.uid = self.record.ref, self.make_uid()

    def make_uid(self):
        words = (self.record.ref, self.part, self.field, *self.uid_words())
        return hashlib.sha256("\x1f".join(words).encode()).hexdigest()[:12]

    def uid_words(self):
        """What tells two rows about the same field apart."""
        return ()

    def clean(self):
        record = self.record
        if record is None:
            return
        rows = dict(record.cited_rows())
        if self.part not in rows:
            raise ValidationError({"part": _("The record has no entry “%(part)s”.") % {"part": self.part}})
        if self.field not in rows[self.part].CITABLE_FIELDS:
            raise ValidationError({"field": _("“%(field)s” is not a field that can be cited.") % {"field": self.field}})


def about_published_record():
    """The condition that the record a row is about is published, whatever its kind."""
    visible = Q(pk__in=[])
    for model in apps.get_models():
        if issubclass(model, Record):
            content_type = ContentType.objects.get_for_model(model)
            visible |= Q(record_type=content_type, record_id__in=model.objects.published().values("pk"))
    return visible


def about_index(name, *more):
    return models.Index(fields=["record_type", "record_id", *more], name=name)


class FindingQuerySet(DocumentedQuerySet):
    def published(self):
        """Findings about nothing in particular, or about a record that readers can see."""
        return self.filter(Q(record_type__isnull=True) | about_published_record())


class NegativeFinding(Documented):
    """A search that found nothing: where, for what, on which day."""

    KIND = "findings"
    DOSSIER_FIELDS = ("question", "looked_in", "query", "on", "about", "part", "field", "resolved", "outcome")

    question = ProseField(help_text=_("What was not found, as a sentence."))
    looked_in = ProseField(help_text=_("Where the editors looked."))
    query = NameField(blank=True, help_text=_("The words that were searched for."))
    on = models.DateField(help_text=_("The day of the search."))
    record_type = models.ForeignKey(
        ContentType,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        help_text=_("The kind of record concerned."),
    )
    record_id = models.BigIntegerField(null=True, blank=True, help_text=_("The record concerned."))
    about = GenericForeignKey("record_type", "record_id")
    part = models.CharField(max_length=160, blank=True, help_text=_("The entry of the record, where one is meant."))
    field = models.CharField(max_length=40, blank=True, help_text=_("The field, where one is meant."))
    resolved = models.BooleanField(
        default=False, db_index=True, help_text=_("Whether a later source has answered the question.")
    )
    outcome = ProseField(blank=True, help_text=_("What was found later, and where the record now states it."))

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["resolved", "slug"]
        indexes = [about_index("finding_about")]
        constraints = [
            models.CheckConstraint(
                condition=Q(resolved=False) | ~Q(outcome=""),
                name="finding_resolved_has_outcome",
                violation_error_message=_("A resolved finding says what was found."),
            )
        ]

    def __str__(self):
        return self.question

    @property
    def is_public(self):
        return self.about is None or getattr(self.about, "is_published", True)


class AboutRecordQuerySet(models.QuerySet):
    def of_published_records(self):
        """Rows about records that readers can see, in one query."""
        return self.filter(about_published_record())

    def published(self):
        return self.of_published_records()


class CitationQuerySet(AboutRecordQuerySet):
    def usable(self):
        """Citations whose source readers can see; the record's own status is the caller's business."""
        return self.filter(Q(source__isnull=True) | Q(source__status=Status.PUBLISHED))

    def with_source(self):
        """With the source and what it derives from, which tell its grade and its family."""
        return self.select_related("source__publisher", "source__derived_from__derived_from", "finding")

    def published(self):
        return self.of_published_records().usable()


class Citation(AboutRecord):
    """A source's support for one field of one record."""

    class Stance(models.TextChoices):
        SUPPORTS = "supports", _("supports")
        DISPUTES = "disputes", _("disputes")
        MENTIONS = "mentions", _("mentions")

    class LocatorType(models.TextChoices):
        """Locator labels of the Citation Style Language (CSL 1.0.2)."""

        LINE = "line", _("line")
        PARAGRAPH = "paragraph", _("paragraph")
        PAGE = "page", _("page")
        SECTION = "section", _("section")
        ARTICLE = "article", _("article")
        CHAPTER = "chapter", _("chapter")
        TABLE = "table", _("table")
        FIGURE = "figure", _("figure")
        VERSE = "timestamp", _("time")
        OTHER = "other", _("place")

    class AgainstText(models.TextChoices):
        """How a report stands to the text of the instrument, where the text or its official summary is held."""

        MATCHES = "matches", _("matches the text")
        OVERSTATES = "overstates", _("says more than the text")
        UNDERSTATES = "understates", _("says less than the text")
        UNSUPPORTED = "unsupported", _("has nothing in the text")

    source = models.ForeignKey(
        Source,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="statements",
        help_text=_("The document that says so."),
    )
    finding = models.ForeignKey(
        NegativeFinding,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="cited_in",
        help_text=_("The search that found nothing, where the absence itself is the fact."),
    )
    locator = NameField(
        max_length=160, blank=True, help_text=_("Where in the document, for example “line 21, para 13”.")
    )
    locator_type = models.CharField(
        max_length=12,
        choices=LocatorType.choices,
        default=LocatorType.OTHER,
        help_text=_("What the locator counts."),
    )
    stance = models.CharField(
        max_length=8,
        choices=Stance.choices,
        default=Stance.SUPPORTS,
        db_index=True,
        help_text=_("Whether the document supports the value, disputes it, or only mentions the matter."),
    )
    value = NameField(
        max_length=500,
        blank=True,
        help_text=_("The value as this source reports it, where it differs or is worth showing."),
    )
    quotation = NameField(
        max_length=300,
        blank=True,
        validators=[validate_short],
        help_text=_("A short quotation, under 30 words."),
    )
    credibility = models.PositiveSmallIntegerField(
        choices=Credibility.choices,
        default=Credibility.UNJUDGED,
        validators=[MinValueValidator(1), MaxValueValidator(6)],
        help_text=_("How credible this one statement is, from 1 to 6."),
    )
    against_text = models.CharField(
        max_length=12,
        blank=True,
        choices=AgainstText.choices,
        help_text=_("How the statement stands to the text of the instrument, where that text is held."),
    )
    note = ProseField(blank=True, help_text=_("What a reader should know about this citation."))

    objects = CitationQuerySet.as_manager()

    # What a citation says; the rest places it. Dossiers, comparison and copies go by this list.
    CONTENT_FIELDS = (
        "source", "finding", "locator", "locator_type", "stance", "value", "quotation", "credibility", "against_text",
        "note",
    )  # fmt: skip

    class Meta:
        ordering = ["part", "field", "pk"]
        indexes = [about_index("citation_about", "part", "field")]
        constraints = [
            models.UniqueConstraint(
                fields=["record_type", "record_id", "part", "field", "source", "locator", "stance"],
                name="citation_once",
                violation_error_message=_("This source is already cited here for this field at this place."),
            ),
            models.CheckConstraint(
                condition=Q(source__isnull=False, finding__isnull=True) | Q(source__isnull=True, finding__isnull=False),
                name="citation_source_or_finding",
                violation_error_message=_("Cite a source, or a search that found nothing: one of the two."),
            ),
            models.CheckConstraint(
                condition=~Q(stance="supports") | ~Q(locator="") | Q(source__isnull=True),
                name="citation_support_has_locator",
                violation_error_message=_("Say where in the document, so that a reader can check it."),
            ),
        ]

    def __str__(self):
        return f"{self.source or self.finding}, {self.locator}" if self.locator else str(self.source or self.finding)

    def uid_words(self):
        origin = self.source if self.source_id else self.finding
        return (origin.ref, self.locator, self.stance)

    @property
    def is_usable(self):
        return self.source is None or self.source.is_published


class Adjudication(AboutRecord):
    """The editors' ruling on a field whose sources differ."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        SETTLED = "settled", _("settled")

    state = models.CharField(
        max_length=8,
        choices=State.choices,
        default=State.OPEN,
        db_index=True,
        help_text=_("Whether the matter is settled."),
    )
    adopted_value = NameField(
        max_length=500, blank=True, help_text=_("The value the record states; empty while the matter is open.")
    )
    reason = ProseField(help_text=_("Why, in words for readers."))
    confidence = models.CharField(
        max_length=8,
        blank=True,
        choices=Confidence.choices,
        help_text=_("Overrules the computed confidence; the reason says why."),
    )
    ruled_by = NameField(max_length=120, help_text=_("Who ruled, as readers will see it."))
    ruled_on = models.DateField(help_text=_("The day of the ruling."))

    CONTENT_FIELDS = ("state", "adopted_value", "reason", "confidence", "ruled_by", "ruled_on")

    objects = AboutRecordQuerySet.as_manager()

    class Meta:
        ordering = ["part", "field"]
        indexes = [about_index("adjudication_about")]
        constraints = [
            models.UniqueConstraint(
                fields=["record_type", "record_id", "part", "field"],
                name="adjudication_once",
                violation_error_message=_("This field already has a ruling; change that one."),
            ),
            models.CheckConstraint(
                condition=Q(state="open") | ~Q(adopted_value=""),
                name="adjudication_settled_has_value",
                violation_error_message=_("A settled ruling names the adopted value."),
            ),
        ]

    def __str__(self):
        return f"{self.part or self.record_id} · {self.field}: {self.get_state_display()}"


class ContestedFact(AboutRecord):
    """A fact on which sources differ, or differed until a ruling settled it.

    Derived from citations and rulings, and kept by ``Record.refresh_derived``, so that the list of all of them across kinds of
    record is read from one index.
    """

    class State(models.TextChoices):
        CONTESTED = "contested", _("contested")
        SETTLED = "settled", _("settled")

    kind = models.CharField(
        max_length=32, db_index=True, help_text=_("The kind of the record, for example agreements.")
    )
    record_name = models.CharField(max_length=500, help_text=_("The record's name."))
    state = models.CharField(
        max_length=12, choices=State.choices, db_index=True, help_text=_("Whether a ruling has settled the matter.")
    )
    stated_value = models.TextField(blank=True, help_text=_("The value that the record states."))
    confidence = models.CharField(max_length=8, blank=True, help_text=_("The confidence in the value stated."))
    sources = models.PositiveIntegerField(help_text=_("Citations that support the value."))
    independent = models.PositiveIntegerField(help_text=_("Families of sources among them."))
    disputing = models.PositiveIntegerField(help_text=_("Citations that dispute the value or report another one."))

    objects = AboutRecordQuerySet.as_manager()

    class Meta:
        ordering = ["record_ref", "uid"]
        indexes = [
            about_index("contested_fact_about"),
            models.Index(fields=["record_ref", "uid"], name="contested_fact_order"),
            models.Index(fields=["state", "record_ref", "uid"], name="contested_fact_by_state"),
            models.Index(fields=["field", "record_ref", "uid"], name="contested_fact_by_field"),
        ]

    def __str__(self):
        return f"{self.record_ref} · {self.part} · {self.field}"


class Trail(models.Model):
    """A row of the trail of a record: who did it, when, in which name at that time."""

    record_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    record_id = models.BigIntegerField()
    record = GenericForeignKey("record_type", "record_id")
    at = models.DateTimeField(auto_now_add=True, db_index=True, help_text=_("When it happened."))
    # Emptying it would change a row that nothing may change: an account that acted is switched off, not deleted.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", help_text=_("Whose account did it.")
    )
    by_name = models.CharField(max_length=150, help_text=_("The account's name at that time, kept when it changes."))
    comment = ProseField(blank=True, help_text=_("Why, in the person's own words."))

    class Meta:
        abstract = True


class Review(AppendOnly, Trail):
    """One step of a record towards the public or away from it."""

    class Verb(models.TextChoices):
        SUBMIT = "submit", _("submitted")
        PUBLISH = "publish", _("published")
        RETURN = "return", _("returned")
        WITHDRAW = "withdraw", _("withdrawn")
        MERGE = "merge", _("merged")

    verb = models.CharField(max_length=8, choices=Verb.choices, db_index=True, help_text=_("What was done."))
    bypassed = models.BooleanField(
        default=False, help_text=_("Whether the author published the change without a second person.")
    )

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [about_index("review_about", "at")]
        permissions = [("publish_record", _("Can publish, return, withdraw and merge records"))]

    def __str__(self):
        return f"{self.get_verb_display()} · {self.by_name}"


class Revision(AppendOnly, Trail):
    """The whole dossier of a record after one save: the editors' history."""

    number = models.PositiveIntegerField(help_text=_("Counts the saves of the record, from 1."))
    dossier = models.TextField(help_text=_("The dossier as canonical JSON."))
    sha256 = models.CharField(max_length=64, help_text=_("Digest of the dossier and of the revision before it."))

    class Meta:
        ordering = ["-number"]
        indexes = [about_index("revision_about", "-number")]
        constraints = [
            models.UniqueConstraint(fields=["record_type", "record_id", "number"], name="revision_number_once")
        ]

    def __str__(self):
        return f"{self.number}"


class Proposal(Trail):
    """An edit to a published record that waits for a second person; the public sees nothing of it."""

    class State(models.TextChoices):
        OPEN = "open", _("being written")
        SUBMITTED = "submitted", _("awaiting review")
        RETURNED = "returned", _("returned to its author")
        APPROVED = "approved", _("approved")
        DISCARDED = "discarded", _("discarded")

    LIVE = (State.OPEN, State.SUBMITTED, State.RETURNED)

    record_ref = models.CharField(max_length=160, db_index=True, help_text=_("The record as “kind/slug”."))
    state = models.CharField(
        max_length=10, choices=State.choices, default=State.OPEN, db_index=True, help_text=_("How far it has come.")
    )
    base = models.TextField(help_text=_("The dossier of the record when the proposal was begun, as canonical JSON."))
    dossier = models.TextField(help_text=_("The proposed dossier, as canonical JSON."))
    changed_at = models.DateTimeField(auto_now=True, help_text=_("When it was last changed."))
    decided_by_name = models.CharField(max_length=150, blank=True, help_text=_("Who approved or returned it."))
    decided_at = models.DateTimeField(null=True, help_text=_("When it was approved or returned."))
    answer = ProseField(blank=True, help_text=_("The reviewer's comment."))

    class Meta:
        ordering = ["changed_at"]
        indexes = [about_index("proposal_about", "state")]
        constraints = [
            models.UniqueConstraint(
                fields=["record_type", "record_id", "by"],
                condition=Q(state__in=["open", "submitted", "returned"]),
                name="proposal_one_an_author",
            )
        ]

    def __str__(self):
        return f"{self.record_ref} · {self.by_name}"


class Presence(models.Model):
    """Somebody has a record open in the admin."""

    record_ref = models.CharField(max_length=160)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record_ref", "user"], name="presence_once")]

    def __str__(self):
        return f"{self.user} · {self.record_ref}"


class Version(AppendOnly):
    """The frozen public form of a record at one publication."""

    record_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    record_id = models.BigIntegerField()
    record = GenericForeignKey("record_type", "record_id")
    number = models.PositiveIntegerField(help_text=_("Counts the publications of the record, from 1."))
    at = models.DateTimeField(db_index=True, help_text=_("When it was published."))
    body = models.TextField(help_text=_("The API's representation as canonical JSON."))
    sha256 = models.CharField(max_length=64, help_text=_("Digest of the body."))
    schema = models.CharField(max_length=8, help_text=_("Version of the representation's form."))

    class Meta:
        ordering = ["-number"]
        indexes = [about_index("version_about", "-number")]
        constraints = [
            models.UniqueConstraint(fields=["record_type", "record_id", "number"], name="version_number_once")
        ]

    def __str__(self):
        return f"{self.number}"


class LoadedFixture(models.Model):
    """What the fixture loader last read for a record, so that it never overwrites what an editor changed."""

    kind = models.CharField(max_length=32)
    slug = models.CharField(max_length=120)
    file_sha256 = models.CharField(max_length=64)
    dossier_sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "slug"], name="loaded_fixture_once")]

    def __str__(self):
        return f"{self.kind}/{self.slug}"
