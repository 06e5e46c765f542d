"""What people and organisations can be filtered by, on pages, in the API and in downloads."""

from django.db.models import Q

from people.models import Membership, Organisation, Person
from sources.lib.fields import may_lie_between
from sources.lib.filter_sets import Among, StrictFilterSet
from sources.lib.filters import AfterFilter, ChoicesFilter, RefsFilter, WordsFilter, any_of, contested_filter
from sources.lib.named_rows import ByName, UnclearName
from sources.lib.text import fold
from sources.records.status import Status


class ByNameOrCode(ByName):
    """Organisations; a code of ISO 3166-1 in use means its holder of today, one that was withdrawn the state that had it."""

    def by_code(self, text):
        """Raises ``UnclearName`` for a code that several states had and none has."""
        return super().by_code(text) or self._former_holder(text)

    def _former_holder(self, text):
        """The one state that had a three-letter code, or a four-letter code of ISO 3166-3."""
        code = text.upper() if len(text) in (3, 4) else ""
        coded = Q(former_codes__alpha3=code) | Q(former_codes__alpha4=code)
        holders = list(self.rows().filter(coded).distinct().order_by("slug")) if code else []
        if len(holders) > 1:
            choices = ", ".join(holder.slug for holder in holders)
            message = f"Several states had the code “{code[:60]}”. Write one of: {choices}."
            raise UnclearName(message, self.offers(text, holders))
        return holders[0] if holders else None


def names_of_states():
    """The names of the states in both languages, in alphabetical order."""
    states = Organisation.objects.published().filter(kind="state").values_list("name", "name_es")
    # “Iran” and “Irán” fold alike: they are ordered too, so that the page is the same in every process.
    return sorted({name for names in states for name in names if name}, key=lambda name: (fold(name), name))


published_organisation = ByNameOrCode(
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
