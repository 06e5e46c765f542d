"""Draws form widgets without the template engine: an editing screen has hundreds, and a stock template takes a millisecond.

The HTML is that of the stock templates; a test compares them. Other widgets still use the stock templates.
"""

from django.forms.renderers import DjangoTemplates
from django.utils.html import conditional_escape
from django.utils.safestring import SafeData, mark_safe


def _attributes(attrs):
    """As ``django/forms/widgets/attrs.html``."""
    return "".join(
        f" {conditional_escape(name)}" if value is True else f' {conditional_escape(name)}="{_text(value)}"'
        for name, value in attrs.items()
        if value is not False
    )


def _text(value):
    """``value|stringformat:'s'`` as a template writes it out."""
    return conditional_escape(value if isinstance(value, SafeData) else str(value))


def _input(widget):
    value = widget["value"]
    stated = "" if value is None else f' value="{_text(value)}"'
    kind, name = conditional_escape(widget["type"]), conditional_escape(widget["name"])
    return f'<input type="{kind}" name="{name}"{stated}{_attributes(widget["attrs"])}>'


def _textarea(widget):
    name, value = conditional_escape(widget["name"]), conditional_escape(widget["value"] or "")
    return f'<textarea name="{name}"{_attributes(widget["attrs"])}>\n{value}</textarea>'


def _select(widget):
    lines = [f'<select name="{conditional_escape(widget["name"])}"{_attributes(widget["attrs"])}>']
    for group, options, _index in widget["optgroups"]:
        if group:
            lines.append(f'  <optgroup label="{conditional_escape(group)}">')
        lines += [f"  {_option(option)}" for option in options]
        if group:
            lines.append("  </optgroup>")
    return "\n".join([*lines, "</select>"])


def _option(option):
    label = conditional_escape(option["label"])
    return f'<option value="{_text(option["value"])}"{_attributes(option["attrs"])}>{label}</option>'


_FOLDER = "django/forms/widgets"
_INPUTS = ("text", "hidden", "number", "url", "email", "date", "datetime", "time", "checkbox", "input")
QUICK = {
    **{f"{_FOLDER}/{name}.html": _input for name in _INPUTS},
    f"{_FOLDER}/textarea.html": _textarea,
    f"{_FOLDER}/select.html": _select,
}


class QuickRenderer(DjangoTemplates):
    """The stock renderer of forms, with the common widgets as plain text."""

    def render(self, template_name, context, request=None):
        quick = QUICK.get(template_name)
        return mark_safe(quick(context["widget"])) if quick else super().render(template_name, context, request)  # noqa: S308
