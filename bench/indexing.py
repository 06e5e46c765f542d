"""What the search index costs at publication: writing the forms of agreements with and without their entries."""

from unittest.mock import patch

from bench.clock import describe

RUNS = 15


def report():
    """Measures an agreement with 40 clauses and 100 citations, whose summary changes each time."""
    from bench.editing import make_large
    from sources.reading.search import index
    from sources.reading.store.reading import made_anew
    from tests.cast import make_user

    agreement = make_large(make_user("editor", "bench-indexing"), status="published")

    def changed():
        agreement.summary = f"{agreement.summary} More."
        agreement.save()
        return ()

    def made():
        made_anew(type(agreement), [agreement.pk])

    def without_index():
        with patch.object(index, "keep"):
            made()

    [(_form, entries)] = index.entries_of(agreement.forms.all())
    print(f"{len(entries)} entries in the search index for one agreement", flush=True)
    describe("make and keep a form", made, changed, runs=RUNS)
    describe("… without the index", without_index, changed, runs=RUNS)
