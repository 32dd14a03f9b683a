"""What is the learner's own of the Lab: questions that come back in Today, names, the best of a task."""

from __future__ import annotations

import re

import numpy as np
import pytest

from drops.errors import DropsError, Unknown
from drops.events import Fact, Kind
from drops.networks.lab import cards
from drops.networks.lab.challenges import CHALLENGES, ENOUGH
from drops.networks.lab.line import MOST_STEP, read_line
from drops.networks.lab.neighbours import fitting, neighbours
from drops.networks.lab.recipe import print_line
from drops.store.file.glance import glance
from drops.study.own import hands
from drops.study.own import lab as own
from drops.study.reports import today_as_data
from drops.study.today import today

LINE = "xor xy 1-1"


def keep(study, clock, line=LINE, asks="passes", steps=200):
    return own.keep(study, cards.kept(read_line(line), steps, asks), clock())


def cards_of(seen):
    return [item for item in seen.items if item.drop == "the Lab"]


def test_every_question_of_a_card_has_a_name_in_lists():
    assert set(own.TITLES) == set(cards.QUESTIONS)


@pytest.mark.parametrize("asks", cards.QUESTIONS)
def test_a_kept_question_is_in_today_from_the_day_after_and_its_answer_is_remembered(
    study, clock, learners, asks
):
    assert keep(study, clock, asks=asks).startswith("Kept: ")
    assert not cards_of(study.today(clock()))
    clock.days(1)
    (item,) = cards_of(study.today(clock()))
    assert item.title == f"{own.TITLES[asks]}: {LINE}"
    assert item.why == own.KEPT
    learner = learners(study)
    learner.run(study.begin(clock(), wish="not today"))
    page = next(page for page in learner.seen if page.item_key == item.item_key)
    assert page.graded
    assert page.note == own.KEPT
    assert "From the Lab." in page.show[0].markdown
    seen = next(page for page in learner.seen if page.part == "see")
    assert seen.ask.prompt.endswith("trained before your eyes.")
    memory = study.log.memory(item.item_key)
    assert memory.due_day > clock().day.toordinal()
    assert not cards_of(study.today(clock()))


def test_today_says_the_same_from_a_glance_and_from_the_open_log(study, clock, library, home):
    keep(study, clock)
    clock.days(1)
    now = clock()
    light = today(library, glance(home), now)
    assert light.items == study.today(now).items
    assert cards_of(light)
    assert today_as_data(light)["items"][0]["path"] == ""


def test_a_card_survives_a_new_start_and_its_page_stands_as_it_was_drawn(
    study, open_study, clock, until, learners
):
    keep(study, clock)
    clock.days(1)
    learner = learners(study)
    session = until(
        learner, study.begin(clock(), wish="not today"), lambda page: page.item_key.startswith("lab/")
    )
    before = study.page(session)
    again = open_study()
    after = again.page(again.begin(clock(), wish="not today"))
    assert (after.key, after.ask) == (before.key, before.ask)
    assert not after.drop_id  # no lesson stands behind it
    assert after.drop_number == 0


def test_what_is_asked_is_measured_anew_and_of_another_net_each_time():
    made = [
        cards.LabCard.draw(np.random.default_rng(seed), {"line": "circle 2-3-1", "steps": 100})
        for seed in range(4)
    ]
    assert len({card.lines for card in made}) == 4
    for card in made:
        verdict = cards.passing.__wrapped__(*card.lines, card.trained)
        assert sum(verdict.passed) == card.found[0]
        choice = card.steps(frozenset(), {})[0].ask
        assert [option.right for option in choice.options].count(True) == 1
        assert all(str(card.found[0]) in option.feedback for option in choice.options)


@pytest.mark.slow
def test_of_two_lines_the_better_one_is_so_by_three_starts_at_least():
    rng = np.random.default_rng(3)
    card = cards.LabCard.draw(rng, {"line": "circle 2-2-1", "steps": 300, "asks": "better"})
    if card.asks == "better":
        assert abs(card.found[0] - card.found[1]) >= cards.APART
        assert card.lines[0] != card.lines[1]
    step, _ = card.steps(frozenset(), {})
    assert sum(option.right for option in step.ask.options) == 1


