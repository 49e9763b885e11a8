"""What the editor is asked and answers."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from common.contracts.message import Capability, Event
from common.contracts.production import Clip, Format, Palette, ProductionOutput, Word
from common.contracts.rework import SceneMark
from common.contracts.scenes import (
    Brand,
    CaptionStyle,
    ClipSound,
    EndCard,
    Fit,
    KenBurns,
    MusicMix,
    Overlay,
    Platform,
    View,
)
from common.contracts.values import ArtifactRef, Value


class Scene(Value):
    """One clip on the timeline with the words heard over it. Words are timed from the scene's first frame.

    A clip whose media type is that of an image stands still for as long as is wanted.
    """

    index: int
    clip: Clip
    frames: int
    words: tuple[Word, ...]
    shape: Format | None = Field(default=None, description="The size it was filmed in. None: the film's own.")
    fit: Fit = Field(default=Fit.COVER, description="Where its shape is not the film's.")
    focus: View = Field(default=View(), description="What must stay in sight when edges are lost.")
    trim_ms: int = Field(default=0, ge=0, description="How much of the clip's beginning is left out.")
    speed: float = Field(default=1.0, ge=0.25, le=4)
    motion: KenBurns | None = None
    overlays: tuple[Overlay, ...] = Field(default=(), max_length=8)
    sound: ClipSound | None = None


class VoiceOver(Value):
    """A piece of speech and where it starts on the film's time line."""

    audio: ArtifactRef
    start_ms: int


class Timeline(Value):
    """The cut as data: what is shown, heard and read, and when. Scenes overlap by `transition_frames`.

    This is the scene model. Its tracks: the pictures (`scenes`, then the end card), what is written over each of them,
    the words as captions, and the sounds: voice, music, and the clips' own. Everything in a scene is timed from the
    scene's first frame, so that nothing in it depends on the others.
    """

    version: Literal[1] = 1
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
    music_mix: MusicMix | None = Field(default=MusicMix(), description="None: the music is not heard.")
    captions: CaptionStyle = CaptionStyle()
    brand: Brand = Brand()
    end_card: EndCard | None = None
    platforms: tuple[Platform, ...] = Field(default=(), description="Whose controls text keeps clear of. None: all.")


class TimelineInput(Value):
    """A production and its clips, in any order; the manifest's index decides."""

    production: ProductionOutput
    clips: tuple[Clip, ...] = Field(min_length=1)


class RenderInput(Value):
    """A timeline to be rendered, in one shape or in several."""

    timeline: Timeline
    formats: tuple[Format, ...] = Field(
        default=(), max_length=6, description="The main one first, at one frame rate. None: the timeline's own."
    )


class CutVersion(Value):
    """The film in another shape."""

    video: ArtifactRef
    thumbnail: ArtifactRef
    width: int
    height: int


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
    versions: tuple[CutVersion, ...] = Field(default=(), description="The same film in the further formats asked for.")
    repaired: tuple[str, ...] = Field(default=(), description="What was wrong at first and was rendered again.")


class PieceMade(Event, subject="evt.editor.piece_made.v1"):
    """A piece of a film's picture is in the store while others are still rendered; it goes when the film is done."""

    piece: ArtifactRef


class FilmJoined(Event, subject="evt.editor.film_joined.v1"):
    """A film's bytes are final and in the store, before the editor has checked them: who looks at films may begin."""

    video: ArtifactRef
    pieces: tuple[ArtifactRef, ...] = Field(
        default=(), description="What its picture was joined from, in order, as told before. None: nothing was told."
    )


AssembleTimeline = Capability("editor.assemble_timeline", TimelineInput, Timeline)
RenderCut = Capability("editor.render_cut", RenderInput, Cut, timeout_ms=1_800_000)
