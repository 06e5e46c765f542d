from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "agreements"
    verbose_name = "Agreements and activities"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from agreements.life.status import status_words
        from agreements.templatetags import life, profile
        from sources.reading.jinja import add_filters

        add_filters(
            status_words, life.coded_in_part, life.is_agreement, life.party_status, life.standing_of,
            profile.besides, profile.party_called,
        )  # fmt: skip
