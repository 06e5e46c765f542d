"""The order in which records of every kind can be written and published."""

from functools import cache
from graphlib import TopologicalSorter

from sources.models.graded import Graded
from sources.records import dossier
from sources.records.dossier.kinds import ABOUT, is_documented, owner_of


@cache
def kinds_in_order():
    """Every kind, after the kinds that its own fields name, after those whose parts its parts name, and after those that it
    cites, which are published before it. Parts, citations and what a finding is about are written when all records exist."""
    models = dossier.documented_models()
    named = {kind: _kinds_named_by(model) for kind, model in sorted(models.items())}
    cited = [kind for kind in named if issubclass(models[kind], Graded)]
    beneath = {*cited, *(name for kind in cited for name in named[kind])}
    order = TopologicalSorter({kind: names if kind in beneath else [*names, *cited] for kind, names in named.items()})
    return tuple(order.static_order())


def _kinds_named_by(model):
    parts = [model._meta.get_field(name).related_model for name in model.PARTS]
    named = [target for target in _named_by(model) if is_documented(target)]
    named += [owner_of(target) for part in parts for target in _named_by(part) if not is_documented(target)]
    return [target.KIND for target in named if target is not model]


def _named_by(model):
    fields = (model._meta.get_field(name) for name in model.DOSSIER_FIELDS if name != ABOUT)
    return [field.related_model for field in fields if field.is_relation]
