"""Every capability of the suite, in one list: what a workflow may name in `run`."""

from __future__ import annotations

from typing import Any

from common.contracts.agents import RunAgent
from common.contracts.brand import ReadBrand
from common.contracts.editing import AssembleTimeline, FilmJoined, PieceMade, RenderCut
from common.contracts.erasing import ErasureOrdered, RunForgotten
from common.contracts.exporting import ExportCut
from common.contracts.gates import CheckBrief, GateDecided, GateReminded, GateReopened, GateWithdrawn, OpenGate
from common.contracts.holding import HoldChanged
from common.contracts.ideation import ProposeIdeas
from common.contracts.knowledge import ArchiveFilm, RecallFilms
from common.contracts.message import Capability, Event
from common.contracts.notes import UserMentioned
from common.contracts.production import MakeClip, PlanProduction
from common.contracts.publishing import PostPublished, Publish
from common.contracts.safety import ContentViolated
from common.contracts.screenplay import DevelopCharacters, TypesetScreenplay, WriteScreenplay
from common.contracts.scripts import TakeScript
from common.contracts.services import ServiceChanged
from common.contracts.sharing import RunShared
from common.contracts.tasks import TaskCreated
from common.contracts.video_content import MakeVideoContent

CAPABILITIES: dict[str, Capability[Any, Any]] = {
    capability.name: capability
    for capability in (
        ProposeIdeas,
        RunAgent,
        WriteScreenplay,
        DevelopCharacters,
        TypesetScreenplay,
        TakeScript,
        PlanProduction,
        MakeClip,
        MakeVideoContent,
        AssembleTimeline,
        RenderCut,
        ExportCut,
        OpenGate,
        CheckBrief,
        ReadBrand,
        Publish,
        ArchiveFilm,
        RecallFilms,
    )
}
FACTS: tuple[type[Event], ...] = (
    ErasureOrdered,
    ContentViolated,
    FilmJoined,
    PieceMade,
    GateDecided,
    GateReopened,
    GateReminded,
    GateWithdrawn,
    HoldChanged,
    PostPublished,
    RunForgotten,
    RunShared,
    ServiceChanged,
    TaskCreated,
    UserMentioned,
)
"""Every fact the services tell; that they are named here declares them wherever the catalogue is read."""
SERVICES = (
    "identity",
    "orchestrator",
    "ideation",
    "producer",
    "editor",
    "compliance",
    "publisher",
    "knowledge",
)
