"""The number in a rule: the years of a fixed term, the days of a notice period."""

# Topic and approach → the agreement's own field that holds the number, and its unit.
FIELDS = {
    ("L5", "fixed_term"): ("term_years", "years"),
    ("L5", "fixed_term_renewable"): ("term_years", "years"),
    ("L6", "notice_period"): ("termination_days", "days"),
}


def value_of(instrument, topic, approach):
    """``{"number", "unit"}`` that the agreement states for a rule, or ``None``. ``instrument`` maps field names to values."""
    name, unit = FIELDS.get((topic, approach), ("", ""))
    number = instrument.get(name)
    return {"number": number, "unit": unit} if number is not None else None
