"""What nobody may write is browsed; what nobody may read is named with the reason."""

from __future__ import annotations

import pytest

from drops.cli.main import main
from program import faults, run, untouched


@pytest.mark.slow
def test_what_may_not_be_written_is_browsed_under_a_banner(reachable):
    why = (
        f"{reachable}/progress.db cannot be written to (read-only); make it writable, or name another folder with --home"
    )
    with untouched(reachable.parent):
        told = run("plain", home=reachable, typed="show\n\nquit\n", nobody=True)
        assert (told.status, told.err) == (0, "")
        assert told.out.splitlines()[0] == f"NOT SAVED: the progress file is read-only. {why}"
        assert told.out.splitlines()[-1] == "Stopped. What was answered here is not saved."
        assert "then: tomorrow" in run("today", home=reachable, nobody=True).out
        assert run("progress", home=reachable, nobody=True).status == 0
        assert run("doctor", "--rebuild", home=reachable, nobody=True).refused == why
        assert run("undo", home=reachable, nobody=True).refused == f"nothing was changed: {why}"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rights_of_home", "rights_of_file", "line"),
    [
        (0o700, 0o600, "{home} cannot be used (permission denied); name another folder with --home"),
        pytest.param(
            0o755,
            0o600,
            "{home}/progress.db cannot be read (permission denied); name another folder with --home",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_what_may_not_be_read_is_named_with_the_reason(reachable, rights_of_home, rights_of_file, line):
    reachable.chmod(rights_of_home)
    (reachable / "progress.db").chmod(rights_of_file)
    line = line.format(home=reachable)
    with untouched(reachable.parent):
        assert run("plain", home=reachable, nobody=True).refused == line
        assert str(reachable) in run("today", home=reachable, nobody=True).refused
        told = run("doctor", home=reachable, nobody=True)
        assert (told.status, told.err) == (1, "")
        assert faults(told.out) == [line]


@pytest.mark.slow
def test_a_home_that_may_not_be_made_is_named_with_the_reason(reachable):
    missing = reachable.parent / "new"
    with untouched(reachable.parent):
        assert run("plain", home=missing, nobody=True).refused == (
            f"{missing} cannot be used (permission denied); name another folder with --home"
        )


def test_who_has_no_home_is_told_so_in_a_line(monkeypatch, capsys):
    """No HOME, and a user of whom the system knows nothing."""
    for name in ("HOME", "DROPS_HOME", "XDG_DATA_HOME", "USERPROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("pathlib.Path.expanduser", lambda self: (_ for _ in ()).throw(RuntimeError("no home")))
    assert main(["--home", "~nobody-of-that-name/drops", "today"]) == 1
    line = "drops: there is no home folder to keep your progress in; name one with --home\n"
    assert capsys.readouterr().err == line
