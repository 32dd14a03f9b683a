"""Several paths: which one is chosen, what each state means for a day, and what the commands say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sums_path
from drops.cli.main import main
from drops.course.check import check
from drops.course.model import Library
from drops.course.parse import load
from drops.errors import DropsError, Unknown
from drops.memory.schedule import folded
from drops.plain.session import Plain
from drops.store.file.glance import glance
from drops.store.log import Log
from drops.study import lasts
from drops.study.paths import CHOSEN, ORDER, STATE, arranged
from drops.study.shown.history import history
from drops.study.study import Study
from drops.study.today import today
from lessons import FIRST, first_alone, lessons

BUNDLED = "understand-neural-network-fundamentals"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return sums_path.write(tmp_path / "mine")


@pytest.fixture
def library(folder: Path) -> Library:
    return load([*first_alone(None), folder])


@pytest.fixture
def drops(home, folder, capsys, monkeypatch):
    """Runs a command in the test's home with both libraries; gives its status, what it printed, complained."""

    monkeypatch.setattr("drops.course.parse.library_folders", first_alone)

    def run(*words: str) -> tuple[int, str, str]:
        try:
            status = main(["--home", str(home), "--content", str(folder), *words])
        except SystemExit as stop:
            status = int(stop.code or 0)
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


def states(paths) -> dict[str, str]:
    return {path.id: paths.states[path.id] for path in paths.ordered}


# ── names ──


def test_a_drop_is_its_id_or_its_path_and_number_and_a_bare_number_means_the_path_asked(library):
    bundled, small = library.paths
    assert library.drop("sums/2").id == library.drop("2", small).id == library.drop("one-sum-more").id
    assert library.drop("2").id == library.drop("2", bundled).id == library.drop(f"{BUNDLED}/2").id
    assert library.drop("2", bundled).id != library.drop("2", small).id


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("sums/3", "no drop 3 in sums: they go from 1 to 2; `drops path sums` lists them"),
        ("sum/2", 'no path "sum"; did you mean "sums"?'),
        ("sums/one-sun", 'no drop "sums/one-sun"; did you mean "one-sum"?'),
        ("one-sums", 'no drop "one-sums"; did you mean "one-sum"?'),
        ("15", f"no drop 15 in {BUNDLED}: they go from 1 to 14; `drops path {BUNDLED}` lists them"),
    ],
)
def test_a_name_that_no_drop_has_is_one_line_with_the_nearest(library, name, line):
    with pytest.raises(Unknown) as refused:
        library.drop(name)
    assert str(refused.value) == line


def test_a_term_belongs_to_its_path(library):
    bundled, small = library.paths
    assert library.linked("term:bias", small) == ("bias", "A leaning of whoever adds.")
    assert library.linked("term:bias", bundled)[1] == bundled.glossary["bias"]
    with pytest.raises(Unknown, match='no term "carry"'):
        library.linked("term:carry", bundled)


# ── how they stand ──


def test_at_first_the_first_path_is_chosen_and_the_others_are_open(library):
    paths = arranged(library, {})
    assert states(paths) == {BUNDLED: "chosen", "sums": "open"}
    assert [drop.number for drop in paths.giving] == [*range(1, 15), 1, 2]


IDS = (BUNDLED, "sums", "gone")
SETTINGS = st.fixed_dictionaries(
    {},
    optional={
        CHOSEN: st.sampled_from((*IDS, 3, None)),
        ORDER: st.one_of(st.lists(st.sampled_from((*IDS, 7))), st.just("sums")),
        **{STATE + name: st.sampled_from(("open", "paused", "hidden", "x", 1, None)) for name in IDS},
    },
)


@given(settings=SETTINGS)
def test_no_choice_leads_into_a_corner(library_once, settings):
    paths = arranged(library_once, settings)
    assert sorted(path.id for path in paths.ordered) == sorted((BUNDLED, "sums"))
    assert paths.current in paths.listed
    assert list(paths.states.values()).count("chosen") == any(
        s in ("chosen", "open") for s in paths.states.values()
    )
    assert {path.id for path in paths.ordered} == set(paths.states)
    assert not paths.giving or paths.giving[0] in paths.current.drops


@pytest.fixture(scope="module")
def library_once(tmp_path_factory) -> Library:
    return load([*first_alone(None), sums_path.write(tmp_path_factory.mktemp("l") / "mine")])


def test_a_choice_is_an_event_and_the_last_one_holds(study, open_study, clock):
    study.arrange("choose", ["sums"], clock())
    study.arrange("order", ["sums"], clock())
    again = open_study()
    assert [(path.id, again.paths.states[path.id]) for path in again.paths.ordered] == [
        ("sums", "chosen"),
        (BUNDLED, "open"),
    ]
    again.arrange("pause", ["Sums"], clock())
    assert states(again.paths) == {"sums": "paused", BUNDLED: "chosen"}
    again.arrange("show", ["sums"], clock())
    assert states(again.paths) == {"sums": "chosen", BUNDLED: "open"}


