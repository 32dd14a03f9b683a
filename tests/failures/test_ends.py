"""Two at once, signals, Ctrl+C, a lost terminal, errors of our own: the terminal is restored, every answer there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress

import pexpect
import pytest

from program import DROP, LONGEST, Talk, environment, events, main, run, untouched
from terminals import Terminal


@pytest.mark.slow
def test_a_second_start_only_reads_and_says_which_process_writes(home):
    with Talk("plain", DROP, home=home) as first:
        first.prompt()
        line = (
            f"another drops (process {first.process.pid}) is writing to {home}; "
            "close it, then try again"
        )
        with untouched(home):
            second = run("plain", DROP, home=home, typed="quit\n")
            assert (second.status, second.err) == (0, "")
            assert second.out.splitlines()[0].lower() == f"not saved: drops is open elsewhere. {line}".lower()
            assert run("import", home / "progress.db", home=home).refused == line
            assert run("doctor", "--restore", home=home).refused == line
            assert run("undo", home=home).refused == f"nothing was changed: {line}"
            assert run("settings", "budget_minutes", "9", home=home).refused == f"nothing was changed: {line}"
            assert run("today", home=home).status == 0
        before = len(events(home))
        first.answer("show")
        first.prompt()
        assert len(events(home)) == before + 1  # the first was not disturbed
    third = run("plain", DROP, home=home, typed="quit\n")  # it was killed: its lock is nobody's
    assert third.out.splitlines()[0].startswith("Enter goes on")


ALL_THE_SAME = "\x1b[?1049l"  # leaves the terminal's other screen
BROKEN = "import drops.study.study as s; s.Study.page = lambda *_: 1 // 0; "


SIGNALS = [signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT]
STOPPED = "drops stopped: it was sent {}. Every answer is saved, the next start goes on here; see {}"


@pytest.mark.slow
@pytest.mark.parametrize("number", [*SIGNALS, signal.SIGINT], ids=lambda number: number.name)
def test_a_signal_in_the_app_restores_the_terminal_loses_nothing_and_is_one_line_and_a_report(home, number):
    before = events(home)
    with Terminal(home) as terminal:
        terminal.app.expect("Go on where you stopped")
        terminal.app.kill(number)
        said = terminal.end()
        assert terminal.restored
        assert terminal.app.exitstatus == 1
    (report,) = home.glob("report-*.txt")
    assert said.partition(ALL_THE_SAME)[2].endswith(STOPPED.format(number.name, report) + "\r\n")
    assert "Traceback" not in said
    assert events(home) == before


@pytest.mark.slow
@pytest.mark.parametrize(
    "number",
    [SIGNALS[0], *(pytest.param(number, marks=pytest.mark.slow) for number in SIGNALS[1:])],
    ids=lambda number: number.name,
)
def test_a_signal_in_a_session_of_lines_loses_nothing_and_is_one_line_and_a_report(home, number):
    with Talk("plain", DROP, home=home) as talk:
        talk.prompt()
        talk.answer("show")
        talk.prompt()
        before = events(home)
        talk.process.send_signal(number)
        assert talk.process.wait(LONGEST) == 1
        (report,) = home.glob("report-*.txt")
        assert talk.process.stderr.read().decode() == STOPPED.format(number.name, report) + "\n"
    assert events(home) == before
    assert run("plain", DROP, home=home, typed="quit\n").out.splitlines()[0].startswith("Enter goes on")


@pytest.mark.slow
def test_what_is_not_to_be_heard_stays_unheard(home):
    """As under nohup, which lets a program outlive its terminal."""
    deaf = "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN); "
    with Terminal(home, before=deaf) as terminal:
        terminal.app.expect("Go on where you stopped")
        terminal.app.kill(signal.SIGHUP)
        terminal.app.expect([r"\n", ""])
        terminal.app.send("q")
        terminal.end()
        assert terminal.app.exitstatus == 0
    assert list(home.glob("report-*.txt")) == []


@pytest.mark.slow
@pytest.mark.parametrize("hears", [True, False], ids=["hears of it", "does not"])
def test_a_terminal_that_is_gone_ends_the_app(home, hears):
    deaf = "" if hears else "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN); "
    with Terminal(home, before=deaf) as terminal:
        terminal.app.expect("Go on where you stopped")
        terminal.app.ptyproc.fileobj.close()
        terminal.app.ptyproc.closed = terminal.app.closed = True
        end = time.monotonic() + LONGEST
        while os.waitpid(terminal.app.pid, os.WNOHANG) == (0, 0):
            assert time.monotonic() < end
            time.sleep(0.05)
        terminal.app.ptyproc.terminated = terminal.app.terminated = True
    (report,) = home.glob("report-*.txt")
    assert "the terminal is gone" in report.read_text() or "SIGHUP" in report.read_text()


BREAKS = {
    "in what reads the terminal": "import drops.tui.terminal.input as i; i.Input.feed = lambda *_: 1 // 0; ",
    "in the driver": "import textual.driver as d; d.Driver.process_message = lambda *_: 1 // 0; ",
    "in what writes": (
        "import drops.tui.app, drops.tui.terminal.driver as d; was = d.Lasting.write; count = iter(range(9)); "
        "d.Lasting.write = lambda self, text: self._tried(lambda: 1 // 0) if next(count, 9) == 8 else was(self, text); "
    ),
    "in a thread": (
        "import drops.tui.terminal.input as i, threading; "
        "i.Input.tick = lambda *_: [threading.Thread(target=lambda: 1 // 0).start()][:0]; "
    ),
    "in a task": (
        "import drops.tui.base.keyboard as k, asyncio; was = k.Keyboard.do; "
        "k.Keyboard.do = lambda self, job: (was(self, job), asyncio.ensure_future(asyncio.sleep('x')))[0]; "
    ),
    "in a page": BROKEN,
}


@pytest.mark.slow
@pytest.mark.parametrize("broken", BREAKS)
def test_an_error_of_the_app_anywhere_restores_the_terminal_and_is_one_line_and_a_report(home, broken):
    with Terminal(home, before=BREAKS[broken]) as terminal:
        ended = terminal.app.expect(["Go on where you stopped", pexpect.EOF])
        said = terminal.app.before
        if not ended:  # some end before anything is seen
            with suppress(OSError):
                terminal.app.send("\r")
            said = terminal.end()
        terminal.app.wait()
        assert terminal.restored
        assert terminal.app.exitstatus == 1
    (report,) = home.glob("report-*.txt")
    line = f"drops stopped by an error of its own. Every answer is saved; please report it with {report}\r\n"
    assert said.partition(ALL_THE_SAME)[2].endswith(line)
    assert "Traceback" not in said
    assert "Error" in report.read_text()


def test_ctrl_c_ends_a_session_of_lines_in_words(home):
    with Talk("plain", DROP, home=home) as talk:
        talk.prompt()
        for _ in range(6):  # one that comes just before it waits for a line is only seen with the next
            talk.process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                assert talk.process.wait(10) == 0
                break
        assert talk.process.stderr.read() == b""
        assert talk.rest().endswith("Stopped. Every answer is stored; the next start goes on here.\n")


@pytest.mark.slow
def test_an_error_of_our_own_is_one_line_and_a_report(home):
    done = subprocess.run(
        [sys.executable, "-c", main(BROKEN), "plain"],
        env=environment(home),
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    (report,) = home.glob("report-*.txt")
    assert (done.returncode, done.stdout.count("Traceback")) == (1, 0)
    assert done.stderr == (
        f"drops stopped by an error of its own. Every answer is saved; please report it with {report}\n"
    )
    assert "ZeroDivisionError" in report.read_text()


@pytest.mark.slow
def test_ctrl_z_stops_the_app_and_fg_brings_it_back_whole(home):
    """In a shell, which alone can let it go on; started by a script, so that this is stopped with it."""
    start = f"sh -c '{sys.executable} -c \"from drops.cli.main import main; main()\"; true'"
    shell = pexpect.spawn("bash", ["--norc", "--noprofile"], env=environment(home, PS1="shell> "), encoding="utf-8")
    try:
        shell.setwinsize(24, 80)
        shell.expect("shell> ")
        shell.sendline(start)
        shell.expect("Go on where you stopped")
        for _ in range(2):
            shell.send("\x1a")
            shell.expect("Stopped")
            assert ALL_THE_SAME in shell.before
            shell.sendline("fg")
            shell.expect("Go on where you stopped")
        shell.send("?")
        shell.expect("Keys of Today")
        shell.send("q\x11")
        shell.expect("shell> ")
    finally:
        shell.close(force=True)
    assert list(home.glob("report-*.txt")) == []


@pytest.mark.slow
def test_ctrl_z_where_nobody_could_let_it_go_on_says_so(home):
    with Terminal(home) as terminal:
        terminal.app.expect("Go on where you stopped")
        terminal.app.send("\x1a")
        terminal.app.expect("it goes on")
        terminal.app.send("q")
        terminal.end()
        assert (terminal.app.exitstatus, terminal.restored) == (0, True)


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGCONT"), reason="a signal of POSIX")
def test_to_go_on_again_and_again_while_it_paints_stops_nothing(home):
    """The signal comes in the middle of what is being written, too: who writes then waits for itself."""
    with Terminal(home) as terminal:
        terminal.app.expect("Go on where you stopped")
        reader = threading.Thread(target=lambda: terminal.app.expect(pexpect.EOF), daemon=True)
        reader.start()
        for i in range(100):
            terminal.app.setwinsize(24 + i % 7, 80 + i % 11)
            terminal.app.kill(signal.SIGCONT)
            time.sleep(0.004)
        terminal.app.send("q")
        reader.join(LONGEST)
        assert not reader.is_alive()
        terminal.app.wait()
        assert terminal.app.exitstatus == 0
