"""What the producer is asked and answers: script, voice, music, and one clip a shot."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from common.contracts.brand import BrandKit
from common.contracts.ideation import Idea
from common.contracts.message import Capability
from common.contracts.provenance import Source, Untrusted
from common.contracts.rework import Rework, Reworked
from common.contracts.scenes import Face, Hex, Speaker
from common.contracts.uploads import Brought, FootageChoice
from common.contracts.values import ArtifactRef, Sha256, Value


class BeatKind(StrEnum):
    """What a beat does in the film; the storyboard renderer chooses its layouts by it."""

    HOOK = "hook"
    POINT = "point"
    NUMBER = "number"
    STEPS = "steps"
    QUOTE = "quote"
    CHANGE = "change"
    DIAGRAM = "diagram"
    CLOSE = "close"


class Figure(Value):
    """A number worth showing large, as the brief or the script gives it."""

    value: str
    label: str


class Change(Value):
    """Two states of one thing, in words that the beat says."""

    before: str
    after: str
    before_label: str = Field(default="", description="What the first is called, such as: before.")
    after_label: str = Field(default="", description="What the second is called, such as: now.")


class DiagramForm(StrEnum):
    """How the parts of a diagram belong together."""

    CHAIN = "chain"
    """One leads to the next."""
    CYCLE = "cycle"
    """The last leads to the first again."""
    COMPARISON = "comparison"
    """Two stand against each other."""


class Diagram(Value):
    """A picture of nodes and lines, in words that the beat says."""

    form: DiagramForm
    nodes: tuple[str, ...] = Field(min_length=2, max_length=5, description="In order; a comparison has two.")
    links: tuple[str, ...] = Field(
        default=(), max_length=5, description="What the lines say, such as: leads to. Fewer than lines, or none."
    )


class Beat(Value):
    """One thought of the film: what is heard and what is shown."""

    kind: BeatKind
    narration: str = Field(min_length=1, description="Spoken word for word, and captioned.")
    headline: str = Field(description="Shown large; at most about eight words.")
    emphasis: tuple[str, ...] = Field(default=(), description="Words of the headline in the accent colour.")
    kicker: str = Field(default="", description="A small label above the headline.")
    detail: str = Field(default="", description="One smaller line below.")
    figure: Figure | None = None
    items: tuple[str, ...] = Field(default=(), description="For a list: at most four short lines.")
    change: Change | None = Field(default=None, description="For a change: what was, and what is.")
    diagram: Diagram | None = Field(default=None, description="For a diagram: what is connected with what.")
    seconds: float | None = Field(
        default=None, gt=0, le=60, description="How long a finished script wants it at least."
    )


class PostCopy(Value):
    """The words that go with the film where it is published."""

    title: str
    caption: str
    hashtags: tuple[str, ...] = ()


class Script(Value):
    """A film in words, timed to a target length by measured speech."""

    title: str
    language: str = "en"
    beats: tuple[Beat, ...] = Field(min_length=1)
    post: PostCopy


class Palette(Value):
    """Four colours chosen for the brief: a dark ground, two that move, one that accents; and the ink on the accent."""

    name: str
    ground: Hex
    first: Hex
    second: Hex
    accent: Hex
    ink: Hex


class Word(Value):
    """A written word and when it is heard, from the start of its scene's voice track."""

    text: str
    start_ms: int = Field(ge=0)
    end_ms: int = Field(ge=0)


class Speech(Value):
    """A scene's voice: 48 kHz mono WAV and the time of each written word."""

    audio: ArtifactRef
    duration_ms: int = Field(ge=1)
    words: tuple[Word, ...]
    voice: str = Field(description="The adapter and voice, such as `espeak-ng/en-us`.")
    pace: float = Field(default=1.0, gt=0, description="How fast it was spoken, against the voice's own pace.")
    reused: bool = Field(default=False, description="From the cache: spoken for an earlier order, and costs nothing.")


class Format(Value):
    """The picture's size and rate. `scale` below 1 is a preview of the same film."""

    width: int = Field(default=1080, ge=2)
    height: int = Field(default=1920, ge=2)
    fps: int = 30

    def has_shape_of(self, other: Format) -> bool:
        """Whether a picture of this size, scaled to the other, would look right: to half a percent."""
        ratio = self.width * other.height / (self.height * other.width)
        return abs(ratio - 1) < 0.005


