"""The source that an editor cited last in this session, on the record at hand or else on another: offered for the next citation."""

import re

from sources.models import Source

KEY = "last sources"
KEPT = 20
_CITED = re.compile(r"sources-citation-record_type-record_id-(\d{1,6})-source", re.ASCII)


def remember(request, record):
    """Keep which source the saved form cited last. One that was only chosen, for no fact, does not count."""
    cited = sorted((int(match[1]), name) for name in request.POST if (match := _CITED.fullmatch(name)))
    chosen = [request.POST[name] for _n, name in cited if request.POST.get(f"{name.removesuffix('source')}facts")]
    chosen = [value for value in chosen if value.isdecimal()]
    if chosen:
        kept = [entry for entry in request.session.get(KEY, ()) if entry[0] != record.ref]
        request.session[KEY] = [[record.ref, chosen[-1]], *kept][:KEPT]


def last_source(request, record):
    """``{"value", "label"}`` for the search box, or ``None`` where nothing was cited or the source is gone."""
    kept = request.session.get(KEY, ())
    here = [entry for entry in kept if entry[0] == record.ref] or kept
    source = Source.objects.filter(pk=here[0][1]).first() if here else None
    return {"value": str(source.pk), "label": str(source)} if source else None
