"""Devices that share a folder end with one history, whatever the folder went through."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deeds import clocks, deeds, fact_of
from drops.errors import Another, StoreError
from drops.store.file.joined import JOINED, WHOSE, has_news, joined, segments
from drops.store.sync import exchange, join
from drops.store.transfer import export, import_file, take_back
from program import run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "cloud"
    made.mkdir()
    return made


@pytest.fixture
def device(opened, folder, at, tmp_path):
    """A home of its own that shares the folder; opened anew each time."""

    def use(name: str, *facts, moment=None, **more):
        home = tmp_path / name
        with opened(home) as log:
            if joined(home) is None:
                join(log, home, folder, at(), **more)
            for fact in facts:
                log.append(fact, moment or at())
            done = exchange(log, home, at())
            return done, [event.event_id for event in log.events(voided=True)], log.learner_id

    return use


def test_two_devices_end_with_all_answers_of_both(device, answer):
    device("desk", answer("a/x"))
    device("train", answer("a/y"), answer("b/x"))
    _, desk, whose = device("desk")
    _, train, same = device("train")
    assert len(desk) == 3
    assert desk == train
    assert whose == same  # the second one was empty, and took it


def test_what_was_exchanged_moves_nothing_again(device, answer, folder):
    device("desk", answer("a/x"))
    device("train")
    before = sorted(segments(folder))
    for name in ("desk", "train", "desk"):
        done, _, _ = device(name)
        assert (done.taken, done.given) == (0, 0)
    assert sorted(segments(folder)) == before


def test_the_derived_tables_are_those_of_one_log(opened, device, answer, state, tmp_path, fold):
    device("desk", answer("a/x"), answer("b/x"))
    device("train", answer("a/x"))
    device("desk")
    with opened(tmp_path / "desk") as log:
        ours = state(log)
        log.rebuild()
        assert state(log) == ours


# ── the folder is damaged ──

HARM = {
    "half copied": lambda file: file.write_bytes(file.read_bytes()[:-40]),
    "a flipped byte": lambda file: file.write_bytes(file.read_bytes().replace(b"a/x", b"a/q", 1)),
    "empty": lambda file: file.write_bytes(b""),
    "gone": lambda file: file.unlink(),
}


@pytest.mark.parametrize("harm", HARM)
def test_a_damaged_file_is_left_and_what_it_held_is_given_again(device, answer, folder, harm):
    device("desk", answer("a/x"))
    (name,) = segments(folder)
    HARM[harm](folder / name)
    done, events, _ = device("train")
    assert (done.taken, done.waiting, events) == (0, harm != "gone", [])
    assert device("desk")[0].given == 1
    done, events, _ = device("train")
    assert (done.taken, len(events)) == (1, 1)


def test_a_file_that_becomes_whole_is_read_then(device, answer, folder):
    device("desk", answer("a/x"))
    (name,) = segments(folder)
    whole = (folder / name).read_bytes()
    (folder / name).write_bytes(whole[:-40])
    assert "not whole yet" in device("train")[0].says[1]
    (folder / name).write_bytes(whole)
    assert device("train")[0].taken == 1


def test_names_that_are_no_segments_and_links_are_passed_over(device, answer, folder, tmp_path):
    device("desk", answer("a/x"))
    (name,) = segments(folder)
    secret = tmp_path / "secret"
    secret.write_text("not ours")
    (folder / name.replace("events-", "events-0")).write_text("{}")
    (folder / ("events-" + "0" * 32 + "-" + "1" * 32 + ".jsonl")).symlink_to(secret)
    (folder / "notes.txt").write_text("mine")
    (folder / ("events-" + "2" * 32 + "-" + "1" * 32 + ".jsonl")).mkdir()
    done, events, _ = device("train")
    assert (done.waiting, done.anothers, len(events)) == (0, 0, 1)


def test_another_learners_file_is_told_and_left(opened, device, answer, folder, tmp_path, at):
    device("desk", answer("a/x"))
    strange = tmp_path / "strange folder"
    strange.mkdir()
    with opened(tmp_path / "stranger") as log:
        log.append(answer("b/x"), at())
        join(log, tmp_path / "stranger", strange, at())
    (name,) = segments(strange)
    shutil.copy(strange / name, folder / name)
    done, events, _ = device("desk")
    assert (done.taken, done.anothers, len(events)) == (0, 1, 1)
    assert "of another learner; left alone" in done.says[1]


def test_what_lacks_is_taken_in_again_though_it_was_read_before(opened, device, answer, tmp_path, folder):
    """A progress file put back from a copy, beside a note that has seen all of the folder."""
    device("desk")
    old = (tmp_path / "desk" / "progress.db").read_bytes()
    device("train", answer("a/x"))
    assert len(device("desk")[1]) == 1
    (tmp_path / "desk" / "progress.db").write_bytes(old)
    assert len(device("desk")[1]) == 1


@pytest.mark.slow
def test_more_files_lie_there_than_may_be_open_at_once(device, answer, folder):
    resource = pytest.importorskip("resource")
    for n in range(40):
        device("desk", answer(f"a/{n}"))
    assert len(segments(folder)) == 40
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    fds = Path("/proc/self/fd")
    open_now = len([*fds.iterdir()]) if fds.is_dir() else 60
    resource.setrlimit(resource.RLIMIT_NOFILE, (open_now + 20, hard))
    try:
        assert len(device("train")[1]) == 40
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


# ── whose it is ──


def test_another_learners_folder_is_joined_only_where_that_is_said(opened, device, answer, folder, tmp_path, at):
    device("desk", answer("a/x"))
    with opened(tmp_path / "old") as log:
        log.append(answer("b/x"), at())
        with pytest.raises(Another, match="--merge-learner if both are yours"):
            join(log, tmp_path / "old", folder, at())
    assert joined(tmp_path / "old") is None
    assert len(segments(folder)) == 1
    _, old, _ = device("old", merge_learner=True)
    _, desk, _ = device("desk")
    assert old == desk
    assert len(desk) == 2


def test_a_folder_that_becomes_anothers_is_read_no_more(device, answer, folder):
    device("desk", answer("a/x"))
    (folder / WHOSE).write_text(json.dumps({"drops": "learner", "learner": "ab" * 16}))
    with pytest.raises(Another, match="belongs to another learner now; nothing was read"):
        device("desk")


# ── any history ──

steps = st.lists(
    st.one_of(
        st.tuples(st.just("do"), st.integers(0, 2), clocks, deeds),
        st.tuples(st.just("meet"), st.integers(0, 2)),
        st.tuples(st.just("harm"), st.integers(0, 9), st.sampled_from(sorted(HARM))),
        st.tuples(st.just("restore"), st.integers(0, 2)),
    ),
    max_size=25,
)


@pytest.mark.parametrize(
    "examples",
    [2, pytest.param(10, marks=pytest.mark.slow), pytest.param(150, marks=pytest.mark.nightly)],
)
def test_whatever_happens_three_devices_end_in_one_state_and_lose_nothing(
    opened, at, state, tmp_path_factory, examples
):
    """Clocks that stand anywhere, files that are cut or lost, a home put back from a copy that was shared."""

    @settings(max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(steps)
    def one_state(history):
        place = tmp_path_factory.mktemp("devices")
        folder = place / "cloud"
        folder.mkdir()
        homes = [place / str(n) for n in range(3)]
        made: set[bytes] = set()

        def meet(n):
            with opened(homes[n]) as log:
                if joined(homes[n]) is None:
                    join(log, homes[n], folder, at())
                exchange(log, homes[n], at())

        for n in range(3):
            meet(n)
        for step in history:
            match step:
                case ("do", n, day, deed):
                    with opened(homes[n]) as log:
                        if fact := fact_of(deed, log):
                            made.add(log.append(fact, at(day)).event_id)
                case ("meet", n):
                    meet(n)
                case ("harm", which, how):
                    if found := sorted(segments(folder)):
                        HARM[how](folder / found[which % len(found)])
                case ("restore", n):
                    shutil.copytree(homes[n], place / "copy", dirs_exist_ok=True)
                    for rest in place.glob("copy/progress.db-*"):
                        rest.unlink()
                    with opened(homes[n]) as log:
                        made.add(log.append(fact_of(("pass", "a/x"), log), at()).event_id)
                    for one in (n, (n + 1) % 3):  # what two hold is not lost with one
                        meet(one)
                    shutil.rmtree(homes[n])
                    shutil.copytree(place / "copy", homes[n])
        for n in (0, 1, 2, 0, 1, 2):
            meet(n)
        states = []
        for home in homes:
            with opened(home) as log:
                states.append(state(log))
                assert {event.event_id for event in log.events(voided=True)} >= made
        assert states[0] == states[1] == states[2]
        before = sorted(segments(folder))
        for n in range(3):
            meet(n)
        assert sorted(segments(folder)) == before

    one_state()


# ── taking an import back ──


def test_an_import_is_taken_back_but_not_what_the_folder_holds(opened, device, answer, at, tmp_path, folder):
    with opened(tmp_path / "other") as log:
        log.append(answer("b/x"), at())
        export(log, tmp_path / "other.jsonl")
    device("desk", answer("a/x"))
    with opened(tmp_path / "desk") as log:
        import_file(log, tmp_path / "other.jsonl", at(), merge_learner=True)
        from drops.store.sync import held_by_folder

        assert take_back(log, at(), held_by_folder(tmp_path / "desk")) == 1
        import_file(log, tmp_path / "other.jsonl", at(), merge_learner=True)
        exchange(log, tmp_path / "desk", at())
        assert take_back(log, at(), held_by_folder(tmp_path / "desk")) == 0


# ── by command ──

WRONG = {
    "no folder": ("nowhere", "nowhere is not there; make it, or name another folder"),
    "a file": ("file", "file is no folder; name one"),
    "its own home": ("home", "home lies in the home folder of your progress; name one outside of it"),
    "in its home": ("home/backups", "home/backups lies in the home folder of your progress; name one outside of it"),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", WRONG)
def test_what_is_no_folder_to_share_is_one_line(tmp_path, case):
    named, says = WRONG[case]
    home = tmp_path / "home"
    (home / "backups").mkdir(parents=True)
    (tmp_path / "file").touch()
    assert run("sync", "--join", tmp_path / named, home=home).refused == f"{tmp_path}/{says}"
    assert not (home / JOINED).exists()


@pytest.mark.slow
def test_a_link_and_no_folder_at_all_are_one_line(tmp_path):
    said = run("sync", "--join", "https://drops.school.example/j/1", home=tmp_path / "home").refused
    assert said.startswith("that is no link of a learner; it looks like https://")
    said = run("sync", home=tmp_path / "home").refused
    assert said == "no folder is joined; `drops sync --join FOLDER` joins one"
    assert "goes with --join" in run("sync", "--merge-learner", home=tmp_path / "home").err


@pytest.mark.slow
def test_sessions_on_two_devices_need_no_word_once_both_have_joined(tmp_path, folder):
    homes = [tmp_path / "desk", tmp_path / "train"]
    for home in homes:
        assert run("sync", "--join", folder, home=home).out == f"0 events taken in, 0 given to {folder}\n"
    answered = run("plain", typed="\n\nshow\n", home=homes[0])
    assert answered.err == ""
    assert has_news(homes[1])
    told = [json.loads(run("today", "--json", home=home).out) for home in homes]
    assert told[0] == told[1]
    assert not has_news(homes[1])
    counts = []
    for home in homes:
        with sqlite3.connect(home / "progress.db") as db:
            counts.append(db.execute("SELECT count(*) FROM event").fetchone())
    assert counts[0] == counts[1]
    shutil.rmtree(folder)
    gone = run("place", typed="\n", home=homes[0])
    assert gone.err.startswith(f"drops: {folder} is not there")
    assert run("sync", "--leave", home=homes[0]).out == f"{folder} is shared no more; what lies there stays\n"
    assert run("sync", "--leave", home=homes[0]).out == "nothing was joined\n"
    assert run("sync", home=homes[0]).refused.startswith("no folder is joined")


def test_a_note_of_the_folder_that_cannot_be_read_says_what_to_do(tmp_path):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / JOINED).write_text("{")
    said = run("sync", home=tmp_path / "home").refused
    assert said.endswith("sync.json cannot be read; `drops sync --join FOLDER` writes it anew")
    with pytest.raises(StoreError):
        joined(tmp_path / "home")
