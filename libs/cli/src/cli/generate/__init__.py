"""Files that are written by `./greenlight dev gen` and committed: each from the one place that knows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from cli.generate import commands, events, nats, nginx, openapi, permissions, policies, schemas, settings

Generator = Callable[[], dict[str, str]]
GENERATORS: tuple[Generator, ...] = (
    commands.generate,
    settings.generate,
    events.generate,
    schemas.generate,
    nginx.generate,
    nats.generate,
    policies.generate,
    permissions.generate,
    openapi.generate,
)
OWNED_FOLDERS = (schemas.FOLDER, openapi.FOLDER)
"""Folders in which every file is generated: others in them are left over from something that is gone."""


def generate_all() -> dict[str, str]:
    """Path in the repository → text, for every generated file."""
    files: dict[str, str] = {}
    for generate in GENERATORS:
        files |= generate()
    return files


def list_stale(repository: Path) -> list[str]:
    """Paths of generated files that are missing, differ, or should not be there."""
    files = generate_all()
    differing = [path for path, text in files.items() if _text_of(repository / path) != text]
    return sorted([*differing, *_left_over(repository, files)])


def write_all(repository: Path) -> list[str]:
    """Write what differs and remove what is left over. → the paths that changed."""
    files = generate_all()
    stale = list_stale(repository)
    for path in stale:
        target = repository / path
        if path not in files:
            target.unlink()
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(files[path], encoding="utf-8")
    return stale


def _left_over(repository: Path, files: dict[str, str]) -> Iterator[str]:
    for folder in OWNED_FOLDERS:
        for path in (repository / folder).glob("*"):
            name = path.relative_to(repository).as_posix()
            if name not in files:
                yield name


def _text_of(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
