"""What is in the learner's hands says what it did, and can be taken back."""

from __future__ import annotations

import pytest

from drops.errors import DropsError
from drops.events import Rating
from drops.study.own import hands

DROP = "weighted-sum-and-squash"


def state(study):
    log = study.log
    return log.memories(), log.passed(), log.durations()


def is_do(page):
    return page.part == "do"


def test_an_answer_taken_back_is_asked_again_with_its_numbers(study, learners, clock, until):
    learner = learners(study)
    session = until(learner, study.begin(clock()), is_do)
    page, before = study.page(session), state(study)
    after = learner.page(session)
    after, says = study.act(after, "undo", "", clock())
    assert says == "Taken back: your answer to “z and a for one neuron” of drop 1."
    assert study.page(after).key == page.key
    assert study.outcome(after) is None
    assert after.work_in(after.unit).numbers == session.work_in(session.unit).numbers
    assert state(study) == before


@pytest.mark.slow
@pytest.mark.parametrize("depth", [1, 2, 4])
def test_undo_goes_to_any_depth_and_ends_with_a_word(study, learners, clock, depth):
    learner = learners(study)
    states, session = [], study.begin(clock())
    while not session.ended:
        page = study.page(session)
        if page.ask is not None:
            states.append((page.key, study.log.memories()))
        session = learner.page(session)
    hands.undo(study.library, study.log, clock(), depth)
    key, memories = states[-depth]
    assert study.log.memories() == memories
    assert study.page(study.begin(clock())).key == key
    hands.undo(study.library, study.log, clock(), 1000)
    assert study.log.memories() == {}
    with pytest.raises(DropsError, match="there is nothing to take back"):
        hands.undo(study.library, study.log, clock())


def test_an_item_set_aside_is_not_asked_until_it_is_taken_in(study, learners, clock):
    learners(study).day()
    clock.days(3)
    key = study.today(clock()).items[0].item_key
    says = hands.set_aside(study.library, study.log, key, clock())
    assert f"`drops take-in {key}`" in says
    assert key not in {item.item_key for item in study.today(clock()).items}
    assert hands.take_in(study.library, study.log, key, clock()).startswith("Taken in: “")
    assert key in {item.item_key for item in study.today(clock()).items}
    hands.set_aside(study.library, study.log, key, clock())
    assert hands.undo(study.library, study.log, clock()).startswith("Taken back: setting aside “")
    assert key in {item.item_key for item in study.today(clock()).items}


@pytest.mark.slow
def test_a_drop_forgotten_begins_anew_and_is_there_again_when_that_is_taken_back(study, learners, clock):
    learners(study).day()
    session = learners(study).page(study.begin(clock(), drop="2"))
    known = state(study)
    assert hands.forget(study.log, study.library.drop(DROP), clock()).startswith("Forgotten: drop 1")
    assert not [key for key in study.log.memories() if key.startswith(DROP)]
    assert study.page(study.begin(clock(), drop="1")).index == 1
    assert study.begin(clock(), drop="2").id == session.id
    hands.undo(study.library, study.log, clock())
    assert state(study) == known


def test_a_guess_counts_as_forgotten_on_its_own_day_and_can_be_taken_back(study, learners, clock, until):
    learner = learners(study)
    learner.page(until(learner, study.begin(clock()), is_do))
    key = f"{DROP}/by-hand"
    before = study.log.memory(key)
    clock.days(1)
    assert hands.guessed(study.library, study.log, clock()).startswith("Marked as guessed: “")
    lowered = study.log.memory(key)
    assert lowered.last_day == before.last_day
    assert lowered.stability < before.stability
    with pytest.raises(DropsError, match="guess"):
        hands.guessed(study.library, study.log, clock())
    hands.undo(study.library, study.log, clock())
    assert study.log.memory(key).stability == before.stability
    (event,) = [e for e in study.log.events() if e.item_key == key and e.rating]
    assert event.rating > Rating.AGAIN


@pytest.mark.parametrize(
    ("days", "aside", "said"),
    [
        (0, False, " It comes back on Tuesday, 3 March."),
        (1, False, " It comes back today."),
        (40, False, " It comes back today."),
        (40, True, " It stays set aside."),
    ],
)
def test_no_day_that_is_behind_is_named_as_one_on_which_something_comes_back(
    study, learners, clock, until, days, aside, said
):
    learner = learners(study)
    learner.page(until(learner, study.begin(clock()), is_do))
    key = f"{DROP}/by-hand"
    clock.days(days)
    if aside:
        hands.set_aside(study.library, study.log, key, clock())
    assert hands.guessed(study.library, study.log, clock()).endswith(f" of drop 1.{said}")
    if aside:
        taken_in = hands.take_in(study.library, study.log, key, clock())
        assert taken_in == "Taken in: “z and a for one neuron” of drop 1. It comes back today."


@pytest.mark.parametrize(
    "name", [f"{DROP}/by-hand", "1/by-hand", "z and a for one neuron", " Z and A for one neuron "]
)
def test_an_item_is_named_by_key_number_or_title(library, name):
    assert hands.item_key(library, name) == f"{DROP}/by-hand"


@pytest.mark.parametrize("name", ["1/by-hnd", f"{DROP}/by-hnd", "nothing like it", ""])
def test_an_unknown_item_is_one_line(library, name):
    with pytest.raises(DropsError) as problem:
        hands.item_key(library, name)
    assert "\n" not in str(problem.value)


def test_what_is_only_of_its_lesson_cannot_be_set_aside(library):
    once = next(key for drop in library for key, item in drop.items.items() if not item.keep)
    with pytest.raises(DropsError, match="is of its lesson alone: it is never asked again"):
        hands.item_key(library, once)


def test_what_is_set_aside_already_or_is_not_is_refused_and_nothing_is_written(study, learners, clock):
    learners(study).day()
    key = f"{DROP}/by-hand"
    with pytest.raises(DropsError, match="is not set aside"):
        hands.take_in(study.library, study.log, key, clock())
    hands.set_aside(study.library, study.log, key, clock())
    before = len(study.log.events())
    with pytest.raises(DropsError, match="is set aside already"):
        hands.set_aside(study.library, study.log, key, clock())
    assert len(study.log.events()) == before


@pytest.mark.slow
def test_an_item_set_aside_and_forgotten_with_its_drop_is_as_one_never_seen(study, learners, clock):
    learners(study).day()
    key = f"{DROP}/by-hand"
    hands.set_aside(study.library, study.log, key, clock())
    hands.forget(study.log, study.library.drop(DROP), clock())
    assert hands.left_out(study.log) == {}
    learners(study).run(study.begin(clock(), drop="1"))
    clock.days(3)
    assert key in {item.item_key for item in study.today(clock()).items}


def test_the_title_of_several_items_is_asked_back(library):
    titles = [item.title.lower() for drop in library for item in drop.kept.values()]
    for title in {one for one in titles if titles.count(one) > 1}:
        with pytest.raises(DropsError, match="questions are called"):
            hands.item_key(library, title)
