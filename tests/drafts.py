"""Everything that readers must not see: a draft of every kind with a token in every field, and edits of published records
that wait for a second person. Drafts name published records wherever they can, for that is how drafts leak."""

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction

from sources.lib.fields import PartialDateField, WebAddressField
from sources.models import Proposal
from sources.records.base import Documented, Record
from tests import content, factory

TOKEN = "zqcanary"
# What no rule can guess: codes with a form of their own, and fields that must agree with each other.
SPECIAL = {
    "language": "en", "text_language": "en", "country_code": "PY", "term_kind": "fixed", "term_years": "5", "kind": None,
    "alpha4": "AAAA", "alpha2": None, "alpha3": None, "numeric": None, "iso_alpha2": None, "iso_alpha3": None, "iso_numeric": None, "region": None, "value": "10.00", "currency": "USD",
    "post": None, "approach": None, "clauses": None, "basis": "text", "about": None, "part": None, "field": None,
    "reliability": "B", "parent": None, "order": None, "version": None, "edition": None, "series": None,
    "votes_for": None, "votes_against": None, "votes_abstaining": None, "votes_absent": None, "outcome": None, "resolved": None,
}  # fmt: skip


def text_of(token, field):
    return f"{token}{field.replace('_', '')}"


def fields_of(model, token):
    """A dossier of ``model`` with ``token`` in each field that holds text of its own, and published rows in relations."""
    found = {}
    for name in model.DOSSIER_FIELDS:
        value = value_of(model, name, token)
        if value not in (None, "", []):
            found[name] = value
    return found


def value_of(model, name, token):
    if name == "about":
        return None
    field = model._meta.get_field(name)
    if field.choices and SPECIAL.get(name) is None:
        return field.choices[0][0] if not field.blank else None
    if name in SPECIAL and not (isinstance(field, models.TextField) or (field.is_relation and not field.null)):
        return SPECIAL[name] if SPECIAL[name] is not None or field.blank else text_of(token, name)
    if field.is_relation:
        return relation_of(field)
    if isinstance(field, (PartialDateField, models.DateField)):
        return "2025-12-15"
    if isinstance(field, (models.IntegerField, models.DecimalField)):
        return "7"
    if isinstance(field, (WebAddressField, models.URLField)):
        return f"https://example.org/{text_of(token, name)}"
    return text_of(token, name) if isinstance(field, (models.CharField, models.TextField)) else None


def relation_of(field):
    """The slug of a published row, in a list for a relation to many."""
    model = field.related_model
    if not issubclass(model, Documented):
        return None
    rows = model.objects.published() if issubclass(model, Record) else model.objects.all()
    if field.get_limit_choices_to():
        rows = rows.filter(**field.get_limit_choices_to())
    row = rows.order_by("pk").first()
    return ([row.slug] if field.many_to_many else row.slug) if row else None


def draft(model, number, status="draft", token=TOKEN, **fields):
    """One draft with its parts; each of them names a published row."""
    slug = f"{token}-{model.KIND}-{number}"
    given = fields_of(model, token)
    for name in getattr(model, "PARTS", ()):
        part = model._meta.get_field(name).related_model
        entry = fields_of(part, token)
        if _is_complete(part, entry):
            given[name] = [entry]
    cited = status != "draft"
    return factory.make(model, {**given, "slug": slug}, {**fields, "status": status, "cited": cited})


def _is_complete(part, entry):
    """Whether every row that the part must name is there."""
    needed = (field for field in part._meta.concrete_fields if field.is_relation and not field.null)
    return all(field.name in entry for field in needed if field.name != part.PARENT)


def small_world():
    """Two published records of each kind, all of them bound to each other."""
    factory.make_state()
    factory.make_state("USA", "United States")
    factory.make_topic("D2")
    factory.make_topic("A1")
    order = (
        "sources",
        "organisations",
        "people",
        "agreements",
        "series",
        "exercises",
        "assistance",
        "events",
        "positions",
    )
    models = {model.KIND: model for model in record_models()}
    assert set(order) == set(models)
    for number in (1, 2):
        for kind in order:
            more = {"about": "agreements/public-agreements-1"} if kind == "positions" else {}
            draft(models[kind], number, status="published", token="public", **more)
    factory.make_finding(about="agreements/public-agreements-1")


def record_models():
    return sorted(
        (model for model in Record.__subclasses__() if not model._meta.abstract), key=lambda model: model.KIND
    )


