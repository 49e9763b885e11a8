"""What is refused before a frame is drawn: text in unsafe places, words nobody would read, a plan that is too long."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from common.contracts.editing import Scene, Timeline
from common.contracts.production import Clip, Format, ProductionOutput, Word
from common.contracts.scenes import CaptionStyle, EndCard, Overlay, OverlayKind, Platform
from editor.checks.plan import plan_faults
from editor.timeline import assemble, conform

UPRIGHT, SQUARE, WIDE = (
    Format(width=1080, height=1920),
    Format(width=1080, height=1080),
    Format(width=1920, height=1080),
)


@pytest.fixture
def timeline(a_production: Callable[..., tuple[ProductionOutput, list[Clip]]]) -> Timeline:
    return assemble(*a_production())


def changed(timeline: Timeline, place: int, **update: Any) -> Timeline:
    scenes = list(timeline.scenes)
    scenes[place] = scenes[place].model_copy(update=update)
    return timeline.model_copy(update={"scenes": tuple(scenes)})


def said(timeline: Timeline) -> str:
    return " ".join(fault.said for fault in plan_faults(timeline))


@pytest.mark.parametrize("size", [UPRIGHT, SQUARE, WIDE], ids=["9:16", "1:1", "16:9"])
def test_a_film_of_ours_is_fit_in_every_shape(timeline: Timeline, size: Format) -> None:
    overlays = (
        Overlay(kind=OverlayKind.TITLE, text="The moon does the lifting", detail="Twice a day"),
        Overlay(kind=OverlayKind.LOWER_THIRD, text="Dr. Amélie Ørsted", detail="Oceanographer"),
        Overlay(kind=OverlayKind.LABEL, text="Slow motion"),
    )
    assert said(conform(changed(timeline, 1, overlays=overlays), size)) == ""


def test_captions_below_the_safe_area_are_refused(timeline: Timeline) -> None:
    low = timeline.model_copy(update={"captions": CaptionStyle(centre=0.95)})
    assert "captions lie under a platform's controls" in said(low)
    hidden = timeline.model_copy(update={"captions": CaptionStyle(centre=0.95, shown=False)})
    assert said(hidden) == ""


def test_what_is_safe_depends_on_where_the_film_is_shown(timeline: Timeline) -> None:
    near = timeline.model_copy(update={"captions": CaptionStyle(centre=0.86)})
    assert "controls" in said(near)
    assert said(near.model_copy(update={"platforms": (Platform.FEED,)})) == ""


def test_text_that_cannot_be_made_to_fit_is_refused(timeline: Timeline) -> None:
    word = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz"
    title = Overlay(kind=OverlayKind.TITLE, text=word * 2)
    assert "does not fit into the safe area" in said(changed(timeline, 0, overlays=(title,)))
    card = EndCard(frames=30, title=word)
    assert "The end card's text" in said(timeline.model_copy(update={"end_card": card, "duration_ms": 4000}))


def test_text_that_is_never_seen_is_refused(timeline: Timeline) -> None:
    late = Overlay(kind=OverlayKind.LABEL, text="Too late", start_ms=60_000)
    assert "is never seen" in said(changed(timeline, 0, overlays=(late,)))


def test_a_word_spoken_into_a_transition_would_not_be_captioned(timeline: Timeline) -> None:
    scene: Scene = timeline.scenes[0]
    words = (*scene.words, Word(text="Late.", start_ms=1100, end_ms=1180))
    assert "captions leave out “Late.”" in said(changed(timeline, 0, words=words))


def test_a_word_that_takes_no_time_would_be_missing_from_the_subtitles(timeline: Timeline) -> None:
    end = timeline.duration_ms
    words = (*timeline.scenes[2].words, Word(text="Gone.", start_ms=end, end_ms=end))
    assert "The subtitles leave out “Gone.”" in said(changed(timeline, 2, words=words))


def test_a_plan_must_say_how_long_its_scenes_are(timeline: Timeline) -> None:
    assert "last 3200 ms and the plan says 5000" in said(timeline.model_copy(update={"duration_ms": 5000}))
    carded = timeline.model_copy(update={"end_card": EndCard(frames=36, title="Follow")})
    assert "last 4200 ms" in said(carded)
