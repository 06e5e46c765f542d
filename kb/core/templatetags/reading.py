"""Words on pages: labels of codes, dates, names of records, prose; all from the public representation."""

import re

from django import template
from django.apps import apps
from django.conf.locale import LANG_INFO
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext

from kb.core import factwords
from kb.core.dates import PartialDate, PartialDateError
from kb.core.datewords import in_words

register = template.Library()


@register.filter
def label(value, field):
    """The label of a choice code: ``{{ record.type|label:"agreements.agreement.type" }}``."""
    if value in (None, ""):
        return ""
    app, model, name = field.split(".")
    return factwords.choice_label(apps.get_model(app, model), name, value)


@register.filter
def when(value):
    """A partial date in words; an exact one also for machines."""
    if not value:
        return ""
    words = in_words(value)
    try:
        date = PartialDate.parse(value)
    except PartialDateError:
        return words
    if date.is_interval or date.is_uncertain:
        return words
    return format_html('<time datetime="{}">{}</time>', date.text, words)


@register.filter
def localised(data, name):
    """A field in the reader's language where the data has it."""
    return factwords.localised(data, name) if data else ""


@register.filter
def refer(link):
    """A record named from elsewhere: a link with its name set apart from the text's direction."""
    if not link:
        return ""
    name = factwords.localised(link, "name")
    if not link.get("page"):
        return format_html("<bdi>{}</bdi>", name)
    return format_html('<a href="{}"><bdi>{}</bdi></a>', link["page"], name)


@register.filter
def refers(links):
    """Several records, separated by commas."""
    return format_html_join(", ", "{}", ((refer(link),) for link in links or ()))


@register.filter
def naming(record):
    """What a record of any kind is called: its title, its name, or what was said."""
    return record.get("title") or record.get("name") or record.get("statement") or ""


@register.filter
def post(membership):
    """The office of a membership, or the role where there is none."""
    office = membership.get("post")
    return factwords.localised(office, "label") if office else membership.get("role", "")


@register.filter
def prose(text):
    """Plain text as paragraphs. Content is written in English, and says so on a page in another language."""
    if not text:
        return ""
    language = "" if (get_language() or "en").startswith("en") else mark_safe(' lang="en"')
    paragraphs = [part.strip() for part in str(text).split("\n\n") if part.strip()]
    return format_html_join("\n", "<p{}>{}</p>", ((language, part) for part in paragraphs))


_ARTICLE = re.compile(r"[0-9IVXLC]+\b")


@register.filter
def article(number):
    """The number of a clause as it is cited: “Art. VII(3)”, but “Title I” as it stands."""
    return gettext("Art. %(number)s") % {"number": number} if _ARTICLE.match(number or "") else number


@register.filter
def language_name(code):
    """The name of a language in the reader's language, or its code."""
    known = LANG_INFO.get(code, {}).get("name")
    return gettext(known) if known else code


@register.filter
def domain(address):
    """The site of a web address, to show beside a link."""
    return address.partition("://")[2].partition("/")[0].removeprefix("www.") if address else ""


@register.filter
def entry(name, row):
    """The path of an entry: ``{{ "milestones"|entry:step }}`` is ``milestones/signed``."""
    return f"{name}/{row['key']}"


@register.filter
def lookup(data, key):
    return data.get(key) if data else None


@register.filter
def percent(share):
    """A share as whole per cent; a dash where there is none."""
    return "–" if share is None else f"{100 * share:.0f} %"


@register.filter
def two_places(number):
    """A number to two places, with a real minus; a dash where there is none."""
    return "–" if number is None else f"{number:.2f}".replace("-", "−")


@register.simple_tag
def bar(*counts):
    """Shares of a whole as a small picture: ``{% bar 28 "for" 7 "against" %}``. Text beside it says the same."""
    pairs = [(number or 0, name) for number, name in zip(counts[::2], counts[1::2], strict=True)]
    total = sum(number for number, _name in pairs)
    if not total:
        return ""
    rects, left = [], 0.0
    for number, name in pairs:
        width = 100 * number / total
        if number:
            rects.append((f"bar-{escape(name)}", f"{left:.2f}", f"{max(width - 0.4, 0.4):.2f}"))
        left += width
    shapes = format_html_join("", '<rect class="{}" x="{}" width="{}" height="6"/>', rects)
    return format_html(
        '<svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">{}</svg>', shapes
    )
