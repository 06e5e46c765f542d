"""Records for tests, written as the site writes them: through the dossier, each fact cited, with a revision.

``make_agreement(title="…", milestones=[{"kind": "signed", "date": "2025-12-15"}])`` takes the fields of a dossier and fills
in what is missing. ``status`` is ``draft`` (the default for all but sources), ``in_review``, ``published`` or ``withdrawn``;
``by`` is the author; ``cited=False`` leaves the facts without sources. ``cite``, ``rule``, ``code`` and ``add_clause`` add one
row to a record that is there, and nothing else.
"""

from functools import cache
from itertools import count

from agreements.models import (
    Agreement,
    Approach,
    Assistance,
    Clause,
    Codebook,
    Coding,
    Event,
    Exercise,
    Position,
    Topic,
)
from people.models import Organisation, Person
from sources.models import Adjudication, Citation, NegativeFinding, Publisher, Source
from sources.reading.store.keeping import keep
from sources.records import dossier
from sources.records.base import Reviewed

_numbers = count(1)


def make_publisher(**fields):
    return make(Publisher, {"name": "The Daily Record", "kind": "news"}, fields)


def make_source(**fields):
    """A published source, for a draft supports nothing; its publisher is made unless named by its slug."""
    if "publisher" not in fields:
        publisher = Publisher.objects.filter(slug="daily-record").first() or make_publisher(slug="daily-record")
        fields["publisher"] = publisher.slug
    fields.setdefault("status", "published")
    return make(Source, {"title": "A report", "kind": "news", "date": "2025-12-16"}, fields)


def make_organisation(**fields):
    return make(Organisation, {"name": "A ministry", "kind": "ministry"}, fields)


def make_state(code="PRY", name="Paraguay", **fields):
    """A published state; parties and filters need one."""
    fields.setdefault("status", "published")
    return make(Organisation, {"slug": code.lower(), "name": name, "kind": "state", "iso_alpha3": code}, fields)


def make_person(**fields):
    return make(Person, {"name": "Ana Peña", "family_name": "Peña", "given_name": "Ana"}, fields)


def make_agreement(**fields):
    return make(Agreement, {"title": "An agreement", "type": "sofa"}, fields)


def make_exercise(**fields):
    return make(Exercise, {"name": "An exercise", "kind": "exercise"}, fields)


def make_assistance(**fields):
    return make(Assistance, {"title": "A radar", "kind": "equipment", "state": "planned"}, fields)


def make_event(**fields):
    return make(Event, {"title": "A call", "kind": "call"}, fields)


def make_position(**fields):
    return make(Position, {"holder_note": "A senator", "stance": "concern", "statement": "It was too quick."}, fields)


def make_finding(**fields):
    """A published finding, for a draft supports nothing."""
    fields.setdefault("status", "published")
    given = {"question": "Whether the text is public.", "looked_in": "The gazette.", "on": "2026-01-15"}
    return make(NegativeFinding, given, fields)


def make_topic(code="A1", approaches=("full", "none"), **fields):
    """A topic with its approaches, and the codebook that it came with."""
    codebook = Codebook.objects.first() or make(
        Codebook, {"slug": "1-0", "version": "1.0", "published_on": "2026-01-01", "purpose": "To compare."}, {}
    )
    given = {
        "slug": code.lower(), "code": code, "name": f"Topic {code}", "definition": "What it covers.", "group": code[0],
        "group_name": "A group", "group_order": "1", "order": code[1:], "since": codebook.slug,
        "approaches": [{"code": name, "name": name.title(), "meaning": "It says so."} for name in approaches],
    }  # fmt: skip
    return make(Topic, given, fields)


def make_topics(*codes, approaches=("first", "second", "not_covered", "inconclusive")):
    """Topics by their codes, all with the same approaches."""
    return [make_topic(code, approaches) for code in codes]


def make(model, given, fields):
    """A row of any documented model: ``given`` with ``fields`` over it."""
    fields = {**given, **fields}
    status, by, cited = (
        fields.pop(name, default) for name, default in (("status", "draft"), ("by", None), ("cited", True))
    )
    record = model(slug=fields.pop("slug", None) or f"{model._meta.model_name}-{next(_numbers)}")
    if isinstance(record, Reviewed):
        record.changed_by = by
        if cited:
            fields = with_citations(model, fields)
    with dossier.written(record, fields):
        record.note_revision(by=by, comment="Made for a test", is_first=True)
        if isinstance(record, Reviewed):
            _bring_to(record, status, by)
    return record