@pytest.mark.parametrize(
    "line", ["circle 2-8-8+-1", "moons 2-4-1 @50 sgd .1 @60 W1[1,1]=.5", "wine", "gauss 2-1", "sine 1-8-1"]
)
def test_a_neighbour_of_any_line_is_a_line(line):
    recipe = read_line(line)
    found = neighbours(recipe)
    assert print_line(recipe) in found
    for one in found:
        assert print_line(read_line(one)) == one
        assert read_line(one).data == recipe.data


def test_what_cannot_be_trained_while_somebody_waits_is_not_kept(study, clock):
    with pytest.raises(
        DropsError, match="take too long to be trained 20 times while you wait; a smaller net"
    ):
        keep(study, clock, "circle 2-256-256-256-1 batch 2000")
    assert not study.log.glance().cards


def test_a_question_is_kept_once_taken_back_set_aside_and_forgotten_like_any_item(study, clock):
    keep(study, clock)
    assert keep(study, clock) == "This question is kept already."
    assert (
        hands.act(study, "undo", "", clock())
        == f"Taken back: keeping “how many of 20 pass: {LINE}” of the Lab."
    )
    assert not study.log.glance().cards
    keep(study, clock)
    clock.days(1)
    (item,) = cards_of(study.today(clock()))
    assert "Set aside" in hands.act(study, "set aside", item.item_key, clock())
    assert not cards_of(study.today(clock()))
    hands.act(study, "take in", item.item_key, clock())
    assert cards_of(study.today(clock()))
    assert (
        hands.act(study, "forget", "lab", clock())
        == "Forgotten: all of the Lab; `drops undo` takes this back."
    )
    assert not cards_of(study.today(clock()))
    hands.act(study, "undo", "", clock())
    assert cards_of(study.today(clock()))


def test_a_card_of_another_shape_is_none(study, clock):
    from drops.events import Fact

    for payload in (
        {"card": 3},
        {"card": {"asks": "all"}},
        {"card": {"asks": "passes", "line": 3, "steps": 1}},
    ):
        study.log.append(Fact(Kind.ATTEMPT, "lab/c-00000000", payload=payload), clock())
    own.renew_cards(study)
    clock.days(1)
    assert not cards_of(study.today(clock()))


# ── names ─────────────────────────────────────────────────────────────────────────────────
def test_a_line_has_a_name_until_it_is_taken_away_and_the_last_one_holds(study, clock, open_study):
    assert own.name_line(study, "My-Net", LINE, CHALLENGES, clock()) == f"my-net is {LINE}"
    assert own.name_line(study, "my-net", "circle", CHALLENGES, clock()) == f"my-net is circle; it was {LINE}"
    study = open_study()
    assert own.named(study.log.settings()) == {"my-net": "circle"}
    assert own.drop_name(study, "my-net", clock()) == "my-net is no name any more; its line was circle"
    assert own.named(study.log.settings()) == {}


@pytest.mark.parametrize("name", ["", " ", "-a", "a b", "ä", "../x", "x" * 41, "a\x1b[31m", "W1[1]"])
def test_what_is_no_name_is_said_in_one_line_and_nothing_is_stored(study, clock, name):
    with pytest.raises(DropsError, match="is no name; a name is letters, digits and dashes"):
        own.name_line(study, name, LINE, CHALLENGES, clock())
    assert own.named(study.log.settings()) == {}


def test_the_name_of_a_challenge_is_taken_and_an_unknown_name_says_the_nearest(study, clock):
    with pytest.raises(DropsError, match='"fence" is the name of a challenge; choose another'):
        own.name_line(study, "fence", LINE, CHALLENGES, clock())
    own.name_line(study, "my-net", LINE, CHALLENGES, clock())
    with pytest.raises(Unknown, match='no line "my-nit"; did you mean "my-net"'):
        own.line_named(study.log.settings(), "my-nit")


