"""The timing of films: what must hold for every script, and what people would expect of some."""

from __future__ import annotations

import math

import pytest
from common.contracts.production import Beat, BeatKind, PostCopy, Script
from hypothesis import given
from hypothesis import strategies as st
from producer.planning import (
    FASTEST_PACE,
    SLOWEST_PACE,
    FilmPlan,
    FilmTooSmall,
    Timing,
    fit_script,
    lay_out,
)

RULES = Timing()


def a_script(*kinds: BeatKind) -> Script:
    beats = tuple(Beat(kind=kind, narration=f"Beat {index}.", headline="Beat") for index, kind in enumerate(kinds))
    return Script(title="Tides", beats=beats, post=PostCopy(title="Tides", caption="Tides"))


HOOK, POINT, NUMBER, CLOSE = BeatKind.HOOK, BeatKind.POINT, BeatKind.NUMBER, BeatKind.CLOSE

spoken_scripts = st.integers(1, 12).flatmap(
    lambda count: st.tuples(
        st.lists(st.sampled_from(list(BeatKind)), min_size=count, max_size=count),
        st.lists(st.integers(120, 12_000), min_size=count, max_size=count),
    )
)
rules = st.builds(
    Timing,
    fps=st.sampled_from([24, 25, 30, 60]),
    transition_frames=st.integers(0, 20),
)


@given(spoken=spoken_scripts, target_ms=st.integers(1_000, 180_000), timing=rules)
def test_what_holds_for_every_film(spoken: tuple[list[BeatKind], list[int]], target_ms: int, timing: Timing) -> None:
    kinds, speech_ms = spoken
    plan = fit_script(a_script(*kinds), speech_ms, target_ms=target_ms, timing=timing)
    assert len(plan.shots) == len(plan.kept) >= 1
    assert plan.kept[0] == 0
    assert sorted(plan.kept + plan.dropped) == list(range(len(kinds)))
    assert list(plan.kept) == sorted(plan.kept)
    assert SLOWEST_PACE <= plan.pace <= FASTEST_PACE
    assert [shot.speech_ms for shot in plan.shots] == [math.ceil(speech_ms[index] / plan.pace) for index in plan.kept]
    check_cut(plan, target_ms=target_ms, timing=timing)
    check_length(plan, target_ms=target_ms, timing=timing)


@given(speech_ms=st.lists(st.integers(1, 15_000), min_size=1, max_size=15), target_ms=st.integers(500, 120_000))
def test_measured_speech_is_laid_out_by_the_same_rules(speech_ms: list[int], target_ms: int) -> None:
    plan = lay_out(speech_ms, target_ms=target_ms)
    assert [shot.speech_ms for shot in plan.shots] == speech_ms
    check_cut(plan, target_ms=target_ms, timing=RULES)


def check_cut(plan: FilmPlan, *, target_ms: int, timing: Timing) -> None:
    """No voice in a transition, overlaps add up, nothing overlaps twice, holds stay bearable."""
    overlap = timing.transition_frames
    assert plan.total_frames == sum(shot.frames for shot in plan.shots) - overlap * (len(plan.shots) - 1)
    assert plan.total_ms == round(plan.total_frames * 1000 / timing.fps)
    expected_start = 0
    spoken_until = 0.0
    for index, shot in enumerate(plan.shots):
        is_first, is_last = index == 0, index == len(plan.shots) - 1
        assert shot.start_frame == expected_start
        expected_start += shot.frames - overlap
        frame_ms = 1000 / timing.fps
        clear_from = 0 if is_first else overlap * frame_ms + timing.lead_ms
        clear_until = (shot.frames - (0 if is_last else overlap)) * frame_ms - (0 if is_last else timing.tail_ms)
        assert shot.voice_start_ms >= clear_from
        assert shot.voice_start_ms + shot.speech_ms <= clear_until
        starts_ms = shot.start_frame * frame_ms + shot.voice_start_ms
        assert starts_ms >= spoken_until
        spoken_until = starts_ms + shot.speech_ms
        assert shot.frames > 2 * overlap or len(plan.shots) == 1 or target_ms < 4_400
        margins_ms = 2 * (overlap * frame_ms + 1) + timing.lead_ms + timing.first_lead_ms + timing.last_tail_ms
        silence_ms = shot.frames * frame_ms - shot.speech_ms
        needed_ms = max(margins_ms, timing.shortest_shot_ms - shot.speech_ms)
        assert silence_ms <= needed_ms + timing.longest_hold_ms + 2 * frame_ms
    assert spoken_until <= plan.total_frames * 1000 / timing.fps


