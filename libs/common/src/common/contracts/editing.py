"""What the editor is asked and answers."""

from __future__ import annotations

from pydantic import Field

from common.contracts.message import Capability, Event
from common.contracts.production import Clip, Format, Palette, ProductionOutput, Word
from common.contracts.rework import SceneMark
from common.contracts.values import ArtifactRef, Value


class Scene(Value):
    """One clip on the timeline with the words heard over it. Words are timed from the scene's first frame."""

    index: int
    clip: Clip
    frames: int
    words: tuple[Word, ...]


class VoiceOver(Value):
    """A piece of speech and where it starts on the film's time line."""

    audio: ArtifactRef
    start_ms: int


class Timeline(Value):
    """The cut as data: what is shown, heard and read, and when. Scenes overlap by `transition_frames`."""

    format: Format
    palette: Palette
    title: str
    language: str = "en"
    scenes: tuple[Scene, ...] = Field(min_length=1)
    transitions: tuple[str, ...] = Field(description="Name of the transition after each scene but the last.")
    transition_frames: int
    voice: tuple[VoiceOver, ...]
    music: ArtifactRef
    duration_ms: int


class TimelineInput(Value):
    """A production and its clips, in any order; the manifest's index decides."""

    production: ProductionOutput
    clips: tuple[Clip, ...] = Field(min_length=1)


class RenderInput(Value):
    """A timeline to be rendered."""

    timeline: Timeline


class Cut(Value):
    """A finished film and what was measured on it."""

    video: ArtifactRef
    thumbnail: ArtifactRef
    captions: ArtifactRef = Field(description="WebVTT.")
    duration_ms: int
    width: int
    height: int
    fps: int
    loudness_lufs: float
    true_peak_dbtp: float
    renderer: str
    scenes: tuple[SceneMark, ...] = Field(default=(), description="What is seen when, for notes on the film.")


class FilmJoined(Event, subject="evt.editor.film_joined.v1"):
    """A film's bytes are final and in the store, before the editor has checked them: who looks at films may begin."""

    video: ArtifactRef


AssembleTimeline = Capability("editor.assemble_timeline", TimelineInput, Timeline)
RenderCut = Capability("editor.render_cut", RenderInput, Cut, timeout_ms=1_800_000)
