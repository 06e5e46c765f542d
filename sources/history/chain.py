"""The chain of a record's trail: each row is sealed with a digest of what it says and of the seal before it.

Reviews, revisions, versions and removals of one record are one chain, counted by ``step``. The seal covers who, in which name,
when, what and why, and the digest of a body rather than the body: a body can be removed lawfully, and the chain still holds.
"""

import datetime

from sources.records import dossier

# By model: what a seal covers besides the record, the step and the seal before.
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
    """A value as it is after a round through either database."""
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat(timespec="microseconds")
    return value if value is None or isinstance(value, (bool, int)) else str(value)
