"""The search of the stock API: REST framework's own filter over the texts, with three counts."""

from django.db.models import Count
from rest_framework import filters
from rest_framework.response import Response
from rest_framework.views import APIView

from agreements.models import Agreement
from bench.peers.drf import PARTIES, AgreementSerializer
from sources.records.status import Status

FIRST = 20
FACETS = ("type", "status_spans__status", "parties__organisation__iso_alpha3")


class SearchView(APIView):
    search_fields = ("title", "title_es", "short_title", "summary", "purpose", "clauses__summary")

    def get(self, request):
        rows = Agreement.objects.filter(status=Status.PUBLISHED)
        rows = filters.SearchFilter().filter_queryset(request, rows, self)
        facets = {
            name: list(rows.order_by().values(name).annotate(number=Count("pk", distinct=True))) for name in FACETS
        }
        first = rows.order_by("slug").prefetch_related(*PARTIES)[:FIRST]
        return Response(
            {"count": rows.count(), "facets": facets, "results": AgreementSerializer(first, many=True).data}
        )
