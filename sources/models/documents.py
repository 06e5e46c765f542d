"""Who printed what: publishers and their documents."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sources.lib.fields import HAPPENED, NameField, PartialDateField, ProseField, WebAddressField, bound
from sources.lib.refill import refill
from sources.lib.text import shown_title
from sources.models.graded import Graded
from sources.reading.store import keeping as store
from sources.records.base import Documented, Record, RecordQuerySet
from sources.records.documented import DocumentedQuerySet


class PublisherQuerySet(DocumentedQuerySet):
    def published(self):
        """Publishers of sources that readers see."""
        named = Source.objects.published().order_by().values("publisher")
        return self.filter(pk__in=named)


class Publisher(Documented):
    """A newspaper, agency, office or site that puts documents before the public."""

    KIND = "publishers"
    DOSSIER_FIELDS = ("name", "kind", "country_code", "website", "note")
    TOLD_APART_BY = ("kind", "country_code")

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

    objects = PublisherQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        before = Publisher.objects.filter(pk=self.pk).values_list("name", flat=True).first()
        super().save(*args, **kwargs)
        if before not in (None, self.name):
            # Documents are found by their publisher's name too.
            refill(self.sources.select_related("publisher"), Source.folded_names)

    @property
    def is_shown(self):
        return self.sources.published().exists()


class Reliability(models.TextChoices):
    """Source reliability after the Admiralty system (STANAG 2511), first axis."""

    A = "A", _("completely reliable")
    B = "B", _("usually reliable")
    C = "C", _("fairly reliable")
    D = "D", _("not usually reliable")
    E = "E", _("unreliable")
    F = "F", _("reliability cannot be judged")


# The columns that decide the family of a source.
FAMILY = ("slug", "wire_credit", "date", "derived_from")
# The columns of a source's original: its family and, if it is published, its name.
_ORIGIN = ("id", "status", "title", "title_note", *FAMILY)
# The columns that a footnote shows of a source.
AS_CITED = (
    *_ORIGIN, "publisher", "authors", "kind", "language", "url", "archived_url", "access", "reliability", "standing",
    "publisher__id", "publisher__name", *(f"derived_from__{name}" for name in _ORIGIN),
    *(f"derived_from__derived_from__{name}" for name in _ORIGIN),
)  # fmt: skip


class SourceQuerySet(RecordQuerySet):
    def as_cited(self):
        """With what a footnote says of them, and no more."""
        return self.select_related("publisher", "derived_from__derived_from").only(*AS_CITED)

    def keys_with_reprints(self, sources):
        """Primary keys of ``sources`` and of all that derives from them."""
        known, edge = set(), {source.pk for source in sources}
        while edge:
            known |= edge
            edge = set(self.filter(derived_from__in=edge).values_list("pk", flat=True)) - known
        return known


class Source(Graded, Record):
    """One document: an article, a treaty text, a transcript, a gazette, a press release."""

    KIND = "sources"
    READING_ORDER = 90
    IS_TYPED = False
    SORTS = {"source_kind": "kind"}
    SEARCH_FIELDS = ("title", "subtitle", "authors", "publisher")
    NAMED_BY = ("title", "title_note")
    TOLD_APART_BY = ("publisher__name", "date")
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

    # Kinds that report on an instrument and are not part of making it.
    PRESS = (Kind.NEWS, Kind.ANALYSIS, Kind.NEWSLETTER, Kind.REPORT, Kind.REFERENCE)

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
        Publisher, models.PROTECT, related_name="sources", help_text=_("Who published the document.")
    )
    via = NameField(blank=True, help_text=_("The mirror or reprint that was read, where the original was not."))
    authors = NameField(
        blank=True, help_text=_("The author or authors as printed, separated by semicolons; empty when none is named.")
    )
    date = PartialDateField(
        bounds=("date_earliest", "date_latest"),
        years_ahead=HAPPENED,
        help_text=_("The day of publication, as precise as the document is."),
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
    url = WebAddressField(blank=True, help_text=_("The web address of the document."))
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
        help_text=_("How reliable this source is on such matters, from A to F."),
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

    objects = SourceQuerySet.as_manager()

    class Meta(Record.Meta):
        ordering = ["-date_earliest", "slug"]
        indexes = [
            *Record.Meta.indexes,
            models.Index(fields=["status", "-date_earliest", "slug"], name="source_public_order"),
            models.Index(fields=["status", "kind", "-date_earliest", "slug"], name="source_public_kind"),
            models.Index(fields=["status", "language", "-date_earliest", "slug"], name="source_public_language"),
            models.Index(fields=["status", "reliability", "-date_earliest", "slug"], name="source_public_reliability"),
            models.Index(fields=["publisher", "status", "-date_earliest", "slug"], name="source_public_publisher"),
            models.Index(fields=["standing"], condition=~Q(standing="stands"), name="source_not_standing"),
        ]
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
        return self.shown_title

    @property
    def shown_title(self):
        return shown_title(self.title, self.title_note)

    @classmethod
    def tallies_of(cls, body):
        yield from super().tallies_of(body)
        for name in ("kind", "language", "reliability"):
            yield f"sources/{name}", body[name]

    @property
    def is_press(self):
        return self.kind in self.PRESS

    def clean(self):
        seen, origin = {self.pk}, self.derived_from
        while origin is not None:
            if origin.pk in seen:
                raise ValidationError({"derived_from": _("This would make the source derive from itself.")})
            seen.add(origin.pk)
            origin = origin.derived_from

    def required_citations(self):
        """None: the document itself is the source of its title, date and author."""
        return []

    def merge(self, into, by, reason="", brings_parts=True):
        with store.together():
            review = super().merge(into, by, reason, brings_parts)
            self.regrade()
        return review

    def dependent_citations(self):
        """The citations of this source, and of all that derives from it."""
        return self.statements.model.objects.resting_on(sources=[self])