def test_choosing_a_path_that_rests_opens_it(study, clock):
    study.arrange("hide", ["sums"], clock())
    assert [path.id for path in study.paths.listed] == [BUNDLED]
    assert states(study.arrange("choose", ["sums"], clock())) == {BUNDLED: "open", "sums": "chosen"}


def test_the_last_path_that_is_listed_cannot_be_hidden(study, clock):
    study.arrange("hide", ["sums"], clock())
    with pytest.raises(DropsError, match="one path has to stay"):
        study.arrange("hide", [BUNDLED], clock())
    with pytest.raises(DropsError, match="one path has to stay"):
        study.arrange("hide", ["sums", BUNDLED], clock())


# ── a day ──


def test_new_drops_come_from_the_chosen_path_and_reviews_from_all(study, clock, learners):
    learner = learners(study)
    study.arrange("choose", ["sums"], clock())
    assert study.today(clock()).new.id == "one-sum"
    learner.day()
    study.arrange("choose", [BUNDLED], clock())
    clock.days(4)
    today = study.today(clock())
    assert today.new.id == "weighted-sum-and-squash"
    assert {(item.item_key.partition("/")[0], item.drop) for item in today.items} == {
        ("one-sum", "drop 1 of Sums")
    }
    assert today.finished == 0  # of the chosen path
    learner.day()
    clock.days(20)
    both = {item.item_key.partition("/")[0] for item in study.today(clock()).items}
    assert both == {"one-sum", "weighted-sum-and-squash"}


def test_a_paused_path_gives_no_new_drops_and_its_items_come_back(study, clock, learners):
    study.arrange("choose", ["sums"], clock())
    learners(study).day()
    study.arrange("pause", ["sums", BUNDLED], clock())
    clock.days(4)
    today = study.today(clock())
    assert today.new is None
    assert {item.item_key.partition("/")[0] for item in today.items} == {"one-sum"}
    assert today.paths.current.id == "sums"
    assert not any("drop" in coming for coming in today.coming)


def test_the_items_of_a_hidden_path_rest_and_come_back_when_it_is_shown(study, clock, learners):
    study.arrange("choose", ["sums"], clock())
    learners(study).day()
    study.arrange("hide", ["sums"], clock())
    clock.days(4)
    assert not study.today(clock()).items
    assert study.today(clock()).new.id == "weighted-sum-and-squash"
    study.arrange("show", ["sums"], clock())
    assert {item.item_key.partition("/")[0] for item in study.today(clock()).items} == {"one-sum"}


def test_when_the_chosen_path_is_done_the_next_open_one_gives_new_drops(study, clock, learners):
    learner = learners(study)
    study.arrange("choose", ["sums"], clock())
    learner.day()
    clock.days(1)
    learner.day()
    told = [block.markdown for page in learner.seen if page.part == "carry" for block in page.show]
    assert told[-1].startswith(
        f"That was the last drop of this path. Next: drop 1 of {study.library.paths[0].title}"
    )
    clock.days(1)
    assert study.today(clock()).new.id == "weighted-sum-and-squash"


def test_behind_the_last_drop_of_the_first_path_comes_the_first_of_when_a_network_does_not_learn(home, clock):
    """Its riddle is the last thing that the first path asks."""
    bundled = lessons()
    first, second = bundled.paths[:2]
    assert first.drops[-1].riddle == "Your own net will not learn one day. Where do you look first?"
    assert (second.id, second.drops[0].id) == ("when-a-network-does-not-learn", "read-before-you-touch")
    day = clock().day.toordinal()
    turned = {unit.key: day - 1 for drop in first.drops for unit in lasts.lesson(drop)}
    made = today(bundled, glance(home)._replace(passed=turned), clock())
    assert made.coming[0].endswith("drop 1 of When a Network Does Not Learn")  # behind what comes back first
    assert made.coming[1].endswith("drop 2")  # of the same path, which is named once
    assert not any(second.title in later for later in made.coming[1:])


def test_a_past_answer_names_the_path_of_its_drop_where_another_is_chosen(study, clock):
    session = study.begin(clock(), drop="sums/1")
    while not history(study):
        page = study.page(session)
        if page.gives_up:
            session, _ = study.reveal(session, clock())
        elif page.ask is not None:
            session, _ = study.answer(session, "1", clock(), seconds=9.0)
        session = study.turn(session, clock())
    (past,) = history(study)
    assert past.drop == "drop 1 of Sums"
    assert history(study, text="of sums") == [past]
    study.arrange("choose", ["sums"], clock())
    (past,) = history(study)
    assert past.drop == "drop 1"


