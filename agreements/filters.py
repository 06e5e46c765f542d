"""What agreements, their parts and the activities around them can be filtered by."""

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q

from agreements import by_state
from agreements.life.status import InForce, InstrumentStatus
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
    PartyEntry,
    Position,
    Signature,
    StatusSpan,
    Topic,
)
from agreements.models.list_entries import (
    under_approach,
    under_class,
    under_party,
    under_signatory,
    under_stance,
    under_topic,
)
from people.filters import published_organisation, published_person
from people.models import Organisation
from sources.filters import published_record
from sources.lib.filter_sets import Among, Lead, StrictFilterSet
from sources.lib.filters import (
    NO_ALIASES,
    AfterFilter,
    AllRefsFilter,
    BadParameters,
    BeforeFilter,
    ChoicesAmongFilter,
    ChoicesFilter,
    ExactTextFilter,
    RefsFilter,
    WordsFilter,
    YearFilter,
    any_of,
    contested_filter,
)
from sources.lib.named_rows import NO_ROW, ByName, ByNameOfFew, OrNone
from sources.lib.problems import hint
from sources.records.status import Status

published_agreement = ByName(Agreement.objects.published)
published_series = ByName(ExerciseSeries.objects.published)
topic_by_code = ByNameOfFew(Topic.objects.published, codes=("code",))


def approaches_by_code(code):
    """The approach named ``D2/host_state``, or those of all topics with the code ``host_state``. Raises ``ValidationError``."""
    topic, slash, name = code.rpartition("/")
    approaches = list(Approach.objects.filter(code=name).select_related("topic").order_by("topic__code"))
    if slash:
        approaches = [row for row in approaches if row.topic.code == topic.upper()]
    if not approaches:
        known = Approach.objects.filter(topic__code=topic.upper()) if slash else Approach.objects.all()
        raise no_approach(code, topic.upper(), known.values_list("topic__code", "code"))
    return approaches


def no_approach(code, topic, known):
    """The ``ValidationError`` for ``code``; ``known`` are pairs ``(topic's code, approach's code)`` to suggest."""
    names = sorted({name for _topic, name in known})
    words = f"No topic has an approach “{code[:60]}”.{hint(code[:60], names)}"
    if topic and names:
        words = f"Topic {topic} has no approach “{code[:60]}”. It has: {', '.join(names)}."
    return ValidationError(words, code="invalid_choice")


class ApproachesFilter(RefsFilter):
    """Approaches by code; the filter set finds out which topic's approach is meant (see ``ByApproach``)."""

    def __init__(self, *args, **kwargs):
        label = "Approach taken (such as D2/host_state, or its code with the topic)"
        super().__init__(*args, lookup=approaches_by_code, label=label, **kwargs)


class ByApproach(StrictFilterSet):
    """A filter set with ``topic`` and ``approach``. Topics may share an approach's code; then ``topic`` decides."""

    def __init__(self, *args, of_topic=None, **kwargs):
        """``of_topic``: the rows are of this topic alone."""
        self.of_topic = of_topic
        super().__init__(*args, **kwargs)

    def check(self):
        super().check()
        topics = self.cleaned.get("topic") or ([self.of_topic] if self.of_topic else [])
        candidates = self.cleaned.get("approach", ())
        try:
            self.cleaned["approach"] = [row for named in candidates for row in self._meant(named, topics)]
        except ValidationError as error:
            raise BadParameters({"approach": error.messages}) from None
        return self

    @staticmethod
    def _meant(candidates, topics):
        """The candidates of ``topics``; without topics, the only candidate. Raises ``ValidationError``."""
        code = candidates[0].code
        if topics:
            chosen = [row for row in candidates if row.topic in topics]
            if not chosen:
                names = " or ".join(topic.code for topic in topics)
                known = Approach.objects.filter(topic__in=topics).values_list("topic__code", "code")
                raise no_approach(code, names, known)
            return chosen
        if len(candidates) > 1:
            choices = ", ".join(f"{row.topic.code}/{code}" for row in candidates)
            raise ValidationError(
                f"Several topics have an approach “{code}”. Write one of: {choices}.", code="ambiguous"
            )
        return candidates


class RegionFilter(ChoicesFilter):
    """Agreements with a party in one of the regions; ``to_agreement`` is the path from the row to its agreement."""

    def __init__(self, *args, to_agreement="pk", **kwargs):
        self.to_agreement = to_agreement
        super().__init__(*args, choices=Organisation.Region.choices, label="Region", **kwargs)

    def filter(self, queryset, value, aliases=NO_ALIASES):
        if not value:
            return queryset
        states = Organisation.objects.published().filter(region__in=value).values_list("pk", flat=True)
        return queryset.filter(with_party(self.to_agreement)(states))


class StatusTodayFilter(ChoicesFilter):
    """Agreements of which a column of today's ``StatusSpan`` has one of the values."""

    def filter(self, queryset, value, aliases=NO_ALIASES):
        return queryset.filter(self.condition(value)) if value else queryset

    def condition(self, values):
        spans = StatusSpan.objects.today().filter(**{f"{self.field_name}__in": values})
        return Exists(spans.filter(agreement=OuterRef("pk")))


