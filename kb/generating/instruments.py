"""Generated agreements, with their parties, steps, signatures, clauses and codings."""

from agreements.models import Agreement, Coding, Milestone
from kb.generating import words
from kb.generating.evidence import cite, contest, pick
from sources.records.bulk import Entry

STATUSES = (("published", 940), ("draft", 50), ("in_review", 5), ("withdrawn", 5))
TYPES = tuple((kind, 60 // (place + 1) + 1) for place, kind in enumerate(Agreement.Type.values))
LAST_YEAR = 2025
OWN_STEPS = ("signed", "chamber", "committee", "in_force")
OTHER_STEPS = tuple(kind for kind in Milestone.Kind.values if kind not in OWN_STEPS)
CODED = (("present", 60), ("silent", 25), ("text_unavailable", 10), ("inconclusive", 5))


def agreement(world, number):
    """The ``Entry`` of one agreement, and whether readers will see it."""
    rng, sources, parties, signed = world.rng, world.some_sources(), _states(world), world.date()
    status = pick(rng, STATUSES)
    data = cite(rng, Agreement, _own_fields(world, parties, signed), sources)
    parts = {
        "parties": [{"organisation": state, "role": rng.choice(("party", "party", "sending", "receiving"))} for state in parties],
        "milestones": _steps(world, parties, signed), "signatures": _signatures(world), "clauses": _clauses(rng),
        "codings": _codings(world),
    }  # fmt: skip
    for name, entries in parts.items():
        model = Agreement._meta.get_field(name).related_model
        data[name] = [_cited(rng, model, entry, sources) for entry in entries]
    if rng.random() < 0.06:
        contest(rng, data["milestones"][0], "date", world.date(), rng.choice(world.sources))
    withdrawn = {"withdrawn_reason": "It was recorded twice."} if status == "withdrawn" else {}
    entry = Entry(Agreement.KIND, f"{world.prefix}-agreement-{number}", data, {"status": status, **withdrawn})
    return entry, status == "published"


def _own_fields(world, parties, signed):
    rng = world.rng
    kind, names = pick(rng, TYPES), " and ".join(world.names[state] for state in parties[:2])
    label = str(Agreement.Type(kind).label)
    data = {
        "title": f"Agreement between {names} on {rng.choice(words.ACTIVITIES)} of {signed[:4]} ({label})", "type": kind,
        "text_availability": rng.choice(("official", "official", "transcript", "extracts", "summary")),
    }  # fmt: skip
    if rng.random() < 0.3:
        data["summary"] = f"{words.a_rule(rng)} {words.a_rule(rng)}"
    if rng.random() < 0.2:
        data |= {"term": "Ten years", "term_kind": "fixed", "term_years": 10}
    return data


def _cited(rng, model, entry, sources):
    if model is Coding and entry["stance"] in Coding.UNCITED_STANCES:
        return entry
    return cite(rng, model, entry, sources)


def _states(world):
    """Two parties mostly, sometimes three, seldom many; each once."""
    wanted, found = world.rng.choices((2, 3, 4, 12), (60, 20, 15, 5))[0], {}
    while len(found) < min(wanted, len(world.states)):
        found[world.state()] = True
    return list(found)


def _steps(world, parties, signed):
    rng = world.rng
    steps = [{"kind": "signed", "date": signed, "place": words.place(rng)}]
    if rng.random() < 0.6:
        steps.append({"kind": "in_force", "date": _later(signed, rng.randint(0, 3))})
    if rng.random() < 0.3:
        votes = {"votes_for": rng.randint(40, 90), "votes_against": rng.randint(0, 40), "outcome": "approved"}
        steps.append({"kind": "chamber", "date": _later(signed, 1), "body": rng.choice(world.bodies), **votes})
    for kind in rng.sample(OTHER_STEPS, rng.choice((0, 0, 1, 1, 3))):
        steps.append({"kind": kind, "date": world.date(int(signed[:4])), "party": rng.choice(parties)})
    for step in steps[1:]:
        if rng.random() < 0.1:
            step["evidence"] = rng.choice(("claimed", "planned"))
    return steps


def _later(date, years):
    return str(min(LAST_YEAR, int(date[:4]) + years))


def _signatures(world):
    return [{"person": person} for person in world.rng.sample(world.people, 2)]


def _clauses(rng):
    """About twenty, from a handful to a hundred."""
    number = max(3, min(100, round(rng.lognormvariate(2.85, 0.5))))
    clauses = [{"number": str(n), "heading": rng.choice(words.HEADINGS), "basis": "text"} for n in range(1, number + 1)]
    for clause in clauses:
        if rng.random() < 0.05:
            clause["summary"] = words.a_rule(rng)
        clause["key"] = f"art-{clause['number']}"
    return clauses


def _codings(world):
    rng = world.rng
    codings = []
    for topic, ways in rng.sample(world.topics, min(len(world.topics), rng.choice((1, 2, 2, 3, 8)))):
        stance = pick(rng, CODED)
        coding = {"topic": topic, "stance": stance, "codebook": world.codebook}
        if stance != "text_unavailable":
            coding["basis"] = "text"
        if stance == "present" and ways:
            coding |= {"approach": f"{topic}/{rng.choice(ways)}", "summary": words.a_rule(rng)}
            coding["clauses"] = [f"art-{rng.randint(1, 3)}"]
        codings.append(coding)
    return codings
