"""What is decided once, before and after every view."""

import json
import logging
import re
import time
import uuid
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.http import HttpResponse

from kb import views
from kb.core.filters import BadParameters, check_names
from kb.core.views import refused
from kb.health import is_outage
from kb.log import request_id

log = logging.getLogger("kb.request")

PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "payment",
        "usb",
    )
)
# For any page on the web; a browser asks first (OPTIONS) when a program sends a validator along.
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, If-None-Match",
    "Access-Control-Expose-Headers": "ETag, Link, Retry-After",
    "Access-Control-Max-Age": "86400",
}
# Probes ask every few seconds; a line for each would bury the rest.
UNLOGGED = ("/healthz", "/readyz")


def client_address(request):
    """The visitor's address, read past our own proxies and no further: the rest is the visitor's claim."""
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    proxies = settings.PROXIES
    if proxies and len(hops) >= proxies and hops[-proxies]:
        return hops[-proxies]
    return request.META.get("REMOTE_ADDR")


class RequestId:
    """Gives each request an id, found in its log lines and in the answer's `X-Request-ID`."""

    # A longer or stranger id from outside would let a visitor write into the log.
    ACCEPTED = re.compile(r"[A-Za-z0-9-]{8,64}", re.ASCII)

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        offered = request.headers.get("X-Request-ID", "")
        request.id = offered if self.ACCEPTED.fullmatch(offered) else uuid.uuid4().hex
        token = request_id.set(request.id)
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = request.id
            self.write_line(request, response, started)
            return response
        finally:
            request_id.reset(token)

    @staticmethod
    def write_line(request, response, started):
        """Neither the query nor the visitor's address: what people look for here is theirs."""
        if request.path in UNLOGGED:
            return
        milliseconds = round((time.perf_counter() - started) * 1000, 1)
        extra = {"method": request.method, "path": request.path, "status": response.status_code, "ms": milliseconds}
        # %r keeps a line break in the path from starting a second line in plain logs.
        log.info("%s %r %s %s ms", *extra.values(), extra=extra)


class PublicHeaders:
    """Adds the headers that neither Django nor the content security policy package sets."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        if request.path_info.startswith("/admin/"):
            self.keep_private(response)
        elif request.path_info.startswith("/api/"):
            self.open_to_others(response)
        return response

    @staticmethod
    def keep_private(response):
        """What staff see, refusals and redirects included, is kept by no cache."""
        if "no-store" not in response.headers.get("Cache-Control", ""):
            response.headers["Cache-Control"] = "private, no-store"

    @staticmethod
    def open_to_others(response):
        """Pages of other sites may read the API, its refusals included; it knows no cookies, so nothing of the visitor's."""
        for name, value in CORS.items():
            response.headers.setdefault(name, value)


class DatabaseFault:
    """Answers 503 when the database is lost while a view runs, with DEBUG as well; the next request asks it afresh.

    What is lost before or after the view (a session that cannot be saved) reaches ``kb.views.server_error``, which answers
    the same.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, fault):
        if not is_outage(fault):
            return None
        log.error("The database failed: %s", fault)
        return views.unavailable(request)


class RequestGuard:
    """Answers 400 to addresses that no honest client sends and that databases answer with an error."""

    MAX_PARAMETERS = 100

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        fault = self.fault(request)
        return self.refuse(request, fault) if fault else self.get_response(request)

    def fault(self, request):
        """The first thing wrong with the address, in words, or None."""
        query = request.META.get("QUERY_STRING", "")
        if query.count("&") >= self.MAX_PARAMETERS:
            return f"The query has more than {self.MAX_PARAMETERS} parameters."
        # Django has already decoded the path once and put percent signs back where it could not,
        # so decoding once more finds broken bytes (and text that was encoded twice to hide them).
        for part, raw in (("path", unquote_to_bytes(request.path_info)), ("query", _query_bytes(query))):
            if b"\0" in raw:
                return f"The {part} contains a NUL character."
            if not _is_utf8(raw):
                return f"The {part} is not valid UTF-8."
        return None

    @staticmethod
    def refuse(request, fault):
        if request.path_info.startswith("/api/"):
            problem = {"type": "about:blank", "title": "Bad Request", "status": 400, "detail": fault}
            return HttpResponse(json.dumps(problem), status=400, content_type="application/problem+json")
        return HttpResponse(fault + "\n", status=400, content_type="text/plain; charset=utf-8")


class AdminListGuard:
    """Answers 400 to a look-up that an admin list does not offer.

    Django takes any column with any look-up from the address, and fails on ``updated_at__year=99999`` or a broken regular
    expression. Here a list takes its own filters and no more, whichever package the list comes from.
    """

    OWN = ("all", "o", "p", "q", "e", "_popup", "_to_field", "_changelist_filters", "_facets")
    LOOKUPS = ("exact", "in", "isnull", "isempty", "id__exact", "gte", "lt")

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        site = getattr(view, "model_admin", None)
        if site is None or view.__name__ != "changelist_view" or not site.has_view_or_change_permission(request):
            return None
        try:
            check_names(request.GET, self.known(site, request), repeatable=request.GET)
            _check_hierarchy(request.GET, site.date_hierarchy)
        except BadParameters as error:
            return refused(request, error.errors)
        return None

    def known(self, site, request):
        """Every parameter that the list offers."""
        names = {*self.OWN, *(f"{site.date_hierarchy}__{part}" for part in HIERARCHY if site.date_hierarchy)}
        for offered in site.get_list_filter(request):
            offered = offered[0] if isinstance(offered, (tuple, list)) else offered
            name = offered if isinstance(offered, str) else offered.parameter_name
            names |= {name, *(f"{name}__{lookup}" for lookup in self.LOOKUPS)}
        return sorted(names)


HIERARCHY = {"year": 9999, "month": 12, "day": 31}


def _check_hierarchy(params, field):
    """A date hierarchy goes by years, months and days that are in the calendar."""
    for part, most in HIERARCHY.items():
        given = params.get(f"{field}__{part}")
        if given is not None and not (
            given.isascii() and given.isdigit() and len(given) < 5 and 1 <= int(given) <= most
        ):
            raise BadParameters({f"{field}__{part}": [f"Give a number from 1 to {most}."]})


def _query_bytes(query):
    # A WSGI server hands raw bytes over as Latin-1; a test client may hand over text.
    return unquote_to_bytes(query.encode("latin-1") if _is_latin(query) else query.encode())


def _is_latin(text):
    return all(ord(character) < 256 for character in text)


def _is_utf8(raw):
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True
