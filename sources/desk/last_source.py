"""Remembers in the session which source an editor cited last, to preselect it for the next citation."""

import re

from sources.models import Source

KEY = "last sources"
KEPT = 20
_CITED = re.compile(r"sources-citation-record_type-record_id-(\d{1,6})-source", re.ASCII)


def remember(request, record):
    """Remember the source of the last new citation in the posted form. A citation form without a fact does not count."""
    cited = sorted((int(match[1]), name) for name in request.POST if (match := _CITED.fullmatch(name)))
    chosen = [request.POST[name] for _n, name in cited if request.POST.get(f"{name.removesuffix('source')}facts")]
    chosen = [value for value in chosen if value.isdecimal()]
    if chosen:
        kept = [entry for entry in request.session.get(KEY, ()) if entry[0] != record.ref]
        request.session[KEY] = [[record.ref, chosen[-1]], *kept][:KEPT]


def last_source(request, record):
    """``{"value", "label"}`` for the search box: the last source on this record, else on any. ``None`` without one."""
    kept = request.session.get(KEY, ())
    here = [entry for entry in kept if entry[0] == record.ref] or kept
    source = Source.objects.filter(pk=here[0][1]).first() if here else None
    return {"value": str(source.pk), "label": str(source)} if source else None