def with_entry(entries, heading, to_agreement="pk", **conditions):
    """The condition that an agreement is listed under one of the rows; ``heading`` makes a heading of a row or of its key."""

    def condition(rows):
        headings = [heading(getattr(row, "pk", row)) for row in rows]
        listed = entries.objects.filter(agreement=OuterRef(to_agreement), heading__in=headings, **conditions)
        return Exists(listed)

    return condition


def names_one_or_none(field):
    """The condition that the record names one of the rows or, for ``none``, no published one."""

    def condition(rows):
        named = Q(**{f"{field}__in": [row.pk for row in rows if row is not NO_ROW]})
        unnamed = Q(**{f"{field}__isnull": True}) | ~Q(**{f"{field}__status": Status.PUBLISHED})
        return named | unnamed if NO_ROW in rows else named

    return condition


def with_party(to_agreement="pk"):
    """The condition that one of the organisations is listed as a party, in any role."""
    return with_entry(PartyEntry, under_party, to_agreement)


def bound_by_it(to_agreement="pk"):
    """The condition that one of the organisations is bound by the agreement (see ``agreements.life.course.NO_PARTY``)."""
    return with_entry(PartyEntry, under_party, to_agreement, is_bound=True)


def by_key(heading):
    return lambda row: heading(row.pk)


def leads_of_parties(path=""):
    """The leads of filters by party; ``path`` leads from the row to its agreement."""
    relation, columns = f"{path}party_entries", {f"{path}{name}": name for name in Agreement.LISTED_BY}
    heading, bound = by_key(under_party), (("is_bound", True),)
    return (
        Lead("between", relation, heading, columns, bound, takes_first=True),
        Lead("party", relation, heading, columns),
    )


def lead_of_signatory(name, path="", is_whole=True):
    """The lead of a filter by who signed; see ``leads_of_parties`` and ``Lead``."""
    columns = {f"{path}{column}": column for column in Agreement.LISTED_BY}
    return Lead(name, f"{path}party_entries", by_key(under_signatory), columns, is_whole=is_whole)


def leads_of_codings(path="", is_whole=True):
    """The leads of filters by what codings say; see ``leads_of_parties`` and ``Lead``."""
    relation, columns = f"{path}topic_entries", {f"{path}{name}": name for name in ("slug", "signed_earliest")}
    headings = {
        "approach": by_key(under_approach),
        "topic": by_key(under_topic),
        "stance": under_stance,
        "person_class": under_class,
    }
    return {name: Lead(name, relation, heading, columns, is_whole=is_whole) for name, heading in headings.items()}


class CodedFilter(ChoicesFilter):
    """Agreements by how far they are coded on the topics of the codebook."""

    def __init__(self, **kwargs):
        choices = Agreement.CodingLevel.choices
        super().__init__(field_name="topics_coded", choices=choices, label="How far coded", **kwargs)

    def filter(self, queryset, value, aliases=NO_ALIASES):
        if not value:
            return queryset
        level, condition, topics = Agreement.CodingLevel, Q(pk__in=[]), Topic.objects.count()
        if level.KNOWN in value:
            condition |= Q(topics_coded=0)
        if level.PARTIAL in value:
            condition |= Q(topics_coded__gt=0, topics_coded__lt=topics)
        if level.FULL in value:
            condition |= Q(topics_coded__gt=0, topics_coded__gte=topics)
        return queryset.filter(condition)


BETWEEN = "Between all of these parties (names or ISO codes, separated by commas)"
CODINGS = Among(Coding, "agreement")


class AgreementFilter(ByApproach):
    leads = (lead_of_signatory("signatory"), *leads_of_parties(), *leads_of_codings().values())

    q = WordsFilter(label="Words in the titles, the numbers or the names of the parties")
    type = ChoicesFilter(choices=Agreement.Type.choices, label="Type")
    # Both hold of today, and of one span of days.
    status = StatusTodayFilter(field_name="status", choices=InstrumentStatus.choices, label="Status")
    in_force = StatusTodayFilter(field_name="in_force", choices=InForce.choices, label="In force")
    party = RefsFilter(
        lookup=published_organisation,
        condition=with_party(),
        label="Any of these parties (names or ISO codes)",
    )
    between = AllRefsFilter(lookup=published_organisation, condition=bound_by_it(), label=BETWEEN)
    step_by = RefsFilter(lookup=published_organisation, condition=by_state.step_by, label="A step taken by the body")
    region = RegionFilter()
    signatory = RefsFilter(
        lookup=published_person,
        condition=with_entry(PartyEntry, under_signatory),
        label="Signatory",
    )
    # One coding meets all four: the stance on that topic, for that class of person.
    topic = RefsFilter(lookup=topic_by_code, condition=any_of("topic"), among=CODINGS, label="Topic coded")
    approach = ApproachesFilter(condition=any_of("approach"), among=CODINGS)
    stance = ChoicesAmongFilter(among=CODINGS, choices=Coding.Stance.choices, label="Stance coded")
    person_class = ChoicesAmongFilter(among=CODINGS, choices=Coding.PersonClass.choices, label="Class of person coded")
    coded = CodedFilter()
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

    def filter_queryset(self, queryset):
        """Without a ``type``, only agreements between parties: no programmes, doctrines or procedures."""
        rows = super().filter_queryset(queryset)
        return rows if self.cleaned.get("type") else rows.between_parties()

    def counted(self):
        entries = super().counted()
        if entries is None or self.cleaned.get("type"):
            return entries
        # Entries of codings do not say the type.
        is_party = entries.model is PartyEntry
        return entries.exclude(type__in=Agreement.NOT_BETWEEN_PARTIES) if is_party else None


