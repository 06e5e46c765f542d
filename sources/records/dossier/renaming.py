"""Rewrites dossiers when a record that they name is merged into another one or removed.

After a merger they name the other record; after a removal they no longer name it. Either way each dossier gets a new state, so
history, proposals and versions see an ordinary change.
"""

from dataclasses import dataclass, field

from sources.records.dossier.kinds import ABOUT, is_documented, owner_of

EVIDENCE = ("citations", "rulings")


@dataclass(frozen=True)
class Renaming:
    """``old`` is the slug of a record of kind ``model``; ``new`` is the slug that replaces it, ``None`` after a removal.

    ``keys`` maps the refs of the old record's parts, such as ``old/minister``, to those of the new record.
    """

    model: type
    old: str
    new: str | None
    keys: dict = field(default_factory=dict)

    def of(self, model, slug, state):
        """A renamed copy of ``state``, the dossier of the row ``slug`` of ``model``."""
        itself = model is self.model and slug == self.new
        renamed = self._row(model, state, itself)
        for name in model.PARTS:
            if name in state:
                part = model._meta.get_field(name).related_model
                entries = [self._entry(part, entry, itself) for entry in state[name]]
                renamed[name] = joined(part, [entry for entry in entries if entry is not None], self.new, self.model)
        return {name: value for name, value in renamed.items() if value not in (None, [], "")}

    def _entry(self, model, entry, itself):
        """A renamed copy of a part; ``None`` if the part cannot be without the record that it named."""
        renamed = self._row(model, entry, itself)
        lost = {name for name in entry if name not in EVIDENCE and renamed.get(name) in (None, [])}
        required = {name for name in lost if not _is_optional(model, name)}
        nobody = lost & {*model.NAMES} and not any(renamed.get(name) for name in model.NAMES)
        return None if required or nobody else {name: value for name, value in renamed.items() if value is not None}

    def _row(self, model, row, itself):
        renamed = dict(row)
        for name in model.DOSSIER_FIELDS:
            if name in row:
                renamed[name] = self._value(model, name, row[name], itself)
        silent = {name for name in model.DOSSIER_FIELDS if name in row and renamed[name] in (None, [])}
        renamed["citations"] = unrepeated(self._citations(model, row, silent))
        renamed["rulings"] = [ruling for ruling in row.get("rulings", ()) if ruling["field"] not in silent]
        return {name: value for name, value in renamed.items() if value or name not in EVIDENCE}

    def _value(self, model, name, value, itself):
        if name == ABOUT:
            return self._ref(value)
        target = model._meta.get_field(name).related_model
        if isinstance(value, list) and target is not None:
            return sorted({new for item in value if (new := self._named(target, item, itself)) is not None})
        return value if target is None else self._named(target, value, itself)

    def _named(self, target, value, itself):
        """The new ref of a row of ``target``. ``None`` where the record would name itself."""
        if target is self.model and value == self.old:
            return None if itself else self.new
        if not is_documented(target) and value.startswith(f"{self.old}/") and owner_of(target) is self.model:
            return self.keys.get(value, value) if self.new else None
        return value

    def _ref(self, value):
        """``kind/slug``."""
        if value != f"{self.model.KIND}/{self.old}":
            return value
        return f"{self.model.KIND}/{self.new}" if self.new else None

    def _citations(self, model, row, silent):
        for citation in row.get("citations", ()):
            fields = [name for name in citation["fields"] if name not in silent]
            origin = {"sources": "source", "findings": "finding"}.get(self.model.KIND)
            if not fields or (origin and citation.get(origin) == self.old and self.new is None):
                continue
            renamed = {**citation, "fields": fields}
            if origin and citation.get(origin) == self.old:
                renamed[origin] = self.new
            yield renamed


def _is_optional(model, name):
    column = model._meta.get_field(name)
    return column.many_to_many or column.null


# Entries that the renaming makes equal


def joined(part, entries, slug, model):
    """The entries of a list of parts, with twins (see ``is_twin``) that name the record ``slug`` united into one.

    The earlier entry keeps its key and gets the citations and missing fields of the later one.
    """
    by_name = [name for name in part.NAMES if part._meta.get_field(name).related_model is model]
    kept = []
    for entry in entries:
        names_it = slug and any(entry.get(name) == slug for name in by_name)
        twin = next((other for other in kept if names_it and is_twin(part, other, entry)), None)
        if twin is None:
            kept.append(entry)
        else:
            kept[kept.index(twin)] = united(part, twin, entry)
    return kept


def is_twin(part, one, other):
    """Whether two entries can become one: no field contradicts, and the fields in ``NAMES`` and ``TOLD_APART_BY`` are equal.

    Parts that name no record, such as other names, must be equal in every field.
    """
    apart = {*part.NAMES, *part.TOLD_APART_BY} if part.NAMES else {*part.DOSSIER_FIELDS}
    pairs = {name: (_said(part, one, name), _said(part, other, name)) for name in part.DOSSIER_FIELDS}
    return all(a == b or (name not in apart and (a is None or b is None)) for name, (a, b) in pairs.items())


def _said(part, entry, name):
    """The value of a field in an entry, or its default, which a dossier leaves out."""
    column = part._meta.get_field(name)
    default = column.get_default() if column.has_default() and not column.is_relation else None
    return entry.get(name, default or None)


def united(part, one, other):
    """One entry with the fields, citations and rulings of both; ``one`` has priority."""
    said = {name: other[name] for name in part.DOSSIER_FIELDS if name in other}
    whole = {**said, **one}
    citations = unrepeated([*one.get("citations", ()), *other.get("citations", ())])
    ruled = {ruling["field"] for ruling in one.get("rulings", ())}
    rulings = [
        *one.get("rulings", ()),
        *(ruling for ruling in other.get("rulings", ()) if ruling["field"] not in ruled),
    ]
    return {**whole, **({"citations": citations} if citations else {}), **({"rulings": rulings} if rulings else {})}


def unrepeated(citations):
    """The citations without repetitions: for each field, the first one with a given source, locator and stance."""
    seen, kept = set(), []
    for citation in citations:
        origin = (citation.get(name) for name in ("source", "finding", "locator"))
        statement = (*origin, citation.get("stance", "supports"))
        fields = [name for name in citation["fields"] if (statement, name) not in seen]
        seen |= {(statement, name) for name in fields}
        if fields:
            kept.append({**citation, "fields": fields})
    return kept
