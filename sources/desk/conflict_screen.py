"""The screen for what two people changed at once: a choice for each field, then the save."""

from django.core import signing
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from sources.desk import authorship, conflicts, saving_edits
from sources.desk.posted_form import comment_of, kept_in
from sources.desk.wording import Wording, refusal_in_words
from sources.records import dossier_diff


class ConflictScreenMixin:
    """Adds the address ``settle`` to the admin of a documented row."""

    def conflict_screen(self, request, record, stale, questions=None, error=""):
        """The screen for ``stale`` (see ``saving_edits.Stale``). ``questions`` are its questions as they were answered before."""
        sealed = {name: saving_edits.seal(getattr(stale, name)) for name in ("base", "theirs", "mine")}
        return self.page(
            request, "admin/concordance/conflict.html", record, _("Choose what is kept"),
            conflicts=questions or self._questions(request, record, stale), sealed=sealed, error=error,
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
            shown = [saving_edits.unseal(request.POST.get(name, "")) for name in ("_base", "_theirs", "_mine")]
        except signing.BadSignature:
            return self.unsaved(request, record, _("The form was not complete."))
        stale = saving_edits.Stale(*shown, dossier_diff.join(record, *shown)[1])
        questions = self._questions(request, record, stale, request.POST)
        for question in questions:
            question.check()
        if any(question.error for question in questions):
            return self.conflict_screen(request, record, stale, questions=questions)
        return self._settle(request, record, stale, questions)

    def _settle(self, request, record, stale, questions):
        choices = conflicts.choices(questions)
        shown = (stale.base, stale.theirs, stale.mine)

        def refused(error):
            """Draw the screen again with the choices kept and the error beside the question that caused it."""
            state, _conflicts = dossier_diff.join(record, *shown, choices)
            is_placed = conflicts.place_error(questions, error, state)
            return self.conflict_screen(
                request, record, stale, questions=questions, error="" if is_placed else refusal_in_words(record, error)
            )

        comment = comment_of(request)
        return self.keep_save(
            request, record, lambda: saving_edits.settle(record, request.user, *shown, choices, comment), refused
        )
