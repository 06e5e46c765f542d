"""Organisations and states: their names in time, the codes they had, what came before them, and their posts."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.names_in_time import name_on, spans_of
from sources.lib import clock
from sources.lib.fields import HAPPENED, NameField, PartialDateField, ProseField, WebAddressField, bound
from sources.records.base import Record
from sources.records.part import Part, one_key


class Organisation(Record):
    """A state, ministry, force, legislature, court, company, outlet, association or armed group."""

    KIND = "organisations"
    READING_ORDER = 30
    # The states of the world came all at once.
    IS_NEWS = False
    SEARCH_FIELDS = ("name", "name_es", "short_name", "iso_alpha2", "iso_alpha3")
    NAMED_BY = ("name", "name_es", "short_name", "iso_alpha2", "iso_alpha3")
    LINKED_BY = ("names_in_time", "dissolved")
    DOSSIER_FIELDS = (
        "name", "name_es", "short_name", "kind", "iso_alpha2", "iso_alpha3", "iso_numeric", "region", "country", "parent",
        "founded", "dissolved", "summary", "website",
    )  # fmt: skip
    CITABLE_FIELDS = (
        "name", "name_es", "short_name", "iso_alpha2", "iso_alpha3", "iso_numeric", "region", "parent", "founded",
        "dissolved", "summary",
    )  # fmt: skip
    QUESTIONS = {
        "name": _("What is it called?"),
        "parent": _("Which body is it part of?"),
        "founded": _("When was it founded?"),
        "dissolved": _("When did it end?"),
        "summary": _("What is it?"),
    }
    PARTS = ("other_names", "former_codes", "predecessors", "posts")
    NAMES_PART = "other_names"
    FURTHER_NAMES = (("other_names", "name"),)
    TOLD_APART_BY = ("iso_alpha3", "kind", "country__name")
    ERRORS_AT = {"organisation_codes_for_states": "kind"}

    class Kind(models.TextChoices):
        STATE = "state", _("state or territory")
        GOVERNMENT = "government", _("government")
        MINISTRY = "ministry", _("ministry or department")
        AGENCY = "agency", _("public agency")
        FORCE = "force", _("armed or security force")
        LEGISLATURE = "legislature", _("legislature or chamber")
        COURT = "court", _("court")
        MISSION = "mission", _("diplomatic mission")
        INTERNATIONAL = "international", _("international organisation or group of states")
        PARTY = "party", _("political party or movement")
        COMPANY = "company", _("company")
        MEDIA = "media", _("media outlet")
        CIVIL_SOCIETY = "civil_society", _("civil society organisation")
        ARMED_GROUP = "armed_group", _("armed group")
        CRIMINAL = "criminal", _("criminal organisation")
        FACILITY = "facility", _("training centre or facility")

    # What acts for the state that it belongs to; a company or a party of that state does not.
    PUBLIC_KINDS = (
        Kind.GOVERNMENT, Kind.MINISTRY, Kind.AGENCY, Kind.FORCE, Kind.LEGISLATURE, Kind.COURT, Kind.MISSION, Kind.FACILITY,
    )  # fmt: skip

    class Region(models.TextChoices):
        """Sub-regions of the United Nations' M49 standard."""

        NORTHERN_AFRICA = "northern-africa", _("Northern Africa")
        SUB_SAHARAN_AFRICA = "sub-saharan-africa", _("Sub-Saharan Africa")
        LATIN_AMERICA = "latin-america-caribbean", _("Latin America and the Caribbean")
        NORTHERN_AMERICA = "northern-america", _("Northern America")
        CENTRAL_ASIA = "central-asia", _("Central Asia")
        EASTERN_ASIA = "eastern-asia", _("Eastern Asia")
        SOUTH_EASTERN_ASIA = "south-eastern-asia", _("South-eastern Asia")
        SOUTHERN_ASIA = "southern-asia", _("Southern Asia")
        WESTERN_ASIA = "western-asia", _("Western Asia")
        EASTERN_EUROPE = "eastern-europe", _("Eastern Europe")
        NORTHERN_EUROPE = "northern-europe", _("Northern Europe")
        SOUTHERN_EUROPE = "southern-europe", _("Southern Europe")
        WESTERN_EUROPE = "western-europe", _("Western Europe")
        AUSTRALIA_NZ = "australia-new-zealand", _("Australia and New Zealand")
        PACIFIC = "pacific", _("Melanesia, Micronesia and Polynesia")
        ANTARCTICA = "antarctica", _("Antarctica")

    name = NameField(help_text=_("The name in English, as the organisation or its usual English sources give it."))
    name_es = NameField(blank=True, help_text=_("The name in Spanish."))
    short_name = NameField(
        max_length=80, blank=True, help_text=_("The short form or abbreviation in use, for example NCTC.")
    )
    kind = models.CharField(max_length=16, choices=Kind.choices, db_index=True, help_text=_("What sort of body it is."))
    iso_alpha2 = models.CharField(
        max_length=2,
        blank=True,
        validators=[RegexValidator(r"^[A-Z]{2}\Z")],
        help_text=_("For a state: the two-letter code of ISO 3166-1."),
    )
    iso_alpha3 = models.CharField(
        max_length=3,
        blank=True,
        db_index=True,
        validators=[RegexValidator(r"^[A-Z]{3}\Z")],
        help_text=_("For a state: the three-letter code of ISO 3166-1, used in filters and addresses."),
    )
    iso_numeric = models.CharField(
        max_length=3,
        blank=True,
        validators=[RegexValidator(r"^\d{3}\Z")],
        help_text=_("For a state: the numeric code of ISO 3166-1, with leading zeros."),
    )
    region = models.CharField(
        max_length=24,
        blank=True,
        choices=Region.choices,
        db_index=True,
        help_text=_("For a state: its sub-region in the United Nations' M49 standard."),
    )
    country = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="bodies",
        limit_choices_to={"kind": "state"},
        help_text=_("The state that the body belongs to or works in."),
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        help_text=_("The body that this one is part of."),
    )
    founded = PartialDateField(
        bounds=("founded_earliest", "founded_latest"),
        years_ahead=HAPPENED,
        help_text=_("When it was founded, as far as a source says."),
    )
    founded_earliest = bound()
    founded_latest = bound()
    dissolved = PartialDateField(
        bounds=("dissolved_earliest", "dissolved_latest"), help_text=_("When it ended, as far as a source says.")
    )
    dissolved_earliest = bound()
    dissolved_latest = bound()
    summary = ProseField(blank=True, help_text=_("What a reader should know, in a few plain sentences, each sourced."))
    website = WebAddressField(blank=True, help_text=_("The body's own site."))
    names_in_time = models.JSONField(
        default=list,
        blank=True,
        editable=False,
        help_text=_("Its names with dates, as [name, span], kept here so that a link needs no further query."),
    )

    class Meta(Record.Meta):
        ordering = ["sort_key", "slug"]
        indexes = [
            *Record.Meta.indexes,
            models.Index(fields=["status", "kind", "sort_key", "slug"], name="organisation_kind_by_sort_key"),
            models.Index(fields=["iso_alpha2"], name="organisation_iso2"),
        ]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["iso_alpha3"],
                condition=~Q(iso_alpha3=""),
                name="organisation_iso3_once",
                violation_error_message=_(
                    "Another state already has this three-letter code. A code no longer in use goes among the former codes."
                ),
            ),
            models.UniqueConstraint(
                fields=["iso_alpha2"],
                condition=~Q(iso_alpha2=""),
                name="organisation_iso2_once",
                violation_error_message=_(
                    "Another state already has this two-letter code. A code no longer in use goes among the former codes."
                ),
            ),
            models.CheckConstraint(
                condition=Q(kind="state") | Q(iso_alpha2="", iso_alpha3="", iso_numeric="", region=""),
                name="organisation_codes_for_states",
                violation_error_message=_("Only a state or territory has ISO codes and a region."),
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=models.F("pk")),
                name="organisation_not_its_own_parent",
                violation_error_message=_("An organisation is not part of itself."),
            ),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        seen, body = {self.pk}, self.parent
        while body is not None:
            if body.pk in seen:
                raise ValidationError({"parent": _("This would make the body a part of itself.")})
            seen.add(body.pk)
            body = body.parent

    def ended_by(self, day):
        """When the body ended, as EDTF text, if that was surely by ``day``; else ``""``."""
        return str(self.dissolved) if self.dissolved and self.dissolved.surely_by(day) else ""

    def name_beside(self, row):
        return name_on(self.names_in_time, row.told_on(), self.name) if self.names_in_time else ""

    def folded_names(self):
        return {**super().folded_names(), "names_in_time": spans_of(self.other_names.all()) if self.pk else []}

    def search_words(self):
        words = super().search_words()
        if self.pk:
            words += [other.name for other in self.other_names.all()]
            words += [word for code in self.former_codes.all() for word in (code.alpha4, code.alpha3)]
        return words


