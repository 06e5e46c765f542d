"""Whether recorded steps show that an instrument was not yet in force on a day.

A missing entry into force proves nothing. These do, and each is cited:

* it entered into force, or was applied provisionally, on a later day; or a source announces that for a later day;
* a source says that it was not in force on that day or during that time (a step “seen not in force”);
* a vote, a ruling or an exchange of notes was pending on that day, or a source announces one for a later day;
* a state whose consent it needs approved it on a later day.
"""

from functools import partial

from django.utils.translation import gettext as _

from agreements.life.course import words_of

_STARTS = ("in_force", "provisional")
_CONSENT = ("committee", "chamber", "ratified", "promulgated", "notes")


def not_yet(life, day):
    """A function that gives the first evidence for ``day`` in words, or ``None`` without evidence."""
    for words, step in _evidence(life, day):
        return partial(_say, words, step)
    return None


def last_seen_not_in_force(life, day):
    """As ``not_yet``, for the last observation before ``day`` that it was not in force."""
    seen = [step for step in life.solid if _is_observation(step) and step.date and step.date.surely_by(day)]
    return partial(_say, _before, max(seen, key=lambda step: step.date.latest)) if seen else None


def _evidence(life, day):
    for step in life.solid:
        if not step.date or (step.party_id and life.is_multilateral):
            continue
        if step.kind in _STARTS and step.date.surely_after(day):
            yield _later, step
        elif _is_observation(step):
            if _covers(step.date, day):
                yield _observed, step
        elif step.kind in _CONSENT and _is_consent(step) and step.date.surely_after(day):
            yield _consented, step
    for step in life.announced:
        if step.party_id and life.is_multilateral:
            continue
        if step.kind in (*_STARTS, *_CONSENT) and step.date.surely_after(day):
            yield _announced, step


def _is_observation(step):
    return step.kind == "not_in_force" or step.outcome == "pending"


def _is_consent(step):
    return step.kind != "chamber" or (step.outcome == "approved" and step.motion in ("", "approval"))


def _covers(date, day):
    """Whether “not in force at ``date``” implies “not in force on ``day``”: on all days up to the end of an interval, or up to a date."""
    last = date.latest if date.is_interval else date.earliest
    return last is None or day <= last


def _say(words, step):
    return words(words_of(step))


def _later(values):
    return _("not yet in force: %(step)s only %(date)s") % values


def _observed(values):
    return _("not in force: %(step)s, %(date)s") % values


def _consented(values):
    return _("not yet in force: %(step)s only %(date)s") % values


def _announced(values):
    return _("not yet in force: a source announces “%(step)s” for %(date)s") % values


def _before(values):
    return _("shown not to be in force up to %(date)s (%(step)s), and nothing is known since") % values
