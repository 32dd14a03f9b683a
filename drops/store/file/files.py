"""The home folder: where it is, who may write to it, and files that are either old or new.

No SQLAlchemy here, and platformdirs and filelock only when they are asked for.
"""

from __future__ import annotations

import errno
import os
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from drops.errors import Locked, NoHome, NotSaved, ReadOnly, StoreError
from drops.store.file.header import ELSEWHERE, FILE_NAME
from drops.store.file.plain import read_plain

if TYPE_CHECKING:
    from filelock import BaseFileLock

BACKUPS = "backups"
WINDOWS = os.name == "nt"
PROCESS = "progress.pid"    # who holds the lock; gone when it is given back
RESTORING = ".restore-"      # what a restore's own folder begins with
_HALF_MADE = re.compile(r"\.(?:progress\.(?:db|pid)|\d{4}-\d\d-\d\d_[\w-]+\.db)\.\d+\.new(?:-\w+)?")


def home_dir(given: str | None = None) -> Path:
    """The folder of a learner's progress: `given` (--home), $DROPS_HOME, or this system's usual place.

    Raises NoHome.
    """
    chosen = given or os.environ.get("DROPS_HOME")
    try:
        if chosen:
            return Path(chosen).expanduser()
        from platformdirs import user_data_path

        return user_data_path("drops", appauthor=False)
    except RuntimeError:  # no HOME, and a user of whom the system knows nothing
        raise NoHome("there is no home folder to keep your progress in; name one with --home") from None


def prepare_home(home: Path, *, read_only: bool = False) -> Path:
    """The progress file's path in `home`, which is created when missing. Raises NoHome with the reason.

    Where it is a link, the file that it leads to: its journal, its lock and its copies lie beside that.
    """
    path = home / FILE_NAME
    try:
        if not read_only and not home.exists():
            home.mkdir(mode=0o700, parents=True)
        _refuse_what_is_no_home(home, path)
        return path.resolve() if path.is_symlink() else path
    except (OSError, RuntimeError) as error:     # RuntimeError: a link that leads to itself, until 3.12
        raise no_home(home, "cannot be used", error) from None


def _refuse_what_is_no_home(home: Path, path: Path) -> None:
    if home.exists() and not home.is_dir():
        raise NoHome(f"{home} is a file, not a folder; name another with --home", home)
    if home.exists() and not os.access(home, os.R_OK | os.X_OK):
        raise NoHome(f"{home} cannot be used (permission denied); name another folder with --home", home)
    if path.is_dir():
        raise NoHome(f"{path} is a folder where the progress file should be; {ELSEWHERE}", path)
    if path.exists() and not path.is_file():
        raise NoHome(f"{path} is no plain file; {ELSEWHERE}", path)
    if path.exists() and not os.access(path, os.R_OK):
        raise NoHome(f"{path} cannot be read (permission denied); name another folder with --home", path)


def no_home(path: Path, what: str, error: OSError | RuntimeError) -> NoHome:
    """The line for a folder that the system refuses."""
    reason = ((error.strerror if isinstance(error, OSError) else str(error)) or "unknown reason").lower()
    return NoHome(f"{path} {what} ({reason}); name another folder with --home", path)


def writable(path: Path) -> bool:
    """Whether the progress file, and the journal beside it, may be written."""
    return os.access(path.parent, os.W_OK | os.X_OK) and (not path.exists() or os.access(path, os.W_OK))


