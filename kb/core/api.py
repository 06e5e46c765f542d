"""The public form of records, and the viewset that lists, filters and shows them.

One serializer per kind makes the API's JSON, the page's context, the CSV and the frozen version. ``Meta.includes`` names the
nested parts that a list leaves out unless asked (``include=``); a detail has them all.
"""

import hashlib
from functools import cache

import orjson
from django.db import connection
from django.db.models import Prefetch
from django.http import Http404, HttpResponseRedirect
from django.utils.cache import patch_vary_headers
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    extend_schema,
    extend_schema_field,
    extend_schema_serializer,
    inline_serializer,
)
from rest_framework import serializers, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from kb.core import paging
from kb.core.filters import BadParameters, ChoicesFilter, YesNoFilter, check_names
from kb.core.lists import fetch_lists
from kb.core.problems import Gone, hint
from kb.core.records import Record, Status
from kb.core.renderers import CSVRenderer, JSONLinesRenderer, JSONRenderer, ProblemRenderer

# How many linked rows a detail carries; the rest are in the list that filters by it.
RELATED_LIMIT = 100


def page_address(record):
    return record.get_absolute_url()


def api_address(record):
    return f"/api/v1/{record.KIND}/{record.slug}/"


def link(record):
    """A record as others refer to it, or ``None`` when readers cannot see it."""
    if record is None or getattr(record, "status", Status.PUBLISHED) != Status.PUBLISHED:
        return None
    linked = {"kind": record.KIND, "slug": record.slug, "name": str(record)}
    if getattr(record, "name_es", ""):
        linked["name_es"] = record.name_es
    if getattr(record, "iso_alpha3", ""):
        linked["code"] = record.iso_alpha3
    if isinstance(record, Record):
        linked["page"] = page_address(record)
    return linked


@cache
def columns_of_link(model):
    """The columns that a link to a row of ``model`` reads, and those by which a report may name it; all where more than columns
    names it."""
    names = [field.name for field in model._meta.concrete_fields]
    if getattr(model, "NAMED_BY", ()):
        names = ["id", "slug", "status", "search_text", *model.NAMED_BY]
    return names


def links_to(model):
    """Published rows of ``model`` with what a link to them reads, and what tells which row they belong to."""
    keys = [field.name for field in model._meta.concrete_fields if field.is_relation]
    return model.objects.published().only(*columns_of_link(model), *keys)


def with_links(rows, relations):
    """``rows`` with what a link to each of their ``relations`` reads: a few columns instead of thirty."""
    meta = rows.model._meta
    columns = [field.name for field in meta.concrete_fields]
    for name in relations:
        columns += [f"{name}__{column}" for column in columns_of_link(meta.get_field(name).related_model)]
    return rows.select_related(*relations).only(*columns) if relations else rows


LINK_SCHEMA = {
    "type": "object",
    "nullable": True,
    "properties": {
        "kind": {"type": "string"},
        "slug": {"type": "string"},
        "name": {"type": "string"},
        "name_es": {"type": "string"},
        "code": {"type": "string", "description": "ISO 3166-1 alpha-3 code, for a state."},
        "page": {"type": "string", "description": "Address of the page on this site."},
    },
    "required": ["kind", "slug", "name"],
}
LINKS_SCHEMA = {"type": "array", "items": {**LINK_SCHEMA, "nullable": False}}


@extend_schema_field(LINK_SCHEMA)
class LinkField(serializers.Field):
    """A record named from elsewhere; ``null`` when there is none to see."""

    def __init__(self, **kwargs):
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value):
        return link(value)


@extend_schema_field(LINKS_SCHEMA)
class LinksField(serializers.Field):
    """Several records named from elsewhere; those that readers cannot see are left out."""

    def __init__(self, **kwargs):
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value):
        rows = value.all() if hasattr(value, "all") else value
        return [linked for row in rows if (linked := link(row))]


@extend_schema_field({"type": "string", "nullable": True, "description": "EDTF, for example 2025, 2025-12 or 2001/.."})
class PartialDateSerializerField(serializers.Field):
    def __init__(self, **kwargs):
        super().__init__(read_only=True, **kwargs)

    def get_attribute(self, instance):
        return super().get_attribute(instance) or None

    def to_representation(self, value):
        return str(value)


