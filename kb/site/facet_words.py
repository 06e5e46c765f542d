"""What readers see of the values of the search's facets, and of the kinds of results."""

from functools import partial

from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from agreements.life.status import InstrumentStatus
from agreements.models import Agreement, Clause, Topic
from people.models import Organisation
from sources.lib.languages import language_name
from sources.models import Source
from sources.reading.fact_wording import choice_label
from sources.records.dossier import documented_models

# What is in the index beside records.
OTHERS = {"clauses": Clause, "topics": Topic}
# Kinds that readers know by another name than editors.
CALLED = {
    "contested": ngettext_lazy("disputed question", "disputed questions"),
    "organisations": ngettext_lazy("organisation or state", "organisations and states"),
}


def words_of(name, values):
    """``{value: what readers see}`` of values of a facet; an unknown value stays as it is."""
    if name in TOGETHER:
        known = TOGETHER[name](values)
        return {value: known.get(value, value) for value in values}
    return {value: WORDS[name](value) for value in values}


def kind_in_words(kind, number=1):
    """“Agreement”, or “Agreements” of several; an unknown kind stays as it is."""
    if kind in CALLED:
        return capfirst(CALLED[kind] % number)
    model = OTHERS.get(kind) or documented_models().get(kind)
    if model is None:
        return kind
    return capfirst(str(model._meta.verbose_name if number == 1 else model._meta.verbose_name_plural))


def _status(value):
    return str(dict(InstrumentStatus.choices).get(value, value))


def _contested(value):
    return {"true": _("sources differ"), "false": _("sources agree")}.get(value, value)


def _parties(values):
    rows = Organisation.objects.published().filter(Q(iso_alpha3__in=values) | Q(slug__in=values))
    return {key: str(row) for row in rows for key in (row.slug, row.iso_alpha3) if key}


def _topics(values):
    return {topic.code: str(topic) for topic in Topic.objects.filter(code__in=values)}


WORDS = {
    "kind": partial(kind_in_words, number=2),
    "type": partial(choice_label, Agreement, "type"),
    "status": _status,
    "region": partial(choice_label, Organisation, "region"),
    "year": str,
    "contested": _contested,
    "source_kind": partial(choice_label, Source, "kind"),
    "language": language_name,
}
# Facets whose values are named by rows, all in one query.
TOGETHER = {"party": _parties, "topic": _topics}
