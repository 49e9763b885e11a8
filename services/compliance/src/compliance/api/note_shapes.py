"""What the routes of notes and looks take and give."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from common.contracts.gates import Change, Region
from common.contracts.rework import Rework, ReworkStage, SceneMark
from common.contracts.values import JsonObject, Sha256
from media.timecode import ms_of, timecode_of
from pydantic import BaseModel, ConfigDict, Field

from compliance.api.shapes import Prose
from compliance.hearing import Heard
from compliance.looks import Changes, SceneChange, Version
from compliance.notes import NoteDraft
from compliance.places import NoteState, Pointed, Span, film_of, moved, sentence_of, spoken_in
from compliance.repository.items import Item
from compliance.repository.notes import Note
from compliance.words import PieceKind, TextChange

_Text = Annotated[Prose, Field(min_length=1)]
_Frame = Annotated[int, Field(ge=0, le=100_000_000)]
_Ms = Annotated[int, Field(ge=0, le=1_000_000_000)]
_Time = Annotated[str, Field(max_length=40, description="`00:00:07:12`, `00:00:07;12` with drop frame, or `00:07.4`.")]


class NoteBody(BaseModel):
    """A note. It may point at a frame or a range of frames, a region of the picture, or a member of the content."""

    model_config = ConfigDict(extra="forbid")

    text: _Text
    frame: _Frame | None = Field(default=None, description="Counted from 0; or use `at_ms` or `timecode`.")
    end_frame: _Frame | None = Field(default=None, description="The last frame of a range, itself included.")
    at_ms: _Ms | None = None
    end_ms: _Ms | None = None
    timecode: _Time | None = None
    end_timecode: _Time | None = None
    rate: str | None = Field(
        default=None, max_length=20, description="The rate you counted in; refused when it is not the film's."
    )
    region: Region | None = None
    path: str | None = Field(default=None, max_length=400, description="JSON pointer, such as `/narration/1`.")
    stage: ReworkStage | None = Field(default=None, description="Whose work it is; guessed when you do not say.")

    def draft(self) -> NoteDraft:
        """The same, as the notes take it."""
        pointed = Pointed(
            frame=self.frame,
            end_frame=self.end_frame,
            at_ms=self.at_ms,
            end_ms=self.end_ms,
            timecode=self.timecode,
            end_timecode=self.end_timecode,
            rate=self.rate,
            region=self.region,
            path=self.path,
        )
        return NoteDraft(self.text, pointed, self.stage)


class NoteEdit(NoteBody):
    """The note as it is to be, whole."""

    version: int | None = Field(default=None, ge=1, description="The version you saw; if it is another, this is a 409.")


class ReplyBody(BaseModel):
    """A reply."""

    model_config = ConfigDict(extra="forbid")

    text: _Text


class SeenBody(BaseModel):
    """What was looked at, if you want to be sure that it is still that."""

    model_config = ConfigDict(extra="forbid")

    manifest_sha256: Sha256 | None = None


class SpanView(BaseModel):
    """Frames of a film, both ends included, in every way to say it."""

    frame: int
    end_frame: int
    timecode: str
    end_timecode: str
    at_ms: int
    end_ms: int
    rate: str = Field(description="Frames a second, as a whole number or a fraction.")


class SceneView(BaseModel):
    """The scene a note is about, as it is in the revision that was asked about."""

    index: int
    number: int = Field(description="As people count: from 1.")
    sentence: str
    clip_sha256: Sha256 | None
    still_sha256: Sha256 | None = Field(description="A small picture; its bytes are at `/v1/artifacts/{sha256}`.")


class ReplyView(BaseModel):
    """One answer below a note."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    author: str
    created_at: datetime
    text: str
    mentions: tuple[str, ...]


class NoteView(BaseModel):
    """A note with its thread, where it points, whose work it is, and what became of it."""

    id: UUID
    item_id: UUID = Field(description="The revision it was written on.")
    author: str
    created_at: datetime
    edited_at: datetime | None
    version: int
    text: str
    earlier: tuple[str, ...] = Field(description="What it said before, the oldest first.")
    mentions: tuple[str, ...]
    state: NoteState
    state_by: str | None
    state_at: datetime | None
    answer: str = Field(description="What the last rework says about it.")
    span: SpanView | None = Field(description="As it was written.")
    span_now: SpanView | None = Field(description="In this revision, moved with its scene; null when it has none.")
    region: Region | None
    path: str | None
    scenes: list[SceneView]
    stage: ReworkStage
    stage_is_guess: bool
    replies: list[ReplyView]


class ReworkView(BaseModel):
    """What asking for changes now would have done again."""

    orders: tuple[Rework, ...]
    kept_scenes: int = Field(description="Scenes that stay as they are, byte for byte.")
    whole: bool = Field(description="No order: the run does its step again by your comment, as a whole.")


class LookView(BaseModel):
    """What you looked at."""

    model_config = ConfigDict(from_attributes=True)

    item_id: UUID
    manifest_sha256: Sha256
    seen_at: datetime


class VersionView(BaseModel):
    """One state of what is held; `at` is when it was opened or looked at."""

    model_config = ConfigDict(from_attributes=True)

    item_id: UUID
    revision: int
    manifest_sha256: Sha256
    at: datetime


class PieceView(BaseModel):
    """Some words in a row, and what became of them."""

    model_config = ConfigDict(from_attributes=True)

    kind: PieceKind
    text: str


class TextChangeView(BaseModel):
    """A text that is another now."""

    model_config = ConfigDict(from_attributes=True)

    path: str
    before: str | None
    after: str | None
    pieces: list[PieceView]


