"""Conditional requests (RFC 9110): the ETag of an answer, and 304 for a client that has seen it."""

import hashlib

from django.http import HttpResponseNotModified
from django.utils.cache import patch_vary_headers


def validate_when_ready(request, response):
    """Set the ETag once the response is rendered. A streaming response has none."""
    if response.streaming:
        return
    if hasattr(response, "add_post_render_callback"):
        response.add_post_render_callback(lambda done: set_etag(request, done))
    else:
        set_etag(request, response)


def set_etag(request, response):
    """Set an ETag made of the content; turn the response into 304 if ``If-None-Match`` has it."""
    digest = getattr(response, "digest", None) or hashlib.sha256(response.content).hexdigest()
    _let_validate(response, digest)
    if has_seen(request, digest):
        response.status_code = 304
        response.content = b""


def not_modified(digest):
    """The answer to a client that has seen the content with this digest."""
    response = HttpResponseNotModified()
    _let_validate(response, digest)
    return response


def has_seen(request, digest):
    """Whether ``If-None-Match`` has the ETag of the content with this SHA-256."""
    offered = {item.strip().removeprefix("W/") for item in request.headers.get("If-None-Match", "").split(",")}
    return _tag(digest) in offered or "*" in offered


def _let_validate(response, digest):
    # The ETag is weak, because the response may be compressed afterwards.
    response["ETag"] = f"W/{_tag(digest)}"
    response["Cache-Control"] = "public, max-age=60"
    patch_vary_headers(response, ["Accept-Encoding"])


def _tag(digest):
    return f'"{digest[:32]}"'
