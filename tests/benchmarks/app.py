"""How fast the app starts, answers a key, and leaves, beside a ten-line Textual app.

    python tests/benchmarks/app.py [rounds]

Both run in a pseudo-terminal, in turn, with a home of their own. Prints medians and ratios:
absolute times say little on a shared machine, ratios within one run do.
"""

from __future__ import annotations

import os
import pty
import select
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEN_LINES = """
from textual.app import App
from textual.widgets import Static
class Ten(App):
    BINDINGS = [("q", "quit", "quit"), ("x", "more", "more")]
    count = 0
    def compose(self):
        yield Static("Begin", id="text", markup=False)
    def action_more(self):
        self.count += 1
        self.query_one("#text").update(f"Begin {self.count}")
Ten().run()
"""
DROPS = "import sys; from drops.cli import main; sys.argv = ['drops', '--home', {home!r}]; sys.exit(main())"


class Terminal:
    """A program in a pseudo-terminal of 120 × 36."""

    def __init__(self, program: str) -> None:
        self.began = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(ROOT)
            os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", COLUMNS="120", LINES="36")
            os.execv(sys.executable, [sys.executable, "-c", program])  # noqa: S606  # no shell between us
        self.seen = b""

    def read(self, seconds: float) -> bytes:
        if not select.select([self.fd], [], [], seconds)[0]:
            return b""
        try:
            data = os.read(self.fd, 1 << 16)
        except OSError:
            return b""
        self.seen += data
        return data

    def until(self, text: bytes, seconds: float = 30) -> float:
        """Seconds since the start until `text` was painted."""
        end = time.perf_counter() + seconds
        while text not in self.seen and time.perf_counter() < end:
            self.read(0.2)
        return time.perf_counter() - self.began

    def quiet(self, seconds: float = 0.15) -> None:
        while self.read(seconds):
            pass

    def key(self, key: bytes) -> float:
        """Seconds from a key to the first byte of what it paints."""
        start = time.perf_counter()
        os.write(self.fd, key)
        while not self.read(2):
            if time.perf_counter() - start > 2:
                break
        return time.perf_counter() - start

    @property
    def megabytes(self) -> float:
        try:
            status = Path(f"/proc/{self.pid}/status").read_text()
        except OSError:
            return float("nan")
        return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS"))

    def leave(self) -> float:
        start = time.perf_counter()
        os.write(self.fd, b"q")
        while self.read(5):
            pass
        os.waitpid(self.pid, 0)
        os.close(self.fd)
        return time.perf_counter() - start


def measured(program: str, keys: tuple[bytes, ...]) -> dict[str, float]:
    """One run: start, some keys, memory, leaving."""
    terminal = Terminal(program)
    out = {"cold start s": terminal.until(b"Begin")}
    terminal.quiet(0.6)  # what opens behind the first paint is done
    out["memory MB"] = terminal.megabytes
    times = []
    for _ in range(15):
        for key in keys:
            times.append(terminal.key(key))
            terminal.quiet(0.03)
    out["key p50 ms"] = statistics.median(times) * 1000
    out["key p95 ms"] = sorted(times)[int(len(times) * 0.95)] * 1000
    out["leaving s"] = terminal.leave()
    return out


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    ours: list[dict[str, float]] = []
    theirs: list[dict[str, float]] = []
    for _ in range(rounds):
        theirs.append(measured(TEN_LINES, (b"x", b"x")))
        with tempfile.TemporaryDirectory() as home:
            ours.append(measured(DROPS.format(home=home), (b"?", b"x")))  # help opens, help closes
    print(f"{'':16}{'drops':>10}{'ten lines':>12}{'ratio':>8}")
    for name in ours[0]:
        a, b = (statistics.median(run[name] for run in runs) for runs in (ours, theirs))
        print(f"{name:16}{a:>10.2f}{b:>12.2f}{a / b:>8.2f}")


if __name__ == "__main__":
    main()
