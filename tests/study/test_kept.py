"""The page to keep of a defended design, as Markdown: from the log, in every face the same."""

import pytest

from drops.exercises.blocks import Bars, Sheet, Words
from drops.exercises.steps import KEEPS
from drops.study.shown.kept import HINT, as_markdown, kept_page


def test_a_page_is_words_and_tables_and_a_bar_in_a_cell_breaks_nothing():
    show = Words("**Wine: a design, defended.**"), Sheet(("", "", ""), (("layer", "0.1 | 0.2", "✓"),), "said")
    assert as_markdown(show) == (
        "**Wine: a design, defended.**\n\n|  |  |  |\n| --- | --- | --- |\n| layer | 0.1 / 0.2 | ✓ |\n"
    )
    with pytest.raises(TypeError, match="no Markdown is written of Bars"):
        as_markdown([Bars((), "", "")])


def test_before_a_design_was_defended_there_is_no_page(study):
    assert kept_page(study.library, study.log) == ""


@pytest.mark.slow
def test_the_page_that_is_kept_is_the_page_that_was_seen(open_study, clock, learners):
    study, seen = open_study(), None
    learner, session = learners(study), study.begin(clock(), drop="14")
    while not session.ended and session.unit is not None:
        page = study.page(session)
        if page.key.endswith(f":{KEEPS}"):
            seen = page
            break
        assert page.note != HINT
        session = learner.page(session)
    assert seen is not None
    assert seen.note == HINT
    kept = kept_page(study.library, study.log)
    assert kept == as_markdown(seen.show)
    for word in ("design", "gates", "layer", "what-if 4", "signed", "±"):
        assert word in kept
    again = open_study()
    assert kept_page(again.library, again.log) == kept
