"""What agreements, their parts and the activities around them can be filtered by."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q

from agreements.models import (
    Agreement,
    Approach,
    Assistance,
    Clause,
    Coding,
    Domain,
    Event,
    Exercise,
    ExerciseSeries,
    Milestone,
    Party,
    Position,
    Signature,
    Topic,
)
from agreements.status import InstrumentStatus
from kb.core.dossier import documented_models
from kb.core.filters import (
    AfterFilter,
    BeforeFilter,
    ChoicesFilter,
    ExactTextFilter,
    RefsFilter,
    StrictFilterSet,
    WordsFilter,
    YearFilter,
    any_of,
    contested_filter,
)
from kb.core.records import Record
from people.filters import published_organisation, published_person
from people.models import Organisation


def published_agreement(slug):
    return Agreement.objects.published().filter(slug=slug).first()


def topic_by_code(code):
    return Topic.objects.filter(code=code.upper()).first()


def approach_by_code(code):
    """An approach as ``D2/own_regime``, or by its code alone where only one topic has it."""
    topic, _slash, name = code.rpartition("/")
    rows = Approach.objects.filter(code=name)
    found = (rows.filter(topic__code=topic.upper()) if topic else rows)[:2]
    return found[0] if len(found) == 1 else None


class RegionFilter(ChoicesFilter):
    """Agreements with a party in one of the regions; ``to_agreement`` is the way from the row to its agreement."""

    def __init__(self, *args, to_agreement="pk", **kwargs):
        self.to_agreement = to_agreement
        super().__init__(*args, choices=Organisation.Region.choices, label="Region", **kwargs)

    def filter(self, queryset, value):
        if not value:
            return queryset
        parties = Party.objects.filter(agreement=OuterRef(self.to_agreement), organisation__region__in=value)
        return queryset.filter(Exists(parties))


class AgreementFilter(StrictFilterSet):
    q = WordsFilter(label="Words in the titles, numbers or parties")
    type = ChoicesFilter(choices=Agreement.Type.choices, label="Type")
    status = ChoicesFilter(field_name="current_status", choices=InstrumentStatus.choices, label="Status")
    party = RefsFilter(
        lookup=published_organisation,
        condition=lambda rows: Exists(Party.objects.filter(agreement=OuterRef("pk"), organisation__in=rows)),
        label="Party (ISO code or slug)",
    )
    region = RegionFilter()
    signatory = RefsFilter(
        lookup=published_person,
        condition=lambda rows: Exists(Signature.objects.filter(agreement=OuterRef("pk"), person__in=rows)),
        label="Signatory",
    )
    topic = RefsFilter(
        lookup=topic_by_code,
        condition=lambda rows: Exists(Coding.objects.filter(agreement=OuterRef("pk"), topic__in=rows)),
        label="Topic coded",
    )
    approach = RefsFilter(
        lookup=approach_by_code,
        condition=lambda rows: Exists(Coding.objects.filter(approach__in=rows, agreement=OuterRef("pk"))),
        label="Approach taken",
    )
    stance = ChoicesFilter(
        field_name="codings__stance", choices=Coding.Stance.choices, distinct=True, label="Stance coded"
    )
    contested = contested_filter()
    text = ChoicesFilter(
        field_name="text_availability", choices=Agreement.TextAvailability.choices, label="Text available"
    )
    term = ChoicesFilter(field_name="term_kind", choices=Agreement.TermKind.choices, label="Kind of term")
    signed_after = AfterFilter(field_name="signed", label="Signed on or after")
    signed_before = BeforeFilter(field_name="signed", label="Signed on or before")
    year = YearFilter(field_name="signed", label="Signed in the year")

    class Meta:
        model = Agreement
        fields = ()


class OfAgreementFilter(StrictFilterSet):
    """Parts of agreements."""

    agreement = RefsFilter(lookup=published_agreement, condition=any_of("agreement"), label="Agreement")


class ClauseFilter(OfAgreementFilter):
    topic = RefsFilter(
        lookup=topic_by_code,
        condition=lambda rows: Exists(Coding.objects.filter(clauses=OuterRef("pk"), topic__in=rows)),
        label="Topic",
    )
    basis = ChoicesFilter(choices=Clause.Basis.choices, label="Basis")

    class Meta:
        model = Clause
        fields = ()


class MilestoneFilter(OfAgreementFilter):
    kind = ChoicesFilter(choices=Milestone.Kind.choices, label="Step")
    evidence = ChoicesFilter(choices=Milestone.Evidence.choices, label="Evidence")
    body = RefsFilter(lookup=published_organisation, condition=any_of("body"), label="Body")
    after = AfterFilter(field_name="date", label="On or after")
    before = BeforeFilter(field_name="date", label="On or before")

    class Meta:
        model = Milestone
        fields = ()


class SignatureFilter(OfAgreementFilter):
    person = RefsFilter(lookup=published_person, condition=any_of("person"), label="Person")
    party = RefsFilter(lookup=published_organisation, condition=any_of("party"), label="Party")

    class Meta:
        model = Signature
        fields = ()


class CodingFilter(OfAgreementFilter):
    topic = RefsFilter(lookup=topic_by_code, condition=any_of("topic"), label="Topic")
    approach = RefsFilter(lookup=approach_by_code, condition=any_of("approach"), label="Approach")
    stance = ChoicesFilter(choices=Coding.Stance.choices, label="Stance")
    person_class = ChoicesFilter(choices=Coding.PersonClass.choices, label="Class of person")
    basis = ChoicesFilter(choices=Clause.Basis.choices, label="Basis")
    party = RefsFilter(
        lookup=published_organisation,
        condition=lambda rows: Exists(Party.objects.filter(agreement=OuterRef("agreement"), organisation__in=rows)),
        label="Party (ISO code or slug)",
    )
    region = RegionFilter(to_agreement="agreement")
    signed_after = AfterFilter(field_name="agreement__signed", label="Signed on or after")
    signed_before = BeforeFilter(field_name="agreement__signed", label="Signed on or before")
    year = YearFilter(field_name="agreement__signed", label="Signed in the year")

    class Meta:
        model = Coding
        fields = ()


class TopicFilter(StrictFilterSet):
    group = ExactTextFilter(label="Letter of the group")

    class Meta:
        model = Topic
        fields = ()


class ExerciseSeriesFilter(StrictFilterSet):
    q = WordsFilter(label="Words in the name")

    class Meta:
        model = ExerciseSeries
        fields = ()


class ExerciseFilter(StrictFilterSet):
    q = WordsFilter(label="Words in the name or the place")
    kind = ChoicesFilter(choices=Exercise.Kind.choices, label="Kind")
    domain = ChoicesFilter(choices=Domain.choices, label="Domain")
    series = RefsFilter(
        lookup=lambda slug: ExerciseSeries.objects.published().filter(slug=slug).first(),
        condition=any_of("series"),
        label="Series",
    )
    country = RefsFilter(lookup=published_organisation, condition=any_of("country"), label="Country")
    participant = RefsFilter(
        lookup=published_organisation,
        condition=lambda rows: Q(participations__organisation__in=rows),
        distinct=True,
        label="Participant",
    )
    legal_basis = RefsFilter(lookup=published_agreement, condition=any_of("legal_basis"), label="Legal basis")
    held_after = AfterFilter(field_name="dates", label="Held on or after")
    held_before = BeforeFilter(field_name="dates", label="Held on or before")
    contested = contested_filter()

    class Meta:
        model = Exercise
        fields = ()


class AssistanceFilter(StrictFilterSet):
    q = WordsFilter(label="Words in the title or the item")
    kind = ChoicesFilter(choices=Assistance.Kind.choices, label="Kind")
    state = ChoicesFilter(choices=Assistance.State.choices, label="How far it has come")
    terms = ChoicesFilter(choices=Assistance.Terms.choices, label="Terms")
    provider = RefsFilter(lookup=published_organisation, condition=any_of("provider"), label="Provider")
    recipient = RefsFilter(
        lookup=published_organisation,
        condition=lambda rows: Q(recipients__in=rows),
        distinct=True,
        label="Recipient",
    )
    legal_basis = RefsFilter(lookup=published_agreement, condition=any_of("legal_basis"), label="Legal basis")
    after = AfterFilter(field_name="date", label="On or after")
    before = BeforeFilter(field_name="date", label="On or before")
    contested = contested_filter()

    class Meta:
        model = Assistance
        fields = ()


class EventFilter(StrictFilterSet):
    q = WordsFilter(label="Words in the title or the place")
    kind = ChoicesFilter(choices=Event.Kind.choices, label="Kind")
    agreement = RefsFilter(lookup=published_agreement, condition=any_of("agreement"), label="Agreement")
    after = AfterFilter(field_name="date", label="On or after")
    before = BeforeFilter(field_name="date", label="On or before")
    contested = contested_filter()

    class Meta:
        model = Event
        fields = ()


def published_record(ref):
    """A published record as ``kind/slug``."""
    kind, _slash, slug = ref.partition("/")
    model = documented_models().get(kind)
    return model.objects.published().filter(slug=slug).first() if model and issubclass(model, Record) else None


def is_about(rows):
    condition = Q(pk__in=[])
    for row in rows:
        condition |= Q(record_type=ContentType.objects.get_for_model(row), record_id=row.pk)
    return condition


class PositionFilter(StrictFilterSet):
    q = WordsFilter(label="Words in the statement or the speaker's name")
    stance = ChoicesFilter(choices=Position.Stance.choices, label="Stance")
    person = RefsFilter(lookup=published_person, condition=any_of("person"), label="Person")
    organisation = RefsFilter(lookup=published_organisation, condition=any_of("organisation"), label="Organisation")
    about = RefsFilter(lookup=published_record, condition=is_about, label="About, as kind/slug")
    after = AfterFilter(field_name="date", label="On or after")
    before = BeforeFilter(field_name="date", label="On or before")
    contested = contested_filter()

    class Meta:
        model = Position
        fields = ()
