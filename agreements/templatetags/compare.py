"""What templates need of the basket: the link in the header, and the button beside an agreement."""

from urllib.parse import urlencode

from django import template
from django.urls import reverse

from agreements.compare import basket_cookie

register = template.Library()


@register.inclusion_tag("agreements/_compare_link.html", takes_context=True)
def compare_link(context):
    """The link to the comparison, with how many agreements were collected."""
    slugs = _slugs(context)
    address = reverse("compare")
    if len(slugs) > 1:
        address += "?" + urlencode([("agreement", slug) for slug in slugs])
    return {"count": len(slugs), "address": address}


@register.inclusion_tag("agreements/_compare_button.html", takes_context=True)
def compare_button(context, slug):
    """A button that adds an agreement to the basket, or takes it out."""
    request = context.get("request")
    slugs = _slugs(context)
    return {
        "slug": slug,
        "is_in": slug in slugs,
        "is_full": len(slugs) >= basket_cookie.MOST,
        "next": request.get_full_path() if request else "",
    }


def _slugs(context):
    request = context.get("request")
    return basket_cookie.read(request) if request is not None else []
