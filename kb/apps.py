from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class RoofConfig(AppConfig):
    """The roof is an app so that its templates, static files and commands come first, and its checks are registered."""

    name = "kb"
    verbose_name = "Concordance"

    def ready(self):
        from kb import checks, roles  # noqa: F401  (importing registers the checks)

        # Once a migrate, when the content and the accounts have their tables: auth comes after them in INSTALLED_APPS.
        post_migrate.connect(roles.bring_in, sender=apps.get_app_config("auth"), dispatch_uid="kb.roles")
