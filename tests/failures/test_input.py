"""No byte that a terminal sends ends the app: random ones, broken ones, through a real terminal."""

from __future__ import annotations

import os
import random
import select
import time
from pathlib import Path

import pytest

from terminals import Terminal

QUITS = b"q\x11"  # the two keys that leave from Today; one in a sequence may still do it, and that is no fault
SUSPENDS = b"\x1a"  # every time costs a fifth of a second


def pieces(chance: random.Random) -> bytes:
    """A little of what terminals send, whole or broken, and of what no terminal would."""
    raw = bytes(b for b in chance.randbytes(chance.randrange(1, 60)) if b not in QUITS + SUSPENDS)
    number = chance.choice([0, 1, 3, 32, 35, 64, 80, 95, 96, 223, 224, 9_999, 10**6, 10**20])
    other = chance.choice([0, 1, 24, 255, 65_536, 55_296, 1_114_112])
    made = [
        raw,
        raw,
        b"\x1b[M" + bytes(chance.randrange(32, 256) for _ in range(chance.randrange(4))),
        b"\x1b[<%d;%d;%d%c" % (chance.randrange(128), number, other, chance.choice(b"Mmx")),
        b"\x1b[%d;%d;%dM" % (chance.randrange(128), number, other),
        b"\x1b[%d;%d;%du" % (number, chance.randrange(300), other),
        b"\x1b[%d:%d;%d:%d;%d:%du" % (number, other, number, other, number, other),
        b"\x1b[48;%d;%d;%d;%dt" % (number, other, number, other),
        b"\x1b[%d;%d%c" % (number, other, chance.choice(b"ABCDFHPRS~$^n")),
        b"\x1b[?%d;%d$y" % (chance.choice([2026, 2048, number]), chance.randrange(6)),
        b"\x1b]%d;rgb:%s\x07" % (chance.choice([10, 11, 52]), raw),
        b"\x1b]" + raw,
        b"\x1bP" + raw + b"\x1b\\",
        b"\x1b[200~" + raw + b"\x1b[201~" * (chance.random() < 0.9),
        b"\x1b[201~",
        b"\x1b[" + bytes(chance.randrange(32, 64) for _ in range(chance.randrange(100))),
        b"\x1b[I\x1b[O"[: chance.randrange(7)],
        "½−−ß→中文🧠".encode()[: chance.randrange(22)],
        chance.choice([b"\x1b", b"\x1b\x1b", b"\x1bO", b"\x1b[", b"\r", b"\t", b"\x10", b"\x1b[A", b"\x1b[5~"]),
    ]
    found = chance.choice(made)
    return found[: chance.randrange(1, len(found) + 1)] if found and chance.random() < 0.2 else found


def drain(terminal: Terminal, seconds: float) -> bool:
    """Reads what the app paints, for so long; False when it has ended."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if select.select([terminal.app.child_fd], [], [], left)[0]:
            try:
                if not os.read(terminal.app.child_fd, 1 << 16):
                    return False
            except OSError:
                return False
    return True


def bombard(home: Path, seed: int, wanted: int) -> int:
    """That many random bytes, into as many apps as it takes; returns how many ended by a key that leaves."""
    chance, sent, left = random.Random(seed), 0, 0
    while sent < wanted:
        with Terminal(home) as terminal:
            terminal.app.expect("Begin|Go on|path")
            alive = True
            while alive and sent < wanted:
                some = pieces(chance)
                os.write(terminal.app.child_fd, some)
                sent += len(some)
                alive = drain(terminal, 0.0005 * len(some))
            if alive:  # it still listens: a paste that never ended is over after a second
                drain(terminal, 2.5)
                os.write(terminal.app.child_fd, b"\x11")
                drain(terminal, 30)
            else:
                left += 1
            terminal.app.wait()
            # once it has left, Ctrl+\\ among the bytes is a signal again
            signalled = 128 + (terminal.app.signalstatus or 0)  # as a shell counts it
            ended = signalled if terminal.app.exitstatus is None else terminal.app.exitstatus
            assert ended in ((0,) if alive else (0, 1, 130, 131)), (seed, sent)
            assert terminal.restored, (seed, sent)
    faults = [report.read_text() for report in home.glob("report-*")]
    assert [fault for fault in faults if "it was sent" not in fault] == [], seed
    return left


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.nightly) for seed in (1, 2, 3))])
def test_thousands_of_random_bytes_end_nothing(home, seed):
    bombard(home, 100 + seed, 25_000)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(8))
def test_a_million_random_bytes_end_nothing(home, seed):
    bombard(home, 1_000 + seed, 125_000)
