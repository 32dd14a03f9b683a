"""Out of nnlab: a training as a script that needs nothing of us."""

from nnlab.out.printing import code

__all__ = ["code"]
