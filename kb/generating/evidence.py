"""Citations and rulings for generated dossiers: every fact gets its support, some facts a second report that differs."""

from sources.records.dossier.kinds import ABOUT

RULED_BY = "The generator"
STANCES = (("supports", 12), ("mentions", 2), ("disputes", 1))


def pick(rng, weighted):
    values, weights = zip(*weighted, strict=True)
    return rng.choices(values, weights)[0]


def locator(rng):
    kind = rng.choice(("article", "page", "paragraph"))
    return {"locator": f"{rng.randint(1, 60)}", "locator_type": kind}


def citation(rng, fields, source, **more):
    return {"fields": fields, "source": source, **locator(rng), "credibility": rng.choice((1, 2, 2, 3, 4)), **more}


def cite(rng, model, entry, sources):
    """Add to ``entry`` of a record or part a support for each field that it states, and sometimes a second report."""
    stated = [name for name in model.CITABLE_FIELDS if name in entry and name != ABOUT]
    if not stated:
        return entry
    first, second, *_rest = rng.sample(sources, 2)
    entry["citations"] = [citation(rng, stated, first)]
    if rng.random() < 0.05:
        stance = pick(rng, STANCES)
        entry["citations"].append(citation(rng, [rng.choice(stated)], second, stance=stance))
    return entry


def contest(rng, entry, field, value, source):
    """Add a source that reports another ``value`` for ``field``, and for a third of them a ruling."""
    entry["citations"].append(citation(rng, [field], source, value=value))
    if rng.random() < 0.33:
        entry["rulings"] = [
            {
                "field": field, "state": "settled", "adopted_value": str(entry[field]), "ruled_by": RULED_BY,
                "ruled_on": "2026-03-01", "reason": "The text of the instrument prints it; the report does not say where its own comes from.",
            }
        ]  # fmt: skip
