"""Words on pages: labels of codes, dates, names of records, prose; all from the public representation."""

import re
from functools import cache, lru_cache

import orjson
from django import template
from django.apps import apps
from django.utils.html import strip_tags
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext, ngettext

from sources.lib.date_words import in_words
from sources.lib.dates import PartialDate, PartialDateError
from sources.lib.languages import language_name
from sources.lib.text import shown_title as bracketed
from sources.reading import drawing, fact_wording

register = template.Library()

register.simple_tag(drawing.draw)
register.filter(language_name)


@register.filter
def label(value, field):
    """The label of a choice code: ``{{ record.type|label:"agreements.agreement.type" }}``."""
    return "" if value in (None, "") else fact_wording.choice_label(*_field_at(field), value)


@cache
def _field_at(path):
    """Model and name of a field by its path, ``agreements.agreement.type``."""
    model, _dot, name = path.rpartition(".")
    return apps.get_model(model), name


@register.filter
def when(value):
    """A partial date in words; an exact one also for machines."""
    return _when(str(value), get_language()) if value else ""


@lru_cache(4096)
def _when(text, _language):
    """A date as HTML in the active language. Cached, because pages repeat the same few dates."""
    words = in_words(text)
    try:
        date = PartialDate.parse(text)
    except PartialDateError:
        return words
    exact = "" if date.is_interval or date.is_uncertain else date.text
    return drawing.draw("sources/parts.html", "when", words, exact)


@register.filter
def localised(data, name):
    """A field in the reader's language where the data has it."""
    return fact_wording.localised(data, name) if data else ""


@register.filter
def refer(link):
    """A record named from elsewhere: a link with its name set apart from the text's direction."""
    return drawing.draw("sources/parts.html", "refer", link) if link else ""


@register.filter
def refers(links):
    """Several records, separated by commas."""
    return drawing.draw("sources/parts.html", "refers", links)


@register.filter
def and_others(number):
    """That there are so many more than are named."""
    return ngettext("and %(more)s other", "and %(more)s others", number) % {"more": number}


register.filter(fact_wording.called)


@register.filter
def naming(record):
    """The name of a record of any kind: its title, its name, or the quoted statement."""
    return shown_title(record) or record.get("name") or record.get("statement") or ""


@register.filter
def shown_title(record):
    """The title in a public form, in square brackets if nobody printed it so."""
    return bracketed(record.get("title", ""), record.get("title_note", ""))


@register.filter
def display_name(record):
    """The short title, where there is one, else the title."""
    return record.get("short_title") or shown_title(record)


@register.filter
def post(membership):
    """The office of a membership, or else the role."""
    office = membership.get("post")
    return fact_wording.localised(office, "label") if office else membership.get("role", "")


@register.filter
def prose(text):
    """Plain text as paragraphs."""
    paragraphs = [part.strip() for part in str(text or "").split("\n\n") if part.strip()]
    return drawing.draw("sources/parts.html", "prose", paragraphs)


def reads_english():
    """Whether the page is in the language that content is written in."""
    return (get_language() or "en").startswith("en")


_ARTICLE = re.compile(r"[0-9IVXLC]+\b")


@register.filter
def article(number):
    """The number of a clause as it is cited: “Art. VII(3)”, but “Title I” as it stands."""
    return _article(number or "", get_language())


@lru_cache(4096)
def _article(number, _language):
    return gettext("Art. %(number)s") % {"number": number} if _ARTICLE.match(number) else number


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
    shares, left = [], 0.0
    for number, name in pairs:
        width = 100 * number / total
        if number:
            shares.append({"name": name, "left": f"{left:.2f}", "width": f"{max(width - 0.4, 0.4):.2f}"})
        left += width
    return drawing.draw("sources/parts.html", "bar", shares)


@register.simple_tag(takes_context=True)
def whole_address(context, path=""):
    """An address with scheme and host, for citing."""
    request = context.get("request")
    return request.build_absolute_uri(path or request.path) if request else path


@register.simple_tag(takes_context=True)
def get_canonical(context):
    """The address by which a page is known: that of the living record for its versions and its extract, without parameters."""
    frozen, record = context.get("frozen"), context.get("record")
    path = frozen["record"] if frozen else record.get("page") if isinstance(record, dict) else None
    return whole_address(context, path or "")


@register.simple_block_tag
def kept(content):
    """What the block draws, as plain text in one line, for a place that takes no markup. It is escaped already."""
    text = " ".join(strip_tags(content).split()).replace('"', "&quot;")
    return mark_safe(text)  # noqa: S308  (tags are gone, and the text was escaped)


@register.filter
def in_short(record):
    """A record in a sentence: its summary or, without one, its name, kind and date."""
    if record.get("summary"):
        return record["summary"]
    kind = fact_wording.model_of(record["ref"].partition("/")[0])
    date = record.get("date") or record.get("dates") or ""
    about = ", ".join(filter(None, (str(kind._meta.verbose_name), in_words(date) if date else "")))
    return f"{naming(record)} ({about}), {gettext('with the source of every fact')}"


@register.filter
def ld_json(data):
    """JSON for a data block of a page: nothing in it can end the element."""
    text = orjson.dumps(data).decode()
    for sign, code in (("<", "\\u003C"), (">", "\\u003E"), ("&", "\\u0026")):
        text = text.replace(sign, code)
    return mark_safe(text)  # noqa: S308  (escaped above)


@register.filter
def searches(findings):
    """The findings that somebody searched for; versions frozen before there were gaps have no others."""
    return [finding for finding in findings if not finding.get("is_gap")]


@register.filter
def gaps(findings):
    """The questions that nobody has searched for yet."""
    return [finding for finding in findings if finding.get("is_gap")]
