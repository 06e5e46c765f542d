"""The seals of a record's trail: each is a digest of the row's content and of the seal before it.

Reviews, revisions, versions and removals of one record form one chain, counted by ``step``. A seal covers who, when, what and
why. Of a body it covers only the digest, so that the chain still holds after a lawful removal of the body.
"""

import datetime

from sources.records import dossier

# By model: the columns that a seal covers, besides the record, the step and the seal before.
COVERED = {
    "review": ("at", "by_id", "by_name", "comment", "verb", "bypassed"),
    "revision": ("at", "by_id", "by_name", "comment", "number", "sha256"),
    "version": ("at", "number", "sha256", "schema"),
    "removal": ("at", "by_id", "by_name", "comment", "kind", "slug", "version", "reason", "was_public"),
}


def seal(model_name, about, step, before, said):
    """The seal of one row. ``about`` is ``(app label, model, primary key)`` of the record; ``said`` maps ``COVERED`` names to values."""
    words = {name: plain(said[name]) for name in COVERED[model_name]}
    return dossier.digest({"row": model_name, "about": list(about), "step": step, "before": before, "says": words})


def plain(value):
    """A value in the form that both databases give back."""
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat(timespec="microseconds")
    return value if value is None or isinstance(value, (bool, int)) else str(value)