class OtherName(Part):
    """A name as some source prints it, a former name, a translation or an abbreviation."""

    DOSSIER_FIELDS = ("name", "kind", "language", "note")
    CITABLE_FIELDS = ("name",)
    KNOWN_BY = ("name",)
    FOLLOWS_MERGER = True

    class Kind(models.TextChoices):
        AS_PRINTED = "as_printed", _("as printed by a source")
        FORMER = "former", _("former name")
        ALIAS = "alias", _("also known as")
        TRANSLATION = "translation", _("in another language")
        ABBREVIATION = "abbreviation", _("abbreviation")

    name = NameField(help_text=_("The name exactly as it is written."))
    kind = models.CharField(
        max_length=12, choices=Kind.choices, default=Kind.AS_PRINTED, help_text=_("Why the name is kept.")
    )
    language = models.CharField(
        max_length=8, blank=True, help_text=_("The ISO 639 code of the name's language, where that matters.")
    )
    note = NameField(blank=True, help_text=_("What a reader should know about this form."))

    class Meta(Part.Meta):
        abstract = True

    def __str__(self):
        return self.name

    def key_words(self):
        return [self.name]


class OrganisationName(OtherName):
    """Another name of an organisation."""

    PARENT = "organisation"
    DOSSIER_FIELDS = ("name", "kind", "dates", "language", "note")
    CITABLE_FIELDS = ("name", "dates")
    TOLD_APART_BY = ("dates",)

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="other_names", help_text=_("Whose name it is.")
    )
    dates = PartialDateField(
        bounds=("dates_earliest", "dates_latest"),
        years_ahead=HAPPENED,
        help_text=_(
            "When it had this name: an interval such as 1971-10-27/1997-05-17, or one day on which a source calls it so."
            " Records of that time then show this name, with today's beside it."
        ),
    )
    dates_earliest = bound()
    dates_latest = bound()

    class Meta(OtherName.Meta):
        constraints = [one_key("organisation", "organisation_name")]


