"""Middleware: request ids, refusals before any view, headers, compression, and 503 while the database is out of order."""

import json
import logging
import re
import time
import uuid
from urllib.parse import unquote_to_bytes

from django.core.exceptions import DisallowedHost
from django.http import HttpResponse
from django.middleware.gzip import GZipMiddleware

from kb.ops.health import is_outage
from kb.ops.log import request_id
from kb.site import views
from sources.lib.filters import BadParameters, check_names
from sources.lib.problems import problem
from sources.reading.views import refused

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
# Any site may read the API. A browser sends OPTIONS first if the request has If-None-Match.
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, If-None-Match",
    "Access-Control-Expose-Headers": "ETag, Link, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After",
    "Access-Control-Max-Age": "86400",
}
# Health checks come every few seconds and would fill the log.
UNLOGGED = ("/healthz", "/readyz")


def refuse(request, status, title, fault, headers=None):
    """A short refusal before any view: a problem document for programs, plain text for the rest; the log says why."""
    if request.path_info.startswith("/api/"):
        body, content_type = json.dumps(problem(status, title, fault)), "application/problem+json"
    else:
        body, content_type = f"{fault}\n", "text/plain; charset=utf-8"
    response = HttpResponse(body, status=status, content_type=content_type, headers=headers)
    response.refusal = fault
    return response


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
        """Log the request without its query and address: what people look for is private."""
        if request.path in UNLOGGED:
            return
        milliseconds = round((time.perf_counter() - started) * 1000, 1)
        extra = {"method": request.method, "path": request.path, "status": response.status_code, "ms": milliseconds}
        refusal = getattr(response, "refusal", "")
        # %r keeps a line break in the path from starting a second line in plain logs.
        log.info("%s %r %s %s ms%s", *extra.values(), refusal and f": {refusal}", extra=extra)


class HostGuard:
    """Answers 400 to a ``Host`` that is not one of ours, with one plain line in the log.

    Before everything that asks for the host: Django answers 400 as well, but logs an error with a traceback for each of the
    many programs that try addresses at random.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        try:
            request.get_host()
        except DisallowedHost:
            host = request.META.get("HTTP_HOST", request.META.get("SERVER_NAME", ""))[:100]
            return refuse(request, 400, "Bad Request", f"The host {host!a} is not served here (ALLOWED_HOSTS).")
        return self.get_response(request)


class MethodGuard:
    """Answers 405 to a method that no view takes, before any other check."""

    READING = ("GET", "HEAD", "OPTIONS")
    WITH_FORMS = (*READING, "POST")

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        allowed = self.READING if request.path_info.startswith("/api/") else self.WITH_FORMS
        if request.method in allowed:
            return self.get_response(request)
        fault = f"The method {request.method[:20]!a} is not allowed."
        return refuse(request, 405, "Method Not Allowed", fault, {"Allow": ", ".join(allowed)})


class PublicHeaders:
    """Adds the headers that Django and the content security policy package do not set."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        if request.path_info.startswith("/admin/"):
            self.keep_private(response)
        elif request.path_info.startswith("/api/"):
            self.open_to_others(response)
            self.tell_limit(request, response)
        return response

    @staticmethod
    def keep_private(response):
        """No cache keeps admin pages, including errors and redirects."""
        if "no-store" not in response.headers.get("Cache-Control", ""):
            response.headers["Cache-Control"] = "private, no-store"

    @staticmethod
    def open_to_others(response):
        """Let other sites read the API, including its errors. It uses no cookies, so it reveals nothing of the visitor."""
        for name, value in CORS.items():
            response.headers.setdefault(name, value)

    @staticmethod
    def tell_limit(request, response):
        """Tell how many requests are left, so that programs can slow down (draft-ietf-httpapi-ratelimit-headers)."""
        if limit := getattr(request, "rate_limit", None):
            response.headers["RateLimit-Limit"], response.headers["RateLimit-Remaining"] = map(str, limit[:2])
            response.headers["RateLimit-Reset"] = str(limit[2])


class CompressApi(GZipMiddleware):
    """Compresses the API's answers, also streaming ones.

    Compression can leak a secret through the length of an answer. The API has no keys and no cookies, so its answers hold no secret,
    and random padding is not needed.
    """

    max_random_bytes = None

    def process_response(self, request, response):
        if not request.path_info.startswith("/api/"):
            return response
        return super().process_response(request, response)


class DatabaseFault:
    """Answers 503 if the database fails in a view, also with DEBUG.

    A failure before or after the view, such as a session that cannot be saved, reaches ``kb.site.views.server_error``, which
    answers the same.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, fault):
        if not is_outage(fault):
            return None
        log.error("The database failed: %s", fault)
        return views.unavailable(request, fault, in_view=True)


class RequestGuard:
    """Answers 400 to malformed addresses, which would make the database raise an error."""

    MAX_PARAMETERS = 100

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        fault = self.fault(request)
        return refuse(request, 400, "Bad Request", fault) if fault else self.get_response(request)

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


class AdminListGuard:
    """Answers 400 to a look-up that an admin list does not offer.

    Django accepts any column with any look-up from the address, and fails on ``updated_at__year=99999`` or a broken regular
    expression. Here every list, also of other packages, accepts only its own filters.
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
    """Raise ``BadParameters`` for a year, month or day of a date hierarchy that cannot be in the calendar."""
    for part, most in HIERARCHY.items():
        number = params.get(f"{field}__{part}")
        if number is not None and not (
            number.isascii() and number.isdigit() and len(number) < 5 and 1 <= int(number) <= most
        ):
            raise BadParameters({f"{field}__{part}": [f"Give a number from 1 to {most}."]})


def _query_bytes(query):
    # A WSGI server hands raw bytes over as Latin-1; a test client may hand over text.
    is_latin = all(ord(character) < 256 for character in query)
    return unquote_to_bytes(query.encode("latin-1" if is_latin else "utf-8"))


def _is_utf8(raw):
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True
