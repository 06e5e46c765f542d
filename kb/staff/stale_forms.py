"""What is answered to a form whose protection no longer fits (``CSRF_FAILURE_VIEW``): a plain page that leads on.

It happens to honest people: a sign-in in a second tab gives the browser a new token, and the form of the first tab still has
the old one.
"""

from django.contrib import admin
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from kb.site import views
from kb.staff.signin import onward

TOKEN = "csrfmiddlewaretoken"  # noqa: S105  (the name of the field)


def stale_form(request, reason=""):
    """403. A signed-in person whose browser vouches that the form is ours may send it again with what was typed."""
    if not request.path_info.startswith("/admin/"):
        return views.forbidden(request)
    is_login = request.path_info == reverse("admin:login")
    is_in = request.user.is_authenticated
    context = {
        **admin.site.each_context(request),
        "is_nav_sidebar_enabled": False,
        "available_apps": [],
        "title": _("You are signed in already") if is_login and is_in else _("This page was open for too long"),
        "is_login": is_login,
        "is_in": is_in,
        "next": onward(request) if is_login else request.get_full_path(),
        "typed": typed(request) if is_in and not is_login else (),
    }
    response = render(request, "admin/stale_form.html", context, status=403)
    add_never_cache_headers(response)
    return response


def typed(request):
    """``(name, value)`` of each field, to be sent again by a button; nothing where that could do harm.

    The header `Origin` is written by the browser and not by the page: only a form of ours has our own. Passwords are not put
    into a page, and files cannot be.
    """
    own = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    if not own or request.FILES or any("password" in name for name in request.POST):
        return ()
    return [(name, value) for name, values in request.POST.lists() for value in values if name != TOKEN]
