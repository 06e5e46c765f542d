"""The screens of a second coding: a grid without the first coding, and a comparison of both when it is finished."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from agreements.coding import double_coding
from agreements.coding.coding_grid import BlindGrid, topics
from agreements.models import CodingPair
from sources.desk import saving_edits
from sources.desk.editing_screen import SAVED
from sources.desk.posted_form import kept_in


class SecondCodingMixin:
    """For the screens of an agreement: one more address, ``second``."""

    def second_view(self, request, object_id):
        record = self.find(request, object_id)
        if not self.has_change_permission(request, record) or not request.user.has_perm("agreements.add_secondcoding"):
            raise PermissionDenied
        second = double_coding.second_coding_of(record)
        if second and second.finished_on:
            return self._comparison(request, record, second)
        if second and second.coder_id != request.user.pk:
            reason = _("%(name)s has begun a second coding. The comparison is shown when it is finished.")
            return self._closed(request, record, reason % {"name": second.coder_name})
        if reason := double_coding.obstacle(record, request.user):
            return self._closed(request, record, reason)
        answers = second.answers if second else []
        if request.method == "POST":
            return self._take_answers(request, record, answers)
        return self._blind_page(request, record, BlindGrid(_clauses(record), answers), answers)

    def _take_answers(self, request, record, answers):
        """Handle a POST of the grid. ``_save`` saves; ``_finish`` saves and asks for confirmation; ``_confirmed`` ends the coding.
        ``_base`` are the answers that the form was made from."""
        base = self.posted_base(request)
        if base is None:
            return self.unsaved(request, record, _("The form was not complete."))
        if "_bring_back" in request.POST:
            return self._blind_page(request, record, BlindGrid(_clauses(record), base), base)
        is_confirmed = "_confirmed" in request.POST
        grid = BlindGrid(_clauses(record), answers, None if is_confirmed else request.POST)
        if base != answers:
            self.message_user(
                request,
                _("You saved this in another window meanwhile. Look through the rows and save again."),
                messages.ERROR,
            )
            return self._blind_page(request, record, grid, answers, status=409)
        if not is_confirmed and not grid.is_valid():
            return self._blind_page(request, record, grid, answers)
        is_asked = "_finish" in request.POST and "_save" not in request.POST
        if is_asked and not grid.answers():
            self.message_user(request, double_coding.NOTHING_CODED, messages.ERROR)
            return self._blind_page(request, record, grid, answers)
        return self._save_answers(request, record, grid, answers, is_asked, is_confirmed)

    def _save_answers(self, request, record, grid, answers, is_asked, is_confirmed):
        """Save the answers of the grid. ``is_asked`` then asks for confirmation; ``is_confirmed`` ends the coding."""
        try:
            kept = answers if is_confirmed else grid.answers()
            second = double_coding.keep(record, request.user, kept, finish=is_confirmed)
        except ValidationError as refusal:
            self.message_user(request, " ".join(refusal.messages), messages.ERROR)
            return self._blind_page(request, record, grid, answers, status=409)
        if is_asked:
            return self._ask_to_finish(request, record, second.answers)
        done = _("Finished. Here is how the two codings compare.") if second.finished_on else _("Saved.")
        self.message_user(request, done, messages.SUCCESS, extra_tags=SAVED)
        return redirect(self.address("second", record))

    def _ask_to_finish(self, request, record, answers):
        """Ask, on a page of its own, whether the saved answers are final."""
        coded = {entry["topic"] for entry in answers}
        left = [topic for topic in topics() if topic.slug not in coded]
        return self.page(
            request, "admin/agreements/second_coding_finish.html", record, _("Finish the second coding?"),
            coded=coded, left=left, form_base=saving_edits.seal(answers), kept=kept_in(request),
            second_address=self.address("second", record),
        )  # fmt: skip

    def _blind_page(self, request, record, grid, answers, status=200):
        response = self.page(
            request, "admin/agreements/second_coding.html", record, _("Second coding of %(record)s") % {"record": record},
            grid=grid, media=self.media, **self.form_context(request, answers),
        )  # fmt: skip
        response.status_code = status
        return response

    def _closed(self, request, record, reason):
        title = _("Second coding of %(record)s") % {"record": record}
        return self.page(request, "admin/agreements/second_coding.html", record, title, reason=reason)

    def _comparison(self, request, record, second):
        return self.page(
            request, "admin/agreements/coders_compared.html", record, _("Two codings of %(record)s") % {"record": record},
            second=second, figures=double_coding.figures(second.pairs.all()), sides=_sides(record, second),
            coding_address=self.address("coding", record), media=self.media,
        )  # fmt: skip


def _clauses(record):
    """The clauses for the second coder, without notes, which may mention the first coding."""
    return [
        {
            "key": clause.key,
            "number": clause.number,
            "heading": clause.heading,
            "summary": clause.summary,
            "text": clause.text,
        }
        for clause in record.clauses.all()
    ]


def _sides(record, second):
    """The pairs as ``{"differ": [...], "agree": [...], "left_out": [...]}``, each with its row of the coding grid."""
    names = {topic.pk: {row.key: row.name for row in topic.approaches.all()} for topic in topics()}
    present = double_coding.first_answers(record)
    keys = {(coding.topic_id, coding.person_class): coding.key for coding in record.codings.all()}
    sides = {"differ": [], "agree": [], "left_out": []}
    for pair in second.pairs.select_related("topic"):
        side = "left_out" if not pair.is_judged else "agree" if pair.agrees else "differ"
        now = _now(present, pair)
        first = (pair.first_stance, pair.first_approach)
        sides[side].append(
            {
                "pair": pair,
                "first": _in_words(first, names[pair.topic_id]),
                "second": _in_words((pair.second_stance, pair.second_approach), names[pair.topic_id]),
                "now": _in_words(now, names[pair.topic_id]) if now != first else "",
                "row": _row_of(pair, keys),
            }
        )
    return sides


def _now(present, pair):
    """The present answer of the first coding, for the class or else for all covered persons."""
    of_class = present.get((pair.topic.slug, pair.person_class))
    return of_class or present.get((pair.topic.slug, double_coding.EVERYBODY)) or double_coding.NOT_CODED


def _row_of(pair, keys):
    """The id of the row of the coding grid with this unit, or of the topic's empty row."""
    persons = (pair.person_class, double_coding.EVERYBODY)
    key = next((keys[pair.topic_id, person] for person in persons if (pair.topic_id, person) in keys), "")
    return f"row-{key or f'new-{pair.topic.slug}'}"


def _in_words(answer, approaches):
    stance, approach = answer
    label = dict(CodingPair._meta.get_field("first_stance").flatchoices)[stance]
    return f"{label} · {approaches.get(approach, approach)}" if approach else str(label)
