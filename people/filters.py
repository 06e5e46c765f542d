"""What people and organisations can be filtered by, on pages, in the API and in downloads."""

from django.db.models import Q

from people.models import Organisation, Person
from sources.lib.filters import ChoicesFilter, RefsFilter, StrictFilterSet, WordsFilter, any_of, contested_filter
from sources.lib.prepared import PreparedRows

_organisations = PreparedRows(
    lambda slug, code: Organisation.objects.published().filter(Q(slug=slug) | Q(iso_alpha3=code, kind="state"))[:2]
)
_persons = PreparedRows(lambda slug: Person.objects.published().filter(slug=slug))


def published_organisation(name):
    """The published organisation with this slug, or the state with this three-letter code; else ``None``."""
    return next(iter(_organisations(name, name.upper())), None)


def published_person(slug):
    return next(iter(_persons(slug)), None)


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


class PersonFilter(StrictFilterSet):
    q = WordsFilter(label="Words in the names")
    nationality = RefsFilter(lookup=published_organisation, condition=any_of("nationality"), label="Nationality")
    organisation = RefsFilter(
        lookup=published_organisation,
        condition=lambda rows: Q(memberships__organisation__in=rows),
        distinct=True,
        label="Organisation",
    )
    contested = contested_filter()

    class Meta:
        model = Person
        fields = ()
