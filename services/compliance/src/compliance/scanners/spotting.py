"""Looking for a brand's logo in a film, where the kit has it: what runs in the scanner's own process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
from av.video.frame import VideoFrame
from common.contracts.gates import Region
from common.contracts.scenes import Anchor

from compliance.scanners.facts import LogoFacts
from compliance.scanners.limits import LIMITS
from compliance.scanners.logos import Bytes, Plane, Sighting, find_logo
from compliance.scanners.looking import OPEN, NoPicture, only_one

PICTURES = 6
"""So many pictures of a film, evenly spread, are looked at, until one has the logo."""
LOGO_PIXELS = 48
"""Pictures are made smaller until the kit's logo is that wide."""
_LOGO_SIDE = 256
"""Pixels of the long side to which a larger logo is brought."""


def spot(film: Path, logo: Path, *, place: Anchor, width: float) -> LogoFacts:
    """What is most like the logo in the half of the height and of the width where the kit has it.

    `width` is the kit's, a share of the short side. Raises `av.FFmpegError`, `NoPicture`, `NoShape`, `SeveralTracks`.
    """
    mark = _picture_of(logo)
    best: tuple[Sighting, float, int] | None = None
    looked = 0
    for frame, seconds, number in _sampled(film):
        side = width * min(frame.width, frame.height)
        scale = min(1.0, LOGO_PIXELS / side)
        wide, high = max(2, round(frame.width * scale)), max(2, round(frame.height * scale))
        whole = np.asarray(frame.reformat(wide, high, "gray", interpolation="AREA").to_ndarray(), np.float64)
        part, left, top = _part(whole, place)
        # The editor fits a logo into a square, so that a tall one is narrower than the kit says.
        expected = side * scale * min(1.0, mark.shape[1] / mark.shape[0])
        sighting = find_logo(part, mark, width=expected, enough=LIMITS.logo_alike)
        looked += 1
        if best is None or sighting.alike > best[0].alike:
            best = Sighting(_in_whole(sighting.region, left, top), sighting.alike), seconds, number
        if sighting.alike >= LIMITS.logo_alike:
            break
    if best is None:
        raise NoPicture(film.name)
    sighting, seconds, number = best
    return LogoFacts(
        looked=looked, alike=sighting.alike, seconds=seconds, frame=number, region=sighting.region, place=place.value
    )


def _picture_of(logo: Path) -> Bytes:
    with av.open(str(logo), options=OPEN) as container:
        for frame in container.decode(video=0):
            scale = min(1.0, _LOGO_SIDE / max(frame.width, frame.height))
            wide, high = max(1, round(frame.width * scale)), max(1, round(frame.height * scale))
            return np.asarray(frame.reformat(wide, high, "rgba", interpolation="AREA").to_ndarray(), np.uint8)
    raise NoPicture(logo.name)


def _sampled(film: Path) -> Iterator[tuple[VideoFrame, float, int]]:
    """Pictures of a film, each with its second and number: the first ones after evenly spread instants."""
    with av.open(str(film), options=OPEN) as container:
        stream = only_one(container.streams.video, "pictures")
        if stream is None:
            raise NoPicture(film.name)
        begins = (container.start_time or 0) / av.time_base
        length = (container.duration or 0) / av.time_base
        for number in range(PICTURES):
            wanted = length * (number + 0.5) / PICTURES
            container.seek(round((begins + wanted) * av.time_base))
            seconds = 0.0
            found: VideoFrame | None = None
            for frame in container.decode(stream):
                found, seconds = frame, max(0.0, (frame.time or 0.0) - begins)
                if seconds >= wanted - 1e-3:
                    break
            if found is not None:
                yield found, seconds, round(seconds * float(stream.average_rate or 25))


def _part(whole: Plane, place: Anchor) -> tuple[Plane, float, float]:
    """The half of the height and of the width where the kit has its logo, and where that begins, as shares."""
    left = {"left": 0.0, "right": 0.5}.get(place.rpartition("_")[2], 0.25)
    top = 0.25 if place is Anchor.CENTRE else 0.0 if place.startswith("top") else 0.5
    rows, columns = whole.shape
    down, along = round(top * rows), round(left * columns)
    return whole[down : down + max(1, rows // 2), along : along + max(1, columns // 2)], left, top


def _in_whole(region: Region, left: float, top: float) -> Region:
    return Region(x=left + region.x / 2, y=top + region.y / 2, width=region.width / 2, height=region.height / 2)
