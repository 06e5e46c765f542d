"""Sources and findings: when one is published or withdrawn, the facts that cite it are graded again."""

from sources.reading.store import keeping as store


def regrade(records):
    """Bring the derived columns of records up to date. Returns those whose disputes or confidence changed."""
    changed = []
    for record in records:
        before = _grades(record)
        record.refresh_derived()
        if _grades(record) != before:
            changed.append(record)
    return changed


def _grades(record):
    return sorted(record.contested_facts.values_list("part", "field", "state", "confidence"))


class Graded:
    """The confidence and disputes of records rest on this row, so its verbs grade again what does.

    A caller who publishes many (``freeze=False``) does that once, afterwards.
    """

    def dependent_citations(self):
        """The citations that rest on this row."""
        raise NotImplementedError

    def regrade(self):
        """Bring the facts that rest on this row up to date. Returns the records whose disputes or confidence changed."""
        return regrade(self.dependent_citations().records())

    def publish(self, by, comment="", bypass=False, authors=(), freeze=True):
        with store.together():
            review = super().publish(by, comment, bypass, authors, freeze)
            if freeze:
                self.regrade()
        return review

    def withdraw(self, by, reason):
        with store.together():
            review = super().withdraw(by, reason)
            self.regrade()
        return review
