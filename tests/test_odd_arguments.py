"""Whatever is typed after a command, it answers in one line that says what to do, and breaks nothing."""

from __future__ import annotations

import io

import pytest

from drops.cli.main import main
from drops.cli.parser import COMMANDS


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DROPS_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("sys.stdin", io.StringIO())
    return tmp_path / "home"


def answered(capsys, *words: str) -> tuple[int, str]:
    """The status of a command, and the lines of its standard error."""
    try:
        status = main(words)
    except SystemExit as end:  # wrong usage
        status = int(end.code or 0)
    return status, capsys.readouterr().err


ODD = {
    "unknown option": "--nope",
    "very long": "x" * 5000,
    "long with an ending": "y" * 5000 + ".csv",
    "empty": "",
    "escapes": "\x1b]0;title\x07\x1b[31mred",
    "bidi": "\u202eevil",
    "several lines": "a\nb",
    "not UTF-8": "\udcff",
    "a folder": "/",
    "behind a file": "/etc/passwd/x",
    "negative": "-1",
    "big": "9" * 40,
    "dots": "../../..",
    "star": "*",
}


@pytest.mark.slow
@pytest.mark.parametrize("command", [command.name for command in COMMANDS])
def test_an_odd_argument_is_answered_in_one_short_line(command, home, capsys):
    for name, odd in ODD.items():
        answers_shortly(command, odd, home, capsys, name)


@pytest.mark.parametrize("odd", ["very long", "long with an ending", "empty", "not UTF-8"])
@pytest.mark.parametrize("command", ["backup", "forget", "today"])
def test_some_odd_arguments_are_answered_in_one_short_line(command, odd, home, capsys):
    answers_shortly(command, ODD[odd], home, capsys, odd)


def answers_shortly(command: str, odd: str, home, capsys, name: str) -> None:
    status, said = answered(capsys, command, odd)
    assert status in (0, 1, 2), name
    assert "Traceback" not in said, name
    assert not list(home.glob("report-*")), name
    assert not set(said) & {"\x1b", "\u202e", "\udcff"}, name
    if status:
        assert said.startswith("drops: ") or command == "check", name
        assert len(said) < 1000 or command == "check", name
        assert said.count("\n") == 1 or command == "check", (name, said)
    if odd == "":
        assert (status, said) == (2, "drops: an empty word names nothing; `drops --help` shows how\n")


@pytest.mark.parametrize("command", [command.name for command in COMMANDS])
def test_what_is_too_much_is_named_with_the_help_of_its_command(command, home, capsys):
    status, said = answered(capsys, command, "--nope")
    assert status == 2
    assert "--nope" in said or "required" in said or "name a" in said
    assert f"`drops {command} --help`" in said
