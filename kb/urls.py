"""Every address of the site; each app writes out its own."""

from django.contrib import admin
from django.urls import include, path

from agreements import related
from kb.ops import health
from kb.site import views
from people.urls import urlpatterns_with

handler400 = views.bad_request
handler403 = views.forbidden
handler404 = views.not_found
handler500 = views.server_error

urlpatterns = [
    path("", views.HomePage.as_view(), name="home"),
    path("about/", views.AboutPage.as_view(), name="about"),
    path("data/", views.DataPage.as_view(), name="data"),
    path("robots.txt", views.robots),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("api/v1/", include("kb.api")),
    path("admin/", admin.site.urls),
    path("", include("sources.urls")),
    path("", include(urlpatterns_with(related.of_person, related.of_organisation))),
    path("", include("agreements.urls")),
]
