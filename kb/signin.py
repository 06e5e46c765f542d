"""The one door to the editing screens: a password, then the second factor, then the admin.

Where ``STAFF_SECOND_FACTOR`` is on, whoever has only given the password finds one page open, which asks for the code, or
helps to set up the app that makes it. Elsewhere that page is offered.
"""

import base64
import io
import time
from urllib.parse import urlencode

import django_otp
import segno
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.cache import add_never_cache_headers
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice, default_key

from kb.worklist_views import WorklistSite

# A secret that nobody has confirmed lives in the session: a later sign-in gets another one.
PENDING_KEY = "second_factor_key"
DEVICE_NAME = "authenticator app"


class CodeForm(forms.Form):
    code = forms.RegexField(
        r"^\s*\d{3}\s?\d{3}\s*\Z",
        label=gettext_lazy("Code"),
        help_text=gettext_lazy("The six digits that the app shows now."),
        error_messages={"invalid": gettext_lazy("The code has six digits.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True, "maxlength": "9"}
        ),
    )

    def clean_code(self):
        return "".join(self.cleaned_data["code"].split())


class EditingSite(WorklistSite, admin.AdminSite):
    """The admin behind the second factor, with what waits to be done on its home."""

    def has_permission(self, request):
        return super().has_permission(request) and not lacks_second_factor(request.user)

    def get_urls(self):
        return [
            path("second-factor/", self.second_factor, name="second-factor"),
            path("second-factor/code.svg", self.second_factor_image, name="second-factor-image"),
            # Before the stock address, which would not let somebody out who is only half in.
            path("logout/", method_decorator(csrf_protect)(type(self).logout).__get__(self), name="logout"),
            *super().get_urls(),
        ]

    @method_decorator(never_cache)
    def login(self, request, extra_context=None):
        if request.method == "GET" and super().has_permission(request) and lacks_second_factor(request.user):
            return redirect(f"{reverse('admin:second-factor')}?{urlencode({'next': onward(request)})}")
        return super().login(request, extra_context)

    @method_decorator([never_cache, csrf_protect, sensitive_post_parameters("code")])
    def second_factor(self, request):
        """Asks for the code, or shows how to set up the app, or says that all is well."""
        if not super().has_permission(request):
            return redirect_to_login(request.get_full_path(), reverse("admin:login"))
        device = device_of(request.user)
        form = CodeForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and not request.user.is_verified() and form.is_valid():
            fault = check(request, device, form.cleaned_data["code"])
            if fault is None:
                messages.success(request, _("You are signed in with your second factor."))
                return redirect(onward(request))
            form.add_error("code", fault)
        return TemplateResponse(request, "admin/second_factor.html", self._second_factor_page(request, device, form))

    def _second_factor_page(self, request, device, form):
        is_new = device is None
        return {
            **self.each_context(request),
            # Nothing of what is behind the door.
            "is_nav_sidebar_enabled": False,
            "available_apps": [],
            "title": _("Set up the second factor") if is_new else _("Second factor"),
            "form": form,
            "device": device,
            "is_verified": request.user.is_verified(),
            "is_required": settings.STAFF_SECOND_FACTOR,
            "next": onward(request),
            "secret": in_groups(pending_device(request)) if is_new else "",
        }

    @method_decorator(never_cache)
    def second_factor_image(self, request):
        """The secret as a QR code, for the person who is setting it up and for as long as that takes."""
        waiting = super().has_permission(request) and PENDING_KEY in request.session
        if not waiting or device_of(request.user):
            raise Http404
        out = io.BytesIO()
        segno.make(pending_device(request).config_url, micro=False).save(
            out, kind="svg", scale=5, light="#fff", title=_("QR code of the second factor")
        )
        return HttpResponse(out.getvalue(), content_type="image/svg+xml")


def lacks_second_factor(user):
    """Whether this user must still give the code."""
    return settings.STAFF_SECOND_FACTOR and not user.is_verified()


def device_of(user):
    return TOTPDevice.objects.devices_for_user(user, confirmed=True).order_by("pk").first()


def pending_device(request):
    """The device that this session is setting up; in no table before its first right code."""
    key = request.session.setdefault(PENDING_KEY, default_key())
    return TOTPDevice(user=request.user, key=key, name=DEVICE_NAME)


def in_groups(device):
    """The secret as an app takes it when typed: base 32, in groups of four."""
    text = base64.b32encode(device.bin_key).decode()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def check(request, device, code):
    """Let the session in if the code is right; else the reason why not."""
    if device is None:
        device = enrol(request, code)
    else:
        allowed, refusal = device.verify_is_allowed()
        if not allowed:
            return wait_text(refusal)
        device = django_otp.verify_token(request.user, device.persistent_id, code)
    if device is None:
        return _("This code is not right, or it was used already. Wait for the next one.")
    request.session.pop(PENDING_KEY, None)
    # What somebody may have learnt of the half-open session is worth nothing now.
    request.session.cycle_key()
    django_otp.login(request, device)
    return None


def enrol(request, code):
    """The new device of the user, or ``None``: the first right code proves that the app has the secret."""
    device = pending_device(request)
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits)
    totp.time = time.time()
    if not totp.verify(int(code), device.tolerance):
        return None
    with transaction.atomic():
        get_user_model().objects.select_for_update().get(pk=request.user.pk)
        if device_of(request.user):  # set up in another window meanwhile
            return None
        device.drift, device.last_t, device.confirmed = totp.drift, totp.t(), True
        device.save()
    return device


def wait_text(refusal):
    until = (refusal or {}).get("locked_until")
    seconds = max(1, round(until.timestamp() - time.time())) if until else 60
    return ngettext(
        "Too many wrong codes. Try again in %(n)s second.", "Too many wrong codes. Try again in %(n)s seconds.", seconds
    ) % {"n": seconds}


def onward(request):
    """Where to go after the door: an address of this site, or the index."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    own = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if own else reverse("admin:index")


def locked_out(request, original_response=None, credentials=None):
    """What django-axes answers after too many failures (``AXES_LOCKOUT_CALLABLE``)."""
    wait = settings.AXES_COOLOFF_TIME
    context = {
        **admin.site.each_context(request),
        "is_nav_sidebar_enabled": False,
        "available_apps": [],
        "has_permission": False,
        "title": _("Sign-in is closed for a while"),
        "minutes": int(wait.total_seconds()) // 60,
    }
    response = render(request, "admin/login_locked.html", context, status=429)
    add_never_cache_headers(response)
    response["Retry-After"] = str(int(wait.total_seconds()))
    return response
