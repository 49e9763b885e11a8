"""The texts that a file carries beside its pictures and sound: tags, chapters, subtitles, what a camera wrote.

Nobody knows who wrote them. They are kept as data and looked at by the rules for text, as `Untrusted` as a web page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import av
from PIL import Image, UnidentifiedImageError

from compliance.scanners.facts import Tag, TagFacts
from compliance.scanners.looking import OPEN

TAGS_LIMIT = 200
TEXT_LIMIT = 4_000
"""Characters of one text. What is more, in number or length, is left out, and the facts say so."""
_NAME_LIMIT = 100


def read_tags(path: Path) -> TagFacts:
    """Every text of a container or a picture file. Raises `av.FFmpegError` for what is neither."""
    tags: list[Tag] = []
    left_out = False
    for where, said in (*_of_container(path), *_of_picture(path)):
        text = said.replace("\0", "�")
        if not text.strip():
            continue
        if len(tags) == TAGS_LIMIT:
            left_out = True
            break
        left_out |= len(text) > TEXT_LIMIT
        tags.append(Tag(where=where[:200], text=text[:TEXT_LIMIT]))
    return TagFacts(tags=tuple(tags), left_out=left_out)


def _of_container(path: Path) -> Iterator[tuple[str, str]]:
    with av.open(str(path), options=OPEN) as container:
        yield from _texts("/tags", container.metadata)
        for stream in container.streams:
            yield from _texts(f"/streams/{stream.index}", stream.metadata)
        for number, chapter in enumerate(container.chapters()):
            yield from _texts(f"/chapters/{number}", chapter.get("metadata", {}))
        yield from _subtitles(container)


def _subtitles(container: av.container.InputContainer) -> Iterator[tuple[str, str]]:
    streams = list(container.streams.subtitles)
    if not streams:
        return
    for packet in container.demux(streams):
        for number, subtitle in enumerate(packet.decode() if packet.size else ()):
            text = getattr(subtitle, "dialogue", b"") or getattr(subtitle, "text", b"")
            words = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
            yield f"/subtitles/{packet.stream_index}/{number}", words


def _of_picture(path: Path) -> Iterator[tuple[str, str]]:
    """What a camera or a drawing program wrote into a still; nothing for films and sounds."""
    try:
        with Image.open(path) as picture:
            yield from _texts("/picture", picture.info)
            yield from _texts("/exif", {str(name): value for name, value in picture.getexif().items()})
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return


def _texts(where: str, values: Mapping[Any, Any]) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        label = f"{where}/{str(name)[:_NAME_LIMIT].replace('~', '~0').replace('/', '~1')}"
        text = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
        if isinstance(text, str):
            yield label, text
            # The name of a tag is as free as its value.
            yield f"{label}#name", str(name)
