"""Building the dashboard: once for each state of its sources, with the Node there is, and plainly not without one."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from cli.node import hash_of, install, is_stamped, require_node, run_in, stamp
from cli.places import REPOSITORY

FOLDER = REPOSITORY / "dashboard"
BUILT = FOLDER / "dist"
_SOURCES = (
    "index.html",
    "package.json",
    "package-lock.json",
    "tsconfig.json",
    "vite.config.ts",
    "tools",
    "src",
    "public",
)


def is_built() -> bool:
    """Whether what is there was built from the sources as they are."""
    return is_stamped(BUILT, source_hash())


def source_hash() -> str:
    """The hash of everything that goes into a build."""
    return hash_of(_files(), folder=FOLDER)


def list_stale_clients() -> list[str]:
    """Files of the typed client that were written from other documents than there are now. Needs no Node.

    Each says in its first line which document it was written from: `npm run gen` puts its SHA-256 there.
    """
    stale = []
    for document in sorted((FOLDER / "openapi").glob("*.json")):
        client = FOLDER / "src" / "api" / "schema" / f"{document.stem}.ts"
        try:
            head = client.read_text(encoding="utf-8").split("\n", 1)[0]
        except OSError:
            head = ""
        if hashlib.sha256(document.read_bytes()).hexdigest() not in head:
            stale.append(client.relative_to(REPOSITORY).as_posix())
    return stale


def build() -> None:
    """Build it unless it is built. Raises `NotBuilt`; what was built before stays until the new one is whole."""
    if is_built():
        return
    wanted, node = source_hash(), require_node(then="./greenlight dev dashboard")
    install(node, folder=FOLDER, to_build=True)
    fresh = FOLDER / f"dist.{os.getpid()}"
    try:
        run_in(
            FOLDER,
            node,
            str(node.node),
            "node_modules/vite/bin/vite.js",
            "build",
            "--outDir",
            str(fresh),
            "--emptyOutDir",
        )
        stamp(fresh, wanted)
        old = FOLDER / f"dist.{os.getpid()}.old"
        if BUILT.exists():
            BUILT.rename(old)
        fresh.rename(BUILT)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _files() -> Iterator[Path]:
    for name in _SOURCES:
        path = FOLDER / name
        found = sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]
        yield from (one for one in found if one.exists() and ".test." not in one.name)
