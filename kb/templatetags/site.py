"""What every page of the site shares: its navigation, the address of the page as a whole, data for machines."""

import orjson
from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

register = template.Library()

SECTIONS = (
    ("agreements", _("Agreements")),
    ("compare", _("Compare")),
    ("topics", _("Topics")),
    ("people", _("People")),
    ("organisations", _("Organisations")),
    ("exercises", _("Exercises")),
    ("assistance", _("Assistance")),
    ("events", _("Events")),
    ("positions", _("Positions")),
    ("sources", _("Sources")),
    ("contested", _("Contested")),
    ("data", _("Data")),
    ("about", _("About")),
)


@register.simple_tag(takes_context=True)
def sections(context):
    """The sections of the site that exist, each with its address and whether the page is in it."""
    request = context.get("request")
    path = request.path if request else ""
    found = []
    for name, label in SECTIONS:
        try:
            address = reverse(name)
        except NoReverseMatch:
            continue
        current = "page" if path == address else "true" if path.startswith(address) else ""
        found.append({"name": name, "label": label, "address": address, "current": current})
    return found


@register.simple_tag(takes_context=True)
def whole_address(context, path=""):
    """An address with scheme and host, for citing."""
    request = context.get("request")
    return request.build_absolute_uri(path or request.path) if request else path


@register.filter
def ld_json(data):
    """JSON for a data block of a page: nothing in it can end the element."""
    text = orjson.dumps(data).decode()
    for sign, code in (("<", "\\u003C"), (">", "\\u003E"), ("&", "\\u0026")):
        text = text.replace(sign, code)
    return mark_safe(text)  # noqa: S308  (escaped above)
