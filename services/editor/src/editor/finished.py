"""Finished films between renders: one that was made and passed its checks is not made, or looked at, again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from common.contracts.editing import Timeline
from media.probe import Loudness, MediaInfo

from editor.cache import SegmentCache, link_or_copy
from editor.checks.film import Measured
from editor.keys import digest, hash_file
from editor.segments import Segment
from editor.workroom import sound_key_of, still_key_of


@dataclass(frozen=True, kw_only=True)
class FinishedFilm:
    """A film that passed, its still, what was measured on it, and what had to be made again for it to pass."""

    video: Path
    thumbnail: Path
    measured: Measured
    repaired: tuple[str, ...] = ()


def film_key(timeline: Timeline, pieces: Sequence[Segment]) -> str:
    """Return the key of a film: those of all it is joined from, and of its still."""
    parts = {"sound": sound_key_of(timeline), "still": still_key_of(timeline)}
    return digest({"pieces": [piece.key for piece in pieces], **parts})


def find_film(cache: SegmentCache, key: str, *, work: Path) -> FinishedFilm | None:
    """Bring a finished film and its still into `work`, or return `None`: also for one that is damaged."""
    try:
        facts, film, still = (cache.find(one) for one in _keys(key))
        if facts is None or film is None or still is None:
            return None
        found = json.loads(facts.read_bytes())
        video, thumbnail = work / "film.mp4", work / "thumbnail.jpg"
        link_or_copy(film, video)
        link_or_copy(still, thumbnail)
        if [hash_file(video), hash_file(thumbnail)] != found["files"]:
            return None
    except (FileNotFoundError, ValueError, KeyError):
        return None
    measured = Measured(
        info=MediaInfo(**found["info"]), loudness=Loudness(**found["loudness"]), size_bytes=found["size_bytes"]
    )
    return FinishedFilm(video=video, thumbnail=thumbnail, measured=measured)


def keep_film(cache: SegmentCache, key: str, film: FinishedFilm, *, work: Path) -> None:
    """Keep a film that passed. What it took to repair it is not kept: the parts that are now are sound."""
    facts = work / "measured.json"
    files = [hash_file(film.video), hash_file(film.thumbnail)]
    facts.write_text(json.dumps(asdict(film.measured) | {"files": files}), encoding="utf-8")
    for name, path in zip(_keys(key), (facts, film.video, film.thumbnail), strict=True):
        cache.keep(name, path)


def _keys(key: str) -> tuple[str, ...]:
    return tuple(digest([key, part]) for part in ("measured", "film", "still"))
