"""The basket: the agreements that a reader collects for a comparison, kept in a signed cookie.

The server stores nothing about what people read. The forms that fill the basket have no CSRF token, because a token would make
every public page private. Instead the browser must say that the form comes from our site (``Sec-Fetch-Site``, or ``Origin`` from
browsers without it).
"""

from urllib.parse import urlsplit

from django.conf import settings

from sources.lib.slugs import validate_slug

COOKIE = "compare"
SALT = "agreements.basket"
MOST = 6
MAX_AGE = 30 * 24 * 60 * 60


def read(request):
    """The slugs in the reader's basket, oldest first; empty if the cookie was altered or has expired."""
    text = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=MAX_AGE)
    slugs = [slug for slug in text.split(".") if slug and validate_slug.regex.match(slug)]
    return list(dict.fromkeys(slugs))[:MOST]


def write(response, slugs):
    """Set the cookie on ``response``; an empty list deletes it."""
    if not slugs:
        response.delete_cookie(COOKIE, path="/", samesite="Lax")
        return
    response.set_signed_cookie(
        COOKIE,
        ".".join(slugs),
        salt=SALT,
        max_age=MAX_AGE,
        path="/",
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def is_from_our_pages(request):
    """Whether the browser says that the form was sent from this site. ``False`` if it says nothing."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin") or request.headers.get("Referer", "")
    parts = urlsplit(origin)
    return parts.scheme == request.scheme and parts.netloc == request.get_host()
