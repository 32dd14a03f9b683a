"""What is built once for a page that is looked at again, and when it is built anew."""

from __future__ import annotations

import pytest

from drops.study import study as house
from drops.study.build_pages import Shower
from drops.study.shown.latest import Latest


def test_the_same_things_give_what_was_made_and_equal_ones_do_not():
    made = []
    latest = Latest(lambda *given: made.append(given) or len(made))
    one, other = [1], [1]
    assert [latest(one), latest(one), latest(other), latest(other), latest(one)] == [1, 1, 2, 2, 3]
    assert latest(one) == 3


@pytest.fixture
def built(monkeypatch):
    """How often a page was built."""
    counted = []
    plain = Shower.page
    monkeypatch.setattr(Shower, "page", lambda *given: counted.append(1) or plain(*given))
    return counted


def test_a_page_that_is_looked_at_again_is_built_once(study, clock, built):
    session = study.begin(clock(), drop="1")
    pages = [study.page(session) for _ in range(5)]
    assert len(built) == 1
    assert {id(page) for page in pages} == {id(pages[0])}


def test_what_is_written_builds_it_anew(study, clock, built):
    session = study.begin(clock(), drop="1")
    before = study.page(session)
    study.change("budget_minutes", "12", clock())
    assert study.page(session) == before
    assert len(built) == 2
    study.page(study.turn(session, clock()))
    assert len(built) == 3


def test_an_act_of_the_learner_is_seen_on_the_page_at_once(study, learner, clock):
    learner.day()
    key = next(key for key in study.log.memories())
    session = study.begin(clock(), drop=key.partition("/")[0], replay=True)
    study.page(session)
    _, says = study.act(session, "set aside", key, clock())
    assert says
    assert key in house.hands.left_out(study.log)
    assert ("take in", key) in [(name, what) for name, what, _ in house.hands.possible(study)]
    study.act(session, "undo", "", clock())
    assert key not in house.hands.left_out(study.log)


@pytest.mark.slow
def test_an_act_behind_many_others_is_found(study, learner, clock):
    """More turns than are looked through at first lie behind the last answer."""
    from drops.events import Fact, Kind

    learner.day()
    answer = [event for event in study.log.events() if event.correct is not None][-1]
    for _ in range(30):
        study.log.append(Fact(Kind.ATTEMPT, "weighted-sum-and-squash/by-hand", payload={"gauge": "1"}), clock())
    (undo,) = [says for name, _, says in house.hands.possible(study) if name == "undo"]
    _, item = study.library.item(answer.item_key)
    assert item.title in undo
