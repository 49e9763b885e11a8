"""Where rendered pieces are kept between renders."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Protocol


class SegmentCache(Protocol):
    """Pieces of film by the hash of all that shaped them. Losing one costs time, nothing else."""

    def find(self, key: str) -> Path | None:
        """Return the kept file, or `None`. It may vanish at any time: link or copy it before relying on it."""

    def keep(self, key: str, path: Path) -> None:
        """Keep a copy of the file under the key. Keeping it again changes nothing."""


class FolderCache:
    """A cache in a folder that several processes may share. Files appear whole or not at all."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def find(self, key: str) -> Path | None:
        """Return the kept file, and remember that it was wanted (see `prune`)."""
        path = self._path(key)
        try:
            os.utime(path)
        except FileNotFoundError:
            return None
        return path

    def keep(self, key: str, path: Path) -> None:
        """Keep a copy, or a hard link where the file system allows it: do not write to `path` afterwards."""
        target = self._path(key)
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            link_or_copy(path, Path(folder) / key)
            (Path(folder) / key).replace(target)

    def _path(self, key: str) -> Path:
        return self._root / key[:2] / key


def cache_of(tenant: str, root: Path) -> FolderCache:
    """The tenant's own cache below `root`."""
    # A name may be of dots; its hash is a safe folder, and keeps tenants apart.
    return FolderCache(root / hashlib.sha256(tenant.encode()).hexdigest()[:16])


def prune(root: Path, *, max_bytes: int) -> int:
    """Drop what was wanted longest ago, whoseever it is, until all tenants' caches fit; return how many bytes."""
    kept = []
    for path in root.glob("*/??/*"):
        # A folder is a file that is just being kept.
        with suppress(FileNotFoundError):
            facts = path.stat()
            if stat.S_ISREG(facts.st_mode):
                kept.append((facts.st_mtime_ns, facts.st_size, path))
    excess = sum(size for _, size, _ in kept) - max_bytes
    freed = 0
    for _, size, path in sorted(kept):
        if freed >= excess:
            break
        path.unlink(missing_ok=True)
        freed += size
    return freed


def link_or_copy(source: Path, target: Path) -> None:
    """Make `target` hold what `source` holds, without copying bytes if both are on one file system."""
    target.unlink(missing_ok=True)
    try:
        target.hardlink_to(source)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copyfile(source, target)
