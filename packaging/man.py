"""Writes the man page from the commands as they are:  python packaging/man.py"""

from __future__ import annotations

from pathlib import Path

from argparse_manpage.manpage import Manpage

from drops import __version__
from drops.cli.parser import build_parser

PAGE = Path(__file__).parents[1] / "docs" / "drops.1"


def write_page() -> str:
    lines = str(Manpage(build_parser())).splitlines()
    lines[0] = f'.TH DROPS "1" "" "drops {__version__}" "drops"'  # without the day it was written on
    at = lines.index(".SH NAME") + 1
    lines[at] = r"drops \- neural networks in daily lessons, in your terminal"
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(write_page(), encoding="utf-8")
