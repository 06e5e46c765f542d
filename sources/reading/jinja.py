"""The Jinja2 environment, for what a page draws hundreds of times, such as footnotes and cells of a comparison.

Each app has its macros in ``jinja2/<app>/``; ``sources.reading.drawing`` calls them. Code outside of macros runs once a process, so
nothing there may be translated. ``makemessages`` finds ``_("...")`` in a tag of one line here, but no ``ngettext``.
"""

import jinja2
from django.contrib.humanize.templatetags.humanize import intcomma
from django.template.defaultfilters import capfirst, truncatechars, truncatewords
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from sources.lib.languages import language_name
from sources.reading.footnotes import note_links
from sources.templatetags import evidence, reading

FILTERS = (
    capfirst, intcomma, truncatechars, truncatewords, note_links,
    evidence.disputed_by, evidence.disputing_sources, evidence.statement_name,
    reading.and_others, reading.article, reading.display_name, reading.label, reading.localised, reading.naming, reading.post,
    reading.prose, reading.refer, reading.shown_title, reading.when, language_name,
)  # fmt: skip
_of_apps = []


def add_filters(*functions):
    """Let macros call these too: so an app adds filters of its own when it is loaded."""
    _of_apps.extend(functions)


class Environment(jinja2.Environment):
    """As in Django templates, ``row.items`` looks up the key of a dict before its method."""

    def getattr(self, obj, attribute):
        if isinstance(obj, dict):
            try:
                return obj[attribute]
            except KeyError:
                pass
        return super().getattr(obj, attribute)


def environment(**options):
    """The environment for ``settings.TEMPLATES``."""
    env = Environment(extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True, **options)
    env.install_gettext_callables(gettext, ngettext, newstyle=False)
    env.filters.update({function.__name__: function for function in (*FILTERS, *_of_apps)})
    env.globals.update(url=reverse, reads_english=reading.reads_english)
    return env