# ── par ───────────────────────────────────────────────────────────────────────────────────
def test_ones_own_par_is_the_smallest_line_that_did_it(study, clock):
    for line, share, counts in (
        ("circle 2-4-1", 1.0, 17),
        ("circle 2-3-1", 0.8, 13),
        ("circle 2-4-1 relu", 0.92, 17),
    ):
        says = {"line": line, "share": share, "passed": share >= ENOUGH, "parameters": counts}
        own.note_ruling(study, "fence", says, clock())
    says = {"line": "circle xx yy 2-1", "share": 1.0, "passed": True, "parameters": 3}
    own.note_ruling(study, "fence-free", says, clock())
    assert own.own_par(study.log, "fence", "parameters") == ("circle 2-4-1", 1.0, 17)
    assert own.own_par(study.log, "fence", "updates") is None
    assert own.own_par(study.log, "spiral", "parameters") is None


@pytest.mark.parametrize("asks", cards.QUESTIONS)
def test_the_run_after_the_answer_ends_with_what_was_measured(asks):
    card = cards.LabCard.draw(np.random.default_rng(5), {"line": "circle 2-3-1", "steps": 300, "asks": asks})
    run = card.steps(frozenset(), {})[1].ask
    frames = [frame for frame in run.frames(0) if frame is not None]
    assert [frame.done for frame in frames] == sorted(frame.done for frame in frames)
    assert len(frames) >= 20  # in four seconds, five a second
    last = frames[-1]
    assert last.done == 1
    if card.asks == "doctor":
        assert last.says.endswith(f"It names {', '.join(card.found) or 'nothing'}.")
    elif card.asks == "curve":
        (right,) = (option.text for option in card.steps(frozenset(), {})[0].ask.options if option.right)
        assert last.says.endswith(f"That is curve {right}.")
    else:
        assert [int(count) for count in re.findall(r"(\d+) of 20", last.says)] == list(card.found)


@pytest.mark.parametrize("asks", cards.QUESTIONS)
def test_the_run_after_the_answer_is_nudged_by_rate_and_weight_and_claims_nothing_that_is_not_so(asks):
    card = cards.LabCard.draw(np.random.default_rng(5), {"line": "circle 2-3-1", "steps": 300, "asks": asks})
    run = card.steps(frozenset(), {})[1].ask
    assert [knob.name for knob in run.knobs] == ["rate", *cards.NUDGED]

    def seen(nudges):
        return [frame for frame in run.nudged(0, nudges) if frame is not None]

    whole, same, turned = (seen(nudges) for nudges in ((), ((0.5, "rate", 2),), ((0.5, "W1[1,1]", 8),)))
    assert [frame.says for frame in same] == [frame.says for frame in whole if frame.done > 0.5]
    assert [frame.show for frame in turned] != [frame.show for frame in same]
    assert "That is curve" not in turned[-1].says
    other = [frame for frame in run.frames(1) if frame is not None]
    assert "That is curve" not in other[-1].says


@pytest.mark.parametrize(
    ("points", "single", "decided"),
    [
        ([[(0, 0.8), (10, 0.5)]], True, ""),
        ([[(0, 0.8), (10, 0.4)]], True, "the loss has halved, step 10"),
        ([[(0, 0), (10, 9)]], False, ""),
        ([[(0, 0), (10, 10)]], False, "half of the nets are there, step 10"),
        ([[(0, 0), (10, 14)], [(0, 0), (10, 12)]], False, ""),
        ([[(0, 0), (10, 12)], [(0, 0), (10, 15)]], False, "the two part, step 10"),
    ],
)
def test_a_run_of_the_lab_names_the_moment_that_decides(points, single, decided):
    assert cards._decided(points, single=single) == decided


def test_a_line_that_changes_in_its_run_is_shown_and_not_nudged():
    line = "xor xy 1-1 @100 sgd .5"
    card = cards.LabCard.draw(np.random.default_rng(1), {"line": line, "steps": 200, "asks": "passes"})
    run = card.steps(frozenset(), {})[1].ask
    assert not run.knobs
    assert [frame.done for frame in run.frames(0) if frame is not None][-1] == 1


