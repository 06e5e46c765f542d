"""Merging: every record that names the merged record names the other one from then on.

``plan`` lists the changes; ``carry_out`` makes them. Both follow the relations of the models, so a new kind of record or part needs
no code here. Each change is a new dossier: the record gets a revision and, if it is published, a new version.
"""

from dataclasses import dataclass, field

import orjson
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from sources.lib.text import numbered
from sources.records import dossier, dossier_diff
from sources.records.dossier.kinds import ABOUT
from sources.records.dossier.renaming import Renaming, is_twin, united, unrepeated

# Records that were merged into this one earlier still point at it (``sources.reading.api.absent_record`` follows the chain).
STAY = ("merged_into",)


@dataclass
class Step:
    """One record that changes: its dossier before and after."""

    record: object
    before: dict
    after: dict

    @property
    def changes(self):
        return dossier_diff.diff(self.before, self.after, self.record.PARTS)

    @property
    def kind_name(self):
        return self.record._meta.verbose_name


@dataclass
class Plan:
    """What a merger will do. The first of ``steps`` is the other record, if it gains parts."""

    record: object
    into: object
    renaming: Renaming
    steps: list = field(default_factory=list)

    def seal(self):
        """A digest of the plan, to check that what the reviewer saw is still what will happen."""
        return dossier.digest([[step.record.ref, step.before, step.after] for step in self.steps])


def plan(record, into, brings_parts=True, lock=False):
    """The ``Plan`` of merging ``record`` into ``into``. ``brings_parts=False`` moves no parts to ``into``."""
    renaming = Renaming(type(record), record.slug, into.slug, {})
    made = Plan(record, into, renaming)
    own = into.dossier()
    gained = gaining(record, into, own, renaming) if brings_parts else own
    rows = naming(record, lock)
    for row in [into, *(row for row in rows if row != into)]:
        before = own if row == into else row.dossier()
        after = renaming.of(type(row), row.slug, gained if row == into else before)
        if dossier_diff.diff(before, after, row.PARTS):
            made.steps.append(Step(row, before, after))
    return made


def naming(record, lock=False):
    """Every other documented row that names ``record`` or one of its parts, each once, sorted by kind and slug."""
    by_ref = {}
    for model in dossier.documented_models().values():
        rows = model.objects.filter(pk__in=_keys_naming(model, record)).order_by("slug")
        for row in rows.select_for_update() if lock else rows:
            by_ref[row.ref] = row
    by_ref.pop(record.ref, None)
    return [by_ref[ref] for ref in sorted(by_ref)]


def _keys_naming(model, record):
    """Primary keys of the rows of ``model`` whose dossiers name ``record``."""
    keys = set()
    for name, value in _own_relations(model, record):
        keys |= {*model.objects.filter(**{name: value}).values_list("pk", flat=True)}
    if ABOUT in model.DOSSIER_FIELDS:
        about = {"record_type": ContentType.objects.get_for_model(record), "record_id": record.pk}
        keys |= {*model.objects.filter(**about).values_list("pk", flat=True)}
    for list_name in model.PARTS:
        part = model._meta.get_field(list_name).related_model
        for name, value in _own_relations(part, record):
            keys |= {*part.objects.filter(**{name: value}).values_list(f"{part.PARENT}_id", flat=True)}
    for name, value in _own_relations(citation_model(model), record):
        cited = citation_model(model).objects.filter(
            record_type=ContentType.objects.get_for_model(model), **{name: value}
        )
        keys |= {*cited.values_list("record_id", flat=True)}
    return keys


def _own_relations(model, record):
    """``(look-up, value)`` for each column of ``model`` by which it names ``record`` or one of its parts."""
    for column in (*model._meta.fields, *model._meta.many_to_many):
        target = column.related_model
        if target is None or column.name in (*STAY, getattr(model, "PARENT", "")):
            continue
        if target is type(record):
            yield column.name, record.pk
        elif parent_of(target) is type(record):
            yield f"{column.name}__{target.PARENT}", record.pk


def parent_of(model):
    """The kind whose part ``model`` is, or ``None``."""
    name = getattr(model, "PARENT", "")
    return model._meta.get_field(name).related_model if name else None


def citation_model(model):
    return model._meta.get_field("citations").related_model


