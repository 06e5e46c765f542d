"""What facts rest on: a source, or a search that found nothing."""

from django.db import transaction


class Graded:
    """The confidence and disputes of records rest on this row, so its verbs grade again what does.

    A caller who publishes many (``freeze=False``) does that once, afterwards.
    """

    def publish(self, by, comment="", bypass=False, authors=(), freeze=True):
        with transaction.atomic():
            review = super().publish(by, comment, bypass, authors, freeze)
            if freeze:
                self.regrade()
        return review

    def withdraw(self, by, reason):
        with transaction.atomic():
            review = super().withdraw(by, reason)
            self.regrade()
        return review
