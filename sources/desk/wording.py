"""Paths and values of a record in words for editors, who should never see a path, a slug or a stored code.

``fact_label`` names a fact of a row. ``Wording`` works on dossiers, which may be older or newer than the rows, and puts changes and
conflicts (see ``sources.records.dossier_diff``) into words.
"""

import re
from collections import defaultdict

from django.core.exceptions import ValidationError
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from sources.reading import fact_wording
from sources.records import dossier_diff
from sources.records.dossier import documented_models
from sources.records.dossier.kinds import ABOUT, is_documented

LONGEST = 140


def coded_label(field, code):
    """The label of a choice. A grade has its letter or number before it: “B – usually reliable”."""
    label = dict(field.flatchoices).get(code, code)
    return f"{code} – {label}" if is_grade(field) and code not in (None, "") else str(label)


def is_grade(field):
    """Whether the codes of a choice field are single letters or digits, as those of grades."""
    return bool(field.choices) and all(len(str(code)) <= 1 for code, _label in field.flatchoices)


def row_label(part, row):
    """The name of an entry: “Milestone: signed 2025-12-15”; empty for the record itself (``part`` empty)."""
    return Truncator(f"{capfirst(str(row._meta.verbose_name))}: {row}").chars(LONGEST) if part else ""


def fact_label(kind, part, field, row=None):
    """The name of a fact; ``row`` is its entry, or ``None`` if that no longer exists."""
    label = fact_wording.field_label(kind, part, field)
    if not part:
        return label
    where = fact_wording.part_label(kind, part) if row is None else row_label(part, row)
    return f"{where} · {label[:1].lower()}{label[1:]}"


def fact_labels(rows, records):
    """``{row.pk: name of the fact}`` for rows about facts, such as citations and rulings.

    ``records`` maps the row's primary key to its record. One query for each list of parts that is named.
    """
    entries = fact_wording.entries_of([row for row in rows if row.pk in records])
    labels = {}
    for row in rows:
        if record := records.get(row.pk):
            entry = entries.get((record.KIND, row.record_id, row.part))
            labels[row.pk] = fact_label(record.KIND, row.part, row.field, entry)
    return labels


_EVIDENCE_AT = re.compile(r"(?:(?P<entry>.+)\.)?(?P<list>citations|rulings)\[\d+\](?:\.\w+)?")
_ENTRY_AT = re.compile(r"(?P<list>\w+)(?:\[(?P<index>\d+)\]|/(?P<key>[\w-]+))(?:\.(?P<field>\w+))?")


def refusal_in_words(record, error):
    """The message of a ``DossierError``, with the path in words."""
    where = _where(record, error.path.removeprefix("record."))
    return f"{where}: {error.message}" if where else str(error.message)


def _where(record, path):
    if match := _EVIDENCE_AT.fullmatch(path):
        about = "citations" if match["list"] == "citations" else "adjudications"
        words = (_where(record, match["entry"] or ""), record._meta.get_field(about).related_model._meta.verbose_name)
        return capfirst(" · ".join(str(word) for word in words if word))
    if (match := _ENTRY_AT.fullmatch(path)) and match["list"] in record.PARTS:
        return _entry_at(record, *match.groups())
    return fact_wording.field_label(record.KIND, "", path) if fact_wording.field_of(type(record), path) else ""


def _entry_at(record, name, index, key, field):
    if key:
        label = Wording(record, record.dossier() if record.pk else {}).place(f"{name}/{key}")
    else:
        label = f"{capfirst(str(record._meta.get_field(name).related_model._meta.verbose_name))} {int(index) + 1}"
    return f"{label} · {fact_wording.field_label(record.KIND, name, field)}" if field else label


