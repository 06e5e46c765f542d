"""Who sees what: one table of every kind of address, state of a record and role. The tests read it and nothing else.

What a cell says of the answer to a request for a record, or to a request that could show it:

``shown``      200 with the record as it was published      ``absent``   200 without a trace of it
``not found``  404, like an address that never was            ``gone``     410 with the reason and the day
``moved``      301 to the record that continues it           ``sign in``  302 to the door
``forbidden``  403                                           ``open``     200, an editing screen
``page``       302 to the page that readers see
``done``       302 back, or 409 with both states: the step was taken, or refused with the reason
"""

ROLES = ("anonymous", "viewer", "editor", "reviewer", "administrator")
# The edit of a published record that waits for a second person is a state of its own: readers see what was published.
STATES = ("draft", "in_review", "published", "withdrawn", "merged", "pending")

# The public surface is the same for everybody, signed in or not.
_OWN = {
    "draft": "not found",
    "in_review": "not found",
    "published": "shown",
    "withdrawn": "gone",
    "merged": "moved",
    "pending": "shown",
}
_ELSEWHERE = {
    "draft": "absent",
    "in_review": "absent",
    "published": "shown",
    "withdrawn": "absent",
    "merged": "absent",
    "pending": "shown",
}
_REFUSED = {**dict.fromkeys(STATES, "refused"), "published": "shown", "pending": "shown"}

# Channel → state → outcome, for every role alike.
PUBLIC = {
    "page": _OWN,
    "history": _OWN,
    "version": _OWN,
    "list page": _ELSEWHERE,
    "search": _ELSEWHERE,
    "API detail": _OWN,
    "API history": _OWN,
    "API version": _OWN,
    "API derived": _OWN,
    "API list": _ELSEWHERE,
    "include": _ELSEWHERE,
    "CSV": _ELSEWHERE,
    "JSON lines": _ELSEWHERE,
    "home": _ELSEWHERE,
    "site search": _ELSEWHERE,
    "API search": _ELSEWHERE,
    "suggestions": _ELSEWHERE,
    "sitemap": _ELSEWHERE,
    "countries": _ELSEWHERE,
    "timeline": _REFUSED,
    "network": _REFUSED,
    "timeline of a list": _ELSEWHERE,
    "related page": _ELSEWHERE,
    "source statements": _ELSEWHERE,
    "citations list": _ELSEWHERE,
    "parts list": _ELSEWHERE,
    "topic page": _ELSEWHERE,
    "comparison picker": _ELSEWHERE,
    "comparison": {**dict.fromkeys(STATES, "not found"), "published": "shown", "pending": "shown"},
    "filter by it": _REFUSED,
}

# Channel → role → outcome. Editors and those above see all states in the editing screens; a viewer sees there what readers see,
# so for a viewer the outcome goes by state.
_SIGN_IN = {"anonymous": "sign in"}


def _for_viewers(outcome):
    return {**dict.fromkeys(STATES, "not found"), "published": outcome, "pending": outcome}


_LOOK = {**_SIGN_IN, "viewer": "open", "editor": "open", "reviewer": "open", "administrator": "open"}
_EDIT = {**_SIGN_IN, "viewer": "forbidden", "editor": "open", "reviewer": "open", "administrator": "open"}
_REMOVE = {
    **_SIGN_IN,
    "viewer": _for_viewers("forbidden"),
    "editor": "forbidden",
    "reviewer": "forbidden",
    "administrator": "open",
}
_POST = {**_SIGN_IN, "viewer": _for_viewers("forbidden"), "editor": "done", "reviewer": "done", "administrator": "done"}
_PUBLISH = {
    **_SIGN_IN,
    "viewer": _for_viewers("forbidden"),
    "editor": "forbidden",
    "reviewer": "done",
    "administrator": "done",
}
_LOOK_TO_PUBLISH = {**_PUBLISH, "reviewer": "open", "administrator": "open"}
EDITING = {
    "changelist": _LOOK,
    # The form shows what the record names, drafts among it.
    "change": {**_LOOK, "viewer": _for_viewers("page")},
    # The history names accounts and holds reviewers' notes.
    "trail": {**_EDIT, "viewer": _for_viewers("forbidden")},
    "POST preview": {**_EDIT, "viewer": _for_viewers("forbidden")},
    # The grids, the comparison of two coders, and what waits for somebody: for those who edit.
    "coding": {**_EDIT, "viewer": _for_viewers("forbidden")},
    "press": {**_EDIT, "viewer": _for_viewers("forbidden")},
    "second": {**_EDIT, "viewer": _for_viewers("forbidden")},
    "merge": _LOOK_TO_PUBLISH,
    "worklist": _EDIT,
    "add": _EDIT,
    "delete": _REMOVE,
    "POST verb=submit": _POST,
    "POST verb=publish": _PUBLISH,
    "POST verb=withdraw": _PUBLISH,
    "POST settle": _POST,
    "POST action=submit_selected": _POST,
    "POST action=publish_selected": _PUBLISH,
    "POST action=withdraw_selected": _PUBLISH,
}

