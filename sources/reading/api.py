"""The public form of records, and the viewset that lists, filters and shows them.

One serializer per kind makes the API's JSON, the page's context, the CSV and the frozen version. ``Meta.includes`` names the
nested parts that a list leaves out unless asked (``include=``); a detail has them all unless asked for fewer.
"""

from functools import cache

import orjson
from django.db import connection
from django.db.models import Prefetch
from django.http import Http404, HttpResponseRedirect
from django.utils.cache import patch_vary_headers
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from sources.lib import downloads, paging
from sources.lib.conditional import validate_when_ready
from sources.lib.csv_columns import columns_of
from sources.lib.filters import LIST_PARAMETERS, NOT_FILTERS, BadParameters, check_names
from sources.lib.prefetching import prefetch
from sources.lib.problems import Gone, hint
from sources.lib.renderers import FORMATS, LIST_RENDERERS, ProblemRenderer, RowsRenderer
from sources.lib.representing import RowsRepresented
from sources.reading import kinds
from sources.reading.links import (  # noqa: F401  (offered here too)
    LinkField,
    LinkSerializer,
    LinksField,
    api_address,
    columns_of_link,
    link,
    links_to,
    page_address,
    with_links,
)
from sources.reading.search.entries import contested, disputed_entries, entry_of
from sources.records.base import Record
from sources.records.dossier.kinds import owner_of
from sources.records.status import Status

# How many linked rows a detail has at most; the filtered list of that kind has all.
RELATED_LIMIT = 100


def shown_title_field():
    """The field for a record with a ``title`` and a ``title_note``."""
    about = "The title as pages show it: in square brackets if nobody printed it so."
    return serializers.CharField(read_only=True, help_text=about)


@extend_schema_field({"type": ["string", "null"], "description": "EDTF, for example 2025, 2025-12 or 2001/.."})
class PartialDateSerializerField(serializers.Field):
    def __init__(self, **kwargs):
        super().__init__(read_only=True, **kwargs)

    def get_attribute(self, instance):
        return super().get_attribute(instance) or None

    def to_representation(self, value):
        return str(value)


class PlainSerializer(RowsRepresented, serializers.ModelSerializer):
    """Listed fields only. Relations are links, partial dates are EDTF text."""

    serializer_related_field = LinkField

    def build_relational_field(self, field_name, relation_info):
        about = getattr(relation_info.model_field, "help_text", "")
        return (LinksField if relation_info.to_many else LinkField), {"help_text": about} if about else {}

    def build_standard_field(self, field_name, model_field):
        if hasattr(model_field, "bounds"):
            return PartialDateSerializerField, {}
        made, options = super().build_standard_field(field_name, model_field)
        # Leave out the largest integer of the database: the two databases differ, and it is not a rule of the data.
        limit = (
            connection.ops.integer_field_range(model_field.get_internal_type())[1] if "max_value" in options else None
        )
        if limit is not None and options["max_value"] == limit:
            del options["max_value"]
        return made, options

    def get_fields(self):
        fields = super().get_fields()
        for field in fields.values():
            # A field that is only read needs no default; an empty one would be an invalid key in the OpenAPI document.
            field.read_only, field.default = True, serializers.empty
        return self._chosen(fields) if self._is_outermost() else fields

    def _is_outermost(self):
        """Whether this serializer makes the rows of the answer, not something nested in them."""
        outer = self.parent
        return outer is None or (isinstance(outer, serializers.ListSerializer) and outer.parent is None)

    def _chosen(self, fields):
        """The fields that ``fields=`` and ``include=`` choose; ``context`` has both as a set or ``None``."""
        only, include = self.context.get("fields"), self.context.get("include")
        nested = getattr(self.Meta, "includes", ())
        left_out = set() if include is None else {name for name in nested if name not in include}
        return {
            name: field for name, field in fields.items() if name not in left_out and (only is None or name in only)
        }


class PartSerializer(PlainSerializer):
    """A part of a record: ``key`` names it within the record."""

    @classmethod
    def rows(cls):
        """Published rows with the relations in ``Meta.related`` and ``Meta.prefetch``."""
        rows = with_links(cls.Meta.model.objects.published(), getattr(cls.Meta, "related", ()))
        return rows.prefetch_related(*getattr(cls.Meta, "prefetch", ()))


