"""What search engines may know: every published page with the day of its publication, and where programs should not look."""

from django.contrib.sitemaps import Sitemap, views
from django.http import HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from agreements.models import Topic
from kb.site import frame
from sources.lib.filters import BadParameters, check_names
from sources.reading.views import refused
from sources.records.base import record_models

# With more pages than this, ``/sitemap.xml`` is an index of parts of this size.
PART = 5000


class Pages(Sitemap):
    """The pages of the site itself and its lists."""

    def items(self):
        return [reverse(name) for name in ("home", "about", "data", "search")] + frame.addresses()

    def location(self, item):
        return item


class Records(Sitemap):
    """The published records of one kind."""

    limit = PART

    def __init__(self, model):
        self.model = model

    def items(self):
        return self.model.objects.published().order_by("slug").only("slug", "published_at")

    def lastmod(self, item):
        return item.published_at


class Topics(Sitemap):
    def items(self):
        return Topic.objects.in_order().only("slug")


def parts():
    return {"pages": Pages, "topics": Topics, **{model.KIND: Records(model) for model in record_models()}}


@require_safe
def sitemap(request, section=None):
    """``/sitemap.xml`` and, below its index, ``/sitemap/<section>.xml``; ``p`` is a further part of a section."""
    try:
        check_names(request.GET, ("p",))
    except BadParameters as error:
        return refused(request, error.errors)
    sections = parts()
    if section is None and number_of(sections) > PART:
        return views.index(request, sections, sitemap_url_name="sitemap-section")
    return views.sitemap(request, sections, section)


def number_of(sections):
    made = (part() if isinstance(part, type) else part for part in sections.values())
    return sum(part.paginator.count for part in made)


@require_safe
def robots(request):
    lines = (
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /compare/basket/",
        "Disallow: /search/",
        "",
        f"Sitemap: {address(request)}",
        "",
    )
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def address(request):
    return request.build_absolute_uri(reverse("sitemap"))


@require_safe
def favicon(request):
    """For programs that ask for it unasked; pages name the drawing ``icon.svg``."""
    return redirect(static("sources/favicon.ico"))
