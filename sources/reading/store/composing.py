"""Makes the public forms of records from the editors' tables, with the rows that each was made from."""

import hashlib
from functools import cache

import orjson
from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.utils.translation import override

from sources.evidence.confidence import State
from sources.lib import clock
from sources.lib.csv_columns import columns_of
from sources.lib.renderers import CSVRenderer
from sources.reading import kinds
from sources.reading.fact_wording import entry
from sources.reading.store import references
from sources.records.dossier.kinds import canonical


def compose(model, keys):
    """The forms of those of ``keys`` that are published, as ``PublicForm`` rows that are not saved, each with ``seen``: the keys of
    the rows that it was made from. The number of queries does not depend on their number."""
    # Before anything is read: if the day changes meanwhile, the form is made anew too early rather than too late.
    today = clock.today()
    with override(settings.LANGUAGE_CODE):
        made = kinds.serializer_of(model).composed(keys)
        forms = [_form_of(row, body, today) for row, body in made]
    counted = {references.key_for(kind, references.ANY) for kind in kinds.serializer_of(model).counts}
    hidden = references.hidden_from(model, [row for row, _body in made])
    for form, (row, _body) in zip(forms, made, strict=True):
        form.seen = (references.seen_in(row) | hidden.get(row.pk, set()) | counted) - {form.key}
    return forms


def _form_of(row, body, today):
    whole, card = canonical(body), card_of(type(row), body)
    return apps.get_model("sources.PublicForm")(
        record_type=ContentType.objects.get_for_model(type(row)),
        record_id=row.pk,
        kind=row.KIND,
        slug=row.slug,
        valid_until=row.form_valid_until(today),
        published_at=row.published_at,
        sha256=hashlib.sha256(whole).hexdigest(),
        link=canonical(_link(row)).decode(),
        card=card.decode(),
        disputes=orjson.dumps(disputes_in(body)).decode(),
        line=line_of(type(row), card).decode(),
        form=whole.decode(),
        citations=len(body["citations"]),
    )


def _link(row):
    from sources.reading.api import link

    return link(row)


def card_of(model, body):
    """What lists show of a form: everything but the nested parts that a list leaves out."""
    left_out = left_out_of_cards(model)
    return canonical({name: value for name, value in body.items() if name not in left_out})


def line_of(model, card):
    """The row of a card in CSV."""
    return CSVRenderer().lines([orjson.loads(card)], columns_of_lists(model))


def disputes_in(body):
    """What a form says of each fact on which sources differ, or differed until a ruling, with the entry that the fact is of."""
    cited, ruled = ({row["id"]: row for row in body[name]} for name in ("citations", "adjudications"))
    return [
        {
            **{name: fact[name] for name in ("part", "field")},
            "citations": [cited[name] for name in fact["citations"]],
            "ruling": ruled.get(fact["ruling"]),
            "entry": entry(body, fact["part"]),
        }
        for fact in body["facts"]
        if fact["state"] in (State.CONTESTED, State.SETTLED)
    ]


@cache
def columns_of_lists(model):
    """The columns of a list in CSV if nothing else is asked for."""
    viewset = kinds.viewset_of(model)
    return columns_of(viewset.serializer_class(context={"fields": None, "include": {*viewset.list_includes}}))


@cache
def left_out_of_cards(model):
    viewset = kinds.viewset_of(model)
    return frozenset(viewset.serializer_class.Meta.includes) - {*viewset.list_includes}
