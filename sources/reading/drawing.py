"""Draws a partial that is written in Jinja2 (see ``sources.reading.jinja``)."""

from django.template import engines


def draw(template, macro, *arguments, **named):
    """The HTML of a macro: ``draw("sources/parts.html", "when", words="May 2026")``."""
    return getattr(engines["jinja2"].env.get_template(template).module, macro)(*arguments, **named)
