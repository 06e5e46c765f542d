"""Names of languages."""

from django.conf.locale import LANG_INFO
from django.utils.translation import gettext


def language_name(code):
    """The name of a language in the reader's language; an unknown code comes back as it is."""
    name = LANG_INFO.get(code, {}).get("name")
    return gettext(name) if name else code
