"""Evidence: citations, rulings, findings, and the table of contested facts."""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sources.desk.wording import fact_label
from sources.evidence.confidence import Confidence
from sources.evidence.record_facts import graded, value_as_text
from sources.lib.fields import NameField, ProseField
from sources.models.about import AboutRecord, AboutRecordQuerySet, about_index, about_published_record, check_about
from sources.models.documents import AS_CITED, FAMILY, Source
from sources.models.graded import Graded
from sources.records.base import Reviewed, ReviewedQuerySet
from sources.records.status import Status


def validate_short(quotation):
    """A quotation is short enough to be one: under 30 words."""
    if len(quotation.split()) >= 30:
        raise ValidationError(_("Keep a quotation under 30 words."))


class Credibility(models.IntegerChoices):
    """Credibility of one item after the Admiralty system (STANAG 2511), second axis."""

    CONFIRMED = 1, _("confirmed by other sources")
    PROBABLE = 2, _("probably true")
    POSSIBLE = 3, _("possibly true")
    DOUBTFUL = 4, _("doubtful")
    IMPROBABLE = 5, _("improbable")
    UNJUDGED = 6, _("truth cannot be judged")


class FindingQuerySet(ReviewedQuerySet):
    def usable(self):
        """Published findings. Does not check the status of the record that they are about."""
        return super().published()

    def published(self):
        """Published findings about no record, or about a published one."""
        return self.usable().filter(Q(record_type__isnull=True) | about_published_record())


class NegativeFinding(Graded, Reviewed):
    """A search that found nothing: where, for what, on which day; or a gap, a question that nobody has searched for yet."""

    KIND = "findings"
    DOSSIER_FIELDS = ("question", "is_gap", "looked_in", "query", "on", "about", "part", "field", "resolved", "outcome")
    TOLD_APART_BY = ("on",)

    question = ProseField(help_text=_("What was not found, as a sentence."))
    is_gap = models.BooleanField(
        default=False,
        db_index=True,
        help_text=_(
            "The sources at hand do not mention it, and nobody has searched for it elsewhere. A gap supports nothing."
        ),
    )
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

    class Meta(Reviewed.Meta):
        ordering = ["resolved", "slug"]
        indexes = [about_index("finding_about")]
        constraints = [
            *Reviewed.Meta.constraints,
            models.CheckConstraint(
                condition=Q(resolved=False) | ~Q(outcome=""),
                name="finding_resolved_has_outcome",
                violation_error_message=_("A resolved finding says what was found."),
            ),
        ]

    def __str__(self):
        return self.question

    def clean(self):
        check_about(self)

    def dependent_citations(self):
        return self.cited_in.all()

    def shown_on(self):
        return [(self.record_type_id, self.record_id)] if self.record_id else []


# What a footnote says of a search that found nothing.
_FINDING_AS_CITED = ("id", "slug", "status", "question", "is_gap", "looked_in", "query", "on", "resolved", "outcome")