# Every address of the site, as in the URL configuration, and the channel it belongs to. Addresses of the editing screens go
# by their last word. What is said of no record in particular is "same for all".
ADDRESSES = {
    "": "home",
    "about/": "same for all",
    "data/": "same for all",
    "robots.txt": "same for all",
    "healthz": "same for all",
    "favicon.ico": "same for all",
    "sitemap.xml": "sitemap",
    "sitemap/<slug:section>.xml": "sitemap",
    "search/": "site search",
    "api/v1/search/": "API search",
    "api/v1/suggest/": "suggestions",
    "countries/": "countries",
    "organisations/<slug:slug>/timeline/": "related page",
    **dict.fromkeys(("map/", "map.svg", "map.csv"), "countries"),
    "timeline/": "timeline",
    **dict.fromkeys(("network/", *(f"network.{name}" for name in ("svg", "graphml", "json", "csv"))), "network"),
    **dict.fromkeys(("timeline.svg", "timeline.csv"), "timeline of a list"),
    "readyz": "same for all",
    "api/v1/": "same for all",
    "api/v1/schema/": "same for all",
    "api/v1/docs/": "same for all",
    "api/v1/compare/": "comparison",
    "api/v1/compare/clauses/": "comparison",
    "api/v1/topics/<slug:slug>/counts/": "topic page",
    "compare/": "comparison picker",
    "compare/clauses/": "comparison",
    "compare/basket/": "comparison picker",
    "contested/": "list page",
    "topics/": "same for all",
    "topics/<slug:slug>/": "topic page",
}
for _kind in (
    "agreements",
    "people",
    "organisations",
    "exercises",
    "series",
    "assistance",
    "events",
    "positions",
    "sources",
):
    ADDRESSES[f"{_kind}/"] = "list page"
    ADDRESSES[f"{_kind}/<slug:slug>/"] = "page"
    ADDRESSES[f"{_kind}/<slug:slug>/history/"] = "history"
    ADDRESSES[f"{_kind}/<slug:slug>/v/<version:number>/"] = "version"
    ADDRESSES[f"api/v1/^{_kind}/$"] = "API list"
    ADDRESSES[f"api/v1/^{_kind}/(?P<slug>[^/]+)/$"] = "API detail"
    ADDRESSES[f"api/v1/^{_kind}/(?P<slug>[^/]+)/history/$"] = "API history"
    ADDRESSES[f"api/v1/^{_kind}/(?P<slug>[^/]+)/v/(?P<number>[1-9][0-9]{{0,8}})/$"] = "API version"
ADDRESSES["agreements/<slug:slug>/full/"] = "page"
for _part in ("clauses", "milestones", "signatures", "codings"):
    ADDRESSES[f"api/v1/^{_part}/$"] = "parts list"
    ADDRESSES[f"api/v1/^{_part}/(?P<id>[^/]+)/$"] = "parts list"
for _evidence in ("citations", "adjudications", "contested", "findings", "topics"):
    ADDRESSES[f"api/v1/^{_evidence}/$"] = "citations list"
    for _name in ("uid", "slug"):
        ADDRESSES[f"api/v1/^{_evidence}/(?P<{_name}>[^/]+)/$"] = "citations list"
for _word in ("matrix", "similar", "ladder"):
    ADDRESSES[f"api/v1/agreements/<slug:slug>/{_word}/"] = "API derived"
for _kind in ("exercises", "assistance", "events"):
    ADDRESSES[f"api/v1/{_kind}/<slug:slug>/legal-basis/"] = "API derived"

# The last word of an address below /admin/ → the channel above, or why it is in none.
EDITING_ADDRESSES = {
    "changelist": "changelist",
    "change": "change",
    "add": "add",
    "delete": "delete",
    "history": "trail",
    "trail": "trail",
    "preview": "POST preview",
    "verb": "POST verb=submit",
    "settle": "POST settle",
    "restore": "POST settle",
    "presence": "POST settle",
    "decide": "POST verb=publish",
    "conflict": "change",
    "coding": "coding",
    "press": "press",
    "second": "second",
    "merge": "merge",
    "close": "delete",
    "worklist": "worklist",
}
# Addresses of the editing screens that show no record.
OF_NO_RECORD = (
    "index", "login", "logout", "password_change", "password_change_done", "autocomplete", "jsi18n", "view_on_site",
    "second-factor", "second-factor-image", "recovery-codes", "replace-app",
)  # fmt: skip
EDITING_ACTIONS = ("submit_selected", "publish_selected", "withdraw_selected", "delete_selected")