class RecordSerializer(PlainSerializer):
    """A record with its addresses; its parts and evidence on request."""

    ref = serializers.CharField(read_only=True, help_text="The record as kind/slug.")
    page = serializers.SerializerMethodField(help_text="Address of the page on this site.")
    api = serializers.SerializerMethodField(help_text="Address of the record in this API.")
    published_at = serializers.DateTimeField(read_only=True, help_text="When readers first saw the present version.")

    head = ("ref", "slug", "page", "api", "published_at")
    # What such a record is in the words of schema.org.
    schema_type = "Thing"
    # What the representation takes from other records or works out, by field, in words for readers.
    elsewhere = {}
    # Kinds that count as one (``NAMED_AS_ONE``) and whose number the representation tells.
    counts = ()

    @classmethod
    def schema_org(cls, record):
        """What else schema.org has words for; ``record`` is the representation. See ``sources.reading.jsonld``."""
        return {}

    def get_page(self, record) -> str:
        return page_address(record)

    def get_api(self, record) -> str:
        return api_address(record)

    @classmethod
    def searchable(cls, told):
        """What of public forms can be found (see ``sources.reading.search``): a list of entries for each pair of ``told``, the form
        and what others call its record."""
        return [cls.search_entries(body, name) for body, name in told]

    @classmethod
    def search_entries(cls, body, name):
        """The record, and what of it is found by itself."""
        facets = cls.search_facets(body)
        return [entry_of(cls.Meta.model, body, name, facets), *disputed_entries(body, name, facets)]

    @classmethod
    def search_facets(cls, body):
        """By which properties results are counted and chosen: lists of values by name."""
        return {"contested": contested(body)}

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
        """``{primary key: representation}`` of several records. The number of queries does not depend on their number."""
        return {row.pk: body for row, body in cls.composed([record.pk for record in records])}

    @classmethod
    def composed(cls, keys):
        """``[(row, representation)]`` of those of the records with these primary keys that are published."""
        rows = list(cls.bare_rows().filter(pk__in=keys))
        prefetch(rows, cls.lookups())
        serializer = _whole(cls)
        return [(row, orjson.loads(orjson.dumps(serializer.to_representation(row), default=str))) for row in rows]

    @classmethod
    def shown_back(cls):
        """The kinds of record that the representation shows because they name this one; ``None`` stands for every kind."""
        sources = {name: getattr(cls._declared_fields.get(name), "source", None) for name in cls.elsewhere}
        names = {name if source in (None, "*") else source for name, source in sources.items()}
        models = [field.related_model for field in cls.Meta.model._meta.get_fields() if field.name in names]
        return {
            owner_of(model) if getattr(model, "PARENT", "") else model if issubclass(model, Record) else None
            for model in models
        }


@cache
def _whole(serializer_class):
    """The serializer of all parts. It keeps nothing of a record, and to make its fields takes nearly as long as to read them all."""
    return serializer_class(context={})


