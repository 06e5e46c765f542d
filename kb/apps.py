from django.apps import AppConfig, apps
from django.contrib.admin import apps as admin_apps
from django.db.models.signals import post_migrate


class RoofConfig(AppConfig):
    """The roof is an app so that its templates, static files and commands come first, and its checks are registered."""

    name = "kb"
    verbose_name = "Concordance"

    def ready(self):
        from kb.staff import lockout, roles  # noqa: F401  (importing registers the checks, and who listens)

        # Once a migrate, when the content and the accounts have their tables: auth comes after them in INSTALLED_APPS.
        post_migrate.connect(roles.bring_in, sender=apps.get_app_config("auth"), dispatch_uid="kb.staff.roles")


class EditingConfig(admin_apps.AdminConfig):
    """The stock admin, with our door in front of it and our own screen for accounts."""

    default = False  # not what the word "kb" in INSTALLED_APPS means
    default_site = "kb.staff.signin.EditingSite"

    def ready(self):
        super().ready()
        from kb.staff import accounts

        accounts.register()