def check_length(plan: FilmPlan, *, target_ms: int, timing: Timing) -> None:
    """On target, unless one beat alone is too long or the whole script too short."""
    frame_ms = 1000 / timing.fps
    if len(plan.kept) > 1:
        assert plan.total_ms <= target_ms * (1 + timing.tolerance) + frame_ms
    if target_ms >= 10_000 and plan.total_ms < target_ms - 2 * frame_ms:
        # A film is shorter than wanted only when no shot could hold any longer.
        endless = lay_out([shot.speech_ms for shot in plan.shots], target_ms=10**7, timing=timing)
        assert endless.total_frames == plan.total_frames


def test_a_script_of_the_right_length_is_met_to_the_frame_at_the_voices_own_pace() -> None:
    plan = fit_script(a_script(HOOK, POINT, POINT, CLOSE), [3_900, 4_300, 4_100, 3_500], target_ms=20_000)
    assert plan.pace == 1.0
    assert plan.dropped == ()
    assert plan.total_ms == 20_000


def test_a_script_a_little_too_long_is_spoken_a_little_faster() -> None:
    plan = fit_script(a_script(HOOK, POINT, POINT, CLOSE), [4_500, 4_900, 4_900, 4_400], target_ms=20_000)
    assert plan.dropped == ()
    assert 1.0 < plan.pace <= FASTEST_PACE
    assert plan.total_ms == 20_000


def test_a_script_a_little_too_short_is_spoken_a_little_slower() -> None:
    plan = fit_script(a_script(HOOK, POINT, POINT, CLOSE), [3_500, 3_500, 3_500, 3_500], target_ms=20_000)
    assert SLOWEST_PACE <= plan.pace < 1.0
    assert plan.total_ms == 20_000


def test_a_script_much_too_long_loses_whole_points_and_keeps_hook_number_and_close() -> None:
    kinds = (HOOK, POINT, NUMBER, POINT, POINT, CLOSE)
    plan = fit_script(a_script(*kinds), [4_000, 5_000, 4_000, 5_000, 5_000, 3_500], target_ms=20_000)
    assert plan.kept == (0, 1, 2, 5)
    assert abs(plan.total_ms - 20_000) <= 1000 / 30


def test_the_shortest_beat_that_is_enough_is_dropped() -> None:
    plan = fit_script(a_script(HOOK, POINT, POINT, POINT, CLOSE), [4_000, 6_000, 2_500, 6_000, 3_500], target_ms=22_000)
    assert plan.dropped == (2,)


def test_a_script_much_too_short_makes_an_honestly_shorter_film() -> None:
    plan = fit_script(a_script(HOOK, CLOSE), [2_000, 2_000], target_ms=60_000)
    assert plan.pace == SLOWEST_PACE
    assert 6_000 < plan.total_ms < 10_000


@pytest.mark.parametrize("speech_ms", [[2_300], [1_200, 1_100, 1_300], [2_400, 2_000]])
def test_a_film_of_three_seconds_is_possible(speech_ms: list[int]) -> None:
    kinds = [HOOK, POINT, CLOSE][: len(speech_ms)]
    plan = fit_script(a_script(*kinds), speech_ms, target_ms=3_000)
    assert abs(plan.total_ms - 3_000) <= 100


def test_one_beat_that_is_too_long_is_spoken_whole() -> None:
    plan = fit_script(a_script(HOOK, CLOSE), [8_000, 1_000], target_ms=3_000)
    assert plan.kept == (0,)
    assert plan.pace == FASTEST_PACE
    assert plan.total_ms > 7_000


def test_the_voice_comes_in_early_and_the_film_ends_with_a_breath() -> None:
    plan = fit_script(a_script(HOOK, POINT, CLOSE), [5_000, 5_000, 5_000], target_ms=20_000)
    assert plan.shots[0].voice_start_ms <= 600
    last = plan.shots[-1]
    assert last.frames * 1000 / 30 - last.voice_start_ms - last.speech_ms >= 500


@pytest.mark.parametrize(
    ("speech_ms", "target_ms"),
    [([], 20_000), ([1_000], 20_000), ([1_000, 0], 20_000), ([1_000, 1_000], 0)],
)
def test_measures_that_do_not_fit_are_refused(speech_ms: list[int], target_ms: int) -> None:
    with pytest.raises(FilmTooSmall):
        fit_script(a_script(HOOK, CLOSE), speech_ms, target_ms=target_ms)
