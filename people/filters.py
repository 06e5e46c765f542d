"""What people and organisations can be filtered by, on pages, in the API and in downloads."""

from django.core.exceptions import ValidationError
from django.db.models import Q

from people.models import Membership, Organisation, Person
from sources.lib.fields import may_lie_between
from sources.lib.filters import (
    AfterFilter,
    Among,
    ChoicesFilter,
    RefsFilter,
    StrictFilterSet,
    WordsFilter,
    any_of,
    contested_filter,
)
from sources.records.base import Status


def published_organisation(name):
    """The published organisation with this slug, the state with this three-letter code, or the one that had it; else ``None``.

    A code that is in use means its holder of today. A code that several states had and none has raises ``ValidationError``.
    """
    published = Organisation.objects.published()
    current = published.filter(Q(slug=name) | Q(iso_alpha3=name.upper(), kind="state")).first()
    return current or _former_holder(published, name.upper())


def _former_holder(published, code):
    """The one state that had a three-letter code, or a four-letter code of ISO 3166-3."""
    coded = Q(former_codes__alpha3=code) | Q(former_codes__alpha4=code)
    holders = list(published.filter(coded).distinct()) if code else []
    if len(holders) > 1:
        choices = ", ".join(holder.slug for holder in holders)
        raise ValidationError(f"Several states had the code “{code[:60]}”. Write one of: {choices}.", code="ambiguous")
    return holders[0] if holders else None


def published_person(slug):
    return Person.objects.published().filter(slug=slug).first()


class OrganisationFilter(StrictFilterSet):
    q = WordsFilter(label="Words in the names")
    kind = ChoicesFilter(choices=Organisation.Kind.choices, label="Kind")
    region = ChoicesFilter(choices=Organisation.Region.choices, label="Region")
    country = RefsFilter(lookup=published_organisation, condition=any_of("country"), label="Country")
    parent = RefsFilter(lookup=published_organisation, condition=any_of("parent"), label="Part of")
    contested = contested_filter()

    class Meta:
        model = Organisation
        fields = ()


class InOfficeFilter(AfterFilter):
    """Terms that may include a day; a term that no source ends is over when its body is."""

    among = Among(Membership, "person")

    @staticmethod
    def condition(date):
        no_end_known = Q(organisation__dissolved_latest__isnull=True)
        body_existed = no_end_known | Q(organisation__dissolved_latest__gte=date.earliest)
        shown = Q(organisation__status=Status.PUBLISHED)
        return may_lie_between("dates", date.earliest, date.latest) & body_existed & shown


class PersonFilter(StrictFilterSet):
    q = WordsFilter(label="Words in the names")
    nationality = RefsFilter(lookup=published_organisation, condition=any_of("nationality"), label="Nationality")
    organisation = RefsFilter(
        lookup=published_organisation,
        condition=any_of("organisation"),
        among=InOfficeFilter.among,
        label="Organisation",
    )
    in_office = InOfficeFilter(label="With a dated post on (with an organisation: in that body)")
    contested = contested_filter()

    class Meta:
        model = Person
        fields = ()
