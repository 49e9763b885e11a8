"""Everything that can be made of a film on request, kind by kind, as files with names for people."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from common.contracts.editing import Timeline
from common.contracts.exporting import ExportKind
from common.contracts.values import ArtifactRef, ArtifactType

from editor.derived import make_preview, write_sheet, write_stills, write_waveform
from editor.interchange import write_timeline

Keep = Callable[["Made"], Awaitable[ArtifactRef]]


@dataclass(frozen=True, kw_only=True)
class Made:
    """A file that was made, to be kept."""

    path: Path
    type: ArtifactType
    media_type: str


@dataclass(frozen=True, kw_only=True)
class Film:
    """A finished film as a file, what it was cut from, and a folder of its own to work in."""

    video: Path
    timeline: Timeline
    folder: Path


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A file that was kept, and its name."""

    name: str
    ref: ArtifactRef


async def export(film: Film, kind: ExportKind, *, keep: Keep) -> list[Kept]:
    """Make one kind and keep its files, what a player opens first. Raises `FfmpegFailed` and `NoPicture`."""
    if kind is ExportKind.HLS:
        return await _preview(film, keep)
    return [Kept(name=made.path.name, ref=await keep(made)) for made in await asyncio.to_thread(_MAKERS[kind], film)]


async def _preview(film: Film, keep: Keep) -> list[Kept]:
    preview = await make_preview(film.video, folder=film.folder)
    media = await keep(Made(path=preview.media, type=ArtifactType.PREVIEW, media_type="video/mp4"))
    # Both lie behind the same door under their hashes, so a relative name is an address there.
    listed = await asyncio.to_thread(preview.playlist.read_text, encoding="utf-8")
    listed = listed.replace(preview.media_name, media.sha256)
    await asyncio.to_thread(preview.playlist.write_text, listed, encoding="utf-8")
    kind = "application/vnd.apple.mpegurl"
    playlist = await keep(Made(path=preview.playlist, type=ArtifactType.PREVIEW, media_type=kind))
    return [Kept(name=preview.playlist.name, ref=playlist), Kept(name=preview.media.name, ref=media)]


def _stills(film: Film) -> list[Made]:
    return [
        Made(path=path, type=ArtifactType.THUMBNAIL, media_type="image/jpeg")
        for path in write_stills(film.video, film.timeline, folder=film.folder)
    ]


def _sheet(film: Film) -> list[Made]:
    stills = write_stills(film.video, film.timeline, folder=film.folder)
    sheet = write_sheet(stills, ground=film.timeline.palette.ground, target=film.folder / "contact-sheet.jpg")
    return [Made(path=sheet, type=ArtifactType.CONTACT_SHEET, media_type="image/jpeg")]


def _waveform(film: Film) -> list[Made]:
    palette = film.timeline.palette
    peaks, image = write_waveform(
        film.video,
        colour=palette.accent,
        ground=palette.ground,
        peaks=film.folder / "waveform.json",
        image=film.folder / "waveform.png",
    )
    return [
        Made(path=peaks, type=ArtifactType.WAVEFORM, media_type="application/json"),
        Made(path=image, type=ArtifactType.WAVEFORM, media_type="image/png"),
    ]


def _interchange(kind: ExportKind, name: str, media_type: str) -> Callable[[Film], list[Made]]:
    def make(film: Film) -> list[Made]:
        path = film.folder / name
        path.write_text(write_timeline(film.timeline, kind), encoding="utf-8")
        return [Made(path=path, type=ArtifactType.TIMELINE, media_type=media_type)]

    return make


_MAKERS: Mapping[ExportKind, Callable[[Film], list[Made]]] = MappingProxyType(
    {
        ExportKind.OTIO: _interchange(ExportKind.OTIO, "timeline.otio", "application/json"),
        ExportKind.EDL: _interchange(ExportKind.EDL, "timeline.edl", "text/plain"),
        ExportKind.FCPXML: _interchange(ExportKind.FCPXML, "timeline.fcpxml", "application/xml"),
        ExportKind.CONTACT_SHEET: _sheet,
        ExportKind.WAVEFORM: _waveform,
        ExportKind.THUMBNAILS: _stills,
    }
)
