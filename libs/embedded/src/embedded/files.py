"""Files that are either the old one or the new one, and a lock that dies with its holder."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from embedded.errors import DataFolderInUse


def private_folder(path: Path) -> Path:
    """The folder, created if needed, readable by its owner alone."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.chmod(0o700)
    return path


def write_atomically(path: Path, text: str) -> None:
    """Replace the file (mode 0600) in one step: a reader sees the old text or the new, also after a crash."""
    temporary = _written(path, text)
    temporary.replace(path)


def create_once(path: Path, text: str) -> bool:
    """Create the file (mode 0600) unless it exists. False if somebody else's was there first; theirs is kept."""
    temporary = _written(path, text)
    try:
        path.hardlink_to(temporary)
    except FileExistsError:
        return False
    finally:
        temporary.unlink()
    _remember_names(path.parent)
    return True


def _written(path: Path, text: str) -> Path:
    # `mkstemp` makes a name of its own for each writer, and the file private from its first moment.
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return Path(name)


def _remember_names(folder: Path) -> None:
    """A file's bytes and its name reach the disk separately; this is for the name."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def exclusive_lock(path: Path) -> Iterator[None]:
    """Hold the data folder's lock for the block. Raises `DataFolderInUse`, naming the holder, when it is taken."""
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise DataFolderInUse(
                f"{str(path.parent)!r} is in use by another supervisor (pid {holder}). "
                "Stop it, or choose another folder with --data."
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        try:
            yield
        finally:
            # The name stays: removing a lock file lets two processes lock two different files of that name.
            with suppress(OSError):
                file.truncate(0)
