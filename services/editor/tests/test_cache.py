"""The folder of rendered pieces."""

from __future__ import annotations

import os
from pathlib import Path

from editor.cache import FolderCache, cache_of, prune


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


def test_pruning_drops_what_was_wanted_longest_ago_whoseever_it_is(tmp_path: Path) -> None:
    caches = [cache_of(tenant, tmp_path / "cache") for tenant in ("one", "..", "one")]
    for age, (cache, key) in enumerate(zip(caches, ("aa1", "bb2", "cc3"), strict=True)):
        cache.keep(key, a_file(tmp_path, key, b"x" * 100))
        found = cache.find(key)
        assert found is not None
        os.utime(found, (1000 + age, 1000 + age))
    assert caches[0].find("aa1") is not None
    assert caches[0].find("bb2") is None, "it is another tenant's"
    (tmp_path / "cache" / "0" / "aa" / "being-kept").mkdir(parents=True)
    assert prune(tmp_path / "cache", max_bytes=200) == 100
    assert [cache.find(key) is None for cache, key in zip(caches, ("aa1", "bb2", "cc3"), strict=True)] == [
        False, True, False,
    ]  # fmt: skip
    assert prune(tmp_path / "cache", max_bytes=200) == 0
