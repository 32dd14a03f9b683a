"""Two at once, SIGTERM, Ctrl+C, an error of our own: the terminal is restored and every answer is there."""

from __future__ import annotations

import signal
import subprocess
import sys
import termios
from contextlib import suppress
from pathlib import Path

import pexpect

from program import DROP, LONGEST, MAIN, Talk, environment, events, run, untouched


def test_a_second_start_only_reads_and_says_which_process_writes(home):
    with Talk("plain", DROP, home=home) as first:
        first.prompt()
        line = (
            f"another drops (process {first.process.pid}) is writing to {home}; "
            "this one only reads: what is answered here is not saved"
        )
        with untouched(home):
            second = run("plain", DROP, home=home, typed="quit\n")
            assert (second.status, second.err) == (0, "")
            assert second.out.splitlines()[0] == line
            assert run("import", home / "progress.db", home=home).refused == line
            assert run("doctor", "--restore", home=home).refused == line
            assert run("today", home=home).status == 0
        before = len(events(home))
        first.answer("show")
        first.prompt()
        assert len(events(home)) == before + 1  # the first was not disturbed
    third = run("plain", DROP, home=home, typed="quit\n")  # it was killed: its lock is nobody's
    assert third.out.splitlines()[0].startswith("Enter goes on")


ALL_THE_SAME = "\x1b[?1049l"  # leaves the terminal's other screen
BROKEN = "import drops.study.study as s; s.Study.page = lambda *_: 1 // 0; "


class Terminal:
    """The app in a real terminal, and the terminal's own settings before and after."""

    def __init__(self, home: Path, before: str = "", **more: str) -> None:
        self.app = pexpect.spawn(
            sys.executable,
            ["-c", before + MAIN],
            env=environment(home, **more),
            cwd="/",
            dimensions=(24, 80),
            timeout=60,
            encoding="utf-8",
            codec_errors="replace",
        )
        self.app.setecho(False)
        self.settings = termios.tcgetattr(self.app.child_fd)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        self.app.close(force=True)

    def end(self) -> str:
        """All that was printed to the end of the app."""
        self.app.expect(pexpect.EOF)
        said = self.app.before
        self.app.wait()
        return said

    @property
    def restored(self) -> bool:
        return termios.tcgetattr(self.app.child_fd) == self.settings


def test_sigterm_in_the_app_restores_the_terminal_and_loses_nothing(home):
    before = events(home)
    with Terminal(home) as terminal:
        terminal.app.expect("Go on where you stopped")
        terminal.app.kill(signal.SIGTERM)
        said = terminal.end()
        assert terminal.restored
        assert ALL_THE_SAME in said
        assert "Traceback" not in said
        assert terminal.app.exitstatus == 143
    assert events(home) == before


def test_sigterm_in_a_session_of_lines_loses_nothing(home):
    with Talk("plain", DROP, home=home) as talk:
        talk.prompt()
        talk.answer("show")
        talk.prompt()
        before = events(home)
        talk.process.terminate()
        assert talk.process.wait(LONGEST) == -signal.SIGTERM
        assert talk.process.stderr.read() == b""
    assert events(home) == before
    assert run("plain", DROP, home=home, typed="quit\n").out.splitlines()[0].startswith("Enter goes on")


def test_ctrl_c_ends_a_session_of_lines_in_words(home):
    with Talk("plain", DROP, home=home) as talk:
        talk.prompt()
        for _ in range(20):  # one that comes just before it waits for a line is only seen with the next
            talk.process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                assert talk.process.wait(1) == 0
                break
        assert talk.process.stderr.read() == b""
        assert talk.rest().endswith("Stopped. Every answer is stored; the next start goes on here.\n")


def test_an_error_of_our_own_is_one_line_and_a_report(home):
    done = subprocess.run(
        [sys.executable, "-c", BROKEN + MAIN, "plain"],
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


def test_an_error_in_the_app_restores_the_terminal_and_is_one_line_and_a_report(home):
    with Terminal(home, BROKEN) as terminal:
        terminal.app.expect("Go on where you stopped")
        terminal.app.send("\r")
        said = terminal.end()
        assert terminal.restored
        assert terminal.app.exitstatus == 1
    (report,) = home.glob("report-*.txt")
    after = said.partition(ALL_THE_SAME)[2]
    assert "Traceback" not in said
    assert f"please report it with {report}" in " ".join(after.split()).replace(" ", "") or str(
        report
    ) in "".join(after.split())
    assert "ZeroDivisionError" in report.read_text()