class CitationQuerySet(AboutRecordQuerySet):
    def usable(self):
        """Citations whose source or finding is published; a gap supports nothing. Does not check the status of the record."""
        finding = Q(finding__status=Status.PUBLISHED, finding__is_gap=False)
        return self.filter(Q(source__status=Status.PUBLISHED) | finding)

    def unusable(self):
        """The others."""
        source = Q(source__isnull=False) & ~Q(source__status=Status.PUBLISHED)
        hidden = ~Q(finding__status=Status.PUBLISHED) | Q(finding__is_gap=True)
        return self.filter(source | Q(finding__isnull=False) & hidden)

    def with_names(self):
        """Only what a dossier holds of citations; unordered, since the dossier sorts them."""
        columns = ("record_type", "record_id", "record_ref", "part", "field", "uid", *Citation.CONTENT_FIELDS)
        return self.select_related("source", "finding").only(*columns, "source__slug", "finding__slug").order_by()

    def with_grades(self):
        """With what grading needs of each source: name, grades and family."""
        origins = ("source", "source__derived_from", "source__derived_from__derived_from")
        columns = [field.attname for field in Citation._meta.concrete_fields]
        columns += [f"source__{name}" for name in ("title", "status", "kind", "reliability", "standing")]
        columns += [f"{origin}__{name}" for origin in origins for name in FAMILY]
        return self.select_related(*origins, "finding").only(
            *columns, "finding__slug", "finding__question", "finding__status", "finding__is_gap"
        )

    def with_source(self):
        """With the columns of the source that a footnote shows, and with the sources it derives from, for its family."""
        columns = [field.attname for field in Citation._meta.concrete_fields]
        columns += [f"source__{name}" for name in AS_CITED] + [f"finding__{name}" for name in _FINDING_AS_CITED]
        rows = self.select_related("source__publisher", "source__derived_from__derived_from", "finding")
        return rows.only(*columns)

    def published(self):
        return self.of_published_records().usable()

    def resting_on(self, sources=(), findings=()):
        """Citations of ``findings`` or of ``sources``, or of a document that derives from one of these."""
        return self.filter(Q(source__in=Source.objects.keys_with_reprints(sources)) | Q(finding__in=findings))


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
        """How a press report compares with the text of the instrument, if we hold the text or an official summary."""

        MATCHES = "matches", _("matches the text")
        OVERSTATES = "overstates", _("says more than the text")
        UNDERSTATES = "understates", _("says less than the text")
        UNSUPPORTED = "unsupported", _("has nothing in the text")
        NOT_HELD = "not_held", _("speaks of text not held")

    source = models.ForeignKey(
        Source,
        models.PROTECT,
        null=True,
        blank=True,
        # An index of its own begins with it.
        db_index=False,
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
        help_text=_(
            "How the statement compares with the text of the instrument where that is held, or that it concerns a part "
            "that is not held."
        ),
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
        indexes = [
            about_index("citation_about", "part", "field"),
            models.Index(fields=["record_ref", "uid"], name="citation_order"),
            models.Index(fields=["source", "record_ref", "uid"], name="citation_by_source"),
            models.Index(fields=["record_ref", "uid"], condition=~Q(against_text=""), name="citation_marked"),
            models.Index(fields=["source"], condition=Q(stance="disputes"), name="citation_disputing"),
        ]
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
        return (origin.ref if origin else "", self.locator, self.stance)

    def likenesses(self):
        """By the same document: the same locator and stance, locator, quotation, or stance. By another document (one that was
        renamed): the same words at the same locator."""
        origin = (self.source_id, self.finding_id)
        words = (self.locator, self.stance, self.quotation, self.value)
        return (
            (origin, self.locator, self.stance),
            (origin, self.locator) if self.locator else None,
            (origin, self.quotation) if self.quotation else None,
            (origin, self.stance),
            words if self.locator else None,
        )

    def check_target(self, row):
        """``against_text`` needs a press report, and a text that we hold."""
        if not self.against_text:
            return
        if self.source is None or not self.source.is_press:
            raise ValidationError(
                {"against_text": _("Only what the press or an analyst reports can be marked against the text.")}
            )
        if not row.holds_text():
            raise ValidationError(
                {
                    "against_text": _(
                        "A report can be marked only where the text or an official summary is held on the matter: "
                        "see the basis of the clause or coding, or which text of the agreement is available."
                    )
                }
            )

    @property
    def is_usable(self):
        """Whether it can support a fact: readers see its source or finding, and somebody did search."""
        origin = self.source or self.finding
        return origin.is_published and not getattr(origin, "is_gap", False)


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
        indexes = [
            about_index("adjudication_about"),
            models.Index(fields=["record_ref", "uid"], name="adjudication_order"),
            models.Index(fields=["-ruled_on", "uid"], name="adjudication_by_day"),
        ]
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
        kind = self.record_ref.partition("/")[0]
        return f"{fact_label(kind, self.part, self.field)}: {self.get_state_display()}"


def importance_of(fact, row, citations):
    """What disputes are ordered by: open ones first; then those that decide a status or an immunity; then those with more
    sources; then those with the better graded source."""
    is_open = fact["state"] == ContestedFact.State.CONTESTED
    number = min(fact["sources"] + fact["disputing"], 999)
    best = max((graded(citation, row).grade for citation in citations), default=0)
    return 1_000_000 * is_open + 100_000 * row.is_weighty(fact["field"]) + 10 * number + best


class ContestedFactQuerySet(AboutRecordQuerySet):
    # What a row says of its fact; the rest places it.
    COLUMNS = (
        "state", "stated_value", "confidence", "sources", "independent", "disputing", "importance", "kind", "record_name",
    )  # fmt: skip

    def keep(self, record, rows):
        """Bring the rows of ``record`` to ``rows`` (see ``rows_of``)."""
        present = {(row.part, row.field): row for row in record.contested_facts.all()}
        for new in rows:
            old = present.pop((new.part, new.field), None)
            if old is None or any(getattr(old, name) != getattr(new, name) for name in self.COLUMNS):
                new.pk, new._state.adding = old and old.pk, old is None
                new.save()
        for row in present.values():
            row.delete()

    def rows_of(self, record, facts):
        """The unsaved rows of ``record`` for its ``facts`` (see ``sources.evidence.record_facts.facts_of``)."""
        disputed = [fact for fact in facts if fact["state"] in ContestedFact.State.values]
        rows = dict(record.cited_rows()) if disputed else {}
        cited = {citation.uid: citation for citation in record.citations.all()} if disputed else {}
        return [
            self._row_of(record, fact, rows[fact["part"]], [cited[uid] for uid in fact["citations"]])
            for fact in disputed
        ]

    def _row_of(self, record, fact, row, citations):
        copied = ("part", "field", "state", "confidence", "sources", "independent", "disputing")
        return self.model(
            record=record,
            kind=record.KIND,
            record_name=str(record)[:500],
            stated_value=value_as_text(row, fact["field"]),
            importance=importance_of(fact, row, citations),
            **{name: fact[name] for name in copied},
        )


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
    independent = models.PositiveIntegerField(
        help_text=_("How many of them are independent; a document and its reprints count once.")
    )
    disputing = models.PositiveIntegerField(help_text=_("Citations that dispute the value or report another one."))
    importance = models.PositiveIntegerField(
        default=0,
        help_text=_(
            "Open disputes count most, then status and immunity, then the number and the grade of the sources."
        ),
    )

    objects = ContestedFactQuerySet.as_manager()

    class Meta:
        ordering = ["record_ref", "uid"]
        indexes = [
            about_index("contested_fact_about"),
            models.Index(fields=["record_ref", "uid"], name="contested_fact_order"),
            models.Index(fields=["-importance", "record_ref", "uid"], name="contested_fact_by_importance"),
            models.Index(fields=["state", "record_ref", "uid"], name="contested_fact_by_state"),
            models.Index(fields=["field", "record_ref", "uid"], name="contested_fact_by_field"),
            models.Index(fields=["kind", "record_ref", "uid"], name="contested_fact_by_kind"),
        ]

    def __str__(self):
        return f"{self.record_ref} · {self.part} · {self.field}"
