"""List and detail pages, made of the same queryset, filter set, ordering and serializer as the API."""


import orjson
from django.http import Http404, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views import View

from kb.core import paging
from kb.core.api import absent_record, api_address, set_etag
from kb.core.filters import BadParameters, check_names
from kb.core.footnotes import Footnotes
from kb.core.records import Status


# A page shows fewer rows than the API: it is read, not processed.
ROWS_ON_PAGE = 50


class PublicPage(View):
    """Headers of a page that is the same for everybody."""

    http_method_names = ("get", "head", "options")

    def dispatch(self, request, *args, **kwargs):
        response = super().dispatch(request, *args, **kwargs)
        patch_vary_headers(response, ["Accept-Language", "Cookie"])
        if response.status_code == 200:
            set_etag(request, response)
        return response


class RecordListPage(PublicPage):
    """The list of one kind. ``viewset`` is its API twin; the page and the API read the same rows."""

    viewset = None
    template_name = ""
    title = ""
    intro = ""

    def get(self, request):
        viewset = self.viewset
        serializer = viewset.serializer_class
        rows = serializer.rows(include=viewset.list_includes)
        filterset = viewset.filterset_class(request.GET, rows)
        context = {"title": self.title, "intro": self.intro, "filter": filterset, "viewset": viewset}
        try:
            page = paging.paginate(filterset.check().qs, _with_count(request.GET), viewset.orderings)
        except BadParameters as error:
            context |= {"errors": error.errors, "rows": []}
            return render(request, self.template_name, context, status=400)
        data = serializer(page.rows, many=True, context={"include": set(viewset.list_includes), "fields": None}).data
        context |= {"rows": data, "page": page, "next_query": _query(request.GET, cursor=page.next_cursor)}
        context |= {"api_address": f"/api/v1/{serializer.Meta.model.KIND}/", "query": _query(request.GET, cursor="")}
        context["active_filters"] = [name for name in request.GET if request.GET[name] and name in filterset.filters]
        return render(request, self.template_name, context)


def _with_count(params):
    """A page always says how many rows there are."""
    params = params.copy()
    if "count" not in params:
        params["count"] = "true"
    return params


def _query(params, **changes):
    """The query string with changes; an empty value removes the parameter."""
    params = params.copy()
    for name, value in changes.items():
        params.pop(name, None)
        if value:
            params[name] = value
    return params.urlencode()


class RecordPage(PublicPage):
    """One record, drawn from the API's own representation."""

    viewset = None
    template_name = ""

    def get(self, request, slug):
        try:
            check_names(request.GET, ())
        except BadParameters as error:
            return render(request, "problem.html", {"status": 400, "errors": error.errors}, status=400)
        serializer = self.viewset.serializer_class
        record = serializer.rows().filter(slug=slug).first()
        if record is None:
            return absence(request, serializer.Meta.model, slug)
        data = plain(serializer(record, context={}).data)
        response = render(request, self.template_name, self.context(record, data))
        response["Link"] = f'<{api_address(record)}>; rel="alternate"; type="application/json"'
        return response

    def context(self, record, data):
        return {"record": data, "notes": Footnotes(data), "model": type(record), **self.more(record, data)}

    def more(self, record, data):
        """What the page shows besides the representation: rows of other kinds that name this one."""
        return {}


def plain(data):
    """Serializer output as the plain data that a frozen version holds."""
    return orjson.loads(orjson.dumps(data, default=str))


def absence(request, model, slug):
    """The answer for a record that is not to be seen: moved, gone, or never public."""
    former = absent_record(model, slug)
    if former is None:
        raise Http404
    if former.status == Status.MERGED:
        return HttpResponsePermanentRedirect(former.merged_into.get_absolute_url())
    return render(request, "gone.html", {"record": former}, status=410)


