"""Errors of the API as problem documents (RFC 9457)."""

from difflib import get_close_matches

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

MEDIA_TYPE = "application/problem+json"


class Gone(exceptions.APIException):
    """A withdrawn or removed record, or a closed version: 410 with the reason and the day."""

    status_code = 410
    default_code = "gone"

    def __init__(self, record):
        self.record = record
        super().__init__("This record was withdrawn.")


def hint(word, known):
    """`` Did you mean …?`` for the nearest of the known words, or an empty text.

    A known word within the given one is nearer than any that is spelt alike: ``signed_year`` means ``year``.
    """
    known = [str(item) for item in known]
    within = [item for item in known if item in str(word).replace("-", "_").split("_")]
    near = sorted(within, key=len, reverse=True) or get_close_matches(str(word), known, n=1, cutoff=0.6)
    return f" Did you mean “{near[0]}”?" if near else ""


def problem(status, title, detail="", **more):
    body = {"type": "about:blank", "title": title, "status": status}
    if detail:
        body["detail"] = detail
    return {**body, **more}


def handler(error, context):
    """Turn an exception of a view into a problem document; ``None`` lets Django answer 500."""
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if not isinstance(error, exceptions.APIException):
        return None
    set_rollback()
    response = Response(_body(error), status=error.status_code, content_type=MEDIA_TYPE)
    for name, value in _headers(error).items():
        response[name] = value
    request = context.get("request")
    if request is not None:
        # An error is JSON, whatever format the client asked for.
        view = context["view"]
        request.accepted_renderer = view.problem_renderer() if hasattr(view, "problem_renderer") else None
        request.accepted_media_type = MEDIA_TYPE
    return response


def _headers(error):
    headers = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = error.auth_header
    if getattr(error, "wait", None):
        headers["Retry-After"] = f"{error.wait:.0f}"
    return headers


def _gone(record):
    """The body of a 410. ``record`` is a withdrawn record, or the removal of a record or of a version."""
    day = {"removed_on" if record.status == "removed" else "withdrawn_on": record.withdrawn_at.date().isoformat()}
    version = {"version": record.version} if getattr(record, "version", 0) else {}
    return problem(410, "Gone", record.withdrawn_reason, **day, record=record.ref, **version)


def _body(error):
    if isinstance(error, Gone):
        return _gone(error.record)
    if isinstance(error, exceptions.ValidationError) and isinstance(error.detail, dict):
        errors = [
            {"parameter": name, "detail": str(message)}
            for name, messages in error.detail.items()
            for message in (messages if isinstance(messages, (list, tuple)) else [messages])
        ]
        summary = "; ".join(f"{item['parameter']}: {item['detail']}" for item in errors)
        return problem(400, "Bad Request", summary, errors=errors)
    titles = {
        400: "Bad Request",
        404: "Not Found",
        405: "Method Not Allowed",
        406: "Not Acceptable",
        429: "Too Many Requests",
    }
    title = titles.get(error.status_code, "Error")
    detail = "; ".join(map(str, error.detail)) if isinstance(error.detail, list) else str(error.detail)
    return problem(error.status_code, title, detail)