class RecordViewSet(viewsets.ReadOnlyModelViewSet):
    """Lists and shows published rows. Subclasses say ``serializer_class``, ``filterset_class``, ``orderings``."""

    # The name of the list, where it is not the kind of its records.
    listed_as = ""
    lookup_field = "slug"
    lookup_value_regex = "[^/]+"
    renderer_classes = list(LIST_RENDERERS)
    problem_renderer = ProblemRenderer
    orderings = None
    list_includes = ()
    # Whether the list counts facets of its rows (``facets=``).
    has_facets = False

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if "serializer_class" in vars(cls):
            kinds.declare_viewset(cls)

    # What is asked for

    def perform_content_negotiation(self, request, force=False):
        """An unknown ``format`` answers 400, not 404."""
        formats = [renderer.format for renderer in self.renderer_classes]
        wanted = request.query_params.get("format")
        if wanted and wanted not in formats and not force:
            raise ValidationError({"format": [f"Choose one of: {', '.join(formats)}.{hint(wanted[:60], formats)}"]})
        return super().perform_content_negotiation(request, force)

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        self.asked = self._asked(request)

    def _asked(self, request):
        """``{"include": set, "fields": set or None}`` of the request. Raises ``ValidationError`` for unknown names.

        ``include`` names nested parts; ``fields`` names fields, and the included parts are added. Without both, a list has the
        parts in ``list_includes`` and a detail has all.
        """
        meta = self.serializer_class.Meta
        nested = set(getattr(meta, "includes", ()))
        try:
            if self.detail:
                check_names(request.query_params, ("fields", "include", "format"))
            included = _names(request, "include", getattr(meta, "includes", ()))
            fields = _names(request, "fields", meta.fields)
        except BadParameters as error:
            raise ValidationError(error.errors) from None
        if fields is not None:
            fields |= included or set()
            return {"include": fields & nested, "fields": fields}
        if self.detail:
            return {"include": nested if included is None else included, "fields": None}
        return {"include": {*self.list_includes, *(included or ())}, "fields": None}

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.serializer_class.Meta.model.objects.none()
        return self.serializer_class.rows(include=self.included())

    def included(self):
        """The nested parts in this answer."""
        return sorted(self.asked["include"])

    def get_serializer_context(self):
        asked = getattr(self, "asked", {"include": None, "fields": None})
        return {**super().get_serializer_context(), **asked}

    # Answers

    def list(self, request, *args, **kwargs):
        params, reader = request.query_params, self.rows_reader()
        try:
            filterset = self.filterset_class(params, extra=self.list_parameters())
            rows = self.filtered(filterset)
            orderings = self.orderings.through(filterset.aliases())
            more = self.beside_rows(filterset)
            if self._wants_all(request):
                return self._download(request, paging.chunks(rows, params, orderings, reader))
            page = paging.paginate(rows, params, orderings, reader, filterset.counted)
        except BadParameters as error:
            raise ValidationError(error.errors) from None
        return self._page(request, page, more)

    @classmethod
    def list_parameters(cls):
        """The parameters of the list besides its filters."""
        return NOT_FILTERS if cls.has_facets else LIST_PARAMETERS

    def beside_rows(self, filterset):
        """What the answer says of all rows of the list, beside those of the page. Raises ``BadParameters``."""
        return {}

    def filtered(self, filterset):
        """The rows that a filter set leaves, for ``sources.lib.paging``. Raises ``BadParameters``."""
        return filterset.rows(self.get_queryset)

    def rows_reader(self):
        """How the rows of the list are read (see ``sources.lib.paging``)."""
        return paging.INSTANCES

    @staticmethod
    def _wants_all(request):
        """Whether to send the whole list: CSV and JSON Lines have no place for a next page, unless the client asks for pages."""
        is_page = any(request.query_params.get(name) for name in ("cursor", "page_size"))
        return isinstance(request.accepted_renderer, RowsRenderer) and not is_page

    def _download(self, request, chunks):
        return downloads.whole_list(
            request, request.accepted_renderer, self.basename, chunks, self.columns(), self._represented
        )

    def _page(self, request, page, more):
        """The answer with a page; ``more`` stands beside its rows in JSON."""
        beside = {
            "next": page.next_cursor and _address(request, page.next_cursor),
            "previous": page.previous_cursor and _address(request, page.previous_cursor),
        }
        if isinstance(request.accepted_renderer, RowsRenderer):
            rows = self._represented(page.rows)
            response = downloads.one_page(request.accepted_renderer, self.basename, rows, self.columns())
        else:
            beside_or_null = {name: address or None for name, address in beside.items()}
            response = self._envelope({"count": page.count, **beside_or_null, **more}, page.rows)
        links = [f'<{address}>; rel="{name}"' for name, address in beside.items() if address]
        if links:
            response["Link"] = ", ".join(links)
        return response

    def _envelope(self, beside, rows):
        """The JSON answer with the rows of a page, and what stands beside them."""
        return Response({**beside, "results": self._represented(rows)})

    def _represented(self, rows):
        """The rows as plain data, or as JSON where the format is JSON."""
        return self.get_serializer(rows, many=True).data

    def columns(self):
        """The columns of the answer in CSV."""
        return columns_of(self.get_serializer())

    @extend_schema(
        parameters=[
            OpenApiParameter("fields", OpenApiTypes.STR, description="Only these fields, separated by commas."),
            OpenApiParameter("include", OpenApiTypes.STR, description="Only these nested parts, separated by commas."),
            OpenApiParameter("format", OpenApiTypes.STR, enum=FORMATS, description="Format of the answer."),
        ]
    )
    def retrieve(self, request, *args, **kwargs):
        return self.answer(request)

    def answer(self, request):
        """The response with the one row that the address names."""
        return Response(self.get_serializer(self.get_object()).data)

    def get_object(self):
        record = self.find(**{self.lookup_field: self.kwargs[self.lookup_field]})
        if record is None:
            self._explain_absence()
        return record

    def find(self, **condition):
        """The row that the answer is about, or ``None``."""
        return self.get_queryset().filter(**condition).first()

    def _explain_absence(self):
        """Raise 404 for a record that was never public, 410 for a withdrawn or removed one, a redirect for a merged one."""
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
        """The address to redirect to when the record was merged into ``target``."""
        return api_address(target)

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(response, ["Accept"])
        if response.status_code == 200 and request.method in ("GET", "HEAD"):
            validate_when_ready(request, response)
        return response


class Moved(Exception):
    """The record continues in ``target``."""

    def __init__(self, target):
        self.target = target
        super().__init__(str(target))


def absent_record(model, slug):
    """Why an address is no longer served: the withdrawn record, the merged record with its published target in ``merged_into``, or
    the ``Removal``. ``None`` if it was never public."""
    if not issubclass(model, Record):
        return None
    # A draft that was merged before it was ever published leaves no trace.
    was_public = model.objects.filter(published_at__isnull=False)
    former = was_public.filter(slug=slug, status__in=[Status.WITHDRAWN, Status.MERGED]).first()
    if former is None:
        removal = model.removed(slug)
        return removal if removal and removal.was_public else None
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


def _names(request, parameter, known):
    """The comma-separated names in ``fields=`` or ``include=``, or ``None``. Raises ``BadParameters``."""
    text = request.query_params.get(parameter)
    if text is None:
        return None
    names = [name.strip() for name in text.split(",")]
    for name in names:
        if name not in known:
            choices = ", ".join(known) or "nothing"
            raise BadParameters({parameter: [f"“{name[:60]}” is not one of: {choices}.{hint(name[:60], known)}"]})
    return set(names)


def _address(request, cursor):
    query = request.query_params.copy()
    query["cursor"] = cursor
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
