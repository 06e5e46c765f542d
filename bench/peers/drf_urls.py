"""The addresses of the stock API."""

from django.urls import include, path
from rest_framework import routers

from bench.peers.drf import AgreementViewSet
from bench.peers.drf_search import SearchView

router = routers.SimpleRouter()
router.register("agreements", AgreementViewSet, basename="agreements")
urlpatterns = [path("search/", SearchView.as_view()), path("", include(router.urls))]
