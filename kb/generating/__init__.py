"""Generated content of any size, to measure and to try things on: invented, skewed, and the same for the same seed.

It is written through the bulk path, in batches and several transactions, so neither memory nor the log of the database grows with the
number of agreements.
"""

import random
from itertools import chain, islice

from django.contrib.auth import get_user_model
from django.db import transaction

from agreements.models import Agreement
from kb.generating.instruments import agreement
from kb.generating.surroundings import around, series
from kb.generating.world import World
from sources.lib.planner_statistics import take_statistics
from sources.records import bulk

BATCH = 500
# So many batches are one transaction.
TOGETHER = 20
COMMENT = "Generated"
ACCOUNT = "generator"
# One published agreement in so many has a proposal.
PROPOSALS = 100


def generate(agreements, seed, progress=lambda number: None):
    """Write ``agreements`` and all that goes with them. Returns the number of records.

    ``seed`` is also part of every slug, so content of several seeds stands side by side. What an interrupted run wrote stays.
    """
    world = World(random.Random(seed), f"g{seed}", agreements)  # noqa: S311  (nothing secret)
    batches, number = _batches(entries(world, agreements)), 0
    for first in batches:
        number += _load(chain([first], islice(batches, TOGETHER - 1)), number, progress)
    with transaction.atomic():
        _propose(world, agreements)
    take_statistics()
    return number


def _load(batches, before, progress):
    return bulk.load(batches, COMMENT, lambda number: progress(before + number))


def entries(world, agreements):
    """Yield every entry, each after those that it names."""
    yield from world.entries()
    yield from series(world)
    for number in range(agreements):
        entry, is_public = agreement(world, number)
        yield entry
        if is_public:
            yield from around(world, entry.slug, number)


def _batches(entries):
    while batch := list(islice(entries, BATCH)):
        yield batch


def _propose(world, agreements):
    """Proposals of an account that nobody can sign in to."""
    account, is_new = get_user_model().objects.get_or_create(username=ACCOUNT, defaults={"is_active": False})
    if is_new:
        account.set_unusable_password()
        account.save()
    slugs = [f"{world.prefix}-agreement-{number}" for number in range(0, agreements, PROPOSALS)]
    for record in Agreement.objects.published().filter(slug__in=slugs).iterator(chunk_size=100):
        before = record.dossier()
        record.propose(account, before, {**before, "note": "A note that somebody proposes."}, COMMENT)
