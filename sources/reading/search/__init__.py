"""Search: everything public is found by its names and its text, forgiving accents, case, order, endings and slips.

``entries``   what of a public form can be found.
``index``     keeps the entries of forms, in the transaction in which the store keeps the forms.
``spelling``  endings of words, and the word that a misspelt one may mean.
``alike``     words that need not be there, and words that mean much the same.
``sorts``     words that say what sort of thing is looked for, or of which day.
``asking``    questions in the words of names.
``matching``  asks the database's full-text index.
``taking``    how a query is taken: all its words, misspelt ones mended, some.
``ranking``   the order of what matches.
``query``     searches: finds candidates, has them ranked, counts facets.
``why``       says where the words stand in what was found.
"""
