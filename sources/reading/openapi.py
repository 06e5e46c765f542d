"""The parts of the OpenAPI document that serializers do not give: parameters and envelope of lists, formats, and errors."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer, inline_serializer
from rest_framework import serializers

from sources.lib import paging
from sources.lib.filters import ChoicesFilter, YesNoFilter
from sources.lib.problems import MEDIA_TYPE
from sources.lib.renderers import FORMATS, LIST_RENDERERS, RowsRenderer
from sources.reading.search.request import FACETS
from sources.reading.search.values import FacetCountSerializer
from sources.records.base import record_models

FORMAT_OF_LIST = (
    "Format of the answer. All but json hold the whole list that the filters choose, as a file, unless page_size or cursor "
    "asks for a page. csv-excel starts with a byte order mark; csv-raw leaves texts as they are that a spreadsheet would run "
    "as a formula, which the others prefix with an apostrophe."
)
COUNTS = "Of each facet asked for, how many rows of the whole list have each value."
FACETS_OF_LIST = f"Facets to count over the whole list, separated by commas: {', '.join(FACETS)}. In JSON alone."


def list_schema(viewset, name):
    """The OpenAPI description of a list: its parameters and the envelope of the answer."""
    counted = {"facets": serializers.DictField(child=FacetCountSerializer(many=True), required=False, help_text=COUNTS)}
    envelope = inline_serializer(
        name=f"{name}Page",
        fields={
            "count": serializers.IntegerField(allow_null=True, help_text="Number of rows, with count=true."),
            "next": serializers.URLField(allow_null=True, help_text="Whole address of the next page."),
            "previous": serializers.URLField(allow_null=True, help_text="Whole address of the page before."),
            **(counted if viewset.has_facets else {}),
            "results": viewset.serializer_class(many=True),
        },
    )
    # Describe the answer as one page, not as an array of pages.
    extend_schema_serializer(many=False)(type(envelope))
    parameters = list_parameters(viewset.serializer_class, viewset.filterset_class, viewset.orderings)
    if viewset.has_facets:
        parameters.append(OpenApiParameter("facets", OpenApiTypes.STR, description=FACETS_OF_LIST))
    return extend_schema(parameters=parameters, responses=envelope)


def list_parameters(serializer, filterset, orderings):
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
    return [*filter_parameters(filterset), *parameters]


def filter_parameters(filterset):
    """The OpenAPI description of each filter, from its label and its choices."""
    for name, item in filterset.base_filters.items():
        many = getattr(item, "repeatable", False)
        choices = [key for key, _label in item.field.choices if key] if isinstance(item, ChoicesFilter) else None
        kind = OpenApiTypes.BOOL if isinstance(item, YesNoFilter) else OpenApiTypes.STR
        yield OpenApiParameter(name, kind, description=f"{item.label}.", many=many, enum=choices)


# After the document is made


PROBLEM = {
    "type": "object",
    "description": "A refusal (RFC 9457).",
    "properties": {
        "type": {"type": "string", "description": "Always about:blank: the status says what kind it is."},
        "title": {"type": "string", "description": "The status in words."},
        "status": {"type": "integer", "description": "The status."},
        "detail": {"type": "string", "description": "What was wrong; for a withdrawn record, why it was withdrawn."},
        "errors": {
            "type": "array",
            "description": "Each refused parameter.",
            "items": {
                "type": "object",
                "title": "RefusedParameter",
                "properties": {"parameter": {"type": "string"}, "detail": {"type": "string"}},
                "required": ["parameter", "detail"],
            },
        },
        "record": {"type": "string", "description": "The withdrawn record as kind/slug."},
        "withdrawn_on": {"type": "string", "format": "date", "description": "The day of the withdrawal."},
    },
    "required": ["type", "title", "status"],
}
ROWS = {"type": "string", "description": "One record a line; the columns are described at /data/."}


def complete(result, generator, request, public):
    """Add formats and errors to every operation of the document (a hook of drf-spectacular). Returns the document."""
    result["components"]["schemas"]["Problem"] = PROBLEM
    records = {model.KIND for model in record_models()}
    for path, operations in result["paths"].items():
        for operation in operations.values():
            # The API needs no key, but generated clients would ask for an optional one.
            operation.pop("security", None)
            _describe_formats(operation)
            _describe_refusals(operation, path, records)
            if any(parameter["name"] == "fields" for parameter in operation.get("parameters", ())):
                _require_nothing(result, operation)
    return result


def _describe_formats(operation):
    """CSV and JSON Lines are text, not the object of the JSON answer."""
    content = operation["responses"]["200"].get("content", {})
    for renderer in LIST_RENDERERS:
        if issubclass(renderer, RowsRenderer) and renderer.media_type in content:
            content[renderer.media_type] = {"schema": ROWS}


def _describe_refusals(operation, path, records):
    answers = operation["responses"]
    answers["304"] = {"description": "The answer is the one that If-None-Match names."}
    answers["400"] = _refusal("A parameter is unknown, repeated or malformed.")
    answers["429"] = _refusal("Too many requests; Retry-After says how many seconds to wait.")
    if "{" in path:
        answers["404"] = _refusal("Nothing public has this address.")
    if "{" in path and path.split("/")[3] in records:
        answers["301"] = {"description": "The record continues in another one: Location has its address."}
        answers["410"] = _refusal("The record was withdrawn; the problem says when and why.")


def _refusal(description):
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": description, "content": content}


def _require_nothing(result, operation):
    """No field is required: ``fields=`` may leave out any, and a list leaves out parts that are not included."""
    schemas = result["components"]["schemas"]
    row = _named(schemas, operation["responses"]["200"]["content"]["application/json"]["schema"])
    if "results" in row["properties"]:
        row = _named(schemas, row["properties"]["results"]["items"])
    row.pop("required", None)


def _named(schemas, schema):
    return schemas[schema["$ref"].rpartition("/")[2]]