class PlainSerializer(serializers.ModelSerializer):
    """Listed fields only. Relations are links, partial dates are EDTF text."""

    serializer_related_field = LinkField

    def build_relational_field(self, field_name, relation_info):
        return (LinksField if relation_info.to_many else LinkField), {}

    def build_standard_field(self, field_name, model_field):
        if hasattr(model_field, "bounds"):
            return PartialDateSerializerField, {}
        made, options = super().build_standard_field(field_name, model_field)
        # The largest whole number of the database is no promise to readers, and each database has its own.
        limit = (
            connection.ops.integer_field_range(model_field.get_internal_type())[1] if "max_value" in options else None
        )
        if limit is not None and options["max_value"] == limit:
            del options["max_value"]
        return made, options

    def get_fields(self):
        fields = super().get_fields()
        for field in fields.values():
            field.read_only = True
        return fields


class PartSerializer(PlainSerializer):
    """A part of a record: ``key`` names it within the record."""

    @classmethod
    def rows(cls):
        """The queryset that this serializer reads, with what it needs: ``Meta.related`` and ``Meta.prefetch``."""
        rows = with_links(cls.Meta.model.objects.published(), getattr(cls.Meta, "related", ()))
        return rows.prefetch_related(*getattr(cls.Meta, "prefetch", ()))


class RecordSerializer(PlainSerializer):
    """A record with its addresses; its parts and evidence on request."""

    ref = serializers.CharField(read_only=True, help_text="The record as kind/slug.")
    page = serializers.SerializerMethodField(help_text="Address of the page on this site.")
    api = serializers.SerializerMethodField(help_text="Address of the record in this API.")
    published_at = serializers.DateTimeField(read_only=True, help_text="When readers first saw the present version.")

    head = ("ref", "slug", "page", "api", "published_at")

    def get_page(self, record) -> str:
        return page_address(record)

    def get_api(self, record) -> str:
        return api_address(record)

    def get_fields(self):
        fields = super().get_fields()
        wanted = self.context.get("include")
        if wanted is not None:
            for name in self.Meta.includes:
                if name not in wanted:
                    fields.pop(name, None)
        only = self.context.get("fields")
        if only is not None:
            fields = {name: field for name, field in fields.items() if name in only}
        return fields

    @classmethod
    def rows(cls, include=None):
        """Published rows with what the representation needs; ``include`` limits the parts (default: all)."""
        return cls.bare_rows().prefetch_related(*cls.lookups(include))

    @classmethod
    def bare_rows(cls):
        """Published rows without their lists."""
        return with_links(cls.Meta.model.objects.published(), getattr(cls.Meta, "related", ()))

    @classmethod
    def lookups(cls, include=None):
        """What to fetch along with the rows."""
        include = cls.Meta.includes if include is None else include
        prefetches = cls.prefetches()
        # Each once: some includes need the same rows.
        wanted = dict.fromkeys(make for name in include for make in prefetches.get(name, ()))
        return [*(make() for make in wanted), *getattr(cls.Meta, "prefetch", ())]

    @classmethod
    def whole(cls, rows, include=None):
        """The first of ``rows`` (see ``bare_rows``) with its lists, or ``None``."""
        found = rows.first()
        if found is not None:
            fetch_lists([found], cls.lookups(include))
        return found

    @classmethod
    def prefetches(cls):
        """Include name → functions that make the prefetch it needs."""
        return {
            name: (lambda name=name, field=field: Prefetch(field.source or name, field.child.rows()),)
            for name, field in cls._declared_fields.items()
            if isinstance(field, serializers.ListSerializer) and isinstance(field.child, PartSerializer)
        }

    @classmethod
    def represent(cls, record):
        """The whole public representation of one published record, as plain data."""
        return cls.represent_many([record])[record.pk]

    @classmethod
    def represent_many(cls, records):
        """The same for several, in a number of queries that does not grow with them: ``{primary key: data}``."""
        rows = list(cls.bare_rows().filter(pk__in=[record.pk for record in records]))
        fetch_lists(rows, cls.lookups())
        serializer = cls(context={})
        return {row.pk: orjson.loads(orjson.dumps(serializer.to_representation(row), default=str)) for row in rows}


