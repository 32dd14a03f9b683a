"""What a command is: its name, its words, its options, and what it does."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import NamedTuple


def no_options(parser: argparse.ArgumentParser) -> None:
    """For a command that takes none."""
    del parser


class Command(NamedTuple):
    """One command. Each file beside this one brings its own in COMMANDS; main joins them."""

    name: str
    says: str  # in a few words, without a capital
    examples: str  # stands under its help
    run: Callable[[argparse.Namespace], int]  # returns the exit status
    options: Callable[[argparse.ArgumentParser], None] = no_options
