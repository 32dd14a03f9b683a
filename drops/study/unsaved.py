"""That nothing is saved, and why: in a few words for every page, in full for the first one."""

from __future__ import annotations

from drops.errors import Damaged, DropsError, Locked, StoreError
from drops.text import safe_text

WHY: dict[type[StoreError], str] = {
    Locked: "drops is open elsewhere",
    Damaged: "the progress file is damaged",
    StoreError: "the progress file is read-only",
}


def unsaved(refusal: StoreError | None) -> str:
    """That nothing is saved and why, short enough to stand first on every page; "" where it is."""
    why = next((says for kind, says in WHY.items() if isinstance(refusal, kind)), "")
    return f"NOT SAVED: {why}" if why else ""


def banner(refusal: StoreError | None) -> str:
    """The same with all there is to say of it, or ""."""
    why = safe_text(str(refusal or ""))  # it names a folder as the environment does
    return f"{unsaved(refusal)}. {why[:1].upper()}{why[1:]}" if why else ""


def may_write(refusal: StoreError | None) -> None:
    """Raises DropsError for an act that would be gone with the page, where nothing can be saved."""
    if refusal is not None:
        raise DropsError(f"nothing was changed: {refusal}")
