"""What sources, citations, rulings and findings can be filtered by, on pages, in the API and in downloads."""

from functools import cached_property

from django.db.models import Exists, OuterRef, Q
from django.utils.text import capfirst

from sources.evidence.confidence import Confidence
from sources.lib.filter_sets import StrictFilterSet
from sources.lib.filters import (
    AfterFilter,
    BeforeFilter,
    ChoicesFilter,
    ExactTextFilter,
    LanguageFilter,
    RefsFilter,
    WordsFilter,
    YesNoFilter,
    any_of,
    contested_filter,
)
from sources.lib.named_rows import ByAnyName, ByName, ByNameOfFew
from sources.models import (
    Adjudication,
    Citation,
    ContestedFact,
    NegativeFinding,
    Publisher,
    Reliability,
    Source,
)
from sources.reading.store.reading import exact_tally_of
from sources.records.base import record_models

published_source = ByName(Source.objects.published)
public_publisher = ByNameOfFew(Publisher.objects.published)


class AnyRecord(ByAnyName):
    """Finds a published record of any kind, as ``kind/slug`` or by a name."""

    def by_code(self, text):
        kind, _slash, slug = text.partition("/")
        model = next((model for model in record_models() if kind == model.KIND), None)
        return model.objects.published().filter(slug=slug).first() if model else None

    def by_name(self, text):
        return [row for rows in self._kinds() for row in rows.by_name(text)]

    def near(self, text):
        return [row for rows in self._kinds() for row in rows.near(text)]

    @staticmethod
    def _kinds():
        return [ByName(model.objects.published) for model in record_models()]

    @staticmethod
    def value_of(row):
        return row.ref


published_record = AnyRecord()


def asks_only(filterset, name):
    """Whether nothing but ``name`` is asked for."""
    return {asked for asked, value in filterset.cleaned.items() if value} <= {name}


def number_of_any(tally, values):
    """The sum of a ``{value: number}`` over ``values``, or over all if there are none; ``None`` without a tally."""
    return None if tally is None else sum(tally[value] for value in tally if not values or value in values)


def of_record():
    """``record=``: what is said of some records."""
    return RefsFilter(
        lookup=published_record,
        condition=lambda rows: Q(record_ref__in=[row.ref for row in rows]),
        label="Record (its name, or kind/slug)",
    )


class SourceFilter(StrictFilterSet):
    q = WordsFilter(label="Words in the title or the authors")
    kind = ChoicesFilter(choices=Source.Kind.choices, label="Type of document")
    publisher = RefsFilter(lookup=public_publisher, condition=any_of("publisher"), label="Publisher")
    language = LanguageFilter(label="Language (ISO 639 code, such as es for Spanish)")
    access = ChoicesFilter(choices=Source.Access.choices, label="Access")
    reliability = ChoicesFilter(choices=Reliability.choices, label="Reliability")
    standing = ChoicesFilter(choices=Source.Standing.choices, label="Standing")
    published_after = AfterFilter(field_name="date", label="Published on or after")
    published_before = BeforeFilter(field_name="date", label="Published on or before")
    contested = contested_filter()

    class Meta:
        model = Source
        fields = ()


class CitationFilter(StrictFilterSet):
    record = of_record()
    source = RefsFilter(lookup=published_source, condition=any_of("source"), label="Source")
    field = ExactTextFilter(label="Field")
    part = ExactTextFilter(label="Entry of the record")
    stance = ChoicesFilter(choices=Citation.Stance.choices, label="Stance")
    against_text = ChoicesFilter(choices=Citation.AgainstText.choices, label="Against the text")

    class Meta:
        model = Citation
        fields = ()

    def counted(self):
        """The number of all citations, or of those of some stances: the forms know it, and nobody counts millions of rows."""
        tally = exact_tally_of("citations") if asks_only(self, "stance") else None
        return number_of_any(tally, self.cleaned.get("stance"))


class AdjudicationFilter(StrictFilterSet):
    record = of_record()
    state = ChoicesFilter(choices=Adjudication.State.choices, label="State")
    field = ExactTextFilter(label="Field")

    class Meta:
        model = Adjudication
        fields = ()


def kinds_of_records():
    return [(model.KIND, capfirst(str(model._meta.verbose_name_plural))) for model in record_models()]


def cited_by(sources):
    """The fact is supported or disputed by one of ``sources``."""
    same = {name: OuterRef(name) for name in ("record_type", "record_id", "part", "field")}
    return Exists(Citation.objects.filter(source__in=sources, **same))


class ContestedFactFilter(StrictFilterSet):
    kind = ChoicesFilter(choices=kinds_of_records, label="Kind of record")
    state = ChoicesFilter(choices=ContestedFact.State.choices, label="State")
    field = ExactTextFilter(label="Field")
    record = of_record()
    confidence = ChoicesFilter(choices=Confidence.choices, label="Confidence")
    source = RefsFilter(lookup=published_source, condition=cited_by, label="Source")

    class Meta:
        model = ContestedFact
        fields = ()

    def counted(self):
        """As of citations."""
        return number_of_any(self.tally, self.cleaned.get("state"))

    def counted_open(self):
        """The number of those that are open, or ``None``."""
        is_left_out = ContestedFact.State.CONTESTED not in (self.cleaned.get("state") or ContestedFact.State)
        return 0 if is_left_out else number_of_any(self.tally, [ContestedFact.State.CONTESTED])

    @cached_property
    def tally(self):
        """``{state: number}``; ``None`` where something else is asked than the state, or while a form is stale."""
        return exact_tally_of("disputes") if asks_only(self, "state") else None


class FindingFilter(StrictFilterSet):
    resolved = YesNoFilter(condition=Q(resolved=True), label="Resolved")
    gap = YesNoFilter(condition=Q(is_gap=True), label="A gap, which nobody has searched for yet")

    class Meta:
        model = NegativeFinding
        fields = ()