# ── commands ──


def test_paths_are_printed_with_id_title_drops_and_state(drops):
    assert json.loads(drops("paths", "--json")[1]) == [
        {"id": BUNDLED, "title": "Understand Neural Network Fundamentals", "drops": 14, "state": "chosen"},
        {"id": "sums", "title": "Sums", "drops": 2, "state": "open"},
    ]
    assert "▸ 1 Understand Neural Network Fundamentals (14 drops, chosen)" in drops("paths")[1]
    assert "  2 Sums (2 drops, open): sums\n" in drops("paths")[1]


@pytest.mark.slow
def test_the_commands_follow_the_chosen_path(drops):
    status, out, _ = drops("paths", "choose", "sums", "--json")
    assert (status, [one["state"] for one in json.loads(out)]) == (0, ["open", "chosen"])
    (path,) = json.loads(drops("path", "--json")[1])
    assert (path["path"], [d["state"] for p in path["phases"] for d in p["drops"]]) == (
        "sums",
        ["today", "ahead"],
    )
    assert json.loads(drops("today", "--json")[1])["new"]["drop"] == "one-sum"
    assert drops("today", "--quiet")[1] == "2 minutes: drop 1\n"
    assert drops("path")[1].startswith("Sums\n  2 drops · 2 days\n")
    assert drops("path", BUNDLED)[1].startswith("Understand Neural Network Fundamentals\n")
    assert "14 drops, hidden" in drops("paths", "hide", BUNDLED)[1]
    assert [one["id"] for one in json.loads(drops("paths", "order", "sums", "--json")[1])] == [
        "sums",
        BUNDLED,
    ]


@pytest.mark.parametrize(
    ("words", "status", "line"),
    [
        (("paths", "choose", "sum"), 1, 'no path "sum"; did you mean "sums"?'),
        (
            ("paths", "hide", BUNDLED, "sums"),
            1,
            "one path has to stay; `drops paths pause` takes no new drops from it",
        ),
        (("paths", "choose", BUNDLED, "sums"), 1, "one path can be chosen, and here are 2; name one"),
        (("paths", "pause"), 2, "name a path to pause; `drops paths` lists them"),
        (
            ("paths", "chose", "sums"),
            2,
            'no verb "chose"; did you mean "choose"? `drops paths --help` shows how',
        ),
        (("path", "sum"), 1, 'no path "sum"; did you mean "sums"?'),
        (("path", "3"), 1, "no path 3: they go from 1 to 2; `drops paths` lists them"),
        (("paths", "pause", "0"), 1, "no path 0: they go from 1 to 2; `drops paths` lists them"),
        (("plain", "sums/3"), 1, "no drop 3 in sums: they go from 1 to 2; `drops path sums` lists them"),
        (("replay", "sum/1"), 1, 'no path "sum"; did you mean "sums"?'),
    ],
)
def test_what_cannot_be_done_with_paths_is_one_line(drops, words, status, line):
    assert drops(*words) == (status, "", f"drops: {line}\n")


def test_a_bare_number_beyond_the_chosen_path_is_told_its_range(drops):
    drops("paths", "choose", "sums")
    assert (
        drops("plain", "7")[2]
        == "drops: no drop 7 in sums: they go from 1 to 2; `drops path sums` lists them\n"
    )


def test_where_another_drops_is_open_paths_cannot_be_settled(drops, home, clock):
    held = Log.open(home, folded(0.9), now=clock())
    try:
        status, _, err = drops("paths", "choose", "sums")
    finally:
        held.close()
    assert (status, err.count("\n")) == (1, 1)
    assert err.startswith("drops: nothing was changed: another drops (process ")
    assert err.endswith(f" is writing to {home}; close it, then try again\n")


@pytest.mark.slow
def test_a_path_is_named_by_its_number_in_the_learners_order(drops):
    assert drops("path", "2")[1].startswith("Sums\n")
    drops("paths", "order", "sums")
    assert "▸ 1 Sums (2 drops, chosen): sums\n" in drops("paths")[1]
    assert drops("path", "1")[1].startswith("Sums\n")
    assert "▸ 2 Understand Neural Network" in drops("paths", "choose", "2")[1]


def test_a_tiny_path_is_walked_in_lines_from_its_first_page_to_its_end(study, clock):
    said: list[str] = []
    terms = iter(["links"])  # asked once, on the first page

    def ask(prompt: str) -> str:
        said.append(prompt)
        if prompt.startswith("Enter"):
            return next(terms, "")
        return "1" if "choice" in prompt or "sure" in prompt else "show"

    Plain(study, clock, ask, said.append).run(study.begin(clock(), drop="sums/1"))
    assert "Drop 1 of Sums. One sum." in said
    assert "Not in this drop: products." in said
    assert "bias: A leaning of whoever adds." in said
    assert "Next: drop 2, A second sum." in said
    assert "one-sum/carry" in study.log.passed()


