"""The store's counter, by which changes and readers are put in order (see ``sources.reading.store``)."""

from django.apps import apps
from django.db.models import F

ROW = 1


def row():
    return apps.get_model("sources.PublicTick").objects.filter(pk=ROW)


def now():
    """The tick that is committed."""
    return row().values_list("tick", flat=True).first() or 0


def advance():
    """The next tick. The row stays locked until the transaction ends: no form is kept meanwhile by anybody else."""
    if not row().update(tick=F("tick") + 1):
        _begin()
        row().update(tick=F("tick") + 1)
    return now()


def lock_at_once():
    """The present tick, with its row locked. Raises ``OperationalError`` if somebody else holds it."""
    rows = row().select_for_update(nowait=True)
    tick = rows.values_list("tick", flat=True).first()
    if tick is None:
        _begin()
        tick = rows.values_list("tick", flat=True).first()
    return tick


def _begin():
    from sources.reading.store import code

    # Another transaction may have done so at the same moment.
    model = apps.get_model("sources.PublicTick")
    model.objects.bulk_create([model(pk=ROW, code=code.present())], ignore_conflicts=True)