class FormerCode(Part):
    """Codes that a state had and that ISO has withdrawn. Another state may have had or have them too."""

    PARENT = "organisation"
    DOSSIER_FIELDS = ("alpha4", "alpha2", "alpha3", "numeric", "withdrawn", "note")
    CITABLE_FIELDS = ("alpha4", "alpha2", "alpha3", "numeric", "withdrawn")
    KNOWN_BY = ("alpha4",)
    FOLLOWS_MERGER = True

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="former_codes", help_text=_("The state that had the codes.")
    )
    alpha4 = models.CharField(
        max_length=4,
        db_index=True,
        validators=[RegexValidator(r"^[A-Z]{4}\Z")],
        help_text=_("The four-letter code of ISO 3166-3 for the withdrawn entry, for example CSHH."),
    )
    alpha2 = models.CharField(
        max_length=2,
        blank=True,
        validators=[RegexValidator(r"^[A-Z]{2}\Z")],
        help_text=_("The two-letter code that was withdrawn."),
    )
    alpha3 = models.CharField(
        max_length=3,
        blank=True,
        db_index=True,
        validators=[RegexValidator(r"^[A-Z]{3}\Z")],
        help_text=_("The three-letter code that was withdrawn; filters understand it."),
    )
    numeric = models.CharField(
        max_length=3,
        blank=True,
        validators=[RegexValidator(r"^\d{3}\Z")],
        help_text=_("The numeric code of the withdrawn entry, with leading zeros."),
    )
    withdrawn = PartialDateField(
        bounds=("withdrawn_earliest", "withdrawn_latest"),
        years_ahead=HAPPENED,
        help_text=_("When the codes were withdrawn; the state may have ended or changed its name on another day."),
    )
    withdrawn_earliest = bound()
    withdrawn_latest = bound()
    note = NameField(blank=True, help_text=_("What a reader should know about these codes."))

    class Meta(Part.Meta):
        constraints = [one_key("organisation", "former_code")]

    def __str__(self):
        return self.alpha4

    def key_words(self):
        return [self.alpha4]


class Succession(Part):
    """A state or body that the organisation followed: its predecessor."""

    PARENT = "organisation"
    NAMES = ("predecessor",)
    DOSSIER_FIELDS = ("predecessor", "date", "note")
    CITABLE_FIELDS = ("predecessor", "date")
    KNOWN_BY = ("predecessor",)
    FACT_LABELS = {"predecessor": _("That it followed it")}
    FOLLOWS_MERGER = True
    TOLD_APART_BY = ("date",)

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="predecessors", help_text=_("The state or body that came after.")
    )
    predecessor = models.ForeignKey(
        Organisation, models.PROTECT, related_name="successors", help_text=_("The state or body that came before.")
    )
    date = PartialDateField(
        bounds=("date_earliest", "date_latest"),
        years_ahead=HAPPENED,
        help_text=_("When the one followed the other, as far as a source says."),
    )
    date_earliest = bound()
    date_latest = bound()
    note = NameField(blank=True, help_text=_("What a reader should know, for example that only a part of it followed."))

    class Meta(Part.Meta):
        constraints = [
            one_key("organisation", "succession"),
            models.CheckConstraint(
                condition=~Q(organisation=models.F("predecessor")),
                name="succession_to_another",
                violation_error_message=_("An organisation is not its own predecessor."),
            ),
        ]

    def __str__(self):
        return str(self.predecessor)

    def key_words(self):
        return [self.predecessor.slug]


class Post(Part):
    """An office in an organisation that exists whoever holds it."""

    PARENT = "organisation"
    DOSSIER_FIELDS = ("label", "label_es", "note")
    KNOWN_BY = ("label",)
    FOLLOWS_MERGER = True

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="posts", help_text=_("The body that the post belongs to.")
    )
    label = NameField(help_text=_("The title of the office in English, for example Minister of Foreign Affairs."))
    label_es = NameField(blank=True, help_text=_("The title in Spanish."))
    note = NameField(blank=True, help_text=_("What a reader should know about the post."))

    class Meta(Part.Meta):
        constraints = [one_key("organisation", "post")]

    def __str__(self):
        return f"{self.label}, {self.organisation}"

    def ended_with_body(self):
        """When the body of the post ended, and the post with it, as EDTF text; else ``""``."""
        return self.organisation.ended_by(clock.today())

    def key_words(self):
        return [self.label]
