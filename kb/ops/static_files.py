"""How static files are named and compressed for the server."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Names carry a hash of the content, also where one script imports another."""

    support_js_module_import_aggregation = True
