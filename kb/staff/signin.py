"""Sign-in to the editing screens: a password, then the second factor.

With ``STAFF_SECOND_FACTOR``, a user who has given only the password can open one page: it asks for the code or sets up the
authenticator app. Without it, that page is optional. Whoever sets up the app also gets recovery codes.
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
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice, default_key

from kb.staff import lockout, recovery
from kb.staff.worklist_views import WorklistSite
from sources.desk.autocomplete import LabelledChoices
from sources.desk.guarded_admin import GuardedAdmin
from sources.lib.keys import could_be_key

# A secret that is not confirmed yet is kept in the session; a later sign-in gets another one.
PENDING_KEY = "second_factor_key"
# Set for a user who signed in with a recovery code and sets up another app; the lost app stays valid until then.
REPLACING_KEY = "second_factor_replacing"
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


class RecoveryForm(forms.Form):
    recovery_code = forms.CharField(
        label=gettext_lazy("Recovery code"),
        max_length=20,
        help_text=gettext_lazy("One of the ten codes that you were given with the app. Each counts once."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def clean_recovery_code(self):
        if not recovery.looks_like_code(self.cleaned_data["recovery_code"]):
            raise forms.ValidationError(_("A recovery code has eight letters and digits, as in abcd-e2fg."))
        return self.cleaned_data["recovery_code"]


class EditingSite(WorklistSite, admin.AdminSite):
    """The admin site behind the second factor, with the worklists on its index."""

    def register(self, model_or_iterable, admin_class=None, **options):
        """Every screen, whoever made it, has ``GuardedAdmin`` in front of it."""
        admin_class = admin_class or admin.ModelAdmin
        if not issubclass(admin_class, GuardedAdmin):
            admin_class = type(
                admin_class.__name__, (GuardedAdmin, admin_class), {"__module__": admin_class.__module__}
            )
        super().register(model_or_iterable, admin_class, **options)

    def autocomplete_view(self, request):
        return LabelledChoices.as_view(admin_site=self)(request)

    def view_on_site(self, request, content_type_id, object_id):
        """The page of a row that this user may see: the stock shortcut would tell the address of any draft."""
        kind = (
            ContentType.objects.filter(pk=content_type_id).first()
            if could_be_key(ContentType, content_type_id)
            else None
        )
        screen = self._registry.get(kind and kind.model_class())
        row = screen and screen.has_view_or_change_permission(request) and screen.get_object(request, object_id)
        if not row or not getattr(row, "is_published", False) or not hasattr(row, "get_absolute_url"):
            raise Http404
        return redirect(row.get_absolute_url())

    def has_permission(self, request):
        return super().has_permission(request) and not lacks_second_factor(request.user)

    def get_urls(self):
        return [
            path("second-factor/", self.second_factor, name="second-factor"),
            path("second-factor/code.svg", self.second_factor_image, name="second-factor-image"),
            path("second-factor/recovery-codes/", self.recovery_codes, name="recovery-codes"),
            path("second-factor/replace/", self.replace_app, name="replace-app"),
            # Before the stock address, which tells the address of any draft.
            path("r/<path:content_type_id>/<path:object_id>/", self.admin_view(self.view_on_site), name="view_on_site"),
            # The stock address does not sign out somebody who has not entered the second factor yet.
            path("logout/", self.logout, name="logout"),
            *super().get_urls(),
        ]

    @method_decorator(csrf_protect)
    def logout(self, request, extra_context=None):
        """Signs out, also somebody who is only half in."""
        return super().logout(request, extra_context)

    @method_decorator(never_cache)
    def login(self, request, extra_context=None):
        if request.method == "GET" and super().has_permission(request) and lacks_second_factor(request.user):
            return redirect(f"{reverse('admin:second-factor')}?{urlencode({'next': onward(request)})}")
        return super().login(request, extra_context)

    @method_decorator([never_cache, csrf_protect, sensitive_post_parameters("code", "recovery_code")])
    def second_factor(self, request):
        """Asks for a code, or shows how to set up the app, or says that all is well."""
        if not super().has_permission(request):
            return redirect_to_login(request.get_full_path(), reverse("admin:login"))
        device = present_device(request)
        kind = RecoveryForm if device and "recovery_code" in request.POST else CodeForm
        form = kind(request.POST if request.method == "POST" else None)
        if request.method == "POST" and not (device and request.user.is_verified()):
            if not lockout.second_factor_is_open(request):
                return lockout.locked_out(request)
            if form.is_valid():
                field, code = next(iter(form.cleaned_data.items()))
                fault = check(request, device, field, code)
                if fault is None:
                    return self._let_in(request, is_new=device is None)
                form.add_error(field, fault)
        return TemplateResponse(request, "admin/second_factor.html", self._second_factor_page(request, device, form))

    def _let_in(self, request, is_new):
        """On with the person; past the new recovery codes, if the app was set up just now."""
        messages.success(request, _("You are signed in with your second factor."))
        if is_new:
            return self._show_codes(request)
        return redirect(onward(request))

    @method_decorator([never_cache, csrf_protect])
    def recovery_codes(self, request):
        """New recovery codes for a person who is in with the second factor."""
        if not self._is_in(request):
            return redirect_to_login(reverse("admin:second-factor"), reverse("admin:login"))
        if request.method != "POST":
            return redirect("admin:second-factor")
        lockout.note("New recovery codes", request)
        return self._show_codes(request)

    @method_decorator([never_cache, csrf_protect])
    def replace_app(self, request):
        """Somebody who came in with a recovery code sets up another app."""
        if not self._is_in(request):
            return redirect_to_login(reverse("admin:second-factor"), reverse("admin:login"))
        if request.method == "POST" and isinstance(request.user.otp_device, StaticDevice):
            request.session[REPLACING_KEY] = True
            lockout.note("Lost app to be replaced", request)
        return redirect("admin:second-factor")

    def _is_in(self, request):
        return super().has_permission(request) and request.user.is_verified()

    def _show_codes(self, request):
        """The codes, this once: nothing but this answer shows them."""
        page = {**self._door_page(request), "title": _("Your recovery codes"), "codes": recovery.renew(request.user)}
        return TemplateResponse(request, "admin/recovery_codes.html", {**page, "next": onward(request)})

    def _door_page(self, request):
        """Nothing of what is behind the door."""
        return {**self.each_context(request), "is_nav_sidebar_enabled": False, "available_apps": []}

    def _second_factor_page(self, request, device, form):
        is_new = device is None
        is_recovery = isinstance(form, RecoveryForm)
        return {
            **self._door_page(request),
            "title": _("Set up the second factor") if is_new else _("Second factor"),
            "form": CodeForm() if is_recovery else form,
            "recovery_form": form if is_recovery else RecoveryForm(),
            "recovery_is_open": is_recovery,
            "device": device,
            "is_in": bool(device and request.user.is_verified()),
            "came_by_recovery": isinstance(request.user.otp_device, StaticDevice),
            "codes_left": recovery.remaining(request.user),
            "is_required": settings.STAFF_SECOND_FACTOR,
            "next": onward(request),
            "secret": in_groups(pending_device(request)) if is_new else "",
        }

    @method_decorator(never_cache)
    def second_factor_image(self, request):
        """The secret as a QR code, for the person who is setting it up and for as long as that takes."""
        waiting = super().has_permission(request) and PENDING_KEY in request.session
        if not waiting or present_device(request):
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


def present_device(request):
    """The app of the person who asks; ``None`` as well while it is being replaced."""
    replacing = REPLACING_KEY in request.session and isinstance(request.user.otp_device, StaticDevice)
    return None if replacing else device_of(request.user)


def pending_device(request):
    """The device that this session is setting up; in no table before its first right code."""
    key = request.session.setdefault(PENDING_KEY, default_key())
    return TOTPDevice(user=request.user, key=key, name=DEVICE_NAME)


def in_groups(device):
    """The secret as an app takes it when typed: base 32, in groups of four."""
    text = base64.b32encode(device.bin_key).decode()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def check(request, device, field, code):
    """Let the session in if the code is right; else the reason why not. ``field`` tells a recovery code from the app's."""
    is_new = device is None
    if is_new:
        device = enrol(request, code)
    else:
        asked = recovery.device_of(request.user) if field == "recovery_code" else device
        allowed, refusal = asked.verify_is_allowed() if asked else (True, None)
        if not allowed:
            return wait_text(refusal)
        if field == "recovery_code":
            device = recovery.use(request.user, code)
        else:
            device = django_otp.verify_token(request.user, device.persistent_id, code)
    if device is None:
        if not is_new:  # the screen shows a new secret, so a wrong code is no guess
            lockout.second_factor_failed(request)
        return _("This code is not right, or it was used already. Wait for the next one.")
    _let_in(request, device, field)
    return None


def _let_in(request, device, field):
    lockout.second_factor_passed(request)
    if field == "recovery_code":
        lockout.note("Recovery code used", request)
    for key in (PENDING_KEY, REPLACING_KEY):
        request.session.pop(key, None)
    # A new session key: somebody may have learnt that of the half-open session.
    request.session.cycle_key()
    django_otp.login(request, device)


def enrol(request, code):
    """The new device of the user, or ``None``: the first right code proves that the app has the secret."""
    device = pending_device(request)
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits)
    totp.time = time.time()
    if not totp.verify(int(code), device.tolerance):
        return None
    with transaction.atomic():
        get_user_model().objects.select_for_update().get(pk=request.user.pk)
        if present_device(request):  # set up in another window meanwhile
            return None
        TOTPDevice.objects.filter(user=request.user).delete()
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