class OfAgreementFilter(StrictFilterSet):
    """Parts of agreements."""

    agreement = RefsFilter(lookup=published_agreement, condition=any_of("agreement"), label="Agreement")


class ClauseFilter(OfAgreementFilter):
    leads = (leads_of_codings("agreement__", is_whole=False)["topic"],)

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
    leads = (lead_of_signatory("person", "agreement__", is_whole=False),)

    person = RefsFilter(lookup=published_person, condition=any_of("person"), label="Person")
    party = RefsFilter(lookup=published_organisation, condition=any_of("party"), label="Party")

    class Meta:
        model = Signature
        fields = ()


class CodingFilter(ByApproach, OfAgreementFilter):
    leads = (*leads_of_parties("agreement__"), *leads_of_codings("agreement__", is_whole=False).values())

    topic = RefsFilter(lookup=topic_by_code, condition=any_of("topic"), label="Topic")
    approach = ApproachesFilter(condition=any_of("approach"))
    stance = ChoicesFilter(choices=Coding.Stance.choices, label="Stance")
    person_class = ChoicesFilter(choices=Coding.PersonClass.choices, label="Class of person")
    basis = ChoicesFilter(choices=Clause.Basis.choices, label="Basis")
    party = RefsFilter(
        lookup=published_organisation,
        condition=with_party("agreement"),
        label="Any of these parties (names or ISO codes)",
    )
    between = AllRefsFilter(lookup=published_organisation, condition=bound_by_it("agreement"), label=BETWEEN)
    region = RegionFilter(to_agreement="agreement")
    signed_after = AfterFilter(field_name="agreement__signed", label="Signed on or after")
    signed_before = BeforeFilter(field_name="agreement__signed", label="Signed on or before")
    year = YearFilter(field_name="agreement__signed", label="Signed in the year")

    class Meta:
        model = Coding
        fields = ()


class TopicFilter(StrictFilterSet):
    q = WordsFilter(label="Words in the name or the definition")
    group = ExactTextFilter(label="Letter of the group")

    class Meta:
        model = Topic
        fields = ()


class ExerciseSeriesFilter(StrictFilterSet):
    q = WordsFilter(label="Words in the name")

    class Meta:
        model = ExerciseSeries
        fields = ()


def legal_basis_filter():
    """``legal_basis=none``: no source names one."""
    return RefsFilter(
        lookup=OrNone(published_agreement),
        condition=names_one_or_none("legal_basis"),
        label="Legal basis (an agreement, or none)",
    )


class ExerciseFilter(StrictFilterSet):
    q = WordsFilter(label="Words in the name or the place")
    kind = ChoicesFilter(choices=Exercise.Kind.choices, label="Kind")
    domain = ChoicesFilter(choices=Domain.choices, label="Domain")
    series = RefsFilter(
        lookup=published_series,
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
    host = RefsFilter(
        lookup=published_organisation,
        condition=by_state.held_in,
        label="On the soil of the state, or hosted by the body",
    )
    taking_part = RefsFilter(
        lookup=published_organisation,
        condition=by_state.taking_part,
        label="Participant, its bodies included",
    )
    legal_basis = legal_basis_filter()
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
    given_by = RefsFilter(
        lookup=published_organisation, condition=by_state.given_by, label="Given or sold by, bodies included"
    )
    received_by = RefsFilter(
        lookup=published_organisation, condition=by_state.received_by, label="Received by, bodies included"
    )
    supplier = RefsFilter(lookup=published_organisation, condition=by_state.supplied_by, label="Supplier")
    legal_basis = legal_basis_filter()
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
    involving = RefsFilter(
        lookup=published_organisation,
        condition=by_state.involving,
        label="In the state, or with its bodies and officials",
    )
    after = AfterFilter(field_name="date", label="On or after")
    before = BeforeFilter(field_name="date", label="On or before")
    contested = contested_filter()

    class Meta:
        model = Event
        fields = ()


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
    said_for = RefsFilter(
        lookup=published_organisation,
        condition=by_state.said_for,
        label="By the state or body, its bodies and their officials",
    )
    about = RefsFilter(lookup=published_record, condition=is_about, label="About (the name of a record, or kind/slug)")
    after = AfterFilter(field_name="date", label="On or after")
    before = BeforeFilter(field_name="date", label="On or before")
    contested = contested_filter()

    class Meta:
        model = Position
        fields = ()