class Wording:
    """Words for the paths and values in some dossiers of one record. The last dossier that has an entry names it."""

    def __init__(self, record, *dossiers):
        self.record, self.dossiers = record, dossiers
        self._names = _names_in(type(record), dossiers)
        self._rows = {}

    def among(self, *dossiers):
        """A ``Wording`` with the same names for some of the dossiers."""
        chosen = Wording(self.record)
        chosen.dossiers, chosen._names = dossiers, self._names
        return chosen

    def changes(self, changes):
        return [Worded(change, self) for change in changes]

    # Places

    def place(self, path):
        """A path (``milestones/signed.date @ ruling``) in words."""
        part, field, proof = dossier_diff.split(path)
        if not part and field in self.record.PARTS:
            return _("Order of the %(entries)s") % {"entries": self._part_model(field)._meta.verbose_name_plural}
        if not field:
            return self._entry_label(part)
        label = fact_label(self.record.KIND, part, field, self.row(part) if part else None)
        return f"{label} · {self._proof(proof)}" if proof else label

    def _proof(self, proof):
        if proof.startswith("cite"):
            origin = proof.split(" · ")[1]
            kind, _space, slug = origin.rpartition(" ")
            model = documented_models()["findings" if kind == "finding" else "sources"]
            return _("citation of “%(source)s”") % {"source": self._name(model, slug)}
        return _("ruling")

    def _entry_label(self, part):
        row = self.row(part)
        return fact_wording.part_label(self.record.KIND, part) if row is None else row_label(part, row)

    def row(self, part):
        """The entry as a row that is not saved, or ``None`` where no dossier has it."""
        if part not in self._rows:
            self._rows[part] = self._build(part)
        return self._rows[part]

    def summary(self, part):
        """What an entry says, field by field; empty where no dossier has it."""
        entry, model = self._entry(part), self._part_model(part.partition("/")[0])
        stated = {name: value for name, value in (entry or {}).items() if name in model.DOSSIER_FIELDS}
        return self._fields(model, stated)

    def _entry(self, part):
        name, _slash, key = part.partition("/")
        entries = (entry for dossier in reversed(self.dossiers) for entry in (dossier or {}).get(name) or ())
        return next((entry for entry in entries if entry.get("key") == key), None)

    def _build(self, part):
        entry = self._entry(part)
        return _named_row(self._row_of(self._part_model(part.partition("/")[0]), entry)) if entry else None

    def _row_of(self, model, entry):
        row = model(**{model.PARENT: self.record})
        for name in model.DOSSIER_FIELDS:
            field = row._meta.get_field(name)
            value = entry.get(name)
            if field.many_to_many or value is None:
                continue
            if field.is_relation:
                row.__dict__[field.attname] = None
                field.set_cached_value(row, self._names.get((field.related_model, value)))
            else:
                setattr(row, name, _read(field, value))
        return row

    def _part_model(self, name):
        return self.record._meta.get_field(name).related_model

    # Values

    def value(self, path, value):
        """The value at a path, in words."""
        part, field, proof = dossier_diff.split(path)
        if value is None:
            return "—"
        if proof:
            about = "citations" if proof.startswith("cite") else "adjudications"
            return self._fields(self.record._meta.get_field(about).related_model, value)
        if not part and field in self.record.PARTS:
            return "; ".join(self._entry_name(f"{field}/{key}") for key in value)
        model = self._part_model(part.partition("/")[0]) if part else type(self.record)
        if not field:
            return _("is there") if value is True else self._fields(model, value)
        return self._worded(model, field, value)

    def _fields(self, model, values):
        """Several fields of one row: ``locator: p. 1 · stance: supports``."""
        # Identifiers are for programs.
        pairs = ((model._meta.get_field(name), value) for name, value in values.items() if name != "uid")
        return " · ".join(f"{field.verbose_name}: {self._worded(model, field.name, value)}" for field, value in pairs)

    def _worded(self, model, name, value):
        if value in (None, "", []):
            return "—"
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if name == ABOUT:
            kind, _slash, slug = str(value).partition("/")
            return self._name(documented_models().get(kind), slug)
        field = fact_wording.field_of(model, name)
        if field is None:
            return str(value)
        if field.is_relation:
            refs = value if isinstance(value, list) else [value]
            return "; ".join(self._name(field.related_model, ref) for ref in refs)
        return coded_label(field, value) if field.choices else str(value)

    def _name(self, model, ref):
        """The name of the row that a dossier refers to; the words of its slug if the row no longer exists."""
        if (model, ref) in self._names:
            return str(self._names[model, ref])
        lists = [name for name in self.record.PARTS if self._part_model(name) is model]
        return self._entry_name(f"{lists[0]}/{ref}") if lists else _words_of(ref)

    def _entry_name(self, part):
        row = self.row(part)
        return _words_of(part) if row is None else str(row)


class Worded:
    """A change or conflict with its ``label``, and each side of it as ``…_text``, in words."""

    def __init__(self, change, wording):
        self._change, self._wording = change, wording

    def __getattr__(self, name):
        if name.endswith("_text"):
            return self._wording.value(self._change.path, getattr(self._change, name.removesuffix("_text")))
        return getattr(self._change, name)

    @property
    def label(self):
        return self._wording.place(self._change.path)


def _words_of(ref):
    return capfirst(ref.rpartition("/")[2].replace("-", " "))


def _named_row(row):
    """The row, or ``None`` if its name cannot be made because rows that the name uses no longer exist."""
    try:
        return row if str(row) else None
    except (AttributeError, TypeError, ValueError):
        return None


def _read(field, value):
    try:
        return field.to_python(value)
    except ValidationError:
        return value


# What dossiers refer to, one query a model


def _names_in(model, dossiers):
    """``{(model, ref): row}`` of everything that these dossiers name."""
    wanted = defaultdict(set)
    evidence = {name: model._meta.get_field(accessor).related_model for name, accessor in _EVIDENCE.items()}
    for dossier in dossiers:
        _note_refs(wanted, model, dossier or {}, evidence)
        for name in model.PARTS:
            for entry in (dossier or {}).get(name) or ():
                _note_refs(wanted, model._meta.get_field(name).related_model, entry, evidence)
    return {(named, ref): row for named, refs in wanted.items() for ref, row in _found(named, refs)}


_EVIDENCE = {"citations": "citations", "rulings": "adjudications"}


def _note_refs(wanted, model, entry, evidence):
    for name, value in entry.items():
        if name in evidence:
            for row in value:
                _note_refs(wanted, evidence[name], row, {})
        elif name == ABOUT:
            kind, _slash, slug = str(value).partition("/")
            wanted[documented_models().get(kind)].add(slug)
        elif name not in getattr(model, "PARTS", ()):
            field = fact_wording.field_of(model, name)
            if field is not None and field.is_relation:
                wanted[field.related_model].update(value if isinstance(value, list) else [value])


def _found(model, refs):
    if model is None:
        return
    if is_documented(model):
        for row in model.objects.filter(slug__in=refs):
            yield row.slug, row
        return
    elsewhere = [ref.split("/", 1) for ref in refs if "/" in ref]
    parents, keys = {parent for parent, _key in elsewhere}, {key for _parent, key in elsewhere}
    if elsewhere:
        rows = model.objects.filter(**{f"{model.PARENT}__slug__in": parents, "key__in": keys})
        for row in rows.select_related(model.PARENT):
            yield row.ref, row
