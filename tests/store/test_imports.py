"""An import is prepared by a copy, says whose history it is, and can be taken back."""

from __future__ import annotations

import os
import sqlite3
import time

import pytest

from drops.cli.main import main
from drops.errors import Another, StoreError
from drops.events import Fact, Kind
from drops.store.file.integrity import examine
from drops.store.transfer import export, import_file, take_back
from pace import slowness
from program import run


@pytest.fixture
def two(tmp_path, opened, at, answer):
    """Two devices with answers of their own."""
    with opened(tmp_path / "a") as a, opened(tmp_path / "b") as b:
        a.append_all([answer("a/x"), answer("a/y")], at())
        b.append_all([answer("b/x"), answer("b/y"), answer("a/x")], at(3))
        yield a, b


def test_another_learners_history_is_refused_in_a_line_that_says_whose_it_is(two, at, state):
    a, b = two
    before = state(a)
    with pytest.raises(Another) as refused:
        import_file(a, b.path, at(4))
    assert str(refused.value) == (
        f"{b.path} is another learner's history (of 2026-03-05, 1 device); nothing was imported: "
        "add --merge-learner if both are yours"
    )
    assert state(a) == before
    assert not (a.path.parent / "backups").exists()


def test_two_devices_that_met_import_each_other_without_being_asked_again(two, at, answer, state):
    a, b = two
    import_file(a, b.path, at(4), merge_learner=True)
    import_file(b, a.path, at(4))  # its own answers are in there
    b.append(answer("b/z"), at(5))
    import_file(a, b.path, at(6))
    import_file(b, a.path, at(6))
    assert state(a) == state(b)


def test_an_empty_home_takes_any_history(tmp_path, two, opened, at):
    a, _ = two
    with opened(tmp_path / "new") as new:
        assert import_file(new, a.path, at(4)).merged.new == 2


def test_a_verified_copy_is_made_before_and_kept_if_anything_was_new(two, at):
    a, b = two
    done = import_file(a, b.path, at(4), merge_learner=True)
    assert examine(done.copy) == []
    with sqlite3.connect(done.copy) as db:
        assert db.execute("SELECT count(*) FROM event").fetchone() == (2,)
    db.close()
    import_file(a, b.path, at(5))
    assert [file.name for file in (a.path.parent / "backups").iterdir()] == [done.copy.name]


def test_a_second_import_in_the_same_second_does_not_take_the_first_ones_copy(two, at, state):
    a, b = two
    before = state(a)
    done = import_file(a, b.path, at(4), merge_learner=True)
    assert import_file(a, b.path, at(4)).merged.new == 0
    assert done.copy.exists()
    assert take_back(a, at(4)) == 3
    assert state(a) == before


@pytest.mark.parametrize("as_text", [False, True])
def test_the_last_import_is_taken_back_and_what_was_answered_since_stays(two, at, answer, state, tmp_path, as_text):
    a, b = two
    before = state(a)
    source = b.path
    if as_text:
        source = tmp_path / "b.jsonl"
        export(b, source)
    import_file(a, source, at(4), merge_learner=True)
    assert len(a.events()) == 5
    for day in range(5, 20):
        a.back_up(at(day))  # the copy from before it is not thinned away
    assert take_back(a, at(20)) == 3
    assert state(a) == before
    with pytest.raises(StoreError, match="^there is no import to take back; nothing was changed$"):
        take_back(a, at(20))
    import_file(a, source, at(21), merge_learner=True)  # and again
    a.append(answer("a/new"), at(22))
    assert take_back(a, at(23)) == 3
    assert [event.item_key for event in a.events()] == ["a/x", "a/y", "a/new"]
    a.rebuild()
    assert set(a.memories()) == {"a/x", "a/y", "a/new"}


def test_an_older_copy_of_this_very_file_is_taken_back_without_what_came_after(two, at, answer, tmp_path):
    a, _ = two
    old = a.back_up(at(1))
    late = a.append(answer("a/late"), at(2))
    a.append(Fact(Kind.VOID, target=late.event_id), at(2))
    assert import_file(a, old, at(3)).merged.new == 0
    with pytest.raises(StoreError, match="no import to take back"):
        take_back(a, at(3))
    assert len(a.events(voided=True)) == 4


