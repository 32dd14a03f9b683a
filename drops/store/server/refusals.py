"""What a server refuses, each in the line that it deserves; and what is worth a second try."""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as Waited

from drops.errors import NotSaved, ReadOnly, StoreError

# SQLSTATE, or how it begins → what is said. Longest first.
_SAYS: dict[str, str] = {
    "53100": "the server's disk is full; {meaning}",
    "POOLS": "a PgBouncer stands before the server; {meaning}: add ?pgbouncer=true to its address",
    "53": "the server is busy; {meaning}: try again",
    "55P03": "the server is busy; {meaning}: try again",
    "57014": "the server took too long; {meaning}: try again",
    "40": "the server is busy; {meaning}: try again",
    "42P01": "the server holds no class of drops; {meaning}: `drops class create` makes one",
    "3D000": "the server has no such database; {meaning}: make it, or mend the address in the store file",
    "28": "the server does not accept this key; {meaning}: ask its owner for a new one",
    "42501": "the server does not allow this with this key; {meaning}: name the owner's store file",
    "23": "a rule of the log was broken ({error}); {meaning}",
}
_ONLY_READS = "25006"
_AGAIN = ("40001", "40P01", "57P01", "57P02", "57P03")
_WORDS = {  # of a connection that did not come about
    "authentication failed|role .* does not exist": "28P01",
    "database .* does not exist": "3D000",
    "unsupported startup parameter": "POOLS",
    "too many": "53300",
    "starting up": "57P03",
    "shutting down": "57P01",
}
_FAR = "the server cannot be reached ({where}); {meaning}: try again"


def is_worth_a_try(error: SQLAlchemyError) -> bool:
    """Whether the same work may well succeed now: two stood in each other's way, or the line broke."""
    if not isinstance(error, DBAPIError):
        return False
    return error.connection_invalidated or _state(error) in _AGAIN or _state(error).startswith("08")


def _state(error: DBAPIError) -> str:
    """SQLSTATE; of a connection that did not come about, which has none, as its words have it."""
    state = getattr(error.orig, "sqlstate", None)
    if state:
        return str(state)
    words = str(error.orig)
    return next((means for sign, means in _WORDS.items() if re.search(sign, words)), "")


def explained(error: SQLAlchemyError, where: str, meaning: str, path: Path) -> StoreError:
    """What is told of a server's error."""
    if isinstance(error, Waited):
        return NotSaved(_SAYS["53"].format(meaning=meaning), path)
    assert isinstance(error, DBAPIError), error
    state = _state(error)
    if state == _ONLY_READS:
        return ReadOnly(f"the server only reads at the moment; {meaning}: try again", path)
    says = next((_SAYS[state[:size]] for size in (5, 2) if state[:size] in _SAYS), _FAR)
    if says is _FAR and state and state not in _AGAIN and not state.startswith("08"):
        says = "the server refuses ({error}); {meaning}"
    first = str(error.orig).strip().partition("\n")[0]
    problem = NotSaved(says.format(meaning=meaning, where=where, error=first), path)
    problem.unsure = is_worth_a_try(error)
    return problem