@pytest.mark.parametrize("line", ["circle 2-4-1", "moons 2-8-1 relu break uphill", "hills 2-8-1", "rings"])
def test_the_curves_to_choose_from_are_measured_and_told_apart(line):
    card = cards.LabCard.draw(np.random.default_rng(2), {"line": line, "steps": 300, "asks": "curve"})
    (page, _) = card.steps(frozenset(), {})
    asked = read_line(card.lines[0])
    assert asked.fault == (read_line(line).fault or asked.fault) != ""
    assert f"`{card.lines[0]}`" in page.show[0].markdown
    (curves,) = page.ask.beside({}, "")
    (right,) = (i for i, option in enumerate(page.ask.options) if option.right)
    assert curves.blocks[right].series[0].points == cards.losses_of.__wrapped__(card.lines[0], card.trained)
    top = curves.blocks[0].window[1]
    for i, one in enumerate(curves.blocks):
        assert one.window == (0.0, top)
        assert one.says.startswith(f"Curve {page.ask.options[i].text}, the loss from start to end: ")
        for other in curves.blocks[:i]:
            pairs = zip(one.series[0].points, other.series[0].points, strict=True)
            assert max(abs(one.drawn(a) - other.drawn(b)) for (_, a), (_, b) in pairs) >= cards.UNLIKE * top


KEPT_ELSEWHERE = {  # by another version, or by an import
    "a word that is gone": {"line": "circle 2-4-1 swoosh", "steps": 500, "asks": "passes"},
    "a fault that is gone": {"line": "circle break moths", "steps": 500, "asks": "curve"},
    "a table": {"line": "csv:gone", "steps": 500, "asks": "passes"},
    "too large a net": {"line": "circle 2-256-256-256-1", "steps": 500, "asks": "passes"},
    "no steps": {"line": "circle 2-4-1", "steps": -5, "asks": "doctor"},
    "more steps than there are": {"line": "circle 2-4-1", "steps": 10**12, "asks": "doctor"},
    "more than a line": {"line": "x" * 9000, "steps": 500, "asks": "curve"},
    "more than is known": {"line": "circle 2-4-1", "steps": 100, "asks": "doctor", "colour": "red"},
}


def test_one_net_alone_is_trained_for_no_longer_than_twenty_at_once():
    for line in ("xor xy 1-1", "circle 2-4-1", "circle 2-8-8-8-8-1"):
        one, seven, twenty = (fitting(read_line(line), MOST_STEP, nets) for nets in (1, 7, cards.SEEDS))
        assert one < 10 * twenty  # a step of one net costs a tenth of a step of twenty at least
        assert 6 * seven < one < 8 * seven


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(
            name, marks=[pytest.mark.slow] if kept["steps"] > 1000 else []
        )  # trained as long as can be waited
        for name, kept in KEPT_ELSEWHERE.items()
    ],
)
def test_what_another_version_kept_never_stops_a_sitting(study, clock, learners, name):
    key = f"{own.CARDS}0badcafe"
    study.log.append(Fact(Kind.ATTEMPT, key, payload={own.CARD: KEPT_ELSEWHERE[name]}), clock())
    own.renew_cards(study)
    clock.days(1)
    learner = learners(study)
    learner.run(study.begin(clock(), wish="not today"))
    page = next(page for page in learner.seen if page.item_key == key)
    cannot = "cannot be asked any more" in page.show[0].markdown
    assert cannot == (name not in ("no steps", "more steps than there are", "more than is known"))
    assert study.log.memory(key) is not None


def test_a_question_that_another_version_had_begun_is_asked_of_a_line_that_is_known():
    stored = {"asks": "doctor", "lines": ("circle swoosh",), "trained": 100, "found": ()}
    params = {"line": "circle swoosh", "steps": 100, "asks": "doctor", "kept": True}
    card = cards.LabCard.restored(stored, params)
    assert card.instead
    assert read_line(card.lines[0])
    assert cards.LabCard.restored(card.as_stored(), params) == card


def test_a_fence_of_a_course_with_no_line_is_refused():
    with pytest.raises(DropsError, match="swoosh"):
        cards.LabCard.draw(np.random.default_rng(1), {"line": "circle swoosh"})
