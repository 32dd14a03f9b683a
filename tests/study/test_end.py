"""The page a session ends on: what was right at once, and what got in the way."""

from __future__ import annotations

from drops.exercises.blocks import Words


def told(study, session):
    page = study.page(session)
    assert page.part == "end"
    return " ".join(block.markdown for block in page.show if isinstance(block, Words))


def played(study, clock, learner, **how):
    session = study.begin(clock(), **how)
    while study.page(session).part != "end":
        session = learner.page(session)
    return session


def test_all_right_says_so_and_names_no_mix_up(study, clock, learner):
    session = played(study, clock, learner)
    asked = {page.item_key for page in learner.seen if page.ask is not None and page.item_key}
    text = told(study, session)
    assert f"**{len(asked)} of {len(asked)}** right at the first try." in text
    assert "got in the way" not in text


def test_what_is_asked_once_more_is_no_first_try_and_its_mix_up_is_counted(study, clock, learners):
    wrong = learners(study, lambda page: (page.part == "quiz" and page.part_index == 1) or page.part == "do")
    session = played(study, clock, wrong)
    asked = {page.item_key for page in wrong.seen if page.ask is not None and page.item_key}
    assert any(page.part == "retry" for page in wrong.seen)
    text = told(study, session)
    assert f"**{len(asked) - 2} of {len(asked)}** right at the first try." in text
    graded = next(e for e in study.log.events() if e.correct is False and e.payload["misconceptions"])
    (mix_up,) = graded.payload["misconceptions"]
    drop, _ = study.library.item(graded.item_key)
    assert f"What got in the way: {drop.misconceptions[mix_up]}." in text