class SceneChangeView(BaseModel):
    """A scene that is another now, side by side."""

    index: int
    number: int
    what: tuple[str, ...] = Field(description="Of `picture`, `voice`, `length`, `added`, `removed`.")
    before: SceneMark | None
    after: SceneMark | None


class SoundView(BaseModel):
    """What a film sounds like. Silence has no peak."""

    integrated_lufs: float | None
    true_peak_dbtp: float | None
    envelope_lufs: list[float] = Field(description="One value a second.")
    problem: str


class CostView(BaseModel):
    """What the run had cost then, and has now; null where nobody said."""

    before_usd_micros: int | None
    now_usd_micros: int | None
    added_usd_micros: int | None


class ChangesView(BaseModel):
    """What changed. `since` is null when you have never looked: then everything is new and nothing is listed."""

    now: VersionView
    since: VersionView | None
    same: bool
    words: list[TextChangeView]
    scenes: list[SceneChangeView]
    unchanged_scenes: int
    post: list[TextChangeView]
    hashtags_added: tuple[str, ...]
    hashtags_removed: tuple[str, ...]
    settings: tuple[Change, ...]
    files: tuple[str, ...] = Field(description="Members whose bytes are others.")
    sound_before: SoundView | None
    sound: SoundView | None
    cost: CostView


def note_view(note: Note, item: Item) -> NoteView:
    """A note as it is shown beside an item."""
    film = film_of(item.content)
    here = note.place.span if note.manifest_sha256 == item.manifest_sha256 else moved(note.place, film)
    return NoteView(
        id=note.id,
        item_id=note.item_id,
        author=note.author,
        created_at=note.created_at,
        edited_at=note.edited_at,
        version=note.version,
        text=note.text,
        earlier=note.earlier,
        mentions=note.mentions,
        state=note.state,
        state_by=note.state_by,
        state_at=note.state_at,
        answer=note.answer,
        span=_span(note.place.span),
        span_now=_span(here),
        region=note.place.region,
        path=note.place.path,
        scenes=[_scene(index, film.scenes if film else (), item.content) for index in note.place.scenes],
        stage=note.stage,
        stage_is_guess=note.stage_is_guess,
        replies=[ReplyView.model_validate(reply) for reply in note.replies],
    )


def rework_view(orders: tuple[Rework, ...], item: Item) -> ReworkView:
    """What would be done again, and how much would stay."""
    film = film_of(item.content)
    scenes = len(film.scenes) if film else len(spoken_in(item.content))
    all_scenes = any(order.scene is None and order.stage not in _WITHOUT_SCENES for order in orders)
    redone = {order.scene for order in orders if order.scene is not None}
    kept = 0 if all_scenes or not orders else scenes - len(redone)
    return ReworkView(orders=orders, kept_scenes=kept, whole=not orders)


def changes_view(changes: Changes) -> ChangesView:
    """What changed, as it is shown."""
    before, now = changes.spent_before_usd_micros, changes.spent_usd_micros
    return ChangesView(
        now=VersionView.model_validate(changes.now),
        since=_version(changes.since),
        same=changes.same,
        words=[_text_change(change) for change in changes.words],
        scenes=[_scene_change(change) for change in changes.scenes],
        unchanged_scenes=changes.unchanged_scenes,
        post=[_text_change(change) for change in changes.post],
        hashtags_added=changes.hashtags_added,
        hashtags_removed=changes.hashtags_removed,
        settings=changes.settings,
        files=changes.files,
        sound_before=sound_view(changes.sound.before) if changes.sound else None,
        sound=sound_view(changes.sound.after) if changes.sound else None,
        cost=CostView(
            before_usd_micros=before,
            now_usd_micros=now,
            added_usd_micros=now - before if now is not None and before is not None else None,
        ),
    )


def sound_view(heard: Heard) -> SoundView:
    """What a film sounds like, as it is shown."""
    if heard.sound is None:
        return SoundView(integrated_lufs=None, true_peak_dbtp=None, envelope_lufs=[], problem=heard.problem)
    peak = heard.sound.loudness.true_peak_dbtp
    return SoundView(
        integrated_lufs=heard.sound.loudness.integrated_lufs,
        # JSON has no infinity.
        true_peak_dbtp=peak if peak != float("-inf") else None,
        envelope_lufs=list(heard.sound.seconds),
        problem="",
    )


_WITHOUT_SCENES = frozenset({ReworkStage.SOUND, ReworkStage.CAPTION})


def _span(span: Span | None) -> SpanView | None:
    if span is None:
        return None
    return SpanView(
        frame=span.first,
        end_frame=span.last,
        timecode=timecode_of(span.first, span.rate),
        end_timecode=timecode_of(span.last, span.rate),
        at_ms=ms_of(span.first, span.rate),
        end_ms=ms_of(span.last, span.rate),
        rate=str(span.rate),
    )


def _scene(index: int, marks: tuple[SceneMark, ...], content: JsonObject) -> SceneView:
    mark = marks[index] if index < len(marks) else None
    return SceneView(
        index=index,
        number=index + 1,
        sentence=sentence_of(content, index),
        clip_sha256=mark.clip_sha256 if mark else None,
        still_sha256=mark.still_sha256 if mark else None,
    )


def _version(version: Version | None) -> VersionView | None:
    return VersionView.model_validate(version) if version else None


def _text_change(change: TextChange) -> TextChangeView:
    return TextChangeView.model_validate(change)


def _scene_change(change: SceneChange) -> SceneChangeView:
    return SceneChangeView(
        index=change.index, number=change.index + 1, what=change.what, before=change.before, after=change.after
    )
