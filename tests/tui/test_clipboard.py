"""The clipboard: the command of the machine at hand, never of another, and never waited for long."""

from __future__ import annotations

import sys
import time

import pytest

from drops.tui.terminal import clipboard

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="scripts that stand for commands")
WHERE = {"xclip": "DISPLAY", "xsel": "DISPLAY", "wl-copy": "WAYLAND_DISPLAY", "clip.exe": "WSL_DISTRO_NAME"}
NAMES = [*WHERE.values(), "SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT", "TERMUX_VERSION"]


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine with just these commands; what they were given stands in files of their names."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")

    def having(*commands: str, script: str = "cat > {kept}; exit 0") -> None:
        monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
        for command in commands:
            monkeypatch.setenv(WHERE[command], ":0")
            (tmp_path / command).write_text("#!/bin/sh\n" + script.format(kept=tmp_path / f"{command}.got"))
            (tmp_path / command).chmod(0o755)

    return having


@pytest.mark.parametrize("command", WHERE)
def test_the_command_that_there_is_takes_it(machine, command, tmp_path):
    machine(command)
    assert clipboard.copy("−0.5\n½")
    encoding = "utf-16" if command == "clip.exe" else "utf-8"
    assert (tmp_path / f"{command}.got").read_bytes().decode(encoding) == "−0.5\n½"


def test_one_that_fails_leaves_it_to_the_next(machine, tmp_path):
    machine("xclip", script="exit 1")
    machine("xsel")
    assert clipboard.copy("a")
    assert (tmp_path / "xsel.got").read_text() == "a"


def test_where_nothing_can_take_it_that_is_said(machine):
    assert not clipboard.copy("a")
    machine("xclip", script="exit 1")
    assert not clipboard.copy("a")


def test_at_the_other_end_of_a_line_it_is_another_machines(machine, monkeypatch):
    machine("xclip")
    monkeypatch.setenv("SSH_CONNECTION", "10.0.0.1 1 10.0.0.2 22")
    assert not clipboard.copy("a")


def test_a_command_that_does_not_answer_is_not_waited_for(machine, monkeypatch):
    monkeypatch.setattr(clipboard, "LONGEST", 0.2)
    machine("xclip", script="exec sleep 20")
    began = time.monotonic()
    assert not clipboard.copy("a")
    assert time.monotonic() - began < 5
