"""Persons and organisations, their names as printed, and who held which post when.

The words are those of the Popolo specification (popoloproject.com). A state is an organisation of kind ``state`` with its
ISO 3166-1 codes. What a person signed or said belongs to ``agreements``.
"""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sources.lib.fields import HAPPENED, NameField, PartialDateField, ProseField, WebAddressField, bound
from sources.records.base import Part, Record, one_key


class Organisation(Record):
    """A state, ministry, force, legislature, court, company, outlet, association or armed group."""

    KIND = "organisations"
    READING_ORDER = 30
    # The states of the world came all at once.
    IS_NEWS = False
    SEARCH_FIELDS = ("name", "name_es", "short_name", "iso_alpha2", "iso_alpha3")
    NAMED_BY = ("name", "name_es", "short_name", "iso_alpha2", "iso_alpha3")
    DOSSIER_FIELDS = (
        "name", "name_es", "short_name", "kind", "iso_alpha2", "iso_alpha3", "iso_numeric", "region", "country", "parent",
        "founded", "dissolved", "summary", "website",
    )  # fmt: skip
    CITABLE_FIELDS = (
        "name", "name_es", "short_name", "iso_alpha2", "iso_alpha3", "iso_numeric", "region", "parent", "founded",
        "dissolved", "summary",
    )  # fmt: skip
    PARTS = ("other_names", "posts")
    NAMES_PART = "other_names"
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

    class Meta(Record.Meta):
        ordering = ["sort_key", "slug"]
        indexes = [
            *Record.Meta.indexes,
            models.Index(fields=["status", "kind", "sort_key", "slug"], name="organisation_kind_by_sort_key"),
        ]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["iso_alpha3"],
                condition=~Q(iso_alpha3=""),
                name="organisation_iso3_once",
                violation_error_message=_("Another state already has this three-letter code."),
            ),
            models.UniqueConstraint(
                fields=["iso_alpha2"],
                condition=~Q(iso_alpha2=""),
                name="organisation_iso2_once",
                violation_error_message=_("Another state already has this two-letter code."),
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

    def search_words(self):
        words = super().search_words()
        return words + [other.name for other in self.other_names.all()] if self.pk else words


class Person(Record):
    """A natural person who signed, spoke, voted or took part."""

    KIND = "people"
    READING_ORDER = 20
    SEARCH_FIELDS = ("name",)
    NAMED_BY = ("name",)
    DOSSIER_FIELDS = ("name", "family_name", "given_name", "nationality", "summary")
    CITABLE_FIELDS = ("name", "nationality", "summary")
    PARTS = ("other_names", "memberships")
    NAMES_PART = "other_names"
    TOLD_APART_BY = ("nationality__name",)

    name = NameField(help_text=_("The full name in its usual form, with accents."))
    family_name = NameField(
        blank=True, db_index=True, help_text=_("The family name or names that the person is sorted by.")
    )
    given_name = NameField(blank=True, help_text=_("The given name or names."))
    nationality = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="nationals",
        limit_choices_to={"kind": "state"},
        help_text=_("The state whose national or official the person is."),
    )
    summary = ProseField(blank=True, help_text=_("Who the person is, in a sentence or two, each sourced."))

    class Meta(Record.Meta):
        ordering = ["sort_key", "slug"]
        verbose_name_plural = "people"

    def __str__(self):
        return self.name

    @classmethod
    def details_of(cls, keys):
        """The latest office with its years; for persons without one, the nationality."""
        held = Membership.objects.filter(person__in=list(keys)).select_related("post", "organisation")
        latest_last = sorted(held, key=lambda term: (str(term.dates or term.stated_on or ""), term.pk))
        return {**super().details_of(keys), **{term.person_id: term.in_short() for term in latest_last}}

    def search_words(self):
        words = super().search_words()
        return words + [other.name for other in self.other_names.all()] if self.pk else words

    def sort_names(self):
        return [self.family_name or self.name, self.given_name if self.family_name else ""]


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


class PersonName(OtherName):
    """Another name of a person."""

    PARENT = "person"

    person = models.ForeignKey(Person, models.CASCADE, related_name="other_names", help_text=_("Whose name it is."))

    class Meta(OtherName.Meta):
        constraints = [one_key("person", "person_name")]


class OrganisationName(OtherName):
    """Another name of an organisation."""

    PARENT = "organisation"

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="other_names", help_text=_("Whose name it is.")
    )

    class Meta(OtherName.Meta):
        constraints = [one_key("organisation", "organisation_name")]


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

    def key_words(self):
        return [self.label]


class Membership(Part):
    """A person's time in a post or, without a post, as a member of an organisation."""

    PARENT = "person"
    NAMES = ("organisation",)
    DOSSIER_FIELDS = ("organisation", "post", "role", "dates", "stated_on", "note")
    CITABLE_FIELDS = ("organisation", "post", "role", "dates")
    KNOWN_BY = ("organisation",)
    FOLLOWS_MERGER = True
    TOLD_APART_BY = ("post", "role", "dates")

    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships", help_text=_("Who held it."))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="memberships", help_text=_("The body that the person belonged to.")
    )
    post = models.ForeignKey(
        Post, models.PROTECT, null=True, blank=True, related_name="memberships", help_text=_("The office held, if any.")
    )
    role = NameField(
        blank=True, help_text=_("The role as described, where there is no post: member, founder, commander.")
    )
    dates = PartialDateField(
        bounds=("dates_earliest", "dates_latest"),
        help_text=_("The time in office as an interval, for example 2023-08-15/.. ; empty when no source says."),
    )
    dates_earliest = bound()
    dates_latest = bound()
    stated_on = PartialDateField(
        bounds=("stated_earliest", "stated_latest"),
        years_ahead=HAPPENED,
        help_text=_("A date on which a source shows the person in the post, where the term itself is not known."),
    )
    stated_earliest = bound()
    stated_latest = bound()
    note = NameField(blank=True, help_text=_("What a reader should know about this term."))

    class Meta(Part.Meta):
        constraints = [
            one_key("person", "membership"),
            models.CheckConstraint(
                condition=Q(post__isnull=False) | ~Q(role=""),
                name="membership_post_or_role",
                violation_error_message=_("Name the post, or describe the role."),
            ),
        ]

    def __str__(self):
        return f"{self.person}: {self.post.label if self.post else self.role}, {self.organisation}"

    def in_short(self):
        """The office, the body and the dates, without those that are empty."""
        words = (
            self.post.label if self.post else self.role,
            str(self.organisation),
            str(self.dates or self.stated_on or ""),
        )
        return ", ".join(word for word in words if word)

    def key_words(self):
        return [self.organisation.slug, self.post.key if self.post else self.role]