# ── content ──


def test_two_meanings_of_one_term_in_one_path_are_refused_at_their_line(folder):
    page = folder / "sums" / "path.md"
    page.write_text(page.read_text("utf-8") + "\n### Bias\nAnother meaning.\n", encoding="utf-8")
    line = page.read_text("utf-8").splitlines().index("### Bias") + 1
    assert f'mine/sums/path.md:{line}: "Bias" stands here a second time; join the two' in map(
        str, check([folder])
    )


@pytest.mark.slow
def test_two_paths_may_mean_two_things_and_need_each_others_drops(folder):
    assert check([folder], beside=first_alone(None)) == []
    (alone,) = check([folder])
    assert 'needs no known drop "weighted-sum-and-squash"' in str(alone)


def test_the_command_knows_the_bundled_drops_that_a_library_needs(drops, folder):
    assert drops("check", str(folder))[0] == 0


def test_a_path_stands_behind_those_that_hold_what_it_needs_whatever_its_folder_is_called(tmp_path):
    folder = sums_path.write(tmp_path / "l", "a-first-by-name", "Waves", first="one-wave")
    file = folder / "a-first-by-name" / "01-one-wave.md"
    file.write_text(file.read_text("utf-8").replace('"weighted-sum-and-squash"', '"one-sum"'), "utf-8")
    sums_path.write(folder)
    assert [path.id for path in load([folder]).paths] == ["sums", "a-first-by-name"]


def test_a_subject_may_be_taught_by_a_drop_of_another_path(tmp_path):
    folder = sums_path.write(tmp_path / "l")
    page = folder / "sums" / "path.md"
    text = page.read_text("utf-8").replace("+++\n## Key", '[teaches]\n"bias" = "weighted-sum-and-squash"\n+++\n## Key')
    page.write_text(text, "utf-8")
    assert check([folder], beside=[FIRST]) == []
    assert any("is taught by no drop" in str(one) for one in check([folder]))


def test_drops_that_need_each_other_in_a_circle_are_refused(tmp_path):
    sums_path.write(tmp_path / "l")
    sums_path.write(tmp_path / "l", "waves", "Waves", first="one-wave")
    for path, drop, needs in (("sums", "one-sum", "one-wave"), ("waves", "one-wave", "one-sum")):
        file = tmp_path / "l" / path / f"01-{drop}.md"
        file.write_text(
            file.read_text("utf-8").replace('"weighted-sum-and-squash"', f'"{needs}"'), encoding="utf-8"
        )
    assert [str(one).partition(": ")[2] for one in check([tmp_path / "l"])] == [
        'needs "one-wave", which needs it in turn; break the circle at one of them',
        'needs "one-sum", which needs it in turn; break the circle at one of them',
    ]


@pytest.mark.slow
def test_two_paths_with_one_drop_id_and_two_of_one_path_id_are_refused_with_both_files(tmp_path):
    sums_path.write(tmp_path / "a")
    sums_path.write(tmp_path / "b", "waves", "Waves")
    told = list(map(str, check([tmp_path / "a", tmp_path / "b"], beside=first_alone(None))))
    assert any(
        one.startswith("b/waves/01-one-sum.md:") and 'id "one-sum" is taken by a/sums/01-one-sum.md:' in one
        for one in told
    )
    page = tmp_path / "b" / "waves" / "path.md"
    page.write_text(page.read_text("utf-8").replace('id = "waves"', 'id = "sums"'), encoding="utf-8")
    told = list(map(str, check([tmp_path / "a", tmp_path / "b"], beside=first_alone(None))))
    assert any('the path id "sums" is taken by a/sums/path.md:2' in one for one in told)


@pytest.fixture
def study(open_study) -> Study:
    return open_study()


# ── look-ups ──


def test_no_page_of_a_session_searches_the_library(study, clock, monkeypatch):
    """An item, a drop and a path are looked up in an index, which is made once; a page used to search 139 times."""
    session = study.begin(clock(), drop="one-sum")
    study.page(session)
    study.library.item("one-sum/three")  # the index is made by the first that asks
    made = []
    items = type(study.library.drop("one-sum")).items
    monkeypatch.setattr(
        type(study.library.drop("one-sum")),
        "items",
        property(lambda drop: made.append(drop.id) or items.fget(drop)),
    )
    monkeypatch.setattr(Library, "__iter__", lambda _: pytest.fail("a page went through all drops"))
    for _ in range(6):
        page = study.page(session)
        if page.ask is not None:
            session, _ = (
                study.reveal(session, clock())
                if page.part != "predict"
                else study.answer(session, "1", clock(), seconds=5, confidence="certain")
            )
        session = study.turn(session, clock())
    assert set(made) <= {"one-sum"}
