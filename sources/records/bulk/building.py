"""Builds the rows of new records in memory from their dossiers, checked by the rules of the single path."""

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import groupby

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sources.lib.identifiers import assign_ids
from sources.lib.inserting import insert
from sources.models import AboutRecord, Removal
from sources.records.base import Record
from sources.records.bulk.inserting import Refusal, insert_placed
from sources.records.bulk.trail import Trail
from sources.records.dossier import hold, in_order, remembering
from sources.records.dossier.evidence import (
    build_citations,
    build_rulings,
    check_distinct,
    check_target,
    ids_of_others,
)
from sources.records.dossier.kinds import DossierError, documented_models
from sources.records.dossier.saving import check_row
from sources.records.dossier.values import look_up_named, remember
from sources.records.dossier.writing import build_part, refuse_unknown, set_fields
from sources.records.loading_order import kinds_in_order
from sources.records.status import Status


@dataclass(eq=False)
class Entry:
    """One record to write: its kind and slug, its dossier, and ``status`` as a fixture has it: empty for a published one."""

    kind: str
    slug: str
    data: dict
    status: dict = field(default_factory=dict)
    record: object = None
    trail: Trail = None

    @property
    def wanted_status(self):
        return self.status.get("status", Status.PUBLISHED)


class Batch:
    """The rows of some new records. ``placed`` has them by model, each as ``(entry, path in the dossier, row)``; ``links`` are
    the rows of relations to many, by model."""

    def __init__(self, entries, keys, comment):
        places = {kind: place for place, kind in enumerate(kinds_in_order())}
        self.entries = sorted(entries, key=lambda entry: places[entry.kind])
        self.placed, self.links = defaultdict(list), defaultdict(list)
        self._keys, self._comment, self._ids = keys, comment, set()

    def build(self):
        """Make every row that the dossiers state. Raises ``Refusal`` at the first mistake."""
        with remembering(anew=True):
            look_up_named(*((documented_models()[entry.kind], entry.data) for entry in self.entries))
            for kind, group in groupby(self.entries, key=lambda entry: entry.kind):
                self._begin(documented_models()[kind], list(group))
            for step in (self._set_fields, self._check, self._add_parts, self._add_evidence):
                self._each(step)

    def finish(self):
        """Make the trail, through the publish gate, and what is derived. Raises ``Refusal`` at the first mistake."""
        for step in (self._finish, self._derive):
            self._each(step)

    def insert(self):
        """Insert the rows. Raises ``Refusal`` for the first one that a constraint refuses."""
        for model, placed in self.placed.items():
            insert_placed(model, placed)
        for through, rows in self.links.items():
            insert(through, rows)

    def _each(self, step):
        for entry in self.entries:
            try:
                step(entry)
            except DossierError as error:
                raise Refusal(entry, error) from None
            except ValidationError as error:
                raise Refusal(entry, DossierError("", "; ".join(error.messages))) from None

    def _begin(self, model, entries):
        """Blank records with primary keys, so that every dossier can name every record."""
        slugs = [entry.slug for entry in entries]
        taken = {*model.objects.filter(slug__in=slugs).values_list("slug", flat=True)}
        removed = Removal.objects.filter(kind=model.KIND, version=0, slug__in=slugs)
        removed = {*removed.values_list("slug", flat=True)}
        for entry in entries:
            if entry.slug in taken:
                raise Refusal(entry, DossierError("slug", _("There is a record of this address already.")))
            if entry.slug in removed:
                message = _("A record of this address was removed; the address is not given again.")
                raise Refusal(entry, DossierError("slug", message))
            taken.add(entry.slug)
            entry.record = model(pk=self._keys.next(model), slug=entry.slug)
            remember(entry.record)

    def _place(self, entry, path, row):
        self.placed[type(row)].append((entry, path, row))

    def _set_fields(self, entry):
        refuse_unknown(entry.record, entry.data)
        self._link(entry.record, set_fields(entry.record, entry.data, ""))
        self._place(entry, "", entry.record)

    def _check(self, entry):
        check_row(entry.record, "")

    def _link(self, row, many):
        hold(row, **many)
        for name, targets in many.items():
            relation = row._meta.get_field(name)
            through = relation.remote_field.through
            own, other = relation.m2m_field_name(), relation.m2m_reverse_field_name()
            self.links[through] += [
                through(**{f"{own}_id": row.pk, f"{other}_id": pk})
                for pk in dict.fromkeys(target.pk for target in targets)
            ]

    def _add_parts(self, entry):
        for name in entry.record.PARTS:
            wanted = entry.data.get(name) or []
            if not isinstance(wanted, list):
                raise DossierError(name, "must be a list")
            rows = {}
            for order, data in enumerate(wanted):
                path = f"{name}[{order}]"
                row = self._part(entry, name, data, path, order)
                if row.key in rows:
                    raise DossierError(path, f"the key “{row.key}” stands twice; give one of them another key")
                rows[row.key] = row
            hold(entry.record, **{name: in_order(rows.values())})

    def _part(self, entry, name, data, path, order):
        model = entry.record._meta.get_field(name).related_model
        row, many = build_part(model, entry.record, data, path, order)
        row.pk = self._keys.next(model)
        self._link(row, many)
        check_row(row, path)
        remember(row)
        self._place(entry, path, row)
        return row

    def _add_evidence(self, entry):
        record, dossier = entry.record, entry.data
        evidence = {"": (dossier, record)}
        for name in record.PARTS:
            rows = {row.order: row for row in getattr(record, name).all()}
            evidence |= {f"{name}/{rows[n].key}": (data, rows[n]) for n, data in enumerate(dossier.get(name) or ())}
        citations = self._rows_about(entry, build_citations(record, evidence))
        rulings = self._rows_about(entry, build_rulings(record, evidence))
        hold(record, citations=in_order(citations), adjudications=in_order(rulings))

    def _rows_about(self, entry, built):
        fresh = []
        for path, row, target in built:
            check_target(row, target, path)
            row.pk = self._keys.next(type(row))
            fresh.append((path, row))
        check_distinct((), fresh)
        rows = [row for _path, row in fresh]
        brought = {row.uid for row in rows} - {""}
        assign_ids(rows, taken=ids_of_others(entry.record, rows) | self._ids)
        self._ids |= brought
        for path, row in fresh:
            check_row(row, path, rules=False)
            self._place(entry, path, row)
        return rows

    def _finish(self, entry):
        entry.trail = Trail(entry.record, self._comment)
        entry.trail.note_revision()
        entry.trail.turn(entry.wanted_status, entry.status.get("withdrawn_reason", ""))

    def _derive(self, entry):
        record = entry.record
        if not isinstance(record, Record):
            return
        for rows in record.derive().values():
            for row in rows:
                self._place(entry, "", row)
            about = [row for row in rows if isinstance(row, AboutRecord)]
            for row in about:
                row.record_ref = record.ref
            assign_ids(about)
        for column, value in record.folded_names().items():
            setattr(record, column, value)
