"""The definitions the engine reads: loaded from folders into a table, kept in memory by digest."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from common.db.work import Transaction, Work
from common.errors import NotFound
from common.observability.logging import get_logger
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from orchestrator.definitions.families import check_family
from orchestrator.definitions.loader import Loaded, WorkflowInvalid, load_folder
from orchestrator.definitions.model import Definition
from orchestrator.models import definitions

log = get_logger(__name__)
_LOOK_SECONDS = 1.0
Print = tuple[tuple[str, int, int], ...]
"""Of each file of the folders: its path, when it was changed, and its size."""


@dataclass(frozen=True)
class Broken:
    """A folder that could not be loaded, and why."""

    name: str
    problem: str


class Library:
    """What may be started, by name; and every version a run was ever started with, by digest."""

    def __init__(self, folder: Path, work: Work) -> None:
        self._folder = folder
        self._work = work
        self._by_digest: dict[str, Definition] = {}
        self.current: dict[str, Definition] = {}
        self.broken: dict[str, Broken] = {}
        self._read: Print = ()

    async def load(self) -> None:
        """Load every folder that holds an `orchestrator.yaml`. A broken one does not stop the others.

        Loaded again, a workflow whose folder is broken stays as it was last, and one whose folder is gone is gone; runs
        go on by the version they were started with.
        """
        seen = await asyncio.to_thread(_print_of, self._folder)
        loaded, problems = await asyncio.to_thread(load_folders, self._folder)
        read = {name: one.definition for name, one in loaded.items() if name not in problems}
        kept = {name: one for name, one in self.current.items() if name in problems}
        for name, error in problems.items():
            log.error("workflow.invalid", workflow=name, problem=str(error))
        # Whoever looks a version up finds it in the table, so it is there before anything can be started by it.
        async with self._work.system() as tx:
            for definition in read.values():
                await tx.session.execute(
                    insert(definitions)
                    .values(digest=definition.digest, name=definition.name, compiled=definition.model_dump(mode="json"))
                    .on_conflict_do_nothing()
                )
        self.current = kept | read
        self.broken = {name: Broken(name, str(error)) for name, error in problems.items()}
        self._by_digest |= {definition.digest: definition for definition in read.values()}
        self._read = seen

    async def watch(self) -> None:
        """Load again, for ever, whenever a file of the folders was changed."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            if await asyncio.to_thread(_print_of, self._folder) != self._read:
                await self.load()
                log.info("workflows.loaded", workflows=len(self.current), broken=sorted(self.broken))

    def get(self, name: str) -> Definition:
        """The current version of a workflow. Raises `NotFound`, with the reason when its folder is broken."""
        if found := self.current.get(name):
            return found
        if broken := self.broken.get(name):
            raise NotFound(f"Workflow {name!r} cannot be started: {broken.problem}")
        known = sorted(one.name for one in self.current.values() if not one.hidden)
        raise NotFound(f"There is no workflow {name!r}; known are {', '.join(known) or 'none'}.")

    async def definition(self, tx: Transaction, digest: str) -> Definition:
        """The version with this digest, from memory or from the table."""
        if digest not in self._by_digest:
            found = await tx.session.execute(select(definitions.c.compiled).where(definitions.c.digest == digest))
            self._by_digest[digest] = Definition.model_validate(found.scalar_one())
        return self._by_digest[digest]


def load_folders(folder: Path) -> tuple[dict[str, Loaded], dict[str, WorkflowInvalid]]:
    """Every workflow folder that can be read, and what is wrong with which, also between them."""
    loaded: dict[str, Loaded] = {}
    problems: dict[str, WorkflowInvalid] = {}
    for path in sorted(folder.glob("*/orchestrator.yaml")):
        try:
            loaded[path.parent.name] = load_folder(path.parent)
        except WorkflowInvalid as error:
            problems[path.parent.name] = error
    return loaded, problems | check_family(loaded)


def _print_of(folder: Path) -> Print:
    seen = []
    for path in sorted(folder.glob("*/*.yaml")):
        # A file may be gone by the time it is asked for its size.
        with suppress(FileNotFoundError):
            found = path.stat()
            seen.append((str(path), found.st_mtime_ns, found.st_size))
    return tuple(seen)
