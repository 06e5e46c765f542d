"""Search: everything public is found by its names and its text, forgiving accents, case, order, endings and slips.

``entries``   what of a public form can be found.
``index``     keeps the entries of forms, in the transaction in which the store keeps the forms.
``spelling``  endings of words, and the word that a misspelt one may mean.
``matching``  the conditions of a query in the database's full-text index.
``query``     searches: ranks, counts facets, and says why something matched.
"""
