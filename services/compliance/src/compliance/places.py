"""Where a note points, without I/O: frames of a film, parts of its picture, words of the content, and whose work it is.

A note is placed in frames. Its scene is found from the marks the editor left in the content; the stage that would do it
again is what its author says, or a guess from where it points and what it says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from common.contracts.gates import Region
from common.contracts.rework import ReworkStage, SceneMark
from common.contracts.values import JsonObject
from common.errors import Invalid
from media.timecode import FrameRate, NoSuchTime, frame_at, parse_rate, parse_time
from pydantic import TypeAdapter, ValidationError


class NoteState(StrEnum):
    """What became of a note. `addressed`: it was done again, and a person has yet to say that it is good; `withdrawn`:
    who wrote it takes it back."""

    OPEN = "open"
    REQUESTED = "requested"
    ADDRESSED = "addressed"
    RESOLVED = "resolved"
    WITHDRAWN = "withdrawn"


class PlaceNotThere(Invalid):
    """The note points to a frame, a region or a member that what is held does not have."""


@dataclass(frozen=True)
class Film:
    """What notes need of a film that is held."""

    rate: FrameRate
    frames: int
    scenes: tuple[SceneMark, ...]


@dataclass(frozen=True)
class Span:
    """Frames of a film, both ends included."""

    rate: FrameRate
    first: int
    last: int


@dataclass(frozen=True)
class Pointed:
    """Where a person pointed, as they said it: a frame, an instant or a time code, with an end if it is a range."""

    frame: int | None = None
    end_frame: int | None = None
    at_ms: int | None = None
    end_ms: int | None = None
    timecode: str | None = None
    end_timecode: str | None = None
    rate: str | None = None
    region: Region | None = None
    path: str | None = None


@dataclass(frozen=True)
class Place:
    """Where a note is. `scenes` are those it is about; `scene_offset` counts from the start of the first of them."""

    span: Span | None = None
    region: Region | None = None
    path: str | None = None
    scenes: tuple[int, ...] = ()
    scene_offset: int | None = None


_MARKS = TypeAdapter(tuple[SceneMark, ...])
_SCENE_PATH = re.compile(r"/(?:narration|scenes|(?:script/)?beats)/(\d{1,4})(?:/|$)")
_SHOWN_PATH = re.compile(r"/script/beats/\d{1,4}/(?!narration)")
_POST_PATH = re.compile(r"/(?:title|caption|hashtags|captions)(?:/|$)")
_GUESSES: tuple[tuple[ReworkStage, re.Pattern[str]], ...] = tuple(
    (stage, re.compile(rf"\b(?:{words.replace(' ', '|')})\b", re.I))
    for stage, words in (
        (ReworkStage.VOICE, r"voice speak\w* spoken pronounc\w* accent mumbl\w* rushed slower faster"),
        (ReworkStage.SOUND, r"music sound\w* loud\w* quiet\w* volume song beat noise"),
        (ReworkStage.CAPTION, r"captions? subtitles? hashtags? post title"),
        (ReworkStage.CUT, r"cut transition hold held linger\w*"),
        (
            ReworkStage.CLIP,
            r"picture image clip shot visual\w* illustration drawing background colou?rs? show\w* look\w* headline "
            r"frame blurr\w*",
        ),
        (
            ReworkStage.SCRIPT,
            r"words? wording sentence say\w* said phrase rephrase claim fact wrong shorter without script line text",
        ),
    )
)


def film_of(content: JsonObject) -> Film | None:
    """The film that is held, if there is one: content with a video, its length and its rate."""
    if not isinstance(content.get("video"), dict) or not isinstance(content.get("duration_ms"), int):
        return None
    try:
        rate = parse_rate(str(content.get("fps", "")))
    except NoSuchTime:
        return None
    scenes = marks_of(content)
    if scenes:
        frames = max(scene.start_frame + scene.frames for scene in scenes)
    else:
        frames = frame_at(content["duration_ms"], rate)
    return Film(rate, frames, scenes)


def marks_of(content: JsonObject) -> tuple[SceneMark, ...]:
    """The scenes of the film that is held, in order; none when the content does not say."""
    try:
        return tuple(sorted(_MARKS.validate_python(content.get("scenes") or ()), key=lambda mark: mark.start_frame))
    except ValidationError:
        return ()


def spoken_in(content: JsonObject) -> tuple[str, ...]:
    """What is heard in each scene of the film that is held, or will be of the script that is; none where neither is."""
    script = content.get("script")
    beats = script.get("beats") if isinstance(script, dict) else None
    if isinstance(beats, list):
        return tuple(str(beat.get("narration", "")) if isinstance(beat, dict) else "" for beat in beats)
    narration = content.get("narration")
    return tuple(text for text in narration if isinstance(text, str)) if isinstance(narration, list) else ()


def is_script(content: JsonObject) -> bool:
    """Whether a script is held that nobody has filmed yet: its scenes are beats."""
    return film_of(content) is None and isinstance(content.get("script"), dict) and bool(spoken_in(content))


def place(pointed: Pointed, content: JsonObject) -> Place:
    """Where a note on this content is. Raises `PlaceNotThere` when it points to nothing."""
    film = film_of(content)
    span = _span(pointed, film)
    region = pointed.region
    if region is not None and (region.width <= 0 or region.height <= 0 or _outside(region)):
        raise PlaceNotThere("The region must lie inside of the picture, and be larger than nothing.")
    if region is not None and span is None:
        raise PlaceNotThere("A region needs a frame or a range of frames to be seen in.")
    if pointed.path is not None:
        _must_exist(pointed.path, content)
    count = len(film.scenes) if film else len(spoken_in(content)) if is_script(content) else 0
    scenes = _scenes(span, pointed.path, film, count=count)
    offset = None
    if span is not None and film is not None and scenes:
        offset = span.first - film.scenes[scenes[0]].start_frame
    return Place(span, region, pointed.path, scenes, offset)


def scene_at(film: Film, frame: int) -> int | None:
    """The scene a frame belongs to. In a transition that is the scene of which it is nearer to the middle."""
    for index, scene in enumerate(film.scenes):
        end = scene.start_frame + scene.frames
        if index + 1 < len(film.scenes):
            following = film.scenes[index + 1].start_frame
            end = following + max(0, end - following) // 2
        if frame < end:
            return index
    return None


def moved(place: Place, film: Film | None) -> Span | None:
    """The same place in another revision: scenes may begin elsewhere, and what is in them moves with them."""
    if place.span is None or film is None or film.rate != place.span.rate:
        return None
    if place.scene_offset is None or not place.scenes or place.scenes[0] >= len(film.scenes):
        return place.span if place.span.last < film.frames else None
    scene = film.scenes[place.scenes[0]]
    first = scene.start_frame + min(max(0, place.scene_offset), scene.frames - 1)
    return Span(place.span.rate, first, min(first + place.span.last - place.span.first, film.frames - 1))


def guess_stage(text: str, place: Place) -> ReworkStage:
    """Whose work a note is about, from where it points and what it says."""
    if place.path is not None and _SHOWN_PATH.match(place.path):
        return ReworkStage.CLIP
    if place.path is not None:
        return ReworkStage.CAPTION if _POST_PATH.match(place.path) else ReworkStage.SCRIPT
    for stage, words in _GUESSES:
        if words.search(text):
            return stage
    return ReworkStage.CLIP if place.region is not None else ReworkStage.SCRIPT


def member_of(content: JsonObject, path: str) -> Any:
    """What a JSON pointer names. Raises `PlaceNotThere`."""
    value: Any = content
    for part in path.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict) and name in value:
            value = value[name]
        elif isinstance(value, list) and re.fullmatch(r"0|[1-9]\d{0,5}", name) and int(name) < len(value):
            value = value[int(name)]
        else:
            raise PlaceNotThere(f"There is nothing at {path!r} in what is held.", path=path)
    return value


def _must_exist(path: str, content: JsonObject) -> None:
    if not path.startswith("/"):
        raise PlaceNotThere(f"{path!r} is no path; write it like /narration/1.", path=path)
    member_of(content, path)


def _span(pointed: Pointed, film: Film | None) -> Span | None:
    starts = [each for each in (pointed.frame, pointed.at_ms, pointed.timecode) if each is not None]
    ends = [each for each in (pointed.end_frame, pointed.end_ms, pointed.end_timecode) if each is not None]
    if not starts and not ends:
        return None
    if len(starts) != 1 or len(ends) > 1:
        raise PlaceNotThere("Say where it begins once, and where it ends at most once: by frame, time or time code.")
    if film is None:
        raise PlaceNotThere("What is held is no film, so it has no frames to point at.")
    try:
        if pointed.rate is not None and parse_rate(pointed.rate) != film.rate:
            raise PlaceNotThere(f"The film has {film.rate} frames a second, not {pointed.rate}.")
        first = _frame(pointed.frame, pointed.at_ms, pointed.timecode, film.rate)
        last = _frame(pointed.end_frame, pointed.end_ms, pointed.end_timecode, film.rate) if ends else first
    except NoSuchTime as error:
        raise PlaceNotThere(str(error)) from error
    if last < first or last >= film.frames:
        raise PlaceNotThere(f"The film has the frames 0 to {film.frames - 1}; the note is at {first} to {last}.")
    return Span(film.rate, first, last)


def _frame(frame: int | None, ms: int | None, timecode: str | None, rate: FrameRate) -> int:
    if frame is not None:
        return frame
    return frame_at(ms, rate) if ms is not None else parse_time(timecode or "", rate)


def _scenes(span: Span | None, path: str | None, film: Film | None, *, count: int) -> tuple[int, ...]:
    if span is not None and film is not None and film.scenes:
        first, last = scene_at(film, span.first), scene_at(film, span.last)
        return tuple(range(first, (first if last is None else last) + 1)) if first is not None else ()
    if path is not None and (found := _SCENE_PATH.match(path)) and int(found[1]) < count:
        return (int(found[1]),)
    return ()


def _outside(region: Region) -> bool:
    # Shares are decimal fractions in somebody's editor; what rounding adds is not worth a refusal.
    return region.x + region.width > 1.000001 or region.y + region.height > 1.000001


def mentions_in(text: str) -> tuple[str, ...]:
    """The user ids a text names with an @, each once, in order."""
    found = re.findall(r"(?<![\w@.])@([A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?)", text)
    return tuple(dict.fromkeys(found))


def sentence_of(content: JsonObject, scene: int) -> str:
    """The sentence that is heard in a scene; empty when the content does not say."""
    spoken = spoken_in(content)
    return spoken[scene] if scene < len(spoken) else ""
