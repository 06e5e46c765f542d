"""What people and organisations can be filtered by, on pages, in the API and in downloads."""

from django.db.models import Q

from people.models import Organisation, Person
from sources.lib.filters import ChoicesFilter, RefsFilter, StrictFilterSet, WordsFilter, any_of, contested_filter
from sources.lib.named_rows import ByName
from sources.lib.text import fold


def names_of_states():
    """The names of the states in both languages, in alphabetical order."""
    states = Organisation.objects.published().filter(kind="state").values_list("name", "name_es")
    return sorted({name for names in states for name in names if name}, key=fold)


published_organisation = ByName(
    Organisation.objects.published,
    codes=("iso_alpha3", "iso_alpha2"),
    suggests="states",
    suggestions=names_of_states,
)
published_person = ByName(Person.objects.published)


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
