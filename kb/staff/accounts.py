"""The screen for accounts: a role instead of single permissions, and help for somebody who lost the second factor."""

from axes.models import AccessAttempt
from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm, UserCreationForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from kb.staff import roles

User = get_user_model()


class RoleField(forms.ChoiceField):
    def __init__(self, **kwargs):
        super().__init__(
            choices=roles.Role.choices,
            label=gettext_lazy("Role"),
            help_text=gettext_lazy("What the person may do; docs/roles.md says it in full."),
            **kwargs,
        )


class NewAccountForm(UserCreationForm):
    role = RoleField(initial=roles.Role.EDITOR)

    class Meta(UserCreationForm.Meta):
        model = User
        fields = ("username", "email")


class AccountForm(UserChangeForm):
    role = RoleField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["role"] = roles.role_of(self.instance)

    def clean(self):
        cleaned = super().clean()
        stays = cleaned.get("role") == roles.Role.ADMINISTRATOR and cleaned.get("is_active")
        if self.instance.is_superuser and not stays and not _other_administrators(self.instance):
            raise ValidationError(_("Nobody would be left to administer the site. Make another administrator first."))
        return cleaned


def _other_administrators(user):
    return User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk).exists()


class AccountAdmin(UserAdmin):
    form = AccountForm
    add_form = NewAccountForm
    add_fieldsets = ((None, {"fields": ("username", "email", "role", "password1", "password2")}),)
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (None, {"fields": ("first_name", "last_name", "email")}),
        (None, {"fields": ("role", "is_active")}),
        (None, {"fields": ("last_login", "date_joined")}),
    )
    readonly_fields = ("last_login", "date_joined")
    filter_horizontal = ()
    list_display = ("username", "email", "role", "has_second_factor", "is_active", "last_login")
    list_filter = ("groups", "is_active")
    actions = ("reset_second_factor",)

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups", "totpdevice_set")

    @admin.display(description=gettext_lazy("role"))
    def role(self, user):
        role = roles.role_of(user)
        return role.label if role else "—"

    @admin.display(description=gettext_lazy("second factor"), boolean=True)
    def has_second_factor(self, user):
        return any(device.confirmed for device in user.totpdevice_set.all())

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if "role" in form.cleaned_data:
            roles.assign(obj, form.cleaned_data["role"])

    def has_delete_permission(self, request, obj=None):
        """An account that did anything is switched off instead: the trail names it. One at a time, so that this is asked."""
        return obj is not None and super().has_delete_permission(request, obj) and not has_acted(obj)

    @admin.action(description=gettext_lazy("Reset the second factor"), permissions=["change"])
    def reset_second_factor(self, request, queryset):
        """For somebody whose device is lost: the next sign-in sets up another one. Not for oneself."""
        done = 0
        for user in queryset:
            if user.pk == request.user.pk:
                self.message_user(request, _("Another administrator has to reset yours."), messages.WARNING)
                continue
            for model in (TOTPDevice, StaticDevice):
                model.objects.filter(user=user).delete()
            self.log_change(request, user, _("Second factor reset."))
            done += 1
        if done:
            text = ngettext("%(n)s second factor was reset.", "%(n)s second factors were reset.", done)
            self.message_user(request, text % {"n": done}, messages.SUCCESS)


def has_acted(user):
    """Whether the trail or the log of the admin names the account."""
    trail = (apps.get_model(name) for name in roles.TRAIL)
    named = any(model.objects.filter(by=user).exists() for model in trail if hasattr(model, "by"))
    return named or LogEntry.objects.filter(user=user).exists()


def register():
    """Put our screen in the place of the stock ones. Called when every app has registered its own."""
    for model in admin.site._registry.copy():
        # Groups are what kb.staff.roles says; a device's screen would show its secret.
        if model._meta.label in ("auth.User", "auth.Group") or model._meta.app_label in ("otp_totp", "otp_static"):
            admin.site.unregister(model)
    admin.site.register(User, AccountAdmin)
    # Its own action to clean up is called with what it does not take, and answers 500; old attempts go at the next sign-in.
    admin.site.get_model_admin(AccessAttempt).actions = ()
