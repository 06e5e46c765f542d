"""By which code the forms were made: after an upgrade the same rows may be shown in another form."""

import hashlib
from functools import cache
from pathlib import Path

from django.apps import apps
from django.db import transaction

from sources.reading.store import counter
from sources.reading.store.keeping import forget_answers


@cache
def present():
    """A digest of the code that composes forms: everything below the apps that have kinds of records, but for migrations."""
    digest = hashlib.sha256()
    homes = {model._meta.app_config.path for model in apps.get_models() if getattr(model, "KIND", "")}
    for home in sorted(homes):
        for path in sorted(Path(home).rglob("*.py")):
            if path.parent.name != "migrations":
                digest.update(path.read_bytes())
    return digest.hexdigest()


def mark_forms_of_other_code():
    """If the forms were made by other code, mark all of them. Returns whether they were."""
    with transaction.atomic():
        tick = counter.row().filter(code__gt="").exclude(code=present()).select_for_update().first()
        if tick is None:
            return False
        apps.get_model("sources.PublicForm").objects.update(marked=counter.advance())
        forget_answers()
        counter.row().update(code=present())
    return True
