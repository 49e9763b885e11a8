"""The folder of rendered pieces."""

from __future__ import annotations

import os
from pathlib import Path

from editor.cache import FolderCache


def a_file(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def test_what_is_kept_is_found_and_keeping_it_again_changes_nothing(tmp_path: Path) -> None:
    cache = FolderCache(tmp_path / "cache")
    made = a_file(tmp_path, "made", b"film")
    assert cache.find("abc1") is None
    cache.keep("abc1", made)
    cache.keep("abc1", made)
    made.unlink()
    found = cache.find("abc1")
    assert found is not None
    assert found.read_bytes() == b"film"
    assert [path.name for path in (tmp_path / "cache").glob("*/*")] == ["abc1"]


def test_pruning_drops_what_was_wanted_longest_ago(tmp_path: Path) -> None:
    cache = FolderCache(tmp_path / "cache")
    for age, key in enumerate(("aa1", "bb2", "cc3")):
        cache.keep(key, a_file(tmp_path, key, b"x" * 100))
        os.utime(tmp_path / "cache" / key[:2] / key, (1000 + age, 1000 + age))
    assert cache.find("aa1") is not None
    assert cache.prune(max_bytes=200) == 100
    assert (cache.find("aa1") is None, cache.find("bb2") is None, cache.find("cc3") is None) == (False, True, False)
    assert cache.prune(max_bytes=200) == 0
