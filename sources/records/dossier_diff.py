"""Compares, joins and restores dossiers of one record: ``diff``, three-way ``merge``, ``restored``.

Each dossier is flattened into ``{path: value}``:

* ``title``, ``milestones/signed.date``: a field of the record or of a part;
* ``milestones/signed``: that the part is there (``True``); ``milestones``: the order of its keys;
* ``milestones/signed.date @ cite <source> <locator> <stance>``: one citation, whose value is what it says, with its
  identifier (``uid``) where that was assigned before a correction;
* ``milestones/signed.date @ ruling``: the ruling.
"""

import copy
from dataclasses import dataclass
from itertools import chain

from sources.lib.text import clean
from sources.records.dossier import canonical

MISSING = None
_EVIDENCE = ("citations", "rulings")
_SEPARATOR = "\x1f"

# The answers to a conflict: one side; both, for two entries that were added under one key; or a ``Typed`` text.
MINE, THEIRS, BOTH = "mine", "theirs", "both"


@dataclass(frozen=True)
class Typed:
    """A value that is neither side's; ``None`` empties the field."""

    text: str | None


@dataclass(frozen=True)
class Change:
    """A path whose value differs between two states; ``None`` means absent. ``sources.desk.wording`` puts it into words."""

    path: str
    before: object
    after: object

    @property
    def is_citation(self):
        return " @ cite" in self.path


@dataclass(frozen=True)
class Conflict:
    """A path that both sides changed differently."""

    path: str
    base: object
    theirs: object
    mine: object

    # How many citations the entry has on each side, where the conflict is about an entry.
    theirs_cited: int = 0
    mine_cited: int = 0

    @property
    def is_twice_added(self):
        """Whether each side added an entry, and the two got the same key."""
        part, field, _proof = split(self.path)
        return bool(part and not field and self.base is None and self.theirs and self.mine)


def split(path):
    """``(part, field, evidence)`` of a path; each may be empty."""
    place, _at, proof = path.partition(" @ ")
    part, _dot, field = place.rpartition(".")
    if not part and "/" in field:
        part, field = field, ""
    return part, field, proof.replace(_SEPARATOR, " · ")


def flatten(dossier, part_names):
    """``{path: value}`` of a dossier whose parts have keys."""
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
        content, ids = _without_fields(citation), citation.get("ids", {})
        for field in citation["fields"]:
            path = f"{prefix}{field} @ cite{_SEPARATOR}{_SEPARATOR.join(_identity(content))}"
            flat[path] = {**content, "uid": ids[field]} if field in ids else content
    for ruling in row.get("rulings", ()):
        content = {name: value for name, value in ruling.items() if name != "field"}
        flat[f"{prefix}{ruling['field']} @ ruling"] = content


def _identity(content):
    origin = content.get("source") or f"finding {content.get('finding', '')}"
    return origin, content.get("locator", ""), content.get("stance", "supports")


def unflatten(flat, part_names):
    """The dossier of a flattened one."""
    dossier = {}
    rows = {"": dossier}
    for name in part_names:
        if keys := _keys_in_order(flat, name):
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
    for row in rows.values():
        _sort_evidence(row)
    return dossier


def _keys_in_order(flat, name):
    """The keys of a list of parts, in its order; keys that the order does not have come last."""
    keys = [
        path.split("/", 1)[1] for path in flat if path.startswith(f"{name}/") and "." not in path and "@" not in path
    ]
    order = {key: index for index, key in enumerate(flat.get(name) or [])}
    return sorted(keys, key=lambda key: (order.get(key, len(order)), key))


def _sort_evidence(row):
    """Sort as ``dossier.read`` does, so that equal states are equal JSON."""
    if "citations" in row:
        for citation in row["citations"]:
            citation["fields"].sort()
        row["citations"].sort(key=lambda citation: canonical(_without_fields(citation)))
    if "rulings" in row:
        row["rulings"].sort(key=lambda ruling: ruling["field"])


def _without_fields(citation):
    """The content of a citation, without its fields and identifiers."""
    return {name: value for name, value in citation.items() if name not in ("fields", "ids")}


