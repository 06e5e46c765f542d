"""The basket: agreements that a reader collects while browsing, to compare them.

It lives in a signed cookie and nowhere else, so that the server keeps nothing of what people read. Pages stay the same for
everybody without one: the forms that fill it carry no token, which would make every page private. Instead a form is taken only
from our own pages, as the browser itself testifies (``Sec-Fetch-Site``, or ``Origin`` from browsers that do not send it).
"""

from urllib.parse import urlsplit

from django.conf import settings

from sources.records.base import validate_slug

COOKIE = "compare"
SALT = "agreements.basket"
MOST = 6
MAX_AGE = 30 * 24 * 60 * 60


def read(request):
    """The slugs in the reader's basket, oldest first; an altered or outdated cookie is an empty basket."""
    text = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=MAX_AGE)
    slugs = [slug for slug in text.split(".") if slug and validate_slug.regex.match(slug)]
    return list(dict.fromkeys(slugs))[:MOST]


def write(response, slugs):
    """Put the slugs into the answer's cookie; none removes it."""
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
    """Whether the browser says that the form was sent from this site. Without any word from it, no."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin") or request.headers.get("Referer", "")
    parts = urlsplit(origin)
    return parts.scheme == request.scheme and parts.netloc == request.get_host()
