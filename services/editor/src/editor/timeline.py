"""The cut as data: which frames are shown when, and where each word and voice falls. Pure.

Scene `i` is `D_i` frames long and shares `T` frames with its neighbours. Its *body* is what it does not share;
transition `i` blends the last `T` frames of scene `i` with the first `T` of the next. A film of `n` scenes has
`sum(D) - (n - 1) * T` frames. An end card is one more scene at the end, without a clip.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from common.contracts.editing import Scene, Timeline, VoiceOver
from common.contracts.production import Clip, Format, ProductionOutput, Shot, Word
from common.contracts.rework import SceneMark
from common.contracts.scenes import Fit

from editor.branding import brand_of, end_card_of, name_of
from editor.errors import ClipLengthWrong, DoubledClip, MissingClip, MixedFormats, ShotTooShort, UnexpectedClip
from editor.transitions import CUT, choose_transition

_WRITTEN_ON = "storyboard"
"""The provider whose clips have type in them, to their edges: where they do not fit, they are shown whole."""


def assemble(production: ProductionOutput, clips: Iterable[Clip]) -> Timeline:
    """Lay out a film from its shots and their clips, given in any order. The same input gives the same timeline.

    Raises a `CannotAssemble` when clips are missing, doubled, unexpected or of the wrong length, when shots differ in
    format, or when one is too short for its transitions.
    """
    shots = sorted(production.shots, key=lambda shot: shot.index)
    filmed = _match(shots, tuple(clips))
    overlap = production.transition_frames
    first = shots[0].format
    if any(shot.format != first for shot in shots):
        raise MixedFormats("The shots of one film must share one size and frame rate.")
    timeline = Timeline(
        format=first,
        palette=production.palette,
        title=production.script.title,
        language=production.script.language,
        scenes=tuple(_scene(shot, filmed[shot.index]) for shot in shots),
        transitions=tuple(
            choose_transition(shot.beat.kind, place=place) if overlap else CUT for place, shot in enumerate(shots[1:])
        ),
        transition_frames=overlap,
        voice=tuple(
            VoiceOver(audio=shot.speech.audio, start_ms=start)
            for shot, start in zip(shots, _voice_starts(shots, overlap=overlap), strict=True)
        ),
        music=production.music,
        duration_ms=0,
        brand=brand_of(production.brand),
        end_card=end_card_of(production.brand, fps=first.fps),
    )
    for place in range(len(lengths(timeline))):
        body(timeline, place)
    return timeline.model_copy(update={"duration_ms": frames_ms(total_frames(timeline), fps=first.fps)})


def frames_ms(frames: int, *, fps: int) -> int:
    """Convert a number of frames to milliseconds, to the nearest."""
    return round(frames * 1000 / fps)


def total_frames(timeline: Timeline) -> int:
    """Count the frames of the finished film."""
    return sum(lengths(timeline)) - len(joins(timeline)) * timeline.transition_frames


def lengths(timeline: Timeline) -> tuple[int, ...]:
    """Return the frames of each scene, and of the end card."""
    card = (timeline.end_card.frames,) if timeline.end_card else ()
    return (*(scene.frames for scene in timeline.scenes), *card)


def joins(timeline: Timeline) -> tuple[str, ...]:
    """Return the transition after each scene but the last, the one into the end card included."""
    return (*timeline.transitions, *((timeline.end_card.transition,) if timeline.end_card else ()))


def conform(timeline: Timeline, size: Format) -> Timeline:
    """Return the same film in another size, of clips filmed in its shape; others remember in which they were filmed.

    Raises `MixedFormats` for another frame rate: times are counted in frames.
    """
    if size.fps != timeline.format.fps:
        raise MixedFormats(f"The film has {timeline.format.fps} frames a second; it cannot also have {size.fps}.")
    filmed = timeline.format
    scenes = tuple(_in_shape(scene, filmed, size) for scene in timeline.scenes)
    return timeline.model_copy(update={"format": size, "scenes": scenes})


def _in_shape(scene: Scene, filmed: Format, size: Format) -> Scene:
    if scene.shape or filmed.has_shape_of(size):
        return scene
    for version in scene.clip.versions:
        if version.format.has_shape_of(size):
            return scene.model_copy(update={"clip": scene.clip.model_copy(update={"video": version.video})})
    return scene.model_copy(update={"shape": filmed})


def scene_start(timeline: Timeline, place: int) -> int:
    """Return the film's frame on which scene number `place` begins to be seen, in its transition."""
    return sum(scene.frames for scene in timeline.scenes[:place]) - place * timeline.transition_frames


