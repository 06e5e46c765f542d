"""Persons, their names as printed, and who held which post when."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.models.organisations import Organisation, OtherName, Post
from sources.lib import clock
from sources.lib.fields import HAPPENED, NameField, PartialDateField, ProseField, bound
from sources.records.base import Record
from sources.records.part import Part, one_key


class Person(Record):
    """A natural person who signed, spoke, voted or took part."""

    KIND = "people"
    READING_ORDER = 20
    FOUND_AT = 4
    SEARCH_FIELDS = ("name",)
    SORTED_BY_NAME = False
    NAMED_BY = ("name",)
    DOSSIER_FIELDS = ("name", "family_name", "given_name", "nationality", "summary")
    CITABLE_FIELDS = ("name", "nationality", "summary")
    QUESTIONS = {
        "name": _("What is the person called?"),
        "nationality": _("Of which state is the person?"),
        "summary": _("Who is the person?"),
    }
    PARTS = ("other_names", "memberships")
    NAMES_PART = "other_names"
    FURTHER_NAMES = (("other_names", "name"),)
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


class PersonName(OtherName):
    """Another name of a person."""

    PARENT = "person"

    person = models.ForeignKey(Person, models.CASCADE, related_name="other_names", help_text=_("Whose name it is."))

    class Meta(OtherName.Meta):
        constraints = [one_key("person", "person_name")]


class Membership(Part):
    """A person's time in a post or, without a post, as a member of an organisation."""

    PARENT = "person"
    NAMES = ("organisation",)
    DOSSIER_FIELDS = ("organisation", "post", "role", "dates", "stated_on", "note")
    CITABLE_FIELDS = ("organisation", "post", "role", "dates")
    KNOWN_BY = ("organisation",)
    DATED_BY = "dates"
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

    def ended_with_body(self):
        """When the body ended, as EDTF text, if no source says that the term ended before; else ``""``."""
        goes_on = self.dates is None or self.dates.is_ongoing
        return self.organisation.ended_by(clock.today()) if goes_on else ""

    def in_short(self):
        """The office, the body and the dates, without those that are empty."""
        ended = self.ended_with_body()
        words = (
            self.post.label if self.post else self.role,
            str(self.organisation),
            str(self.dates or self.stated_on or ""),
            _("until %(date)s") % {"date": ended} if ended else "",
        )
        return ", ".join(str(word) for word in words if word)

    def key_words(self):
        return [self.organisation.slug, self.post.key if self.post else self.role]
