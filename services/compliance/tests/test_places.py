"""Where a note points, and whose work it is; without servers."""

from __future__ import annotations

from typing import Any

import pytest
from common.contracts.gates import Region
from common.contracts.rework import ReworkStage
from compliance.places import (
    Place,
    PlaceNotThere,
    Pointed,
    Span,
    film_of,
    guess_stage,
    marks_of,
    mentions_in,
    moved,
    place,
    scene_at,
)
from hypothesis import given
from hypothesis import strategies as st
from media.timecode import FrameRate

FILE = {"sha256": "a" * 64, "size": 1, "media_type": "video/mp4"}


def a_film(*lengths: int, overlap: int = 12, fps: object = 30) -> dict[str, Any]:
    """Content with scenes of so many frames."""
    scenes, start = [], 0
    for index, frames in enumerate(lengths):
        scenes.append({"index": index, "start_frame": start, "frames": frames, "clip_sha256": f"{index}" * 64})
        start += frames - overlap
    return {
        "title": "Tides",
        "narration": [f"Sentence {index}." for index in range(len(lengths))],
        "video": FILE,
        "fps": fps,
        "duration_ms": (start + overlap) * 1000 // 30,
        "scenes": scenes,
    }


CONTENT = a_film(100, 100, 100)


@pytest.mark.parametrize(("frame", "scene"), [(0, 0), (87, 0), (93, 0), (94, 1), (99, 1), (181, 1), (182, 2), (275, 2)])
def test_a_frame_in_a_transition_belongs_to_the_scene_it_is_nearer_to(frame: int, scene: int) -> None:
    film = film_of(CONTENT)
    assert film is not None
    assert film.frames == 276
    assert scene_at(film, frame) == scene


@given(lengths=st.lists(st.integers(25, 300), min_size=1, max_size=8), share=st.floats(min_value=0, max_value=0.999999))
def test_every_frame_has_exactly_one_scene_and_scenes_follow_each_other(lengths: list[int], share: float) -> None:
    film = film_of(a_film(*lengths))
    assert film is not None
    frame = int(share * film.frames)
    scene = scene_at(film, frame)
    assert scene is not None
    mark = film.scenes[scene]
    assert mark.start_frame <= frame < mark.start_frame + mark.frames
    later = scene_at(film, frame + 1) if frame + 1 < film.frames else scene
    assert later in {scene, scene + 1}


def test_a_time_is_a_frame_and_a_range_is_all_its_scenes() -> None:
    found = place(Pointed(timecode="00:07.4"), CONTENT)
    assert (found.span, found.scenes, found.scene_offset) == (Span(FrameRate(30), 222, 222), (2,), 222 - 176)
    found = place(Pointed(frame=50, end_ms=4000), CONTENT)
    assert (found.span, found.scenes) == (Span(FrameRate(30), 50, 120), (0, 1))
    assert place(Pointed(path="/narration/1"), CONTENT).scenes == (1,)
    assert place(Pointed(path="/title"), CONTENT).scenes == ()


@pytest.mark.parametrize(
    "pointed",
    [
        Pointed(frame=276), Pointed(timecode="00:00:10:00"), Pointed(timecode="soon"), Pointed(frame=9, end_frame=8),
        Pointed(frame=1, at_ms=1), Pointed(end_frame=3), Pointed(frame=1, rate="25"), Pointed(frame=1, rate="quick"),
        Pointed(path="/narration/3"), Pointed(path="title"), Pointed(path="/narration/01"), Pointed(path="/nothing"),
        Pointed(region=Region(x=0, y=0, width=0.5, height=0.5)),
        Pointed(frame=1, region=Region(x=0.6, y=0, width=0.5, height=0.5)),
        Pointed(frame=1, region=Region(x=0, y=0, width=0, height=0.5)),
    ],
)  # fmt: skip
def test_pointing_to_nothing_is_refused(pointed: Pointed) -> None:
    with pytest.raises(PlaceNotThere):
        place(pointed, CONTENT)


@pytest.mark.parametrize(
    "content",
    [{}, {"title": "x"}, CONTENT | {"fps": "fast"}, CONTENT | {"video": None}, CONTENT | {"duration_ms": "x"}],
)
def test_what_is_no_film_has_no_frames(content: dict[str, Any]) -> None:
    with pytest.raises(PlaceNotThere, match="no film"):
        place(Pointed(frame=1), content)


def test_scenes_that_make_no_sense_are_none() -> None:
    assert marks_of(CONTENT | {"scenes": [{"index": -1}]}) == ()
    assert place(Pointed(frame=1), CONTENT | {"scenes": "all"}).scenes == ()


def test_a_place_moves_with_its_scene() -> None:
    found = place(Pointed(frame=222), CONTENT)
    assert moved(found, film_of(a_film(100, 130, 100))) == Span(FrameRate(30), 252, 252)
    # A scene that became shorter keeps the note on its last frame; without the scene it is nowhere.
    assert moved(found, film_of(a_film(100, 100, 30))) == Span(FrameRate(30), 205, 205)
    assert moved(Place(Span(FrameRate(30), 222, 222)), film_of(a_film(100))) is None
    assert moved(found, None) is None


@pytest.mark.parametrize(
    ("text", "where", "stage"),
    [
        ("The voice is too fast", Place(), ReworkStage.VOICE),
        ("Music is too loud", Place(), ReworkStage.SOUND),
        ("Show the moon", Place(), ReworkStage.CLIP),
        ("This goes on and on", Place(), ReworkStage.SCRIPT),
        ("Hm", Place(region=Region(x=0, y=0, width=1, height=1)), ReworkStage.CLIP),
        ("Show the moon", Place(path="/narration/1"), ReworkStage.SCRIPT),
        ("Nicer", Place(path="/hashtags/0"), ReworkStage.CAPTION),
        ("Hold this longer", Place(), ReworkStage.CUT),
    ],
)
def test_whose_work_it_is_is_guessed(text: str, where: Place, stage: ReworkStage) -> None:
    assert guess_stage(text, where) is stage


def test_mentions_are_names_with_an_at() -> None:
    assert mentions_in("@ada and @bo.b, see a@b.example; @ada. @-x @@no") == ("ada", "bo.b")