def seen_texts(timeline: Timeline) -> Iterator[str]:
    """All that the editor writes into the picture: captions word by word, texts over scenes, the end card."""
    for scene in timeline.scenes:
        if timeline.captions.shown:
            yield from (word.text for word in scene.words)
        for overlay in scene.overlays:
            yield from (overlay.text, overlay.detail)
    if timeline.end_card is not None:
        yield from (timeline.end_card.title, timeline.end_card.line)


def scene_marks(timeline: Timeline) -> tuple[SceneMark, ...]:
    """Return where each scene is in the finished film, and what it was made of."""
    # A timeline that came from elsewhere may have scenes nobody speaks over.
    voices = [piece.audio for piece in timeline.voice] if len(timeline.voice) == len(timeline.scenes) else None
    return tuple(
        SceneMark(
            index=place,
            start_frame=scene_start(timeline, place),
            frames=scene.frames,
            clip_sha256=scene.clip.video.sha256,
            still_sha256=scene.clip.still.sha256 if scene.clip.still else None,
            voice_sha256=voices[place].sha256 if voices else None,
        )
        for place, scene in enumerate(timeline.scenes)
    )


def body(timeline: Timeline, place: int) -> range:
    """Return the frames that a scene, or the end card, has to itself. Raises `ShotTooShort` if there are none."""
    overlap, frames = timeline.transition_frames, lengths(timeline)
    start = overlap if place > 0 else 0
    stop = frames[place] - (overlap if place < len(frames) - 1 else 0)
    if stop <= start:
        name = f"Shot {timeline.scenes[place].index}" if place < len(timeline.scenes) else "The end card"
        raise ShotTooShort(f"{name} has {frames[place]} frames and its transitions take all of them.")
    return range(start, stop)


def film_words(timeline: Timeline) -> tuple[Word, ...]:
    """Return every word of the film, timed from the film's first frame."""
    return tuple(
        shift_word(word, frames_ms(scene_start(timeline, place), fps=timeline.format.fps))
        for place, scene in enumerate(timeline.scenes)
        for word in scene.words
    )


def shift_word(word: Word, by_ms: int) -> Word:
    """Return the word, heard later."""
    return Word(text=word.text, start_ms=word.start_ms + by_ms, end_ms=word.end_ms + by_ms)


def _match(shots: list[Shot], clips: tuple[Clip, ...]) -> Mapping[int, Clip]:
    for doubled in (_twice(shot.index for shot in shots), _twice(clip.index for clip in clips)):
        if doubled is not None:
            raise DoubledClip(f"There are two of index {doubled}; each place in the film is taken once.")
    filmed = {clip.index: clip for clip in clips}
    if stray := sorted(filmed.keys() - {shot.index for shot in shots}):
        raise UnexpectedClip(f"Clip {stray[0]} belongs to no shot.")
    for shot in shots:
        clip = filmed.get(shot.index)
        if clip is None:
            raise MissingClip(f"Shot {shot.index} has no clip.")
        if clip.frames != shot.frames:
            raise ClipLengthWrong(f"Clip {clip.index} has {clip.frames} frames; its shot asked for {shot.frames}.")
    return filmed


def _twice(indexes: Iterable[int]) -> int | None:
    return next((index for index, count in sorted(Counter(indexes).items()) if count > 1), None)


def _scene(shot: Shot, clip: Clip) -> Scene:
    words = tuple(shift_word(word, shot.voice_start_ms) for word in shot.speech.words)
    fit = Fit.CONTAIN if clip.provider == _WRITTEN_ON else Fit.COVER
    return Scene(index=shot.index, clip=clip, frames=shot.frames, words=words, fit=fit, overlays=name_of(shot.speaker))


def _voice_starts(shots: list[Shot], *, overlap: int) -> list[int]:
    starts, frame = [], 0
    for shot in shots:
        starts.append(frames_ms(frame, fps=shot.format.fps) + shot.voice_start_ms)
        frame += shot.frames - overlap
    return starts
