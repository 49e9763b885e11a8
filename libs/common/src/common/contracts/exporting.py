"""Files made from a finished film on request: for other editing programs, for players, and to look at."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from common.contracts.editing import Cut, Timeline
from common.contracts.message import Capability
from common.contracts.values import ArtifactRef, Value


class ExportKind(StrEnum):
    """What can be made of a film."""

    OTIO = "otio"
    EDL = "edl"
    FCPXML = "fcpxml"
    HLS = "hls"
    CONTACT_SHEET = "contact_sheet"
    WAVEFORM = "waveform"
    THUMBNAILS = "thumbnails"


class ExportInput(Value):
    """A film with the timeline it was cut from, as `render_cut` was given the one and answered the other."""

    timeline: Timeline
    cut: Cut
    kinds: tuple[ExportKind, ...] = Field(min_length=1, max_length=len(ExportKind))


class ExportedFile(Value):
    """One file. A kind may be several: what a player opens comes first, what that refers to after it."""

    kind: ExportKind
    name: str
    file: ArtifactRef


class Exports(Value):
    """Everything that was asked for, in that order."""

    files: tuple[ExportedFile, ...]


ExportCut = Capability("editor.export_cut", ExportInput, Exports, timeout_ms=600_000)
