"""A glance says what the log says, without SQLAlchemy."""

from __future__ import annotations

import sqlite3
import subprocess
import sys

from drops.events import Fact, Kind, Rating
from drops.store.file.glance import Glance, glance


def test_a_glance_and_the_log_agree(home, opened, at, answer, files):
    with opened(home) as log:
        log.append_all(
            [
                answer("a/x"),
                answer("b/x", Rating.AGAIN),
                Fact(Kind.SUSPEND, "b/x", payload={"suspended": True}),
                Fact(Kind.SETTING, payload={"name": "minutes", "value": 8}),
            ],
            at(),
        )
        began = log.append(Fact(Kind.SESSION, payload={"began": True}), at(1))
        undone = log.append(Fact(Kind.SESSION, "a/1", payload={"passed": True}), at(1))
        last = log.append(Fact(Kind.SESSION, "a/2", payload={"passed": True}), at(1))
        log.append(Fact(Kind.VOID, target=undone.event_id), at(1))
        answered = log.append(answer("a/x", numbers={"x": 1}), at(1))
        expected = (log.memories(), log.passed(), log.settings(), tuple(log.daily()), log.durations())
        written = glance(home)
        log.close()
        before = files(home)
        still = glance(home)
        assert files(home) == before
        for seen in (written, still):
            assert (seen.memories, seen.passed, seen.settings, seen.daily, seen.pace) == expected
            assert list(seen.newest) == [began, last, answered]  # of the newest day
            assert seen.problem == ""


def test_sessions_before_a_reset_are_forgotten_unless_the_reset_is(home, opened, at):
    with opened(home) as log:
        log.append(Fact(Kind.SESSION, payload={"began": True}), at())
        reset = log.append(Fact(Kind.RESET), at())
        assert glance(home).newest == ()
        log.append(Fact(Kind.VOID, target=reset.event_id), at())
        assert len(glance(home).newest) == 1


def test_a_glance_has_the_newest_tries_of_each_item_as_they_stand(home, opened, at, answer):
    with opened(home) as log:
        log.append(answer("a/x", level=1), at())
        assert [one.level for one in glance(home).lately.last["a/x"]] == [1]
        log.append(Fact(Kind.RESET), at(1))
        assert glance(home).lately.last == {}
        for day, level in enumerate((0, 1, 1, 2), start=2):
            log.append(answer("a/x", level=level), at(day))
        log.append(answer("b/x", kind=Kind.PRACTICE, level=3), at(6))
        log.append(answer("b/x", kind=Kind.ATTEMPT, level=3), at(6))
        taken_back = log.append(answer("a/x", level=3), at(7))
        assert [one.level for one in glance(home).lately.last["a/x"]] == [1, 2, 3]
        log.append(Fact(Kind.VOID, target=taken_back.event_id), at(7))
        seen = glance(home).lately.last
        assert [one.level for one in seen["a/x"]] == [1, 1, 2]
        assert len(seen["b/x"]) == 1


def test_a_glance_shows_the_last_half_year_and_the_newest_day(home, opened, at, answer):
    with opened(home) as log:
        for day in range(200):
            log.append(answer(), at(day))
        sessions = [log.append(Fact(Kind.SESSION, f"p/{number}"), at(200)) for number in range(25)]
        seen = glance(home)
        assert seen.daily == tuple(log.daily()[-26 * 7 :])
        assert list(seen.newest) == sessions


def test_a_home_that_is_not_there_yet_is_an_empty_glance(home):
    assert glance(home) == Glance()
    assert not home.exists()


def test_a_file_damaged_inside_is_one_line(home, opened):
    opened(home).close()
    with sqlite3.connect(home / "progress.db") as db:
        db.execute("DROP TABLE event")
    db.close()
    assert glance(home).problem == (
        f"{home}/progress.db cannot be read (no such table: event); `drops doctor` says what is wrong"
    )


def test_a_glance_imports_neither_sqlalchemy_nor_anything_heavy():
    script = (
        "import sys; import drops.store.file.glance; print(sorted({m.partition('.')[0] for m in sys.modules} & "
        "{'sqlalchemy', 'alembic', 'numpy', 'fsrs', 'textual', 'platformdirs', 'filelock', 'asyncio'}))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
