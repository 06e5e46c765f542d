"""Comparing and joining states of one record, as dossiers.

A dossier is laid flat into ``{path: value}``; what two people changed is then a matter of paths:

* ``title``, ``milestones/signed.date``: a field of the record or of a part;
* ``milestones/signed``: that the part is there (``True``); ``milestones``: the order of its keys;
* ``milestones/signed.date @ cite <source> <locator> <stance>``: one citation, whose value is the rest of it;
* ``milestones/signed.date @ ruling``: the ruling.
"""

from dataclasses import dataclass

MISSING = None
_EVIDENCE = ("citations", "rulings")
_SEPARATOR = "\x1f"


def as_text(value):
    """A value of a state in words, for a reviewer."""
    if value is None:
        return "—"
    if value is True:
        return "✓"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return " · ".join(f"{name}: {as_text(item)}" for name, item in value.items())
    return str(value)


class Place:
    """What a change and a conflict share: where they are, in words."""

    @property
    def label(self):
        part, field, proof = split(self.path)
        return " · ".join(word for word in (part, field, proof) if word)


@dataclass(frozen=True)
class Change(Place):
    """One path whose value differs between two states; ``None`` stands for nothing there."""

    path: str
    before: object
    after: object

    @property
    def before_text(self):
        return as_text(self.before)

    @property
    def after_text(self):
        return as_text(self.after)

    @property
    def is_citation(self):
        return " @ cite" in self.path


@dataclass(frozen=True)
class Conflict(Place):
    """A path that both sides changed, each in its own way."""

    path: str
    base: object
    theirs: object
    mine: object

    @property
    def base_text(self):
        return as_text(self.base)

    @property
    def theirs_text(self):
        return as_text(self.theirs)

    @property
    def mine_text(self):
        return as_text(self.mine)


def split(path):
    """``(part, field, evidence)`` of a path; each may be empty."""
    place, _at, proof = path.partition(" @ ")
    part, _dot, field = place.rpartition(".")
    if not part and "/" in field:
        part, field = field, ""
    return part, field, proof.replace(_SEPARATOR, " · ")


def flatten(dossier, part_names):
    """Lay a dossier (with keys) flat."""
    flat = {}
    _flatten_row(flat, "", dossier, part_names)
    for name in part_names:
        entries = dossier.get(name) or []
        if entries:
            flat[name] = [entry["key"] for entry in entries]
        for entry in entries:
            part = f"{name}/{entry['key']}"
            flat[part] = True
            _flatten_row(flat, part, entry, ())
    return flat


def _flatten_row(flat, part, row, part_names):
    prefix = f"{part}." if part else ""
    for name, value in row.items():
        if name not in ("key", *_EVIDENCE, *part_names):
            flat[f"{prefix}{name}"] = value
    for citation in row.get("citations", ()):
        content = {name: value for name, value in citation.items() if name != "fields"}
        for field in citation["fields"]:
            flat[f"{prefix}{field} @ cite{_SEPARATOR}{_SEPARATOR.join(_identity(content))}"] = content
    for ruling in row.get("rulings", ()):
        content = {name: value for name, value in ruling.items() if name != "field"}
        flat[f"{prefix}{ruling['field']} @ ruling"] = content


def _identity(content):
    origin = content.get("source") or f"finding {content.get('finding', '')}"
    return origin, content.get("locator", ""), content.get("stance", "supports")


def unflatten(flat, part_names):
    """The dossier that lies flat in ``flat``."""
    dossier = {}
    rows = {"": dossier}
    for name in part_names:
        keys = [path.split("/", 1)[1] for path in flat if path.startswith(f"{name}/") and "." not in path and "@" not in path]
        order = {key: place for place, key in enumerate(flat.get(name) or [])}
        keys.sort(key=lambda key: (order.get(key, len(order)), key))
        if keys:
            dossier[name] = [{"key": key} for key in keys]
            rows.update({f"{name}/{entry['key']}": entry for entry in dossier[name]})
    for path, value in flat.items():
        part, field, proof = split(path)
        row = rows.get(part)
        if row is None or not field or (not part and field in part_names):
            continue
        if proof.startswith("cite"):
            _add_citation(row, field, value)
        elif proof:
            row.setdefault("rulings", []).append({"field": field, **value})
        else:
            row[field] = value
    return dossier


def _add_citation(row, field, content):
    for citation in row.setdefault("citations", []):
        if {name: value for name, value in citation.items() if name != "fields"} == content:
            citation["fields"].append(field)
            return
    row["citations"].append({"fields": [field], **content})


def diff(before, after, part_names):
    """The changes from one dossier to another, in path order."""
    old, new = flatten(before, part_names), flatten(after, part_names)
    changed = [path for path in sorted({*old, *new}) if old.get(path, MISSING) != new.get(path, MISSING)]
    return [Change(path, old.get(path, MISSING), new.get(path, MISSING)) for path in changed if not _only_follows(path, old, new)]


def _only_follows(path, old, new):
    """The order of a list is news only when the same entries stand in another one."""
    if not isinstance(old.get(path, new.get(path)), list) or "/" in path or "." in path:
        return False
    return sorted(old.get(path) or []) != sorted(new.get(path) or [])


def merge(base, theirs, mine, part_names, choices=None):
    """Join what two sides made of ``base``. Returns ``(dossier, conflicts)``.

    A path that only one side changed takes that side's value; one that both changed alike takes it; one that they changed
    differently is a conflict, and keeps *theirs* unless ``choices`` maps the path to ``"mine"``.
    """
    flat_base, flat_theirs, flat_mine = (flatten(state, part_names) for state in (base, theirs, mine))
    choices = choices or {}
    merged, conflicts = {}, []
    for path in {**flat_base, **flat_theirs, **flat_mine}:
        old, left, right = (flat.get(path, MISSING) for flat in (flat_base, flat_theirs, flat_mine))
        if path in part_names:
            value = _merge_order(old or [], left or [], right or [])
        elif left == right or right == old:
            value = left
        elif left == old:
            value = right
        else:
            conflicts.append(Conflict(path, old, left, right))
            value = right if choices.get(path) == "mine" else left
        if value is not MISSING:
            merged[path] = value
    _restore_parts(merged, flat_theirs, flat_mine, part_names)
    return unflatten(merged, part_names), conflicts


def _merge_order(old, left, right):
    """The order of the side that changed it, with the other side's new entries at the end."""
    first, second = (right, left) if left == old else (left, right)
    return first + [key for key in second if key not in first]


def _restore_parts(merged, theirs, mine, part_names):
    """Where one side removed a part and a value that the other gave it was kept, the part stays whole."""
    orphans = {
        part
        for part, field, _proof in map(split, merged)
        if part and field and part not in merged and part.split("/")[0] in part_names
    }
    for part in orphans:
        whole = theirs if part in theirs else mine
        for path, value in whole.items():
            if split(path)[0] == part:
                merged.setdefault(path, value)
        merged[part] = True
