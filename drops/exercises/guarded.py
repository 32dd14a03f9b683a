"""A kind of somebody else's package, so that whatever fails in it is told in a line and ends nothing.

Guarded is what the engine calls: draw, steps, what is asked, what is graded. What those hand out to be
called later, as the frames of a training, is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from drops.errors import DropsError
from drops.exercises.exercise import Exercise

CLASS_METHODS = ("draw", "restored", "titles")
METHODS = ("steps", "numbers", "picture", "judge")
PROPERTIES = ("worksheet", "fields", "misconceptions")


def guarded(kind: type[Exercise], package: str) -> type[Exercise]:
    """The kind, all of whose failures are a DropsError that names the package."""

    @contextmanager
    def told() -> Iterator[None]:
        try:
            yield
        except DropsError:
            raise
        except Exception as problem:
            what = f"{type(problem).__name__}: {problem}"
            remedy = f"`drops kinds forbid {package}` does without it"
            raise DropsError(f'exercise "{kind.kind}" of {package} failed ({what}); {remedy}') from problem

    def whole(call: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **more: Any) -> Any:
            with told():
                return call(*args, **more)

        return run

    def of_class(name: str) -> Any:
        return classmethod(whole(getattr(kind, name).__func__))

    def read(name: str) -> Any:
        return property(whole(lambda made: getattr(super(made.__class__, made), name)))

    own = {name: of_class(name) for name in CLASS_METHODS}
    own |= {name: whole(getattr(kind, name)) for name in METHODS}
    own |= {name: read(name) for name in PROPERTIES}
    return type(kind.__name__, (kind,), own)