def _add_citation(row, field, value):
    content = {name: item for name, item in value.items() if name != "uid"}
    entries = row.setdefault("citations", [])
    entry = next((citation for citation in entries if _without_fields(citation) == content), None)
    if entry is None:
        entry = {"fields": [], **content}
        entries.append(entry)
    entry["fields"].append(field)
    if "uid" in value:
        entry.setdefault("ids", {})[field] = value["uid"]


def diff(before, after, part_names):
    """The changes from one dossier to another, in path order."""
    old, new = flatten(before, part_names), flatten(after, part_names)
    changed = [path for path in sorted({*old, *new}) if not _same(old.get(path, MISSING), new.get(path, MISSING))]
    return [
        Change(path, old.get(path, MISSING), new.get(path, MISSING))
        for path in changed
        if path not in part_names or not _same_order(old.get(path) or [], new.get(path) or [])
    ]


def _same(one, other):
    """Whether two values are equal. Old text may differ in invisible characters, since it was stored before cleaning."""
    return one == other or clean(canonical(one).decode()) == clean(canonical(other).decode())


def merge(base, theirs, mine, part_names, choices=None, links=()):
    """Three-way join of the changes that two sides made to ``base``. Returns ``(dossier, conflicts)``.

    A path that one side changed takes that value; one that both changed differently is a conflict and keeps *theirs*, unless
    ``choices`` maps it to another answer. A part that one side removed and the other changed, or that both added differently, is
    one conflict. If both are kept, mine gets another key; ``links`` are ``((part list, field), list that the field names by key)``.
    """
    choices = choices or {}
    mine = _kept_apart(base, theirs, mine, part_names, choices, links)
    flats = [flatten(state, part_names) for state in (base, theirs, mine)]
    conflicts = _part_conflicts(*flats)
    parts_in_conflict = [conflict.path for conflict in conflicts]
    merged = {}
    for part in parts_in_conflict:
        merged |= _under(flats[2] if choices.get(part) == MINE else flats[1], part)
    for path in dict.fromkeys(chain(*flats)):
        if _part_of(path) in parts_in_conflict:
            continue
        merge_path = _merge_orders if path in part_names else _merge_values
        value, conflict = merge_path(path, *(flat.get(path, MISSING) for flat in flats), choices.get(path))
        if conflict is not None:
            conflicts.append(conflict)
        if value is not MISSING:
            merged[path] = value
    return unflatten(merged, part_names), conflicts


def _part_conflicts(base, theirs, mine):
    """A ``Conflict`` for each part that one side removed and the other changed, or that both added."""
    conflicts = []
    for part in (*_torn_parts(base, theirs, mine), *_twice_added_parts(base, theirs, mine)):
        rows = (_row(flat, part) for flat in (base, theirs, mine))
        cited = (sum(" @ cite" in path for path in _under(flat, part)) for flat in (theirs, mine))
        conflicts.append(Conflict(part, *rows, *cited))
    return conflicts


def _merge_values(path, old, left, right, choice):
    """``(value, conflict)`` for a path; ``conflict`` is ``None`` unless both sides changed the value differently."""
    if _same(left, right) or _same(right, old):
        return left, None
    if _same(left, old):
        return right, None
    value = choice.text if isinstance(choice, Typed) else right if choice == MINE else left
    return value, Conflict(path, old, left, right)


def _merge_orders(path, old, left, right, choice):
    """``_merge_values`` for the order of a list of parts."""
    orders = [order or [] for order in (old, left, right)]
    conflict = Conflict(path, *orders) if _orders_differ(*orders) else None
    return _merge_order(*orders, mine_first=conflict is not None and choice == MINE), conflict


def _kept_apart(base, theirs, mine, part_names, choices, links):
    """``mine`` with a new key for each entry that both sides added and of which both are kept."""
    flat_base, flat_theirs, flat_mine = (flatten(state, part_names) for state in (base, theirs, mine))
    twice = _twice_added_parts(flat_base, flat_theirs, flat_mine)
    for part in (path for path, choice in choices.items() if choice == BOTH and path in twice):
        name, key = part.split("/", 1)
        taken = {*(flat_theirs.get(name) or ()), *(flat_mine.get(name) or ()), *(flat_base.get(name) or ())}
        fresh = next(f"{key[:110]}-{n}" for n in range(2, len(taken) + 3) if f"{key[:110]}-{n}" not in taken)
        mine = _renamed(mine, name, key, fresh, links)
    return mine