def test_the_command_says_whose_and_from_when_and_takes_it_back_once(two, at, capsys):
    a, b = two
    a.close(), b.close()
    home = ("--home", str(a.path.parent))
    assert main([*home, "import", str(b.path)]) == 1
    assert "is another learner's history" in capsys.readouterr().err
    assert main([*home, "import", str(b.path), "--merge-learner"]) == 0
    said = capsys.readouterr().out
    assert "3 new events, 0 known already, 0 kept out\n  the file holds a history of 2026-03-05, 1 device\n" in said
    assert "`drops import --undo` takes it back" in said
    assert main([*home, "import", "--undo"]) == 0
    assert capsys.readouterr().out == "took the last import back: 3 events left again\n"
    assert main([*home, "import", "--undo"]) == 1
    assert capsys.readouterr().err == "drops: there is no import to take back; nothing was changed\n"
    assert main([*home, "import"]) == 2
    assert main([*home, "import", "x.jsonl", "--undo"]) == 2


def test_an_import_of_which_all_is_refused_fails_with_the_first_reason(two, capsys, tmp_path):
    a, b = two
    source = tmp_path / "b.jsonl"
    export(b, source)
    source.write_text(source.read_text().replace('"rating":3', '"rating":4'))
    a.close(), b.close()
    assert main(["--home", str(a.path.parent), "import", str(source), "--merge-learner"]) == 1
    assert capsys.readouterr().err == (
        f"drops: nothing of {source} was imported: the digest does not match: the row was changed after it was written\n"
    )


def test_what_is_no_plain_file_is_refused_at_once(two, tmp_path, at):
    a, _ = two
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "zero").symlink_to("/dev/zero")
    for name in ("pipe", "zero", "a"):
        with pytest.raises(StoreError, match="is no file that can be imported; nothing was imported: name an export"):
            import_file(a, tmp_path / name, at())


def test_a_huge_file_with_holes_is_refused_by_its_header(two, tmp_path, at):
    a, b = two
    b.close()
    huge = tmp_path / "huge.db"
    huge.write_bytes(b.path.read_bytes())
    os.truncate(huge, 3 << 30)
    empty = tmp_path / "empty.db"
    empty.write_bytes(b"")
    os.truncate(empty, 3 << 30)
    begun = time.process_time()
    with pytest.raises(StoreError, match="is longer than its header says; nothing was imported"):
        import_file(a, huge, at())
    with pytest.raises(StoreError, match="is neither an exported log nor a progress file of drops"):
        import_file(a, empty, at())
    assert time.process_time() - begun < slowness()


@pytest.mark.parametrize(
    ("command", "link"),
    [
        ("backup", None),  # an export would be refused for its ending
        *((command, link) for command in ("backup", "export") for link in ("symlink_to", "hardlink_to")),
    ],
)
def test_no_copy_is_written_over_the_progress_file_itself(two, tmp_path, capsys, link, command):
    a, b = two
    a.close(), b.close()
    target = a.path
    if link:
        target = tmp_path / "other.jsonl"
        getattr(target, link)(a.path)
    before = a.path.read_bytes()
    assert main(["--home", str(a.path.parent), command, str(target), "--replace"]) == 1
    assert capsys.readouterr().err == f"drops: {target} is the progress file itself; give another name\n"
    assert a.path.read_bytes() == before


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name here")
@pytest.mark.parametrize("command", ["backup", "export"])
def test_what_is_no_ordinary_file_is_never_replaced(tmp_path, command):
    home, pipe = tmp_path / "home", tmp_path / "pipe.jsonl"
    run("plain", "1", home=home, typed="\nquit\n")
    os.mkfifo(pipe)
    assert run(command, "--replace", pipe, home=home).refused == f"{pipe} is no ordinary file; give the name of one"
    assert pipe.is_fifo()
