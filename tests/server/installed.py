"""A PostgreSQL from a folder of programs: another version than the wheel's, or one that speaks TLS.

DROPS_TEST_PG=/usr/lib/postgresql/15/bin pytest tests/server -m "slow or not slow"
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

AS = "postgres" if hasattr(os, "getuid") and os.getuid() == 0 else None  # it does not run as root


def programs() -> Path | None:
    """Those of the newest installed PostgreSQL, or of the one that is named; None where there is none."""
    if named := os.environ.get("DROPS_TEST_PG"):
        return Path(named)
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    return found[-1] if found else None


def a_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return int(opened.getsockname()[1])


def owned(place: Path) -> None:
    """Gives a file or a folder to whom the server runs as."""
    if AS:
        shutil.chown(place, AS)


class Installed:
    """A server in a folder of its own, at a port of this machine."""

    def __init__(self, bin_: Path, folder: Path) -> None:
        self.bin, self.folder, self.port = bin_, folder, a_port()
        self.address = f"postgresql://postgres:@/postgres?host={folder}&port={self.port}"  # as the wheel's
        self.far = f"postgresql://postgres:first@127.0.0.1:{self.port}/postgres?sslmode=prefer"
        owned(folder)
        secret = folder / "first"
        secret.write_text("first\n", "utf-8")
        owned(secret)
        self._run("initdb", "-D", str(folder / "data"), "-U", "postgres", "--auth-local=trust",
                  "--auth-host=scram-sha-256", f"--pwfile={secret}", "-E", "UTF8", "--no-sync")  # fmt: skip
        self.set(port=self.port, listen_addresses="'127.0.0.1'", unix_socket_directories=f"'{folder}'", fsync="off")

    def set(self, **settings: object) -> None:
        with (self.folder / "data" / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.writelines(f"{name} = {value}\n" for name, value in settings.items())

    def start(self) -> None:
        self._run("pg_ctl", "-w", "-D", str(self.folder / "data"), "-l", str(self.folder / "log"), "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-w", "-D", str(self.folder / "data"), "-m", "immediate", "stop")

    def _run(self, program: str, *words: str) -> None:
        subprocess.run([self.bin / program, *words], user=AS, check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, cwd=self.folder)  # fmt: skip


@contextmanager
def installed(bin_: Path) -> Iterator[Installed]:
    """One that has not been started yet, and is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="drops-pg-"))  # a short name: a socket's path has few letters
    server = Installed(bin_, folder)
    try:
        yield server
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)