def write_drafts(author, rounds=1, token=TOKEN):
    """Drafts of every kind, in every unpublished state, and edits of published records. Returns how many."""
    made = 0
    for number in range(rounds):
        for model in record_models():
            more = {"about": _published_ref()} if model.KIND == "positions" else {}
            row = draft(model, number, **more)
            made += 1
            if number % 3 == 1:
                row.submit(by=author, comment=token)
            target = model.objects.published().order_by("pk").first()
            if number % 3 == 2 and target:
                row.merge(target, by=author, reason=token)
        publisher = factory.make_publisher(slug=f"{token}-publisher-{number}", name=token)
        source = factory.make_source(
            slug=f"{token}-draft-{number}", title=token, publisher=publisher.slug, status="draft"
        )
        factory.make_finding(slug=f"{token}-finding-{number}", question=token, about=f"sources/{source.slug}")
        made += 3
        made += find_nothing(token, number)
        made += cite_published_records(source, token)
    return made + propose(author, token)


def write_many_drafts(author, copies):
    """Three rounds of drafts with each row of theirs copied so many times. Returns how many drafts there are."""
    before = last_rows()
    made = write_drafts(author, rounds=3)
    # A record has one waiting edit of an editor, so those are not copied.
    new = {model: pk - before[model] for model, pk in last_rows().items() if model is not Proposal}
    rows = {model: model.objects.filter(pk__gt=before[model]) for model, count in new.items() if count}
    columns = {model: [field.attname for field in model._meta.concrete_fields] for model in rows}
    rows = {model: list(found.values_list(*columns[model])) for model, found in rows.items()}
    with transaction.atomic():
        for number in range(1, copies + 1):
            for model, found in rows.items():
                copy = Copy(model, number, before, new)
                # Past the refusal of rows that are written once: what the copies are sealed with does not matter here.
                models.QuerySet(model).bulk_create(copy(dict(zip(columns[model], row, strict=True))) for row in found)
        content.go_on_numbering()
    return made + copies * sum(len(found) for model, found in rows.items() if issubclass(model, Record))


def last_rows():
    return {model: model.objects.aggregate(last=models.Max("pk"))["last"] or 0 for model in content.models()}


class Copy:
    """Makes the copy of a row with that number: its own keys and those of other new rows are counted on."""

    def __init__(self, model, number, before, new):
        self.model, self.number, self.before, self.new = model, number, before, new

    def __call__(self, values):
        return self.model(**{field.attname: self._of(field, values) for field in self.model._meta.concrete_fields})

    def _of(self, field, values):
        value = values[field.attname]
        if value is None:
            return None
        if field.primary_key or field.name == "record_id":
            return self._key(self._record(values) if field.name == "record_id" else self.model, value)
        if field.is_relation:
            return self._key(field.related_model, value)
        if field.name == "record_ref":
            is_new = self._key(self._record(values), values["record_id"]) != values["record_id"]
            return f"{value}-{self.number}" if is_new else value
        if field.unique:
            return f"{value[:12]}{self.number:04}" if field.name == "uid" else f"{value}-{self.number}"
        return value

    def _record(self, values):
        return ContentType.objects.get_for_id(values["record_type_id"]).model_class()

    def _key(self, model, value):
        return value + self.number * self.new[model] if (value or 0) > self.before.get(model, value or 0) else value


def cite_published_records(source, token):
    """A source that nobody has reviewed says otherwise, about a record of each kind."""
    made = 0
    for model in record_models():
        record = model.objects.published().exclude(citations__source=source).order_by("-pk").first()
        if record and record.CITABLE_FIELDS:
            said = {"value": token, "quotation": token, "note": token}
            factory.cite(record, record.CITABLE_FIELDS[0], source, stance="disputes", locator="p. 1", **said)
            made += 1
    return made


def find_nothing(token, number):
    """Findings that nobody has reviewed: about nothing, and about a published record of each kind, which cites them."""
    factory.make_finding(slug=f"{token}-nowhere-{number}", question=token, status="draft")
    made = 1
    for model in record_models():
        record = model.objects.published().order_by("pk").first()
        if record is None:
            continue
        slug = f"{token}-{model.KIND}-finding-{number}"
        finding = factory.make_finding(slug=slug, question=token, outcome=token, status="draft", about=record.ref)
        made += 1
        if record.CITABLE_FIELDS:
            factory.cite(record, record.CITABLE_FIELDS[0], finding=finding, locator="", note=token)
            made += 1
    return made


def propose(author, token):
    """An edit of a published record of each kind waits."""
    made = 0
    for model in record_models():
        for record in model.objects.published().order_by("pk")[:2]:
            now = record.dossier()
            record.propose(author, now, {**now, **_words(record, token)}, token)
            made += 1
    return made


def _words(record, token):
    names = [name for name in record.DOSSIER_FIELDS if name in ("title", "name", "summary", "note", "statement")]
    return {name: text_of(token, name) for name in names}


def _published_ref():
    row = factory.Agreement.objects.published().order_by("pk").first()
    return row.ref if row else None