def with_citations(model, fields):
    """A new dossier in which each fact has a source: as ``cite_everything`` does it, before there are rows."""
    # Looked up for the first fact without a source, and once.
    fields, source = dict(fields), cache(the_source)
    for name in model.PARTS:
        part = model._meta.get_field(name).related_model
        if isinstance(fields.get(name), list):
            fields[name] = [_with_citation(part, entry, source) for entry in fields[name]]
    return _with_citation(model, fields, source)


def _with_citation(model, entry, source):
    cited = {field for citation in entry.get("citations", ()) for field in _supported_by(citation)}
    facts = [field for field in _facts(model, entry) if field not in cited]
    if not facts:
        return entry
    citation = {"fields": facts, "source": source().slug, "locator": "p. 1", "credibility": 2}
    return {**entry, "citations": [*entry.get("citations", ()), citation]}


def _supported_by(citation):
    supports = citation.get("stance", "supports") == "supports" and citation.get("locator")
    return citation.get("fields", ()) if supports else ()


def _facts(model, entry):
    """The fields of an entry that need a citation. What rows say of relations to many, only rows in the database know."""
    row = model()
    for name in model.DOSSIER_FIELDS:
        if entry.get(name) and name != "about" and not model._meta.get_field(name).many_to_many:
            row.__dict__[model._meta.get_field(name).attname] = entry[name]
    many = [field for field in model.CITABLE_FIELDS if model._meta.get_field(field).many_to_many and entry.get(field)]
    return [*row.required_citations(), *many]


def the_source():
    """The source that everything in a test rests on which names no other. It is a good one: on weak ones nothing is sure."""
    grade = {"reliability": "B", "reliability_reason": "Its record."}
    return Source.objects.filter(slug="the-source").first() or make_source(slug="the-source", **grade)


def cite_everything(record, source=None, locator="p. 1"):
    """Support each fact that has no source yet, by default with the one source of the test; returns the source."""
    with dossier.gathered(record):
        gaps, state = record.uncited(), record.dossier()
    if not gaps:
        return source
    source = source or the_source()
    for path, field in gaps:
        entry = _entry(state, path)
        entry.setdefault("citations", []).append(
            {"fields": [field], "source": source.slug, "locator": locator, "credibility": 2}
        )
    dossier.write(record, state)
    return source


def _entry(state, path):
    """The record (path ``""``) or the part (``milestones/signed``) in a dossier."""
    if not path:
        return state
    name, _slash, key = path.partition("/")
    return next(entry for entry in state[name] if entry["key"] == key)


# One row more


def cite(record, field, source=None, part="", **fields):
    """A citation of one field, of the record itself or of a part (``milestones/signed``)."""
    fields.setdefault("locator", "para 1")
    return Citation.objects.create(record=record, field=field, source=source, part=part, **fields)


def rule(record, field, part="", **fields):
    defaults = {"reason": "The better source says so.", "ruled_by": "Editors", "ruled_on": "2026-02-01"}
    return Adjudication.objects.create(record=record, field=field, part=part, **defaults | fields)


def add_clause(agreement, number="1", heading="Scope", **fields):
    return Clause.objects.create(agreement=agreement, number=number, heading=heading, **fields)


def code(agreement, topic, approach="", stance="present", clause=None, **fields):
    """A coding, without sources; ``topic`` and ``approach`` are codes. Readers of a published agreement see it at once."""
    coding = add_coding(agreement, topic, approach, stance, clause, **fields)
    if agreement.is_published:
        keep(agreement)
    return coding


def add_coding(agreement, topic, approach="", stance="present", clause=None, **fields):
    """As ``code`` for one of many: after the last of them the agreement is kept, which composes the whole of it."""
    unread = stance in ("text_unavailable", "not_applicable", "not_coded")
    coding = Coding.objects.create(
        agreement=agreement,
        topic=Topic.objects.get(code=topic),
        stance=stance,
        approach=Approach.objects.get(topic__code=topic, code=approach) if approach else None,
        codebook=Codebook.objects.get(),
        **{"person_class": "all", "basis": "" if unread else "text", **fields},
    )
    if clause:
        coding.clauses.add(clause)
    return coding


def publish(record):
    """Publish a draft; what has no source yet gets the one source of the test."""
    cite_everything(record)
    _bring_to(record, "published", None)
    return record


def _bring_to(record, status, by):
    """Publishes without an account, so that only the author counts as author."""
    if status in ("in_review", "published", "withdrawn"):
        record.submit(by=by)
    if status in ("published", "withdrawn"):
        record.publish(by=None)
    if status == "withdrawn":
        record.withdraw(by=None, reason="Found to be wrong.")
