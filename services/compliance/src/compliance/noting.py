"""The notes' part of the service: what the routes of notes and looks lean on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from common.artifacts import Artifacts
from common.clock import Clock
from common.db.work import Work

from compliance.hearing import Ear
from compliance.looks import LookBook
from compliance.notes import NoteBook


@dataclass(frozen=True)
class Noting:
    """Notes, and what people have looked at."""

    notes: NoteBook
    seen: LookBook


def noting_of(work: Work, *, artifacts: Artifacts, clock: Clock, scratch: Path) -> Noting:
    """Both on the platform's servers."""
    ear = Ear(work, artifacts=artifacts, scratch=scratch)
    return Noting(NoteBook(work, clock=clock), LookBook(work, ear=ear, clock=clock))
