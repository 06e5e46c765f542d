"""The read store: every public channel reads the forms of published records that are kept here.

``composing``  makes forms from the editors' tables, with the rows that each was made from.
``keeping``    writes forms, and marks those that a change makes stale, in the transaction of the change.
``reading``    serves forms; a stale one is made anew first.
``answers``    keeps what is worked out from many forms, until anything public changes.

How it stays true. A form says for which *tick* of the store's counter it was made, and at which tick something that it shows last
changed; it is stale if the second is larger. Whoever changes something public increases the counter, marks, and holds the
counter's row locked until the change is committed. A reader who makes a form anew notes the tick, reads the tables, and keeps the form
only if it gets the lock at once and the counter still says the same: then nothing public changed meanwhile, and every later
change will see what the form was made from.
"""
