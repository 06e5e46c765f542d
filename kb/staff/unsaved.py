"""The answer to an editor whose save met a failing database: that nothing was saved, why, and what was typed.

The page asks the database for nothing, for it is the database that failed.
"""

import sqlite3

from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from sources.desk.posted_form import typed_in

EDITING = "/admin/"
# Nothing of an editor's is typed there, and a password goes into no page.
SIGN_IN = ("/admin/login/", "/admin/logout/", "/admin/second-factor/", "/admin/password_change/")
# Posts to these addresses are rolled back.
PREVIEW = "/preview/"
INSUFFICIENT_STORAGE, UNAVAILABLE = 507, 503


def is_save(request):
    """Whether the request is one of the editing screens that was to write something."""
    path = request.path_info
    return (
        request.method == "POST"
        and path.startswith(EDITING)
        and not path.startswith(SIGN_IN)
        and not path.endswith(PREVIEW)
    )


def page(request, fault, is_certain, headers):
    """The answer to a save that met ``fault``. ``is_certain``: it is known that nothing was written."""
    status, reason = cause_in_words(fault)
    context = {
        "title": _("Nothing was saved") if is_certain else _("It is not known whether this was saved"),
        "reason": reason,
        "is_certain": is_certain,
        "address": request.get_full_path(),
        "typed": typed_in(request),
        "sent": [(name, value) for name, values in sent(request) for value in values],
        "csrf_token": get_token(request),
        "site_header": _("Concordance"),
        "site_title": _("Concordance editing"),
    }
    body = render_to_string("admin/unsaved_fault.html", context)
    return HttpResponse(body, status=status, headers=headers)


def sent(request):
    """The posted fields, to be sent again unchanged, without the CSRF token and passwords."""
    return [
        (name, values)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken" and "password" not in name
    ]


def cause_in_words(fault):
    """``(status, words)`` for what the database says of itself."""
    cause = fault.__cause__
    code, state = getattr(cause, "sqlite_errorcode", None), getattr(cause, "sqlstate", None)
    # The lower byte of an extended code is the kind.
    kind = None if code is None else code & 0xFF
    if kind == sqlite3.SQLITE_FULL or state == "53100":
        return INSUFFICIENT_STORAGE, _("The disk of the server is full. Somebody who runs the server has to make room.")
    if kind == sqlite3.SQLITE_READONLY or state == "25006":
        words = _("The database can only be read just now. Somebody who runs the server has to make it writable again.")
    elif kind in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) or state in ("55P03", "40001", "40P01", "57014"):
        words = _("The database was busy for too long. Please try again in a minute.")
    else:
        words = _(
            "The database did not answer. Please try again in a minute; if it lasts, tell whoever runs the server."
        )
    return UNAVAILABLE, words
