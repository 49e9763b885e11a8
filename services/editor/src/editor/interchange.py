"""The cut for other editing programs, by OpenTimelineIO and its adapters: OTIO, CMX 3600 EDL and FCPXML.

A scene's overlaps become transitions around the cut in their middle. Media is named by its address at the artifacts'
door, `/v1/artifacts/<sha256>`. What a format cannot say is left out of it; OTIO has all of it, as metadata.
"""

from __future__ import annotations

import opentimelineio as otio
from common.contracts.editing import Scene, Timeline
from common.contracts.exporting import ExportKind
from common.contracts.values import ArtifactRef

from editor.framing import is_retimed
from editor.timeline import film_words, joins, lengths, total_frames

_ADAPTERS = {ExportKind.OTIO: "otio_json", ExportKind.EDL: "cmx_3600", ExportKind.FCPXML: "fcpx_xml"}
_DISSOLVE = "SMPTE_Dissolve"
"""The one transition that every format knows; ours is named beside it."""


def write_timeline(timeline: Timeline, kind: ExportKind) -> str:
    """Return a timeline in one of the three formats. It is CPU work: use a thread.

    An EDL has one track, so it has the pictures only. The same timeline gives the same text, but for FCPXML, whose
    writer makes up ids.
    """
    told = _tracks(timeline, kind)
    options = {"rate": float(timeline.format.fps)} if kind is ExportKind.EDL else {}
    return str(otio.adapters.write_to_string(told, adapter_name=_ADAPTERS[kind], **options))


def _tracks(timeline: Timeline, kind: ExportKind) -> otio.schema.Timeline:
    told = otio.schema.Timeline(name=timeline.title, global_start_time=_time(0, timeline))
    told.tracks.append(_pictures(timeline, kind))
    if kind is not ExportKind.EDL:
        told.tracks.append(_voice(timeline))
    if kind is ExportKind.OTIO:
        if timeline.music_mix:
            told.tracks.append(_music(timeline))
        told.tracks[0].markers.extend(_captions(timeline))
        told.metadata["greenlight"] = timeline.model_dump(mode="json", exclude={"scenes", "voice", "music"})
    return told


def _pictures(timeline: Timeline, kind: ExportKind) -> otio.schema.Track:
    track = otio.schema.Track(name="Pictures", kind=otio.schema.TrackKind.Video)
    overlap, every, moves = timeline.transition_frames, lengths(timeline), joins(timeline)
    # The cut is in the middle of an overlap: the scene that leaves is seen for its first half, as it were.
    before, after = overlap // 2, overlap - overlap // 2
    for place, frames in enumerate(every):
        start = before if place else 0
        stop = frames - (after if place < len(every) - 1 else 0)
        scene = timeline.scenes[place] if place < len(timeline.scenes) else None
        track.append(_clip(timeline, scene, range(start, stop)))
        # FCPXML's writer knows no transitions; its clips meet at the cuts.
        if overlap and place < len(every) - 1 and kind is not ExportKind.FCPXML:
            track.append(
                otio.schema.Transition(
                    name=moves[place],
                    transition_type=_DISSOLVE,
                    in_offset=_time(after, timeline),
                    out_offset=_time(before, timeline),
                    metadata={"greenlight": {"transition": moves[place]}},
                )
            )
    return track


def _clip(timeline: Timeline, scene: Scene | None, frames: range) -> otio.schema.Clip:
    if scene is None:
        return otio.schema.Clip(
            name="End card",
            media_reference=otio.schema.MissingReference(name="End card"),
            source_range=_range(frames.start, len(frames), timeline),
            # A reel's name of two words would break the EDL's columns.
            metadata={"cmx_3600": {"reel": "CARD"}},
        )
    trim = round(scene.trim_ms * timeline.format.fps / 1000)
    clip = otio.schema.Clip(
        name=f"Scene {scene.index + 1}",
        media_reference=_media(scene.clip.video, frames=trim + round(scene.frames * scene.speed), timeline=timeline),
        source_range=_range(trim + round(frames.start * scene.speed), len(frames), timeline),
        metadata={"greenlight": scene.model_dump(mode="json", exclude={"clip", "words"})},
    )
    if is_retimed(scene) and scene.speed != 1.0:
        clip.effects.append(otio.schema.LinearTimeWarp(name="speed", time_scalar=scene.speed))
    return clip


def _voice(timeline: Timeline) -> otio.schema.Track:
    """Lay the voice's takes where they are heard. One runs to where the next begins, or the film ends."""
    track, fps = otio.schema.Track(name="Voice", kind=otio.schema.TrackKind.Audio), timeline.format.fps
    starts = [round(take.start_ms * fps / 1000) for take in timeline.voice]
    at = 0
    for number, (take, start) in enumerate(zip(timeline.voice, starts, strict=True)):
        if start > at:
            track.append(otio.schema.Gap(source_range=_range(0, start - at, timeline)))
        stop = starts[number + 1] if number + 1 < len(starts) else total_frames(timeline)
        frames = max(1, stop - start)
        track.append(
            otio.schema.Clip(
                name=f"Voice {number + 1}",
                media_reference=_media(take.audio, frames=frames, timeline=timeline),
                source_range=_range(0, frames, timeline),
            )
        )
        at = start + frames
    return track


def _music(timeline: Timeline) -> otio.schema.Track:
    frames = total_frames(timeline)
    track = otio.schema.Track(name="Music", kind=otio.schema.TrackKind.Audio)
    track.append(
        otio.schema.Clip(
            name="Music",
            media_reference=_media(timeline.music, frames=frames, timeline=timeline),
            source_range=_range(0, frames, timeline),
        )
    )
    return track


def _captions(timeline: Timeline) -> list[otio.schema.Marker]:
    fps = timeline.format.fps
    return [
        otio.schema.Marker(
            name=word.text,
            marked_range=_range(
                round(word.start_ms * fps / 1000), max(1, round((word.end_ms - word.start_ms) * fps / 1000)), timeline
            ),
        )
        for word in film_words(timeline)
    ]


def _media(ref: ArtifactRef, *, frames: int, timeline: Timeline) -> otio.schema.ExternalReference:
    return otio.schema.ExternalReference(
        target_url=f"/v1/artifacts/{ref.sha256}",
        available_range=_range(0, frames, timeline),
        metadata={"greenlight": ref.model_dump(mode="json")},
    )


def _time(frames: int, timeline: Timeline) -> otio.opentime.RationalTime:
    return otio.opentime.RationalTime(frames, timeline.format.fps)


def _range(start: int, frames: int, timeline: Timeline) -> otio.opentime.TimeRange:
    return otio.opentime.TimeRange(_time(start, timeline), _time(frames, timeline))
