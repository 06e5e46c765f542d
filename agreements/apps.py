from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "agreements"
    verbose_name = "Agreements and activities"
    default_auto_field = "django.db.models.BigAutoField"
