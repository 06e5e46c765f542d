"""Endings of words, and the word that a misspelt one may mean."""

from functools import lru_cache

import snowballstemmer
from django.db.models import Q

from sources.lib.inserting import insert
from sources.reading.search.alike import alike
from sources.reading.search.tables import table

# A stem as short as this begins too many words.
SHORTEST_STEM = 3
# In shorter words one slip makes another word.
SHORTEST_MISSPELT = 5
LONGEST = 40


@lru_cache(2048)
def stem(word, language="english"):
    return snowballstemmer.stemmer(language).stemWord(word)


@lru_cache(2048)
def beginnings(word):
    """What words begin with that have the same stem as ``word``, in English or Spanish, or mean much the same; the word itself first."""
    stems = [stem(word, language) for language in ("english", "spanish")]
    # “parties” and “party” have the stem “parti”.
    stems += [one[:-1] + "y" for one in stems if one.endswith("i")]
    return tuple(dict.fromkeys([word, *(one for one in stems if len(one) >= SHORTEST_STEM), *alike(word)]))


def slips(word):
    """The word, and the word without each of its letters."""
    return {word, *(word[:index] + word[index + 1 :] for index in range(len(word)))}


def nearest(word):
    """The word of some name that ``word`` misspells; ``None`` if there is none, or if it is such a word itself."""
    return next((other for other in near(word)[:1] if other != word), None)


def near(word):
    """The words of names that ``word`` may misspell, the most alike first: at most one letter wrong, missing, added or swapped, two in
    long words. The word itself is among them if some name has it."""
    if not SHORTEST_MISSPELT <= len(word) <= LONGEST or not word.isalpha():
        return []
    candidates = (
        table("SearchWord").objects.filter(slips__text__in=slips(word)).distinct().values_list("text", flat=True)
    )
    most = 1 if len(word) < 7 else 2
    graded = sorted((distance(word, other), other) for other in candidates)
    return [other for steps, other in graded if steps <= most]


def distance(one, other):
    """How many letters must be changed, added, left out or swapped with the next to turn one word into the other."""
    before, row = None, list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        last, row_of_two_back, before = row, before, row
        row = [i]
        for j, target in enumerate(other, 1):
            costs = [last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != target)]
            if row_of_two_back and i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == target:
                costs.append(row_of_two_back[j - 2] + 1)
            row.append(min(costs))
    return row[-1]


def forget(words):
    """Forget those of the words that no name has any more."""
    for row in table("SearchWord").objects.filter(text__in=words):
        # The bounds lead into the index, which a pattern alone does not.
        near = table("SearchName").objects.filter(text__gte=row.text, text__lt=f"{row.text}\uffff")
        if not near.filter(Q(text=row.text) | Q(text__startswith=f"{row.text} ")).exists():
            row.delete()


def learn(words):
    """Note the words of names."""
    known = {*table("SearchWord").objects.filter(text__in=words).values_list("text", flat=True)}
    new = sorted({word for word in words if SHORTEST_MISSPELT <= len(word) <= LONGEST and word.isalpha()} - known)
    table("SearchWord").objects.bulk_create([table("SearchWord")(text=word) for word in new], ignore_conflicts=True)
    rows = table("SearchWord").objects.filter(text__in=new, slips__isnull=True)
    made = [table("SearchSlip")(word=row, text=text) for row in rows for text in sorted(slips(row.text))]
    insert(table("SearchSlip"), made)
