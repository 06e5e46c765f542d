"""Calls a Jinja2 macro (see ``sources.reading.jinja``), also from Django templates."""

from django.template import engines


def draw(template, macro, *arguments, **named):
    """The HTML of a macro: ``draw("sources/parts.html", "when", words="May 2026")``."""
    return getattr(engines["jinja2"].env.get_template(template).module, macro)(*arguments, **named)
