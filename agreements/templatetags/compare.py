"""What templates need of the basket: the link in the header, and the button beside an agreement."""

from urllib.parse import urlencode

from django import template
from django.urls import reverse

from agreements import basket, cells

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
        "is_full": len(slugs) >= basket.MOST,
        "next": request.get_full_path() if request else "",
    }


def _slugs(context):
    request = context.get("request")
    return basket.read(request) if request is not None else []


@register.filter
def lookup_at(rows, index):
    """The entry of a list at a place."""
    return rows[index]


@register.simple_tag
def topic_rows(writer, rows):
    """The rows of a table of topics; ``writer`` is a ``CellWriter``."""
    return writer.topic_rows(rows)


@register.simple_tag
def note_items(writer, notes):
    """The footnotes of the comparison; ``writer`` is a ``NoteWriter``."""
    return writer.items(notes)


@register.simple_tag
def matrix_cells(writer, cells, columns, place=""):
    """The cells of a row of the immunity matrix; ``place`` is the agreement's page, empty on that page itself."""
    return writer.matrix_cells(cells, columns, place)


@register.simple_tag
def cell_writer():
    """What draws cells in the reader's language, made once for a table."""
    return cells.CellWriter()


@register.filter
def marks(notes):
    """Footnote numbers of a comparison."""
    return cells.marks(notes)
