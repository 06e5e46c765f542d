"""Pages of the site itself: home, method and coverage, data for programs, and what visitors get when something fails."""

import json
import sys

import orjson
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import render

from agreements import api as agreements
from agreements.coding.double_coding import public_figures
from agreements.models import Agreement, Codebook
from kb.api import VIEWSETS
from kb.ops.health import is_outage
from kb.site import coverage, dictionary
from kb.site.news import news
from kb.site.questions import questions
from kb.staff import unsaved
from people.filters import names_of_states
from sources.lib.csv_columns import columns_of
from sources.lib.problems import problem
from sources.reading.footnotes import Footnotes
from sources.reading.store import answers, reading
from sources.reading.views import PublicPage, last_published, plain, refuse_parameters

LATEST = 8
BUSY = {"Retry-After": "5"}


class PlainPage(PublicPage):
    """A page of the site that takes no parameters."""

    template_name = ""

    def get(self, request):
        return refuse_parameters(request) or render(request, self.template_name, self.context())

    def context(self):
        return {}


class HomePage(PlainPage):
    template_name = "home.html"

    def context(self):
        found = home()
        notes = Footnotes(found["featured"]["record"]) if found["featured"] else None
        return {**found, "notes": notes, "states": names_of_states()}


@answers.kept("home")
def home():
    """What the home page shows of the collection."""
    shown = featured()
    return {
        **coverage.in_all(),
        "featured": shown,
        "questions": questions(shown and shown["record"]),
        "milestones": latest_milestones(),
        "news": news(),
    }


def featured():
    """The agreement with most citations, of its facts the contested ones; ``None`` in an empty database."""
    form = reading.most_cited(Agreement)
    if form is None:
        return None
    record = orjson.loads(form.form)
    contested = [fact for fact in record["facts"] if fact["state"] == "contested"]
    return {"record": {**record, "facts": contested, "citations": []}, "citations": form.citations}


def latest_milestones():
    """The latest evidenced steps of all agreements that do not rest on weak sources alone."""
    rows = agreements.MilestoneRowSerializer.rows().filter(
        evidence="evidenced", is_weak=False, date_earliest__isnull=False
    )
    rows = rows.order_by("-date_earliest", "agreement__slug", "key")[:LATEST]
    return plain(agreements.MilestoneRowSerializer(rows, many=True).data)


class AboutPage(PlainPage):
    template_name = "about.html"

    def context(self):
        return {
            **coverage.of_methods(),
            "figures": public_figures(),
            "as_of": last_published(Agreement),
            "codebook": Codebook.objects.order_by(F("published_on").desc()).first(),
            "dictionary": dictionary.kinds(),
        }


class DataPage(PlainPage):
    template_name = "data.html"

    def context(self):
        return {"lists": [list_of(name, viewset) for name, viewset in VIEWSETS.items()], "examples": EXAMPLES}


def list_of(name, viewset):
    """One list of the API: its address, its filters with their labels, its orderings, and its columns in CSV."""
    columns = columns_of(viewset.serializer_class(context={"include": set(viewset.list_includes), "fields": None}))
    filters = [(key, item.label) for key, item in viewset.filterset_class.base_filters.items()]
    about = (viewset.__doc__ or "").strip()
    orderings = viewset.orderings.names()
    return {"name": name, "about": about, "filters": filters, "orderings": orderings, "columns": columns}


# Each is asked by a test.
EXAMPLES = (
    "/api/v1/agreements/?party=PRY&signed_after=2025",
    "/api/v1/agreements/?topic=D2&status=in_force&count=true",
    "/api/v1/milestones/?kind=chamber&ordering=-date",
    "/api/v1/codings/?topic=D2&format=csv",
    "/api/v1/positions/?stance=concern&fields=statement,date,person",
    "/api/v1/sources/?language=es&reliability=B&format=jsonl",
)


# Failures: pages for people, problem documents for programs


def bad_request(request, exception=None):
    return failure(request, 400, "Bad Request", "problem.html")


def forbidden(request, exception=None):
    return failure(request, 403, "Forbidden", "403.html")


def not_found(request, exception=None):
    return failure(request, 404, "Not Found", "404.html")


def server_error(request):
    """An error of ours, or 503 while the database cannot be reached."""
    fault = sys.exc_info()[1]
    if fault is not None and is_outage(fault):
        return unavailable(request, fault)
    return failure(request, 500, "Internal Server Error", "500.html")


def unavailable(request, fault, in_view=False):
    """Answer 503. For an editor's save, a page with what was typed; ``in_view`` means that the save was rolled back."""
    if unsaved.is_save(request):
        return unsaved.page(request, fault, in_view, BUSY)
    return failure(request, 503, "Service Unavailable", "503.html", BUSY)


def failure(request, status, title, template_name, headers=None):
    if request.path_info.startswith("/api/"):
        body = json.dumps(problem(status, title))
        response = HttpResponse(body, status=status, content_type="application/problem+json")
    else:
        response = render(request, template_name, status=status)
    for name, value in (headers or {}).items():
        response[name] = value
    return response
