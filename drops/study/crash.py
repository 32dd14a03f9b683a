"""The last resort: an exception nobody caught becomes a report file, and one line that names it."""

from __future__ import annotations

import traceback
from pathlib import Path

from drops.text import safe_text


def report_line(problem: BaseException | None, home: Path, when: str) -> str:
    """Writes the report, and returns the line that names it."""
    what = f"{type(problem).__name__}: {problem}" if problem else "an unknown error"
    path = home / f"report-{when}.txt"
    try:
        home.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(traceback.format_exception(problem)) if problem else what, encoding="utf-8")
    except (OSError, UnicodeError):
        said = " ".join(safe_text(what).split())[:160]
        return f"drops stopped: {said}. Every answer is saved; the report could not be written."
    return safe_text(
        f"drops stopped by an error of its own. Every answer is saved; please report it with {path}"
    )
