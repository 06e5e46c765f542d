"""Search and suggestions in the API."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.views import APIView

from sources.lib.conditional import validate_when_ready
from sources.lib.filters import MAX_TEXT, BadParameters
from sources.lib.renderers import JSONRenderer, ProblemRenderer
from sources.reading.search import query
from sources.reading.search.request import FACETS, SearchRequest, read_text
from sources.reading.search.values import FacetCountSerializer, as_counts


class WhySerializer(serializers.Serializer):
    """Where the words stand, if not in the name."""

    label = serializers.CharField(help_text="What the text is.")
    text = serializers.CharField(help_text="A part of it.")
    hits = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField(), min_length=2, max_length=2),
        help_text="Where the words stand in it: pairs of the first letter and the one after the last, from 0.",
    )


class EntrySerializer(serializers.Serializer):
    """Something that was found."""

    ref = serializers.CharField(help_text="What it is, as kind/name.")
    kind = serializers.CharField(help_text="The kind: that of a record, or clauses, topics or contested.")
    name = serializers.CharField(help_text="What it is called.")
    page = serializers.CharField(help_text="Address of the page on this site.")


class ResultSerializer(EntrySerializer):
    why = WhySerializer(allow_null=True, help_text="Why it matched; null if its name says so.")


class SearchSerializer(serializers.Serializer):
    """The answer to a search."""

    count = serializers.IntegerField(
        help_text="How many match, counted up to 5,000; the first 200 can be looked through."
    )
    is_at_least = serializers.BooleanField(
        help_text="Whether more match: the count and the facets are of the 5,000 with most evidence."
    )
    meant = serializers.CharField(allow_null=True, help_text="What was searched for instead of a misspelt word.")
    is_loose = serializers.BooleanField(
        help_text="Whether nothing has all the words, and the results have some of them."
    )
    facets = serializers.DictField(child=FacetCountSerializer(many=True), help_text="Counts by the facets asked for.")
    results = ResultSerializer(many=True)


class SuggestionsSerializer(serializers.Serializer):
    """What the typed text may become."""

    results = EntrySerializer(many=True)


class SearchAnswer(APIView):
    """An answer of the search: English, the same for everybody, with an ETag."""

    renderer_classes = [JSONRenderer]
    problem_renderer = ProblemRenderer

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        if response.status_code == 200:
            validate_when_ready(request, response)
        return response


class SearchView(SearchAnswer):
    """Everything public, by names and text; forgives accents, case, order, endings and slips of spelling."""

    @extend_schema(
        operation_id="search",
        parameters=[
            OpenApiParameter("q", OpenApiTypes.STR, required=True, description="Words to look for."),
            *(
                OpenApiParameter(name, OpenApiTypes.STR, many=True, description=f"Only results of this {label}.")
                for name, label in FACETS.items()
            ),
            OpenApiParameter("facets", OpenApiTypes.STR, description="Facets to count, separated by commas."),
            OpenApiParameter("page", OpenApiTypes.INT, description="Page of twenty results, from 1 to 10."),
        ],
        responses=SearchSerializer,
    )
    def get(self, request):
        try:
            asked = SearchRequest.read(request.query_params, also=("facets",))
        except BadParameters as error:
            raise ValidationError(error.errors) from None
        found = asked.search()
        return Response(
            {
                "count": found.count,
                "is_at_least": found.is_at_least,
                "meant": found.meant or None,
                "is_loose": found.is_loose,
                "facets": {name: as_counts(pairs) for name, pairs in found.facets.items()},
                "results": [{**as_data(entry), "why": why_as_data(entry.why)} for entry in found.results],
            }
        )


class SuggestView(SearchAnswer):
    """Names that begin with what was typed, or have a word that does."""

    @extend_schema(
        operation_id="suggest",
        parameters=[OpenApiParameter("q", OpenApiTypes.STR, required=True, description=f"At most {MAX_TEXT} letters.")],
        responses=SuggestionsSerializer,
    )
    def get(self, request):
        try:
            text = read_text(request.query_params, known=("q",))
        except BadParameters as error:
            raise ValidationError(error.errors) from None
        return Response({"results": [as_data(entry) for entry in query.suggestions(text)]})


def as_data(entry):
    return {"ref": entry.ref, "kind": entry.kind, "name": entry.name, "page": entry.page}


def why_as_data(why):
    if why is None:
        return None
    label, pieces = why
    hits, at = [], 0
    for text, is_hit in pieces:
        if is_hit:
            hits.append([at, at + len(text)])
        at += len(text)
    return {"label": label, "text": "".join(text for text, _hit in pieces), "hits": hits}