class RecordViewSet(viewsets.ReadOnlyModelViewSet):
    """Lists and shows published rows. Subclasses say ``serializer_class``, ``filterset_class``, ``orderings``."""

    lookup_field = "slug"
    lookup_value_regex = "[^/]+"
    renderer_classes = [JSONRenderer, CSVRenderer, JSONLinesRenderer]
    problem_renderer = ProblemRenderer
    orderings = None
    list_includes = ()

    # What is asked for

    def perform_content_negotiation(self, request, force=False):
        """An unknown ``format`` is a wrong parameter, not a missing page."""
        formats = [renderer.format for renderer in self.renderer_classes]
        given = request.query_params.get("format")
        if given and given not in formats and not force:
            raise ValidationError({"format": [f"Choose one of: {', '.join(formats)}.{hint(given[:60], formats)}"]})
        return super().perform_content_negotiation(request, force)

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        self.asked = self._asked(request)

    def _asked(self, request):
        """``{"include": set, "fields": set or None}`` after refusing what is not understood."""
        known = ("fields", "include", "format") if self.detail else None
        try:
            if known:
                check_names(request.query_params, known)
            serializer = self.serializer_class
            includes = _names(request, "include", getattr(serializer.Meta, "includes", ()))
            fields = _names(request, "fields", serializer.Meta.fields)
        except BadParameters as error:
            raise ValidationError(error.errors) from None
        if self.detail:
            include = set(getattr(serializer.Meta, "includes", ()))
        else:
            include = {*self.list_includes, *(includes or ())}
        if fields is not None:
            include |= fields & set(getattr(serializer.Meta, "includes", ()))
        return {"include": include, "fields": fields}

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.serializer_class.Meta.model.objects.none()
        return self.serializer_class.rows(include=self.included())

    def included(self):
        """The lists that this answer needs."""
        wanted, fields = self.asked["include"], self.asked["fields"]
        return sorted(wanted if fields is None else wanted & fields)

    def get_serializer_context(self):
        asked = getattr(self, "asked", {"include": None, "fields": None})
        return {**super().get_serializer_context(), **asked}

    # Answers

    def list(self, request, *args, **kwargs):
        try:
            anything = self.serializer_class.Meta.model.objects.all()
            rows = self.filterset_class(request.query_params, anything).rows(self.get_queryset)
            page = paging.paginate(rows, request.query_params, self.orderings)
        except BadParameters as error:
            raise ValidationError(error.errors) from None
        body = {
            "count": page.count,
            "next": _address(request, page.next_cursor) if page.next_cursor else None,
            "previous": None if page.is_first else _address(request, None),
            "results": self.get_serializer(page.rows, many=True).data,
        }
        response = Response(body)
        if body["next"]:
            response["Link"] = f'<{body["next"]}>; rel="next"'
        return response

    @extend_schema(
        parameters=[
            OpenApiParameter("fields", OpenApiTypes.STR, description="Only these fields, separated by commas."),
            OpenApiParameter(
                "format", OpenApiTypes.STR, enum=["json", "csv", "jsonl"], description="Format of the answer."
            ),
        ]
    )
    def retrieve(self, request, *args, **kwargs):
        return Response(self.get_serializer(self.get_object()).data)

    def get_object(self):
        found = self.find(**{self.lookup_field: self.kwargs[self.lookup_field]})
        if found is None:
            self._explain_absence()
        return found

    def find(self, **condition):
        """The row that the answer is about, or ``None``."""
        return self.get_queryset().filter(**condition).first()

    def _explain_absence(self):
        """404 for what never was public; 410 and a redirect for what was."""
        model = self.serializer_class.Meta.model
        former = absent_record(model, self.kwargs[self.lookup_field])
        if former is None:
            raise Http404
        if former.status == Status.MERGED:
            raise Moved(former.merged_into)
        raise Gone(former)

    def handle_exception(self, exc):
        if isinstance(exc, Moved):
            return HttpResponseRedirect(self.moved_address(exc.target), status=301)
        return super().handle_exception(exc)

    def moved_address(self, target):
        """Where the answer is found when the record continues in ``target``."""
        return api_address(target)

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(response, ["Accept"])
        if response.status_code == 200 and request.method in ("GET", "HEAD"):
            response.add_post_render_callback(lambda done: set_etag(request, done))
        return response