class ClipVersion(Value):
    """The same shot in another shape: laid out for it, of the same length."""

    format: Format
    video: ArtifactRef


class Clip(Value):
    """A filmed shot: H.264 without sound, exactly `frames` long."""

    index: int
    video: ArtifactRef
    frames: int
    provider: str
    still: ArtifactRef | None = Field(default=None, description="A small picture of it.")
    credit: str | None = Field(default=None, description="Who has to be named for its footage.")
    versions: tuple[ClipVersion, ...] = Field(default=(), description="It in the further shapes that were asked for.")
    reused: bool = Field(default=False, description="From the cache: made for an earlier order, and costs nothing.")


class Shot(Value):
    """One scene to be filmed. Its length in frames includes the overlaps its transitions eat."""

    index: int = Field(ge=0)
    total: int = Field(ge=1)
    beat: Beat
    layout: str
    language: str = Field(default="", description="Of its words: one character has several forms in East Asia.")
    palette: Palette
    face: Face | None = Field(default=None, description="Of its headlines. None: the one that suits the palette.")
    seed: int
    frames: int = Field(ge=1)
    voice_start_ms: int = Field(ge=0, description="When the voice begins, from the scene's first frame.")
    speech: Speech
    format: Format
    filmed: Clip | None = Field(default=None, description="The clip of an earlier plan that had this very shot.")
    footage: Brought | None = Field(default=None, description="Somebody's own footage, shown instead of filming it.")
    speaker: Speaker | None = Field(
        default=None, description="Named in its lower third, for which its layout has room."
    )


class ProductionOutput(Value):
    """The plan of the film: its script, its shots with their voice, and the music bed."""

    script: Script
    shots: tuple[Shot, ...] = Field(min_length=1)
    transition_frames: int = Field(ge=0)
    music: ArtifactRef
    duration_ms: int
    palette: Palette
    document: ArtifactRef | None = None
    seed: int | None = Field(default=None, description="The film's own chance: its music and first pictures.")
    remarks: tuple[Reworked, ...] = Field(default=(), description="What became of each thing to do again.")
    credits: tuple[str, ...] = Field(default=(), description="Who has to be named for its music.")
    brand: BrandKit | None = Field(default=None, description="What the film wears.")
    brought_music: Brought | None = Field(default=None, description="The upload that `music` was cut from.")


class ProductionInput(Value):
    """An approved idea and the length it should fill."""

    idea: Annotated[Idea, Untrusted(Source.AGENT)]
    brief: Annotated[str, Untrusted(Source.BRIEF)]
    language: str = "en"
    target_seconds: int = Field(default=20, ge=3, le=180)
    feedback: Annotated[str | None, Untrusted(Source.COMMENT)] = Field(
        default=None, description="What a reviewer wants changed about the last cut."
    )
    rework: Annotated[tuple[Rework, ...], Untrusted(Source.COMMENT)] = Field(
        default=(), description="Single things to do again; all else of `previous` stays."
    )
    previous: ProductionOutput | None = None
    clips: tuple[Clip, ...] = Field(default=(), description="The clips of `previous`, in any order.")
    music: Sha256 | None = Field(default=None, description="An upload that is heard instead of our own music.")
    footage: tuple[FootageChoice, ...] = Field(default=(), max_length=60, description="Uploads shown in scenes.")
    script: Annotated[Script | None, Untrusted(Source.BRIEF)] = Field(
        default=None, description="Finished, as it was approved: nobody writes one, and all of it is spoken."
    )
    post: Annotated[PostCopy | None, Untrusted(Source.COMMENT)] = Field(
        default=None,
        description="The words of the post as a reviewer last saw or edited them.",
    )
    brand: BrandKit | None = Field(default=None, description="What the film wears.")
    speaker: Annotated[Speaker | None, Untrusted(Source.BRIEF)] = Field(
        default=None, description="Whose voice it is said to be: named once, in the first scene."
    )


class ClipInput(Value):
    """One shot to film."""

    shot: Shot
    formats: tuple[Format, ...] = Field(
        default=(), max_length=6, description="The film's formats: in each shape that is not its own it is filmed too."
    )


PlanProduction = Capability("producer.plan_production", ProductionInput, ProductionOutput)
MakeClip = Capability("producer.make_clip", ClipInput, Clip, timeout_ms=600_000)
