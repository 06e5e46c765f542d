"""The screen for what two people changed at once: a choice for each place, then the save."""

from django.core import signing
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from sources.desk import authorship, conflicts, drafting
from sources.desk.posted_form import comment_of, kept_in
from sources.desk.wording import Wording, refusal_in_words
from sources.records import dossier_diff


class ConflictScreenMixin:
    """For the editing screen of a documented row: one more address, ``settle``."""

    def conflict_screen(self, request, record, stale, asked=None, error=""):
        """The screen for ``stale`` (see ``drafting.Stale``). ``asked`` are its questions as they were answered before."""
        sealed = {name: drafting.seal(getattr(stale, name)) for name in ("base", "theirs", "mine")}
        return self.page(
            request, "admin/concordance/conflict.html", record, _("Choose what is kept"),
            conflicts=asked or self._questions(request, record, stale), sealed=sealed, error=error,
            comment=comment_of(request), kept=kept_in(request), settle_address=self.address("settle", record),
        )  # fmt: skip

    @staticmethod
    def _questions(request, record, stale, params=None):
        worded = Wording(record, stale.base, stale.theirs, stale.mine).changes(stale.conflicts)
        return conflicts.questions(
            record, worded, lambda paths: authorship.authors_for(record, request.user, stale.theirs, paths), params
        )

    def settle_view(self, request, object_id):
        """POST ``_base``, ``_theirs``, ``_mine``, and for each conflicting path a side and maybe a text."""
        record = self.find(request, object_id)
        if request.method != "POST":
            return redirect(self.address("change", record))
        if not self.has_change_permission(request, record):
            raise PermissionDenied
        try:
            shown = [drafting.unseal(request.POST.get(name, "")) for name in ("_base", "_theirs", "_mine")]
        except signing.BadSignature:
            return self.unsaved(request, record, _("The form was not complete."))
        stale = drafting.Stale(*shown, dossier_diff.join(record, *shown)[1])
        asked = self._questions(request, record, stale, request.POST)
        for question in asked:
            question.check()
        if any(question.error for question in asked):
            return self.conflict_screen(request, record, stale, asked=asked)
        return self._settle(request, record, stale, asked)

    def _settle(self, request, record, stale, asked):
        choices = conflicts.choices(asked)
        shown = (stale.base, stale.theirs, stale.mine)

        def refused(error):
            """The choices stand, with what is wrong beside the one that it is about."""
            state, _conflicts = dossier_diff.join(record, *shown, choices)
            is_placed = conflicts.place_error(asked, error, state)
            return self.conflict_screen(
                request, record, stale, asked=asked, error="" if is_placed else refusal_in_words(record, error)
            )

        comment = comment_of(request)
        return self.keep_save(
            request, record, lambda: drafting.settle(record, request.user, *shown, choices, comment), refused
        )
