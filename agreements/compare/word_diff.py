"""Compares two clauses word by word."""

import re
from difflib import SequenceMatcher

# The time grows with the square of the length; longer passages are shown side by side without marks.
MAX_WORDS = 2000
_WORDS = re.compile(r"\s*\S+")


def words_of(text):
    """The words, each with the space before it, so that joining them gives the text again."""
    return _WORDS.findall(text)


def diff(left, right):
    """Runs of words as ``(mark, text)`` with the marks ``same``, ``removed`` and ``added``; ``None`` when too long.

    The ``same`` and ``removed`` runs make up ``left``, the ``same`` and ``added`` runs ``right``, except for spaces and capitals,
    which are ignored.
    """
    before, after = words_of(left), words_of(right)
    if max(len(before), len(after)) > MAX_WORDS:
        return None
    matcher = SequenceMatcher(None, [_plain(word) for word in before], [_plain(word) for word in after])
    runs = []
    for kind, i, j, k, m in matcher.get_opcodes():
        if kind == "equal":
            runs.append(("same", "".join(before[i:j])))
        else:
            runs += [("removed", "".join(before[i:j]))] if j > i else []
            runs += [("added", "".join(after[k:m]))] if m > k else []
    return runs


def share_of_words(runs):
    """How much of the two passages is the same, from 0 to 1."""
    counts = {"same": 0, "removed": 0, "added": 0}
    for mark, text in runs:
        counts[mark] += len(words_of(text))
    total = 2 * counts["same"] + counts["removed"] + counts["added"]
    return 2 * counts["same"] / total if total else 1.0


def _plain(word):
    return word.strip().casefold()


def compare_clauses(left, right):
    """The word diff of two clauses, which have ``text``, ``text_language`` and ``summary``.

    Returns ``{"of": "text" | "summary" | "", "left", "right", "runs", "share"}``. Compares the texts if both are held in one
    language, else the summaries if both have one. ``of`` is empty if there is nothing to compare; ``runs`` is ``None`` if the
    passages are too long.
    """
    if left.text and right.text and left.text_language == right.text_language:
        of = "text"
    elif left.summary and right.summary:
        of = "summary"
    else:
        return {"of": "", "left": "", "right": "", "runs": None, "share": None}
    before, after = getattr(left, of), getattr(right, of)
    runs = diff(before, after)
    share = None if runs is None else round(share_of_words(runs), 3)
    return {"of": of, "left": before, "right": after, "runs": runs, "share": share}
