"""What saving and publishing an agreement with 40 clauses and 100 citations take, through the editing screens."""

from itertools import count

from bench.clock import describe

CLAUSES = 40
# Each clause has two facts to cite, and the agreement itself so many more citations.
MORE_CITATIONS = 19
RUNS = 9

_numbers = count(1)


def report():
    from tests.cast import make_user, sign_in
    from tests.forms import address, open_form

    alice, bob = make_user("editor", "bench-alice"), make_user("reviewer", "bench-bob")
    editor, reviewer = sign_in(alice), sign_in(bob)
    draft = make_large(alice)
    public = make_large(alice, status="published")
    print(f"an agreement with {draft.clauses.count()} clauses and {draft.citations.count()} citations", flush=True)

    def changed_form(record):
        form = open_form(editor, record, panel="clauses")
        form["clauses-3-summary"] = f"Another wording, number {next(_numbers)}."
        return (form,)

    def in_review():
        return (make_large(alice, status="in_review"),)

    def publish(record):
        reviewer.post(address(record, "verb"), {"verb": "publish"})
        record.refresh_from_db()
        assert record.is_published

    def proposal():
        changed_form(public)[0].post()
        row = public.proposals.get(state="open")
        editor.post(decision(row), {"verb": "submit"})
        return (row,)

    def approve(row):
        reviewer.post(decision(row), {"verb": "approve"})
        row.refresh_from_db()
        assert row.state == "approved"

    def send(form):
        return form.client.post(form.address, posted(form))

    describe("open the screen", lambda: editor.get(address(draft)), runs=RUNS)
    describe("save a changed clause", send, lambda: changed_form(draft), runs=RUNS)
    describe("publish", publish, in_review, runs=RUNS)
    describe("approve a proposal", approve, proposal, runs=RUNS)


def posted(form):
    return {**{name: values for name, values in form.items() if "__prefix__" not in name}, "_continue": "1"}


def decision(proposal):
    from django.urls import reverse

    return reverse("admin:sources_proposal_decide", args=[proposal.pk])


def make_large(by, status="draft"):
    """An agreement of the size that is measured, written by ``by``."""
    from tests import factory

    clauses = [
        {"number": str(number), "heading": f"Article {number}", "summary": "Who may do what, where, and for how long."}
        for number in range(1, CLAUSES + 1)
    ]
    source = factory.make_source()
    more = [{"fields": ["title"], "source": source.slug, "locator": f"p. {n}"} for n in range(2, MORE_CITATIONS + 2)]
    return factory.make_agreement(title="A long agreement", by=by, clauses=clauses, citations=more, status=status)
