"""Every address of the site; each app writes out its own."""

from django.contrib import admin
from django.urls import include, path

from agreements import related
from kb import health
from people.urls import urlpatterns_with

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("api/v1/", include("kb.api")),
    path("admin/", admin.site.urls),
    path("", include("sources.urls")),
    path("", include(urlpatterns_with(related.of_person, related.of_organisation))),
    path("", include("agreements.urls")),
]