class Moved(Exception):
    """The record continues in ``target``."""

    def __init__(self, target):
        self.target = target
        super().__init__(str(target))


def absent_record(model, slug):
    """The withdrawn record, or the merged one whose target is public, at an address that is not served any more."""
    if not issubclass(model, Record):
        return None
    # A draft that was merged before anybody saw it leaves no trace.
    was_public = model.objects.filter(published_at__isnull=False)
    former = was_public.filter(slug=slug, status__in=[Status.WITHDRAWN, Status.MERGED]).first()
    if former and former.status == Status.MERGED:
        seen = set()
        while former.merged_into_id and former.pk not in seen:
            seen.add(former.pk)
            target = former.merged_into
            if target.is_published:
                former.merged_into = target
                return former
            if target.status != Status.MERGED:
                return None
            former.merged_into = target.merged_into
        return None
    return former


def set_etag(request, response):
    """A strong validator made of the content; an equal ``If-None-Match`` gets 304."""
    tag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response["ETag"] = tag
    response["Cache-Control"] = "public, max-age=60"
    offered = {item.strip().removeprefix("W/") for item in request.headers.get("If-None-Match", "").split(",")}
    if tag in offered or "*" in offered:
        response.status_code = 304
        response.content = b""


def _names(request, parameter, known):
    """The comma-separated names in ``fields=`` or ``include=``, or ``None``. Raises ``BadParameters``."""
    given = request.query_params.get(parameter)
    if given is None:
        return None
    names = [name.strip() for name in given.split(",")]
    for name in names:
        if name not in known:
            choices = ", ".join(known) or "nothing"
            raise BadParameters({parameter: [f"“{name[:60]}” is not one of: {choices}.{hint(name[:60], known)}"]})
    return set(names)


def _address(request, cursor):
    query = request.query_params.copy()
    query.pop("cursor", None)
    if cursor:
        query["cursor"] = cursor
    return f"{request.path}?{query.urlencode()}" if query else request.path


def list_schema(serializer, filterset, orderings, name):
    """The OpenAPI description of a list: its own parameters besides the filters, and the envelope of the answer."""
    envelope = inline_serializer(
        name=f"{name}Page",
        fields={
            "count": serializers.IntegerField(allow_null=True, help_text="Number of rows, with count=true."),
            "next": serializers.CharField(allow_null=True, help_text="Address of the next page."),
            "previous": serializers.CharField(allow_null=True, help_text="Address of the first page."),
            "results": serializer(many=True),
        },
    )
    # A list is described as one page and not as an array of pages.
    extend_schema_serializer(many=False)(type(envelope))
    texts = {
        "ordering": f"One of {', '.join(orderings.names())}.",
        "cursor": "Where the page starts; taken from “next”.",
        "fields": "Only these fields, separated by commas.",
        "include": f"Nested parts to add: {', '.join(getattr(serializer.Meta, 'includes', ())) or 'none'}.",
    }
    parameters = [OpenApiParameter(key, OpenApiTypes.STR, description=text) for key, text in texts.items()]
    parameters += [
        OpenApiParameter(
            "page_size", OpenApiTypes.INT, description=f"1 to {paging.MAX_PAGE_SIZE}; {paging.PAGE_SIZE}."
        ),
        OpenApiParameter("count", OpenApiTypes.BOOL, description="Whether to count all rows."),
        OpenApiParameter(
            "format", OpenApiTypes.STR, enum=["json", "csv", "jsonl"], description="Format of the answer."
        ),
    ]
    return extend_schema(parameters=[*filter_parameters(filterset), *parameters], responses=envelope)


def filter_parameters(filterset):
    """The OpenAPI description of each filter, from its label and its choices."""
    for name, item in filterset.base_filters.items():
        many = getattr(item, "repeatable", False)
        choices = [key for key, _label in item.field.choices if key] if isinstance(item, ChoicesFilter) else None
        kind = OpenApiTypes.BOOL if isinstance(item, YesNoFilter) else OpenApiTypes.STR
        yield OpenApiParameter(name, kind, description=f"{item.label}.", many=many, enum=choices)
