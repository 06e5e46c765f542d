"""The OpenAPI description of lists: their parameters and the envelope of their answers."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer, inline_serializer
from rest_framework import serializers

from kb.core import paging
from kb.core.filters import ChoicesFilter, YesNoFilter
from kb.core.renderers import FORMATS

FORMAT_OF_LIST = (
    "Format of the answer. All but json hold the whole list that the filters choose, as a file, unless page_size or cursor "
    "asks for a page. csv-excel starts with a byte order mark; csv-raw leaves texts as they are that a spreadsheet would run "
    "as a formula, which the others prefix with an apostrophe."
)


def list_schema(serializer, filterset, orderings, name):
    """The OpenAPI description of a list: its own parameters besides the filters, and the envelope of the answer."""
    envelope = inline_serializer(
        name=f"{name}Page",
        fields={
            "count": serializers.IntegerField(allow_null=True, help_text="Number of rows, with count=true."),
            "next": serializers.URLField(allow_null=True, help_text="Whole address of the next page."),
            "previous": serializers.URLField(allow_null=True, help_text="Whole address of the page before."),
            "results": serializer(many=True),
        },
    )
    # A list is described as one page and not as an array of pages.
    extend_schema_serializer(many=False)(type(envelope))
    texts = {
        "ordering": f"One of {', '.join(orderings.names())}.",
        "cursor": "Where the page starts; taken from “next” or “previous” of the same list with the same filters.",
        "fields": "Only these fields, separated by commas, and what “include” names.",
        "include": f"Nested parts to add: {', '.join(getattr(serializer.Meta, 'includes', ())) or 'none'}.",
    }
    parameters = [OpenApiParameter(key, OpenApiTypes.STR, description=text) for key, text in texts.items()]
    parameters += [
        OpenApiParameter(
            "page_size", OpenApiTypes.INT, description=f"1 to {paging.MAX_PAGE_SIZE}; {paging.PAGE_SIZE}."
        ),
        OpenApiParameter("count", OpenApiTypes.BOOL, description="Whether to count all rows."),
        OpenApiParameter("format", OpenApiTypes.STR, enum=FORMATS, description=FORMAT_OF_LIST),
    ]
    return extend_schema(parameters=[*filter_parameters(filterset), *parameters], responses=envelope)


def filter_parameters(filterset):
    """The OpenAPI description of each filter, from its label and its choices."""
    for name, item in filterset.base_filters.items():
        many = getattr(item, "repeatable", False)
        choices = [key for key, _label in item.field.choices if key] if isinstance(item, ChoicesFilter) else None
        kind = OpenApiTypes.BOOL if isinstance(item, YesNoFilter) else OpenApiTypes.STR
        yield OpenApiParameter(name, kind, description=f"{item.label}.", many=many, enum=choices)
