"""Comparison in the API: the table, clauses word by word, and what is worked out for one record.

Each of these answers is made by the function that makes the page: ``comparison.build``, ``matrix_of``, ``relatives_of``,
``ladder_of``, ``legal_basis.check``, ``distribution``.
"""

import orjson
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.cache import patch_vary_headers
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.response import Response
from rest_framework.views import APIView

from agreements import api
from agreements import compare as comparison
from agreements.codebook.immunity_matrix import matrix_of
from agreements.codebook.similarity import MINIMUM, relatives
from agreements.codebook.topic_counts import counts_of
from agreements.compare.views import clause_as_data, clauses_named
from agreements.compare.word_diff import compare_clauses
from agreements.life import legal_basis
from agreements.life.ladder import ladder_of
from sources.lib.conditional import validate_when_ready
from sources.lib.filters import BadParameters, check_names
from sources.lib.problems import Gone
from sources.lib.renderers import JSONRenderer, ProblemRenderer
from sources.reading.api import absent_record, api_address
from sources.reading.store import reading
from sources.records.status import Status

ANY_OBJECT = {200: OpenApiTypes.OBJECT}


class ComparisonView(APIView):
    """An API answer that is not a list of rows. Sets caching, CORS and the ETag."""

    renderer_classes = [JSONRenderer]
    problem_renderer = ProblemRenderer

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        patch_vary_headers(response, ["Accept"])
        if response.status_code == 200:
            validate_when_ready(request, response)
        return response


class CompareView(ComparisonView):
    """Two to six agreements side by side, topic by topic."""

    # ``format`` is read with the other parameters, so that a wrong one is refused like them.
    def perform_content_negotiation(self, request, force=False):
        return JSONRenderer(), JSONRenderer.media_type

    @extend_schema(
        operation_id="compare",
        parameters=[
            OpenApiParameter("agreement", OpenApiTypes.STR, many=True, required=True, description="Slug; two to six."),
            OpenApiParameter("only", OpenApiTypes.STR, enum=comparison.ONLY, description="Which topics to show."),
            OpenApiParameter("group", OpenApiTypes.STR, many=True, description="Letters of groups; none means all."),
            OpenApiParameter("format", OpenApiTypes.STR, enum=comparison.FORMATS, description="Format of the answer."),
        ],
        responses=ANY_OBJECT,
    )
    def get(self, request):
        try:
            query = comparison.read_query(request.query_params)
            table = comparison.build(query)
        except BadParameters as error:
            raise ValidationError(error.errors) from None
        except comparison.UnknownAgreements as error:
            raise NotFound(f"No published agreement is called “{error.slugs[0][:60]}”.") from None
        if query.format == "csv":
            return HttpResponse(comparison.as_csv(table), content_type="text/csv; charset=utf-8")
        return Response(table)


class CompareClausesView(ComparisonView):
    """Two clauses word by word: their texts where both are held, else the editors' summaries of them."""

    @extend_schema(
        operation_id="compare_clauses",
        parameters=[
            OpenApiParameter(side, OpenApiTypes.STR, required=True, description="A clause as agreement-slug.key.")
            for side in ("a", "b")
        ],
        responses=ANY_OBJECT,
    )
    def get(self, request):
        try:
            left, right = clauses_named(request.query_params)
        except BadParameters as error:
            raise ValidationError(error.errors) from None
        result = compare_clauses(left, right)
        runs = result["runs"] and [{"mark": mark, "text": text} for mark, text in result["runs"]]
        body = {"a": clause_as_data(left), "b": clause_as_data(right), "of": result["of"], "share": result["share"]}
        return Response({**body, "runs": runs})


class OfRecord(ComparisonView):
    """Something worked out for one published record; absent, gone and moved records answer as their own address does."""

    viewset = None

    def body(self, form):
        """What is worked out, as plain data; ``form`` is the record's ``PublicForm``."""
        raise NotImplementedError

    @property
    def model(self):
        return self.viewset.serializer_class.Meta.model

    def get(self, request, slug):
        try:
            check_names(request.query_params, ("format",))
        except BadParameters as error:
            raise ValidationError(error.errors) from None
        form = reading.form_of(self.model, slug)
        if form is None:
            return self.absence(slug)
        named = {**orjson.loads(form.link), "api": f"/api/v1/{form.kind}/{slug}/"}
        return Response({"record": named, **self.body(form)})

    def absence(self, slug):
        former = absent_record(self.model, slug)
        if former is None:
            raise Http404
        if former.status == Status.MERGED:
            return HttpResponseRedirect(api_address(former.merged_into), status=301)
        raise Gone(former)


class MatrixView(OfRecord):
    """The immunity matrix: classes of person by jurisdiction, arrest, taxes, customs and claims."""

    viewset = api.AgreementViewSet

    def body(self, form):
        return matrix_of(orjson.loads(form.form)["codings"])

    @extend_schema(operation_id="agreements_matrix", responses=ANY_OBJECT)
    def get(self, request, slug):
        return super().get(request, slug)


class SimilarView(OfRecord):
    """The agreements that answer the codebook's topics most alike, with what they differ on."""

    viewset = api.AgreementViewSet

    def body(self, form):
        return {"minimum": MINIMUM, "results": relatives(form.slug)}

    @extend_schema(operation_id="agreements_similar", responses=ANY_OBJECT)
    def get(self, request, slug):
        return super().get(request, slug)


class LadderView(OfRecord):
    """The steps of the instrument for all parties and for each, with the next expected one."""

    viewset = api.AgreementViewSet

    def body(self, form):
        return ladder_of(orjson.loads(form.form))

    @extend_schema(operation_id="agreements_ladder", responses=ANY_OBJECT)
    def get(self, request, slug):
        return super().get(request, slug)


class LegalBasisCheckView(OfRecord):
    """The instrument in force when it took place: the one a source names, or candidates, or none known."""

    def body(self, form):
        record = self.viewset.serializer_class.bare_rows().get(pk=form.record_id)
        return {"legal_basis_check": legal_basis.check(record)}

    @extend_schema(responses=ANY_OBJECT)
    def get(self, request, slug):
        return super().get(request, slug)


class TopicCountsView(ComparisonView):
    """How many agreements take each approach on a topic; filters as for ``/codings/``, unknowns counted apart."""

    @extend_schema(operation_id="topics_counts", responses=ANY_OBJECT)
    def get(self, request, slug):
        topic = api.TopicSerializer.rows().filter(slug=slug).first()
        if topic is None:
            raise Http404
        try:
            return Response({"topic": topic.code, **counts_of(topic, request.query_params)})
        except BadParameters as error:
            raise ValidationError(error.errors) from None
