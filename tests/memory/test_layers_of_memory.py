"""What loading memory costs, and whom it knows."""

import subprocess
import sys

import pytest

LIGHT = (
    "rating",
    "forgetting",
    "interleave",
    "today",
    "attempts",
    "misconceptions",
    "ladder",
    "hardness",
    "mastery",
    "honesty",
    "progress",
)
HEAVY = {"fsrs", "numpy", "sqlalchemy", "textual", "typing_extensions"}
STRANGERS = ("drops.store", "drops.course", "drops.exercises", "drops.study")


def loaded(module):
    code = f"import sys, drops.memory.{module}; print(*sys.modules)"
    return set(
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout.split()
    )


def test_nothing_but_the_schedule_loads_fsrs():
    code = "import sys, " + ", ".join(f"drops.memory.{module}" for module in LIGHT) + "; print(*sys.modules)"
    modules = set(
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout.split()
    )
    assert not modules & HEAVY


@pytest.mark.parametrize("module", ["schedule", "progress"])
def test_memory_knows_no_other_organ(module):
    assert not [name for name in loaded(module) if name.startswith(STRANGERS)]
