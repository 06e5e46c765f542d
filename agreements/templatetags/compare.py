"""What templates need of the basket: the link in the header, and the button beside an agreement."""

from urllib.parse import urlencode

from django import template
from django.urls import reverse

from agreements.compare import basket_cookie
from sources.reading.drawing import draw

register = template.Library()


@register.inclusion_tag("agreements/_compare_link.html", takes_context=True)
def compare_link(context):
    """The link to the comparison, with how many agreements were collected."""
    slugs = _slugs(context)
    address = reverse("compare")
    if len(slugs) > 1:
        address += "?" + urlencode([("agreement", slug) for slug in slugs])
    return {"count": len(slugs), "address": address}


@register.simple_tag(takes_context=True)
def compare_button(context, slug):
    """A button that adds an agreement to the basket, or takes it out."""
    return draw("agreements/badges.html", "collect", slug, basket(context))


@register.simple_tag(takes_context=True)
def basket(context):
    """What the button needs: which agreements are in the basket, and whether it is full; and where a click leads and returns."""
    request, slugs = context.get("request"), _slugs(context)
    return {
        "slugs": slugs,
        "is_full": len(slugs) >= basket_cookie.MOST,
        "address": reverse("compare-basket"),
        "next": request.get_full_path() if request else "",
    }


def _slugs(context):
    request = context.get("request")
    return basket_cookie.read(request) if request is not None else []
