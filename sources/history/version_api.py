"""Frozen versions in the API: the history of a record, and the exact bytes of each version."""

import orjson
from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import override
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from sources.history import versions
from sources.lib.conditional import has_seen, not_modified
from sources.lib.filters import BadParameters, check_names
from sources.lib.problems import Gone
from sources.lib.renderers import JSONRenderer, RowsRenderer
from sources.reading.api import LinkSerializer, RecordViewSet, api_address, link
from sources.reading.search.query import list_facets
from sources.reading.search.request import facets_named
from sources.reading.search.values import as_counts
from sources.reading.store import reading
from sources.reading.store.cards import Cards, digest_of, filtered
from sources.reading.store.composing import columns_of_lists


class DifferenceSerializer(serializers.Serializer):
    """One thing that changed, in words, in English."""

    what = serializers.ChoiceField(
        ["value", "added", "removed", "order", "sources", "ruling", "standing"],
        help_text="A value; an entry added or removed; the order of entries; citations; the editors' ruling; "
        "whether the fact is disputed.",
    )
    part = serializers.CharField(help_text="The entry of the record, empty for the record itself.")
    field = serializers.CharField(
        help_text="The field, empty for an entry as a whole; several with commas when their sources changed alike."
    )
    label = serializers.CharField(help_text="What changed, in words.")
    before = serializers.CharField(help_text="What the version before said; of long texts the words around the change.")
    after = serializers.CharField(help_text="What this version says.")


class VersionSerializer(serializers.Serializer):
    """One frozen version, without its body."""

    number = serializers.IntegerField(help_text="The number of the publication, from 1.")
    at = serializers.DateTimeField(help_text="When it was published.")
    sha256 = serializers.CharField(
        allow_null=True,
        help_text="SHA-256 of the bytes that the address under “api” answers with; null when it is closed.",
    )
    closed_on = serializers.DateField(
        allow_null=True,
        help_text="The day on which the version was closed: its addresses answer 410, and nobody sees it.",
    )
    closed_reason = serializers.CharField(allow_null=True, help_text="Why it was closed.")
    schema = serializers.CharField(help_text="Version of the form of the representation.")
    is_current = serializers.BooleanField(help_text="Whether it is the newest version.")
    page = serializers.CharField(help_text="Address of the frozen page on this site.")
    api = serializers.CharField(help_text="Address of the frozen bytes.")
    compared_with = serializers.IntegerField(
        allow_null=True,
        help_text="Number of the version that “changes” starts from: the one before that is not closed.",
    )
    changes = DifferenceSerializer(many=True, help_text="What changed since the version under “compared_with”.")
    elsewhere = serializers.ListField(
        child=serializers.CharField(), help_text="What of other records the version shows differently."
    )


class LinkWithApiSerializer(LinkSerializer):
    api = serializers.CharField(help_text="Address of the record in this API.")


class HistorySerializer(serializers.Serializer):
    """A page of the versions of a record, the newest first."""

    record = serializers.SerializerMethodField(help_text="The record.")
    current = serializers.IntegerField(allow_null=True, help_text="Number of the newest version.")
    next = serializers.URLField(allow_null=True, help_text="Whole address of the next, older, page.")
    previous = serializers.URLField(allow_null=True, help_text="Whole address of the page before, with newer versions.")
    results = VersionSerializer(many=True)

    @extend_schema_field(LinkWithApiSerializer)
    def get_record(self, history):
        return history["record"]