class Lock:
    """The right to write to a progress file, held by one process at a time.

    SQLite before 3.51.3 can corrupt a file whose write-ahead log two writers checkpoint at
    once; a second writer would gain nothing anyway. The process id lies in a file of its
    own, because a lock file may be unreadable while it is held.
    """

    def __init__(self, path: Path) -> None:
        from filelock import FileLock

        home = path.parent
        self._pid = home / PROCESS
        self._lock: BaseFileLock = FileLock(home / "progress.lock", timeout=0, mode=0o600, thread_local=False)

    def acquire(self) -> None:
        """Take the lock. Raises Locked, saying which process holds it, and NoHome where none can be had."""
        home = self._pid.parent
        try:
            self._take()
        except OSError as error:
            raise no_home(home, "cannot be locked", error) from None
        _sweep(home)
        # Only for the line above; a full disk must not keep anyone from reading what is saved.
        with suppress(NotSaved):
            write_whole(self._pid, f"{os.getpid()}\n".encode())

    def elsewhere(self) -> Locked | None:
        """What says that another process writes, or None; the lock is left as it was found."""
        if self._process() == os.getpid():
            return None
        try:
            self._take()
        except Locked as held:
            return held
        self._lock.release()
        return None

    def _take(self) -> None:
        """Raises Locked, or OSError where a lock cannot be had at all."""
        from filelock import Timeout

        try:
            # In place of a lock that the disk does not know, filelock would take a file that stands for one:
            # who is killed leaves it behind, and ours is there for good. It says so by a warning.
            with warnings.catch_warnings():
                warnings.simplefilter("error", UserWarning)
                self._lock.acquire()
        except (UserWarning, NotImplementedError):
            raise OSError(errno.ENOSYS, "it knows no locks") from None
        except Timeout:
            if not Path(self._lock.lock_file).exists():     # no file can be made here, not even that one
                raise FileNotFoundError(errno.ENOENT, "no file can be made in it") from None
            raise self._taken() from None

    def _taken(self) -> Locked:
        home, process = self._pid.parent, self._process()
        holder = f"process {process}" if process else "another process"
        return Locked(f"another drops ({holder}) is writing to {home}; close it, then try again", home)

    def _process(self) -> int | None:
        """The process that left word of having it."""
        try:
            return int(read_plain(self._pid, 100).decode("ascii"))
        except (OSError, ValueError):
            return None

    def release(self) -> None:
        """Give the lock back; harmless when it is not held."""
        if self._lock.is_locked:
            with suppress(OSError):
                self._pid.unlink()
            self._lock.release()


def take_lock(path: Path, *, read_only: bool) -> tuple[Lock | None, StoreError | None, bool]:
    """The writer's lock, or none and what says why; and whether no other process writes."""
    if read_only:
        return None, ReadOnly("opened to read only; what is answered here is not saved", path), True
    if not writable(path):
        return None, _read_only(path), True
    try:
        lock = Lock(path)
        lock.acquire()
    except Locked as held:
        return None, held, False
    return lock, None, True


def _read_only(path: Path) -> ReadOnly:
    why = f"{path} cannot be written to (read-only); make it writable, or name another folder with --home"
    return ReadOnly(why, path)


def refusal(home: Path) -> StoreError | None:
    """Why what is answered now would not be saved in `home`, told before anything is opened; else None.

    Of a folder that is none yet, or cannot be used, there is nothing to tell here.
    """
    try:
        path = prepare_home(home, read_only=True)
        if not path.parent.exists():
            return None
        if not writable(path):
            return _read_only(path)
        # Looked at only where somebody left word of it: the look itself could stand in another's way.
        return Lock(path).elsewhere() if (path.parent / PROCESS).exists() else None
    except (StoreError, OSError):
        return None


def _sweep(home: Path) -> None:
    """Remove what killed processes left half made. Who holds the lock knows that none of them lives."""
    with suppress(OSError):
        for place in (*home.iterdir(), *(home / BACKUPS).glob(".*")):
            if _HALF_MADE.fullmatch(place.name):
                place.unlink()
            elif place.name.startswith(RESTORING):
                from shutil import rmtree  # late: no first paint comes here

                rmtree(place)


def sync(path: Path) -> None:
    """Make the system put a file, or a folder's list of names, on the disk."""
    if WINDOWS and path.is_dir():   # which cannot be opened there, and need not be
        return
    # Windows puts on the disk only what was opened for writing.
    handle = os.open(path, os.O_RDWR if WINDOWS else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A new private file to fill; when the block ends it takes `path`'s name, whole or not at all."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        fresh.unlink(missing_ok=True)
        os.close(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        yield fresh
        sync(fresh)
        fresh.replace(path)
        sync(path.parent)
    except OSError as error:
        raise _not_written(path, error) from error
    finally:
        for leftover in (fresh, Path(f"{fresh}-wal"), Path(f"{fresh}-shm"), Path(f"{fresh}-journal")):
            with suppress(OSError):
                leftover.unlink(missing_ok=True)


def _not_written(path: Path, error: OSError) -> NotSaved:
    reason = (error.strerror or "unknown reason").lower()
    return NotSaved(f"{path} cannot be written ({reason}); nothing was changed", path)


def write_whole(path: Path, content: bytes) -> None:
    """Replace `path` by a file with this content. Raises NotSaved."""
    with replacing(path) as fresh:
        fresh.write_bytes(content)


def write_at_home(path: Path, content: bytes) -> None:
    """The same in the home, or a folder of it, which is made when missing."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _not_written(path, error) from error
    write_whole(path, content)


def private_copy(path: Path, folder: Path) -> Path:
    """A copy of a progress file in `folder`, with the answers that are still in its write-ahead log."""
    from shutil import copyfile  # late: no first paint comes here

    for suffix in ("", "-wal"):
        source = path.with_name(path.name + suffix)
        if source.exists():
            copyfile(source, folder / source.name)
    return folder / path.name
