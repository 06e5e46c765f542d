"""Locks sign-in for a while after too many failures, and logs each failure with its address.

Two limits: few failures for one name from one address (``AXES_FAILURE_LIMIT``), and more from one address with whatever names
(``FAILURES_PER_ADDRESS``). The second factor is a name of its own, so that a right password does not forget its failures.
"""

import logging

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_failure_limit
from axes.models import AccessAttempt
from axes.signals import user_locked_out
from django.conf import settings
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_login_failed
from django.db.models import Sum
from django.dispatch import receiver
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from kb.ops.client_address import client_address

log = logging.getLogger("kb.security")
# No account has such a name: blanks and brackets are refused there.
SECOND_FACTOR = " (second factor)"


class Handler(AxesDatabaseHandler):
    """Counts as django-axes does; an address that failed too often is locked for every name."""

    def get_failures(self, request, credentials=None):
        failures = super().get_failures(request, credentials)
        if failures_from(request) >= settings.FAILURES_PER_ADDRESS:
            return max(failures, get_failure_limit(request, credentials))
        return failures


def failures_from(request):
    """How often sign-in failed lately from the address of this request; 0 without an address."""
    if not request.axes_ip_address:
        return 0
    recent = AccessAttempt.objects.filter(
        ip_address=request.axes_ip_address, attempt_time__gte=get_cool_off_threshold(request)
    )
    return recent.aggregate(total=Sum("failures_since_start"))["total"] or 0


# The second factor


def second_factor_is_open(request):
    """Whether this person may try a code from here."""
    return AxesProxyHandler.is_allowed(request, _second_factor_of(request))


def second_factor_failed(request):
    """Count a wrong code. After too many, the response becomes that of a locked sign-in."""
    user_login_failed.send(sender=__name__, credentials=_second_factor_of(request), request=request)


def second_factor_passed(request):
    """Forget this person's wrong codes from here."""
    AxesProxyHandler.update_request(request)
    name = _second_factor_of(request)["username"]
    AccessAttempt.objects.filter(username=name, ip_address=request.axes_ip_address).delete()


def _second_factor_of(request):
    return {"username": f"{request.user.get_username()}{SECOND_FACTOR}"}


# The log


@receiver(user_login_failed)
def note_failure(sender, credentials, request=None, **kwargs):
    """Log one line with the address, so that an attack can be traced and blocked; see docs/operations.md.

    The name is logged only if the account exists, because people type passwords into the wrong box.
    """
    name = str(credentials.get("username") or "")
    account = name.removesuffix(SECOND_FACTOR)
    step = "Second factor" if name.endswith(SECOND_FACTOR) else "Sign-in"
    _note(logging.WARNING, f"{step} failed", _account(account), request)


@receiver(user_locked_out)
def note_lock(sender, request, username, ip_address, **kwargs):
    account = str(username or "").removesuffix(SECOND_FACTOR)
    _note(logging.WARNING, f"Sign-in is closed for {minutes_closed()} minutes", _account(account), request)


def note(event, request):
    """A line about the person who is signed in."""
    _note(logging.INFO, event, request.user.get_username(), request)


def _account(name):
    # Longer than any name of an account, it need not be asked for.
    known = len(name) <= 150 and get_user_model().objects.filter(username=name).exists()
    return name if known else "no such account"


def _note(level, event, account, request):
    address = client_address(request) if request else None
    extra = {"account": account, "address": address}
    log.log(level, "%s: %s from %s", event, account, address, extra=extra)


# The page


def minutes_closed():
    return int(settings.AXES_COOLOFF_TIME.total_seconds()) // 60


def locked_out(request, original_response=None, credentials=None):
    """What is answered after too many failures (``AXES_LOCKOUT_CALLABLE``)."""
    context = {
        **admin.site.each_context(request),
        "is_nav_sidebar_enabled": False,
        "available_apps": [],
        "has_permission": False,
        "title": _("Sign-in is closed for a while"),
        "minutes": minutes_closed(),
    }
    response = render(request, "admin/login_locked.html", context, status=429)
    add_never_cache_headers(response)
    response["Retry-After"] = str(minutes_closed() * 60)
    return response
