from django.apps import AppConfig


class RoofConfig(AppConfig):
    """The roof is an app so that its templates, static files and commands come first, and its checks are registered."""

    name = "kb"
    verbose_name = "Concordance"

    def ready(self):
        from kb import checks  # noqa: F401  (importing registers them)
