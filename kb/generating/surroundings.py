"""What happens around generated agreements: exercises, assistance, events, positions, and searches that found nothing."""

from agreements.models import Assistance, Event, Exercise, ExerciseSeries, Position
from kb.generating import words
from kb.generating.evidence import cite
from sources.models import NegativeFinding
from sources.records.bulk import Entry

SERIES = 12


def series(world):
    for number, name in enumerate(words.distinct(world.rng, words.place, SERIES)):
        data = {"name": f"Exercise {name}", "first_held": str(world.rng.randint(1980, 2010))}
        yield world.cited(ExerciseSeries.KIND, f"{world.prefix}-series-{number}", data, ExerciseSeries)


def around(world, agreement, number):
    """Yield the entries of what happened around the agreement of this slug."""
    for make, share in SHARES.items():
        if world.rng.random() * 100 < share:
            entry = make(world, agreement, number)
            if world.rng.random() < 0.05:
                entry.status = {"status": "draft"}
            yield entry


def _exercise(world, agreement, number):
    rng, state = world.rng, world.state()
    year = rng.randint(1990, 2025)
    data = {
        "name": f"{rng.choice(words.ACTIVITIES).capitalize()} {year}", "kind": rng.choice(Exercise.Kind.values),
        "series": f"{world.prefix}-series-{rng.randrange(SERIES)}", "dates": f"{year}-05-01/{year}-05-{rng.randint(10, 28)}",
        "venue": words.place(rng), "country": state, "domain": rng.choice(("land", "air", "maritime", "cyber")),
        "legal_basis": agreement,
    }  # fmt: skip
    taking_part = [
        {"organisation": body, "role": "participant", "strength": rng.randint(20, 3000)}
        for body in rng.sample(world.bodies, 2)
    ]
    model = Exercise._meta.get_field("participations").related_model
    data["participations"] = [cite(rng, model, entry, world.some_sources()) for entry in taking_part]
    return world.cited(Exercise.KIND, f"{world.prefix}-exercise-{number}", data, Exercise)


def _assistance(world, agreement, number):
    rng = world.rng
    item, state = rng.choice(words.ITEMS), rng.choice(("announced", "contracted", "planned"))
    quantity = rng.randint(1, 40)
    data = {
        "title": f"{item.capitalize()} for {words.place(rng)}", "kind": "equipment", "item": item, "quantity": quantity,
        "value": f"{quantity * rng.randint(1, 900)}000.00", "currency": "USD", "terms": rng.choice(("donated", "sold")),
        "state": state, "date": world.date(2000), "provider": world.state(), "recipients": [rng.choice(world.bodies)],
        "purpose": f"It is meant {rng.choice(words.PURPOSES)}.", "legal_basis": agreement,
    }  # fmt: skip
    return world.cited(Assistance.KIND, f"{world.prefix}-assistance-{number}", data, Assistance)


def _event(world, agreement, number):
    rng = world.rng
    kind = rng.choice(Event.Kind.values)
    data = {
        "title": f"{str(Event.Kind(kind).label).capitalize()} on {rng.choice(words.ACTIVITIES)}", "kind": kind,
        "date": world.date(1980), "place": words.place(rng), "country": world.state(), "agreement": agreement,
        "participants": [{"person": rng.choice(world.people), "role": "speaker"}],
    }  # fmt: skip
    model = Event._meta.get_field("participants").related_model
    data["participants"] = [cite(rng, model, entry, world.some_sources()) for entry in data["participants"]]
    return world.cited(Event.KIND, f"{world.prefix}-event-{number}", data, Event)


def _position(world, agreement, number):
    rng = world.rng
    data = {
        "person": rng.choice(world.people), "about": f"agreements/{agreement}", "stance": rng.choice(Position.Stance.values),
        "statement": f"{words.a_rule(rng)} The speaker wants this to stay as it is.", "date": world.date(1980), "occasion": "Interview",
    }  # fmt: skip
    return world.cited(Position.KIND, f"{world.prefix}-position-{number}", data, Position)


def _finding(world, agreement, number):
    rng = world.rng
    data = {
        "question": f"Nothing was found on {rng.choice(words.ACTIVITIES)}.", "looked_in": "The treaty series of both parties",
        "on": "2026-02-01", "about": f"agreements/{agreement}", "is_gap": rng.random() < 0.3,
    }  # fmt: skip
    return Entry(NegativeFinding.KIND, f"{world.prefix}-finding-{number}", data)


# How many of each there are for a hundred agreements.
SHARES = {_exercise: 10, _assistance: 5, _event: 10, _position: 20, _finding: 5}
