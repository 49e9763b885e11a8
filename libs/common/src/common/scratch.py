"""A folder for work under way, which a process that is killed does not leave behind for ever."""

from __future__ import annotations

import asyncio
import fcntl
import os
import shutil
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from uuid import uuid4

_LOCK = ".lock"


class Scratch:
    """This process's own folder in `root`, made when it is first asked for.

    As long as we or a child of ours lives, the file beside it is locked. Whoever comes next deletes the folders of
    those that live no more.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock: int | None = None

    @cached_property
    def path(self) -> Path:
        """The folder. Raises `OSError` when `root` cannot be written to."""
        self._root.mkdir(parents=True, exist_ok=True)
        for left in self._root.glob(f"*{_LOCK}"):
            _delete_if_left(left)
        while self._lock is None:
            beside = self._root / f"{uuid4().hex}{_LOCK}"
            # Another one that begins may have taken it for left behind before we had locked it.
            self._lock = _locked(beside)
        folder = beside.with_suffix("")
        folder.mkdir()
        return folder

    async def close(self) -> None:
        """Delete it."""
        if self._lock is not None:
            await asyncio.to_thread(_delete, self.path.with_suffix(_LOCK))
            os.close(self._lock)
            self._lock = None


def _locked(path: Path) -> int | None:
    """The file, open and locked by us; None when somebody has it or it is gone."""
    file = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    with suppress(BlockingIOError, FileNotFoundError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(file).st_ino == path.stat().st_ino:
            return file
    os.close(file)
    return None


def _delete_if_left(lock: Path) -> None:
    file = _locked(lock)
    if file is not None:
        _delete(lock)
        os.close(file)


def _delete(lock: Path) -> None:
    shutil.rmtree(lock.with_suffix(""), ignore_errors=True)
    lock.unlink(missing_ok=True)
