"""Which frames are shown when, and what does not make a film."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from common.contracts.production import BeatKind, Clip, ProductionOutput
from editor.errors import (
    CannotAssemble,
    ClipLengthWrong,
    DoubledClip,
    MissingClip,
    MixedFormats,
    ShotTooShort,
    UnexpectedClip,
    UnknownTransition,
)
from editor.timeline import assemble, body, film_words, scene_start, total_frames
from editor.transitions import MOVES, Overlap, choose_transition, transition_graph

Production = Callable[..., tuple[ProductionOutput, list[Clip]]]


def test_bodies_and_overlaps_add_up_to_the_film(a_production: Production) -> None:
    timeline = assemble(*a_production())
    assert [body(timeline, place) for place in range(3)] == [range(30), range(6, 30), range(6, 36)]
    assert total_frames(timeline) == 30 + 6 + 24 + 6 + 30 == 3 * 36 - 2 * 6
    assert (timeline.duration_ms, timeline.title, timeline.language) == (3200, "Tides", "en")
    assert [scene_start(timeline, place) for place in range(3)] == [0, 30, 60]


def test_the_order_of_the_clips_does_not_matter(a_production: Production) -> None:
    production, clips = a_production()
    assert assemble(production, reversed(clips)) == assemble(production, clips)


def test_voices_and_words_fall_on_the_films_time_line(a_production: Production) -> None:
    timeline = assemble(*a_production())
    assert [voice.start_ms for voice in timeline.voice] == [220, 1220, 2220]
    assert timeline.scenes[1].words[0].start_ms == 220
    assert [word.start_ms for word in film_words(timeline) if word.text in {"Tides", "The", "And"}] == [220, 1220, 2220]


@pytest.mark.parametrize(
    ("spoil", "refusal"),
    [
        (lambda clips: clips[:2], MissingClip),
        (lambda clips: [*clips, clips[0]], DoubledClip),
        (lambda clips: [*clips, clips[0].model_copy(update={"index": 9})], UnexpectedClip),
        (lambda clips: [*clips[:2], clips[2].model_copy(update={"frames": 35})], ClipLengthWrong),
    ],
)
def test_clips_that_do_not_fit_the_shots_are_refused(
    a_production: Production, spoil: Callable[[list[Clip]], list[Clip]], refusal: type[CannotAssemble]
) -> None:
    production, clips = a_production()
    with pytest.raises(refusal):
        assemble(production, spoil(clips))


def test_a_shot_that_its_transitions_use_up_is_refused(a_production: Production) -> None:
    with pytest.raises(ShotTooShort):
        assemble(*a_production(overlap=18))


def test_shots_of_two_formats_are_refused(a_production: Production) -> None:
    production, clips = a_production()
    first = production.shots[0]
    odd = first.model_copy(update={"format": first.format.model_copy(update={"fps": 25})})
    with pytest.raises(MixedFormats):
        assemble(production.model_copy(update={"shots": (odd, *production.shots[1:])}), clips)


def test_one_scene_has_no_transitions_and_no_overlap_means_cuts(a_production: Production) -> None:
    alone = assemble(*a_production(scenes=1))
    assert (alone.transitions, total_frames(alone), body(alone, 0)) == ((), 36, range(36))
    hard = assemble(*a_production(overlap=0))
    assert (hard.transitions, total_frames(hard)) == (("cut", "cut"), 108)


def test_no_transition_follows_itself_whatever_the_beats_are() -> None:
    for first in BeatKind:
        for second in BeatKind:
            for place in range(8):
                assert choose_transition(first, place=place) != choose_transition(second, place=place + 1)
    chosen = {choose_transition(kind, place=place) for kind in BeatKind for place in range(8)}
    assert chosen == set(MOVES)


def test_an_unknown_transition_is_refused() -> None:
    with pytest.raises(UnknownTransition, match="'starwipe'"):
        transition_graph("starwipe", Overlap(frames=6, fps=30, width=270, height=480))
