"""``/api/v1/``: every kind of record under one router."""

from django.urls import include, path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.views import APIView

from agreements.compare import api as compare
from sources.lib.renderers import JSONRenderer
from sources.reading import kinds
from sources.reading.openapi import list_schema
from sources.reading.search.api import SearchView, SuggestView

VIEWSETS = kinds.viewsets()

router = SimpleRouter()
for name, viewset in VIEWSETS.items():
    described = list_schema(viewset, name.capitalize())
    router.register(name, extend_schema_view(list=described)(viewset), basename=name)


class ApiRoot(APIView):
    """The addresses of the API."""

    renderer_classes = [JSONRenderer]

    @extend_schema(responses={200: OpenApiTypes.OBJECT})
    def get(self, request):
        lists = {name: f"/api/v1/{name}/" for name in VIEWSETS}
        others = {name: f"/api/v1/{name}/" for name in ("search", "suggest", "compare", "schema", "docs")}
        return Response({**lists, **others})


urlpatterns = [
    path("", ApiRoot.as_view(), name="api-root"),
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path(
        "docs/",
        SpectacularSwaggerSplitView.as_view(url_name="api-schema", template_name="api_docs.html"),
        name="api-docs",
    ),
    path("search/", SearchView.as_view(), name="api-search"),
    path("suggest/", SuggestView.as_view(), name="api-suggest"),
    path("compare/", compare.CompareView.as_view(), name="api-compare"),
    path("compare/clauses/", compare.CompareClausesView.as_view(), name="api-compare-clauses"),
    path("agreements/<slug:slug>/matrix/", compare.MatrixView.as_view(), name="api-matrix"),
    path("agreements/<slug:slug>/similar/", compare.SimilarView.as_view(), name="api-similar"),
    path("agreements/<slug:slug>/ladder/", compare.LadderView.as_view(), name="api-ladder"),
    path("topics/<slug:slug>/counts/", compare.TopicCountsView.as_view(), name="api-topic-counts"),
    path("exercises/<slug:slug>/legal-basis/", compare.LegalBasisCheckView.as_view(viewset=VIEWSETS["exercises"])),
    path("assistance/<slug:slug>/legal-basis/", compare.LegalBasisCheckView.as_view(viewset=VIEWSETS["assistance"])),
    path("events/<slug:slug>/legal-basis/", compare.LegalBasisCheckView.as_view(viewset=VIEWSETS["events"])),
    path("", include(router.urls)),
]