def _renamed(state, name, key, fresh, links):
    """A copy of the state with another key for one entry, also where other entries name it."""
    state = copy.deepcopy(state)
    for entry in state[name]:
        if entry["key"] == key:
            entry["key"] = fresh
    for list_name, field in (place for place, target in links if target == name):
        for entry in state.get(list_name, ()):
            named = entry.get(field)
            if isinstance(named, list):
                entry[field] = sorted(fresh if word == key else word for word in named)
            elif named == key:
                entry[field] = fresh
    return state


def restored(now, then, part_names, path=""):
    """The state after restoring: all of ``then``, or ``now`` with the value at ``path`` from ``then``.

    A part is restored or removed as a whole; so is a part of which one field is to be restored but which is gone now.
    """
    if not path:
        return then
    flat_now, flat_then = flatten(now, part_names), flatten(then, part_names)
    part, field, _proof = split(path)
    is_whole = part and (not field or part not in flat_now)
    gone = _under(flat_now, part) if is_whole else {path}
    wanted = _under(flat_then, part) if is_whole else {path: flat_then[path]} if path in flat_then else {}
    kept = {place: value for place, value in flat_now.items() if place not in gone}
    return unflatten(kept | wanted, part_names)


def _part_of(path):
    """The part that a path is in or names, or an empty text."""
    return split(path)[0]


def _under(flat, part):
    """The paths of one part, its own included."""
    return {path: value for path, value in flat.items() if _part_of(path) == part}


def _row(flat, part):
    """One part as its fields, or nothing if it is not there."""
    if part not in flat:
        return MISSING
    fields = {split(path)[1]: value for path, value in _under(flat, part).items() if " @ " not in path}
    return {name: value for name, value in fields.items() if name}


def content(flat, path):
    """The value at a path, or for a part ``{path: value}`` of everything in it."""
    return _under(flat, path) if "/" in path and not split(path)[1] else flat.get(path, MISSING)


def _torn_parts(base, theirs, mine):
    """The parts that one side removed and the other changed, including citations and rulings."""
    torn = []
    for part in (path for path, value in base.items() if value is True and not split(path)[1]):
        if (part in theirs) != (part in mine):
            kept = theirs if part in theirs else mine
            if _under(kept, part) != _under(base, part):
                torn.append(part)
    return torn


def _twice_added_parts(base, theirs, mine):
    """The parts that both sides added under one key with different content."""
    added = (path for path, value in theirs.items() if value is True and not split(path)[1] and path not in base)
    return [
        part
        for part in added
        if part in mine and not all(_same(mine.get(path, value), value) for path, value in _under(theirs, part).items())
    ]


def _orders_differ(old, left, right):
    """Whether both sides reordered the entries differently."""
    return not (_same_order(left, old) or _same_order(right, old) or _same_order(left, right))


def _same_order(one, other):
    """Whether the entries that both have are in the same order."""
    return [key for key in one if key in other] == [key for key in other if key in one]


def _merge_order(old, left, right, mine_first=False):
    """The order of the side that changed it, followed by the other side's new entries."""
    is_news = right != old and _same_order(left, old)
    first, second = (right, left) if mine_first or is_news else (left, right)
    return first + [key for key in second if key not in first]


# Two sides of one record


def join(record, base, theirs, mine, choices=None):
    """``(dossier, conflicts)`` of what two sides made of ``base``. An order that follows from what the parts say is no
    matter of choice: it comes right when they are written."""
    state, conflicts = merge(base, theirs, mine, record.PARTS, choices, _links(record))
    sorted_by_content = {*record.PARTS} - {*record.ordered_parts()}
    return state, [conflict for conflict in conflicts if conflict.path not in sorted_by_content]


def _links(record):
    """``((list of parts, field), list that it names by key)``: where the parts of the record name each other."""
    lists = {record._meta.get_field(name).related_model: name for name in record.PARTS}
    for model, name in lists.items():
        for field in map(model._meta.get_field, model.DOSSIER_FIELDS):
            if field.is_relation and field.related_model in lists:
                yield (name, field.name), lists[field.related_model]
