"""What the editing screens read from a posted form."""

import re

MAX_COMMENT = 2000
# How typing.js names the copy that the browser keeps of what was typed.
_KEPT = re.compile(r"[0-9a-f]{8,64}", re.ASCII)


def number_in(text):
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def kept_in(request):
    """The name of the browser's own copy of what was posted, or an empty text."""
    name = request.POST.get("_kept", "")
    return name if _KEPT.fullmatch(name) else ""


def typed_in(request):
    """``[(field in words, value)]`` of what a person typed into a form, to be copied by hand."""
    return [(field_in_words(name), value) for name, value in typed_fields(request)]


def typed_fields(request):
    """``[(name, value)]`` of the fields of a form that a person fills in."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        if not name.startswith(("_", "csrf"))
        and not name.endswith(("_FORMS", "-id", "-key"))
        and "password" not in name
        for value in values
        if value
    ]


def field_in_words(name):
    """“milestones-0-vote_note” as “milestones 1 · vote note”; works for fields that no form has any more."""
    row = re.fullmatch(r"(.+?)-(\d+)-(.+)", name)
    if row:
        rows = row[1].removesuffix("-record_type-record_id").rpartition("-")[2]
        name = f"{rows} {int(row[2]) + 1} · {row[3]}"
    return name.replace("_", " ")


def comment_of(request):
    return request.POST.get("_comment", "").strip()[:MAX_COMMENT]
