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
    assert f"Comes back: {drop.misconceptions[mix_up]}." in text  # a choice is not asked twice in a sitting


def test_the_day_opens_with_what_one_can_do_now_and_ends_with_the_riddle_of_the_next(study, learner, clock):
    session = study.begin(clock(), drop="1")
    while not session.ended and study.page(session).part != "end":
        session = learner.page(session)
    words = [block.markdown for block in study.page(session).show]
    drop = next(iter(study.library))
    assert words[0] == f"**{drop.gain}**"
    assert words[-1] == f"Tomorrow: {drop.riddle}"
    assert any(line.startswith("Questions come back: ") for line in words)


def test_a_mix_up_that_was_not_mended_comes_back(study, learners, clock):
    learner = learners(study, lambda page: page.part in ("do", "retry"))
    session = study.begin(clock(), drop="1")
    while study.page(session).part != "end":
        session = learner.page(session)
    text = "\n".join(block.markdown for block in study.page(session).show)
    assert "Met and mended" not in text


def test_every_drop_of_the_course_says_what_one_can_do_now_and_asks_what_comes(study):
    for drop in study.library:
        assert drop.gain.startswith("I can "), drop.id
        assert drop.riddle.endswith("?"), drop.id
