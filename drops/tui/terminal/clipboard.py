"""The clipboard of the machine, by the command that each system has for it.

By hand and not by a library: those wait for as long as a command takes, and one whose display
does not answer takes for ever.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

from drops.tui.terminal.network import over_a_network

LONGEST = 1.0  # seconds that a command may take


def commands() -> Iterator[tuple[list[str], str]]:
    """What may work here, the likeliest first, and the encoding that it takes."""
    # what runs at the other end of a line has another machine's clipboard
    if over_a_network():
        return
    if os.name == "nt":
        yield ["clip"], "utf-16"
        return
    if sys.platform == "darwin":
        yield ["pbcopy"], "utf-8"
    if "WAYLAND_DISPLAY" in os.environ:
        yield ["wl-copy"], "utf-8"
    if "DISPLAY" in os.environ:
        yield ["xclip", "-selection", "clipboard", "-in"], "utf-8"
        yield ["xsel", "--clipboard", "--input"], "utf-8"
    if "WSL_DISTRO_NAME" in os.environ:
        yield ["clip.exe"], "utf-16"
    if "TERMUX_VERSION" in os.environ:
        yield ["termux-clipboard-set"], "utf-8"


def copy(text: str) -> bool:
    """Whether some command took it."""
    for command, encoding in commands():
        found = shutil.which(command[0])
        if found is None:
            continue
        try:
            done = subprocess.run(  # noqa: S603  # a fixed word, the text on its input
                [found, *command[1:]],
                input=text.encode(encoding),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=False,
                timeout=LONGEST,
            )
        except (OSError, subprocess.SubprocessError):
            continue
        if done.returncode == 0:
            return True
    return False