class VersionedViewSet(RecordViewSet):
    """A kind of record that keeps its published versions. Withdrawn and merged records answer as at their own address."""

    has_facets = True

    def filtered(self, filterset):
        return filtered(filterset, self.serializer_class.Meta.model)

    def beside_rows(self, filterset):
        return {"facets": self._facets(filterset)} if "facets" in self.request.query_params else {}

    def _facets(self, filterset):
        if isinstance(self.request.accepted_renderer, RowsRenderer):
            raise BadParameters({"facets": ["Facets are counted in JSON alone; leave out format or facets."]})
        model = self.serializer_class.Meta.model
        counted = list_facets(filterset.all_rows(model.objects.published), facets_named(self.request.query_params))
        return {name: as_counts(pairs) for name, pairs in counted.items()}

    def rows_reader(self):
        return self._cards

    @cached_property
    def _cards(self):
        as_lines = getattr(self.request.accepted_renderer, "takes_lines", False)
        return Cards(self.serializer_class.Meta.model, **self.asked, as_lines=as_lines)

    def columns(self):
        model = self.serializer_class.Meta.model
        # Known beforehand: to make the serializer takes as long as a hundred rows.
        return columns_of_lists(model) if not self.detail and self._cards.names is None else super().columns()

    def _envelope(self, beside, cards):
        """The cards are put together as they are, without being read."""
        head = orjson.dumps(beside)[:-1]
        response = Response(b'%s,"results":[%s]}' % (head, ",".join([card.text for card in cards]).encode()))
        response.digest = digest_of(cards, head, orjson.dumps(self._cards.names))
        return response

    def _represented(self, cards):
        if self.request.accepted_renderer.format == "jsonl" or self._cards.are_lines:
            return [card.text.encode() for card in cards]
        return [card.data for card in cards]

    def find(self, **condition):
        return self.serializer_class.bare_rows().filter(**condition).first()

    def answer(self, request):
        """The public form from the read store: its very bytes, or the fields and parts that are asked for."""
        model, slug = self.serializer_class.Meta.model, self.kwargs["slug"]
        is_whole = request.accepted_renderer.format == "json" and not {"fields", "include"} & {*request.query_params}
        # A client that has it already is told so before it is read.
        if is_whole and "If-None-Match" in request.headers:
            digest = reading.digest_of(model, slug)
            if digest and has_seen(request, digest):
                return not_modified(digest)
        form = reading.form_of(model, slug) or self._explain_absence()
        if not is_whole:
            return Response(self._chosen(orjson.loads(form.form)))
        response = Response(form.form.encode())
        response.digest = form.sha256
        return response

    def _chosen(self, body):
        """What ``fields=`` and ``include=`` leave of a form."""
        return {name: body[name] for name in self.get_serializer().fields}

    def _asked(self, request):
        known = {"history": ("before", "format"), "version": ()}.get(self.action)
        if known is None:
            return super()._asked(request)
        try:
            check_names(request.query_params, known)
        except BadParameters as error:
            raise ValidationError(error.errors) from None
        return {"include": set(), "fields": None}

    def perform_content_negotiation(self, request, force=False):
        """A frozen version has one format; ``format=`` is refused like any parameter."""
        if self.action == "version":
            return JSONRenderer(), JSONRenderer.media_type
        return super().perform_content_negotiation(request, force)

    def moved_address(self, target):
        return super().moved_address(target) + ("history/" if self.action == "history" else "")

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        if self.action == "retrieve" and response.status_code == 200:
            response["Link"] = f'<{request.path}history/>; rel="version-history"'
        return response

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "before", OpenApiTypes.INT, description="Versions with a smaller number only; taken from “next”."
            ),
            OpenApiParameter("format", OpenApiTypes.STR, enum=["json"], description="Format of the answer."),
        ],
        responses=HistorySerializer,
    )
    @action(detail=True, renderer_classes=[JSONRenderer])
    def history(self, request, slug):
        """The versions of the record as the public saw them, the newest first, with what changed from one to the next."""
        record = self.get_object()
        try:
            before = versions.asked(request.query_params, also=("format",))
        except BadParameters as error:
            raise ValidationError(error.errors) from None
        # Programs get English, whatever language the client prefers.
        with override("en"):
            history = versions.history_of(record, before)
        body = {
            "record": {**link(record), "api": api_address(record)},
            "current": history["current"],
            "next": _page_address(request, history["next"]),
            "previous": _page_address(request, history["previous"]),
            "results": history["versions"],
        }
        return Response(body)

    @extend_schema(
        parameters=[OpenApiParameter("number", OpenApiTypes.INT, OpenApiParameter.PATH, description="The version.")]
    )
    @action(
        detail=True, url_path=f"v/(?P<number>{versions.NUMBER})", url_name="version", renderer_classes=[JSONRenderer]
    )
    def version(self, request, slug, number):
        """The record as it was published then: the very bytes whose SHA-256 the history tells.

        They are canonical JSON (sorted keys, no spaces, UTF-8) and never change; the address answers 410 when the record is
        withdrawn. It takes no parameters.
        """
        frozen = self.get_object().versions.filter(number=number).first()
        if frozen is None:
            raise Http404
        if frozen.is_closed:
            raise Gone(versions.closure(frozen.record, frozen.number))
        return Response(frozen.body.encode())


def _page_address(request, before):
    """The address of a page of a history: of the first one for 0, ``None`` for ``None``."""
    if before is None:
        return None
    return request.build_absolute_uri(f"{request.path}?before={before}" if before else request.path)
