"""Which run somebody means: the one spoken of, one by its id or the beginning of it, or by words of its brief."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from orchestrator.chat.doors import Doors, Shut

_NEWEST = 50
_SHOWN = 5
_PART_OF_ID = re.compile(r"[0-9a-f]{8}[0-9a-f-]{0,28}", re.I)
_LAST = re.compile(r"(?:last|latest|newest|most recent)(?: (?:one|run|film|video))?", re.I)


class Unknown(Exception):
    """No run is meant that the speaker sees. The sentence says so."""


class SeveralFilms(Exception):
    """More than one run may be meant."""

    def __init__(self, film: str, runs: Sequence[dict[str, Any]]) -> None:
        super().__init__(f"More than one film may be {film!r}. Say which, by the first eight characters of its id.")
        self.runs = runs


class Films:
    """Finds runs among those that the speaker sees."""

    def __init__(self, doors: Doors, *, spoken_of: UUID | None) -> None:
        self._doors = doors
        self._spoken_of = spoken_of

    async def find(self, film: str) -> dict[str, Any]:
        """The run that is meant. Raises `Unknown`, `SeveralFilms`, and `Shut` for what cannot be read."""
        if not film:
            if self._spoken_of is None:
                raise Unknown("Which film do you mean? Say a few words of its brief, or its id.")
            return await self._by_id(str(self._spoken_of))
        if _LAST.fullmatch(film):
            return self._one(film, await self._list(limit=1))
        if _is_id(film):
            return await self._by_id(film)
        if _PART_OF_ID.fullmatch(film):
            newest = await self._list(limit=_NEWEST)
            if begun := [run for run in newest if run["run_id"].startswith(film.lower())]:
                return self._one(film, begun)
        return self._one(film, await self._list(limit=_SHOWN, q=film) if len(film) > 1 else [])

    async def _by_id(self, film: str) -> dict[str, Any]:
        try:
            run: dict[str, Any] = await self._doors.runs(f"/v1/runs/{film}")
        except Shut as shut:
            if shut.status == 404:
                raise Unknown(f"There is no run {film} that you may see.") from shut
            raise
        return run

    async def _list(self, **query: Any) -> list[dict[str, Any]]:
        page = await self._doors.runs("/v1/runs", **query)
        found: list[dict[str, Any]] = page["items"]
        return found

    @staticmethod
    def _one(film: str, runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
        if not runs:
            raise Unknown(f"I know no film about {film!r} that you may see.")
        if len(runs) > 1:
            raise SeveralFilms(film, runs)
        return runs[0]


def _is_id(film: str) -> bool:
    try:
        UUID(film)
    except ValueError:
        return False
    return True