# The parts that move to the other record


def gaining(record, into, own, renaming):
    """The dossier of ``into`` with the parts that move from ``record``. Adds their new refs to ``renaming.keys``."""
    state = {**own}
    was_public = record.is_published
    theirs = record.dossier()
    for name in record.PARTS:
        part = record._meta.get_field(name).related_model
        if part.FOLLOWS_MERGER:
            entries = theirs.get(name, ()) if was_public else _named_elsewhere(record, name, theirs)
            _bring(state, name, part, entries, renaming)
    if was_public and into.NAMES_PART:
        part = type(into)._meta.get_field(into.NAMES_PART).related_model
        _bring(state, into.NAMES_PART, part, _former_name(theirs, own, into.NAMES_PART, part), renaming)
    return state


def _bring(state, name, part, entries, renaming):
    """Add entries to a list of ``state``: united with a twin if there is one (see ``is_twin``), else under a free key."""
    present = [*state.get(name, [])]
    for entry in entries:
        taken = {other["key"] for other in present}
        twin = next((other for other in present if is_twin(part, other, entry)), None)
        if twin:
            key = twin["key"]
            present[present.index(twin)] = united(part, twin, entry)
        else:
            key = next(word for word in numbered(entry["key"]) if word not in taken)
            present.append({**entry, "key": key})
        renaming.keys[f"{renaming.old}/{entry['key']}"] = f"{renaming.new}/{key}"
    if present:
        state[name] = present


def _named_elsewhere(record, name, theirs):
    """The entries to move. Of a record that was never published, only those that other records name."""
    part = record._meta.get_field(name).related_model
    relations = [relation for relation in part._meta.related_objects if relation.related_model is not type(record)]
    rows = getattr(record, name).all()
    named = {row.key for row in rows if any(_is_used(row, relation) for relation in relations)}
    return [entry for entry in theirs.get(name, ()) if entry["key"] in named]


def _is_used(row, relation):
    return relation.related_model.objects.filter(**{relation.field.name: row.pk}).exists()


def _former_name(theirs, own, names, part):
    """The name of the merged record, with its citations, as an entry in the other names of the other record."""
    name = theirs["name"]
    known = {own["name"], *(entry["name"] for entry in own.get(names, ()))}
    citations = [{**proof, "fields": ["name"]} for proof in theirs.get("citations", ()) if "name" in proof["fields"]]
    if name in known or not citations:
        return []
    alias = {"name": name, "kind": part.Kind.ALIAS.value, "citations": unrepeated(citations)}
    return [{"key": part(name=name).default_key(), **alias}]


# Doing it


def carry_out(made, by, comment):
    """Write the new dossier of every record in the plan. Raises ``DossierError`` if one breaks a rule.

    Versions are frozen last, since the records name each other.
    """
    for step in made.steps:
        write(step, by, comment)
    rename_proposals(made.renaming, but=[made.record])
    for step in made.steps:
        if getattr(step.record, "is_published", False):
            step.record.freeze_version()


def write(step, by, comment):
    """Write the new dossier of one record. The caller freezes its version. Raises ``DossierError``."""
    record = step.record
    try:
        with dossier.written(record, step.after, corrects=True):
            record.note_revision(by=by, comment=comment)
    except dossier.DossierError as error:
        raise dossier.DossierError(record.ref, str(error)) from None
    if getattr(record, "is_published", False):
        record.published_at = timezone.now()
        record.note_publication(by, comment)


def rename_proposals(renaming, but=()):
    """Rename the record in all live proposals, except those of the records in ``but``.

    Goes through all of them, because no query can search their JSON.
    """
    model = renaming.model._meta.get_field("proposals").related_model
    for proposal in model.objects.select_for_update().live():
        if proposal.record is not None and proposal.record not in but:
            _rename_proposal(proposal, renaming)


def _rename_proposal(proposal, renaming):
    record = proposal.record
    states_ = [orjson.loads(text) for text in (proposal.base, proposal.dossier)]
    renamed = [dossier.canonical(renaming.of(type(record), record.slug, state)).decode() for state in states_]
    if renamed != [proposal.base, proposal.dossier]:
        proposal.base, proposal.dossier = renamed
        proposal.save()
