"""The search in the header: what matches by name in every kind of record, grouped by kind."""

from urllib.parse import urlencode

from django.db.models import Case, Value, When
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst

from kb.site import frame
from sources.filters import published_record
from sources.lib.filters import MAX_TEXT, BadParameters, check_names
from sources.lib.text import fold
from sources.reading import kinds
from sources.reading.api import link
from sources.reading.fact_wording import field_of
from sources.reading.views import PublicPage, refused

# How many rows of each kind are shown, and how many names that are spelt alike where nothing matches.
SHOWN, ALIKE = 10, 6
# The orderings of a list whose rows begin with a date.
DATES = {"date", "dates", "signed"}


class SearchPage(PublicPage):
    """``/search/?q=``: the published records whose names have every word, at most ``SHOWN`` of each kind."""

    def get(self, request):
        try:
            check_names(request.GET, ("q",))
            words = request.GET.get("q", "").strip()
            if len(words) > MAX_TEXT:
                raise BadParameters({"q": [f"Give at most {MAX_TEXT} letters."]})
        except BadParameters as error:
            return refused(request, error.errors)
        groups = found(words) if words else []
        context = {
            "lists": frame.lists(),
            "q": words,
            "groups": groups,
            "number": sum(group["number"] for group in groups),
        }
        context["alike"] = alike(words) if words and not groups else []
        return render(request, "search.html", context)


def alike(words):
    """Links to records whose names are spelt much like the words, one of each name."""
    near = {str(row): link(row) for row in reversed(published_record.near(words))}
    return list(reversed(near.values()))[:ALIKE]


def found(words):
    """``[{"title", "number", "rows", "address", "template"}]`` of the kinds that have matches, in the order of the lists."""
    groups = (matches(viewset, words) for viewset in searched())
    return [group for group in groups if group["rows"]]


def searched():
    """The viewsets of the lists that can be searched by words."""
    return [
        viewset
        for viewset in kinds.viewsets().values()
        if "q" in viewset.filterset_class.base_filters and has_list(viewset.serializer_class.Meta.model)
    ]


def has_list(model):
    return getattr(kinds.page_of(model), "has_list", True)


def matches(viewset, words):
    """The matches of one kind; the whole of them is the list filtered by the same words."""
    serializer, model = viewset.serializer_class, viewset.serializer_class.Meta.model
    meta = model._meta
    rows = ordered(serializer.rows(include=viewset.list_includes).matching(words), viewset, words)
    shown = list(rows[: SHOWN + 1])
    name, page = kinds.name_of(viewset), kinds.list_of(model)
    number = rows.order_by().count() if len(shown) > SHOWN else len(shown)
    return {
        "name": name,
        "title": page.title if page else capfirst(str(meta.verbose_name_plural)),
        "number": number,
        "counted": page().counted(number) if page else f"{number} {meta.verbose_name_plural}",
        "is_dated": bool(DATES & viewset.orderings.columns.keys()),
        "rows": serializer(shown[:SHOWN], many=True, context=shown_parts(viewset)).data,
        "address": f"{reverse(name)}?{urlencode({'q': words})}",
        "templates": [f"{meta.app_label}/_{meta.model_name}_row.html", "parts/named_row.html"],
    }


def shown_parts(viewset):
    """The serializer's context for a row of the list."""
    return {"include": set(viewset.list_includes), "fields": None}


def ordered(rows, viewset, words):
    """``rows`` as the list orders them, but first those whose names begin with the words."""
    _name, columns = viewset.orderings.get("")
    order = [column.order() for column in columns]
    if not field_of(rows.model, "search_text"):
        return rows.order_by(*order)
    begins = Case(When(search_text__startswith=fold(words), then=Value(0)), default=Value(1))
    return rows.order_by(begins, *order)
