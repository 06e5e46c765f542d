"""Every address of the site. Those of records and their lists follow from the kinds (see ``sources.reading.record_urls``)."""

from django.contrib import admin
from django.urls import include, path

from kb.ops import health
from kb.site import sitemap, views
from kb.site.search import SearchPage

handler400 = views.bad_request
handler403 = views.forbidden
handler404 = views.not_found
handler500 = views.server_error

urlpatterns = [
    path("", views.HomePage.as_view(), name="home"),
    path("about/", views.AboutPage.as_view(), name="about"),
    path("data/", views.DataPage.as_view(), name="data"),
    path("search/", SearchPage.as_view(), name="search"),
    path("robots.txt", sitemap.robots),
    path("favicon.ico", sitemap.favicon),
    path("sitemap.xml", sitemap.sitemap, name="sitemap"),
    path("sitemap/<slug:section>.xml", sitemap.sitemap, name="sitemap-section"),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("api/v1/", include("kb.api")),
    path("admin/", admin.site.urls),
    path("", include("sources.urls")),
    path("", include("agreements.urls")),
]
