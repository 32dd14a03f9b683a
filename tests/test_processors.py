"""Work that is shared out among processors gives what `map` gives, in its order."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from drops.cli import processors
from drops.cli.processors import share_out


def own_process(number: int) -> tuple[int, int]:
    return number * number, os.getpid()


def refuse(number: int) -> int:
    raise ValueError(f"not {number}")


@pytest.mark.slow
@pytest.mark.parametrize("count", [0, 1, 2, 7])
def test_the_results_come_in_their_order_and_from_other_processes_where_there_are_several(count, monkeypatch):
    monkeypatch.setattr(processors.os, "cpu_count", lambda: 3)
    found = list(share_out(own_process, range(count)))
    assert [square for square, _ in found] == [n * n for n in range(count)]
    elsewhere = {pid for _, pid in found} - {os.getpid()}
    assert len(elsewhere) <= 3
    assert bool(elsewhere) == (count > 1)


@pytest.mark.slow
def test_what_the_work_raises_is_raised_where_its_result_is_read():
    with pytest.raises(ValueError, match="not 4"):
        list(share_out(refuse, [4, 5]))


@pytest.mark.parametrize("one", ["a processor", "a frozen program"])
def test_on_one_processor_or_frozen_it_is_map(one, monkeypatch):
    if one == "a processor":
        monkeypatch.setattr(processors.os, "cpu_count", lambda: 1)
    else:
        monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert list(share_out(own_process, [2, 3])) == [(4, os.getpid()), (9, os.getpid())]


def test_the_program_starts_without_what_shares_out():
    looked = "import sys, drops.cli.main; print('multiprocessing' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", looked], capture_output=True, text=True, check=True).stdout == "False\n"
