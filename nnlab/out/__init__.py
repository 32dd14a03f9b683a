"""Out of nnlab: a training, or one pass, as a script that needs nothing of us."""

from nnlab.out.one_pass import OnePass, one_pass
from nnlab.out.printing import code

__all__ = ["OnePass", "code", "one_pass"]
