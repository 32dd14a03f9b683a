"""A program that is shown as the same in code, run."""

from __future__ import annotations

import contextlib
import io


def printed(script: str) -> list[tuple[str, float]]:
    """What it prints, by label."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(script, "script", "exec"), {"__name__": "__main__"})  # noqa: S102  ours
    parts = (line.rpartition(" = ") for line in out.getvalue().splitlines())
    return [(label, float(value)) for label, _, value in parts]
