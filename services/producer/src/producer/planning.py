"""The timing of a film: which beats stay, how fast they are spoken, how long each shot lasts. Pure.

Neighbouring shots overlap by a transition. A voice, with the caption that lingers after it, never lies inside one:

    frames   |<-- transition -->|<- lead ->|<---- speech ---->|<- tail ->|<-- transition -->|

The film is first given its beats and its pace (`fit_script`); once the kept beats have been spoken at that pace,
`lay_out` gives every shot its exact length.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from common.contracts.production import BeatKind, Script

SLOWEST_PACE, FASTEST_PACE = 0.88, 1.12
_PACES = tuple(round(0.88 + step / 100, 2) for step in range(25))

_EXPENDABLE = (
    BeatKind.POINT,
    BeatKind.QUOTE,
    BeatKind.STEPS,
    BeatKind.NUMBER,
    BeatKind.CHANGE,
    BeatKind.DIAGRAM,
    BeatKind.CLOSE,
)
"""What is given up first when the script is too long. The hook always stays."""


class FilmTooSmall(ValueError):
    """There is no beat, or a measure is not positive: nothing can be timed."""


@dataclass(frozen=True)
class Timing:
    """The rules of the cut, in milliseconds unless they say frames."""

    fps: int = 30
    transition_frames: int = 12
    lead_ms: int = 80
    """At least this between the end of a transition and the voice."""
    first_lead_ms: int = 200
    tail_ms: int = 180
    """At least this between the voice and the next transition: captions linger that long."""
    last_tail_ms: int = 500
    shortest_shot_ms: int = 2_200
    longest_hold_ms: int = 1_200
    """Silence a shot may be given beyond what it needs."""
    easy_hold_ms: int = 400
    """Silence a shot takes gladly; only when more is needed is the voice slowed down."""
    tolerance: float = 0.03
    """How far, as a part of the target, a film may run over before a beat is dropped."""


@dataclass(frozen=True)
class ShotTiming:
    """One shot. `frames` includes the transitions at its ends; the voice's start counts from the first frame."""

    frames: int
    voice_start_ms: int
    speech_ms: int
    start_frame: int
    """Its first frame on the film's time line."""


@dataclass(frozen=True)
class FilmPlan:
    """The timing of a whole film. `kept` are indices of the script's beats, one for each shot; the rest is dropped."""

    kept: tuple[int, ...]
    dropped: tuple[int, ...]
    pace: float
    """How fast the kept beats are to be spoken, against the speech that was measured."""
    shots: tuple[ShotTiming, ...]
    total_frames: int
    total_ms: int


def fit_script(script: Script, speech_ms: Sequence[int], *, target_ms: int, timing: Timing | None = None) -> FilmPlan:
    """A plan as near to the target as the script allows, from each beat's speech measured at pace 1.

    A film too long is spoken up to 12 % faster, then loses whole beats, never words; one too short is given silence,
    then a slower voice, then longer silence, and in the end is honestly shorter. Speech lengths at another pace are
    estimates: speak again and `lay_out`. `FilmTooSmall` when beats and measures do not match.
    """
    if not script.beats or len(speech_ms) != len(script.beats):
        raise FilmTooSmall(f"{len(script.beats)} beats cannot be timed by {len(speech_ms)} measures.")
    rules = timing or Timing()
    _require_positive(speech_ms, target_ms)
    kept = _keep([beat.kind for beat in script.beats], speech_ms, target_ms=target_ms, rules=rules)
    pace = _choose_pace([speech_ms[index] for index in kept], target_ms=target_ms, rules=rules)
    return lay_out(
        [_at_pace(speech_ms[index], pace) for index in kept],
        target_ms=target_ms,
        timing=rules,
        kept=kept,
        dropped=tuple(index for index in range(len(speech_ms)) if index not in kept),
        pace=pace,
    )


def lay_out(
    speech_ms: Sequence[int],
    *,
    target_ms: int,
    timing: Timing | None = None,
    kept: tuple[int, ...] | None = None,
    dropped: tuple[int, ...] = (),
    pace: float = 1.0,
) -> FilmPlan:
    """The exact timing of shots whose speech is already at its final pace; `kept`, `dropped`, `pace` are passed on."""
    rules = timing or Timing()
    _require_positive(speech_ms, target_ms)
    needed = _needed_frames(speech_ms, target_ms=target_ms, rules=rules)
    slack = round(target_ms * rules.fps / 1000) - _total(needed, rules)
    extra = _share_silence(speech_ms, needed, slack=slack, rules=rules)
    lengths = [least + more for least, more in zip(needed, extra, strict=True)]
    plan = _placed(speech_ms, lengths, target_ms=target_ms, rules=rules)
    return replace(plan, kept=kept if kept is not None else plan.kept, dropped=dropped, pace=pace)


def follow_script(
    speech_ms: Sequence[int], wanted: Sequence[float | None], *, timing: Timing | None = None
) -> FilmPlan:
    """The timing of a finished script: all of it, at the voice's own pace, each shot as long as it is `wanted` (s).

    Where that is nothing, or too short for its words, it is as long as they need. Shots that all say a length add up
    to a film of just that.
    """
    rules = timing or Timing()
    target_ms = sum(speech_ms)
    _require_positive(speech_ms, target_ms)
    needed = _needed_frames(speech_ms, target_ms=target_ms, rules=rules)
    lengths = []
    for place, (least, seconds) in enumerate(zip(needed, wanted, strict=True)):
        overlap = rules.transition_frames if place < len(needed) - 1 else 0
        hold = _frames(rules.easy_hold_ms, rules) if seconds is None else 0
        lengths.append(max(least + hold, round((seconds or 0) * rules.fps) + overlap))
    return _placed(speech_ms, lengths, target_ms=target_ms, rules=rules)


def _placed(speech_ms: Sequence[int], lengths: Sequence[int], *, target_ms: int, rules: Timing) -> FilmPlan:
    """Shots of these lengths one after the other, each with its voice in it."""
    shots: list[ShotTiming] = []
    start_frame = 0
    for index, (speech, frames) in enumerate(zip(speech_ms, lengths, strict=True)):
        margins = _margins(index, len(speech_ms), target_ms=target_ms, rules=rules)
        spare_ms = _ms(frames, rules) - margins.before_ms - speech - margins.after_ms
        # The voice comes in early, so that most of a hold is time to look at what was said.
        voice_start_ms = margins.before_ms + max(0, min(int(spare_ms * 0.3), 350))
        shots.append(ShotTiming(frames, voice_start_ms, speech, start_frame))
        start_frame += frames - rules.transition_frames
    total_frames = start_frame + rules.transition_frames
    return FilmPlan(
        kept=tuple(range(len(speech_ms))),
        dropped=(),
        pace=1.0,
        shots=tuple(shots),
        total_frames=total_frames,
        total_ms=round(total_frames * 1000 / rules.fps),
    )


def least_frames(speech_ms: int, *, index: int, count: int, target_ms: int, timing: Timing | None = None) -> int:
    """The least a shot can be: its voice with what must lie around it, and long enough to be seen at all."""
    rules = timing or Timing()
    _require_positive([speech_ms], target_ms)
    margins = _margins(index, count, target_ms=target_ms, rules=rules)
    # A film of three seconds may have two shots of half its length, or one that fills it. Rounding down keeps a lone
    # short film from being a frame longer than was asked for.
    shortest = min(rules.shortest_shot_ms, target_ms // min(count, 2)) * rules.fps // 1000
    return max(shortest, _frames(margins.before_ms + speech_ms + margins.after_ms, rules))


def place_again(
    speech_ms: int, *, index: int, count: int, frames: int, target_ms: int, timing: Timing | None = None
) -> tuple[int, int]:
    """Frames and voice start of one shot whose speech is another now; `frames` are what it had.

    It keeps its length where the new speech fits without a long silence, so that the film keeps its own; else it gets
    what it needs and an easy hold. No other shot is touched.
    """
    rules = timing or Timing()
    least = least_frames(speech_ms, index=index, count=count, target_ms=target_ms, timing=rules)
    margins = _margins(index, count, target_ms=target_ms, rules=rules)
    if not least <= frames <= least + _frames(rules.longest_hold_ms, rules):
        frames = least + _frames(rules.easy_hold_ms, rules)
    spare_ms = _ms(frames, rules) - margins.before_ms - speech_ms - margins.after_ms
    return frames, margins.before_ms + max(0, min(int(spare_ms * 0.3), 350))


@dataclass(frozen=True)
class _Margins:
    """What lies around the voice at least, transitions included."""

    before_ms: int
    after_ms: int


def _require_positive(speech_ms: Sequence[int], target_ms: int) -> None:
    if not speech_ms or min(speech_ms) <= 0 or target_ms <= 0:
        raise FilmTooSmall(f"Lengths must be positive: target {target_ms!r} ms, speech {list(speech_ms)!r} ms.")


def _ms(frames: int, rules: Timing) -> int:
    """Whole milliseconds that fit into frames."""
    return frames * 1000 // rules.fps


def _frames(ms: int, rules: Timing) -> int:
    """Frames that hold so many milliseconds."""
    return math.ceil(ms * rules.fps / 1000)


def _at_pace(speech_ms: int, pace: float) -> int:
    return math.ceil(speech_ms / pace)


def _margins(index: int, count: int, *, target_ms: int, rules: Timing) -> _Margins:
    """The ends of the film have no transition; a film of three seconds cannot spare half of one at its end."""
    overlap_ms = math.ceil(rules.transition_frames * 1000 / rules.fps)
    is_first, is_last = index == 0, index == count - 1
    return _Margins(
        before_ms=min(rules.first_lead_ms, target_ms // 20) if is_first else overlap_ms + rules.lead_ms,
        after_ms=min(rules.last_tail_ms, target_ms // 15) if is_last else overlap_ms + rules.tail_ms,
    )


def _needed_frames(speech_ms: Sequence[int], *, target_ms: int, rules: Timing) -> list[int]:
    count = len(speech_ms)
    return [
        least_frames(speech, index=index, count=count, target_ms=target_ms, timing=rules)
        for index, speech in enumerate(speech_ms)
    ]


def _total(frames: Sequence[int], rules: Timing) -> int:
    return sum(frames) - (len(frames) - 1) * rules.transition_frames


def _least_total_ms(speech_ms: Sequence[int], pace: float, *, target_ms: int, rules: Timing) -> float:
    spoken = [_at_pace(speech, pace) for speech in speech_ms]
    return _total(_needed_frames(spoken, target_ms=target_ms, rules=rules), rules) * 1000 / rules.fps


def _keep(kinds: Sequence[BeatKind], speech_ms: Sequence[int], *, target_ms: int, rules: Timing) -> tuple[int, ...]:
    """Drop whole beats until the fastest reading fits.

    Of the least important kind goes the shortest beat that is enough, or the longest if none is; among equals the
    later. The first beat of the script stays, and the last goes only when nothing lies between.
    """
    kept = list(range(len(kinds)))
    limit_ms = target_ms * (1 + rules.tolerance)

    def least(indices: Sequence[int]) -> float:
        return _least_total_ms([speech_ms[i] for i in indices], FASTEST_PACE, target_ms=target_ms, rules=rules)

    while len(kept) > 1 and least(kept) > limit_ms:
        middle = kept[1:-1] or kept[1:]
        rank = min(_rank(kinds[index]) for index in middle)
        candidates = [index for index in middle if _rank(kinds[index]) == rank]
        enough = [index for index in candidates if least([other for other in kept if other != index]) <= limit_ms]
        if enough:
            leaves = min(enough, key=lambda index: (speech_ms[index], -index))
        else:
            leaves = max(candidates, key=lambda index: (speech_ms[index], index))
        kept.remove(leaves)
    return tuple(kept)


def _rank(kind: BeatKind) -> int:
    return _EXPENDABLE.index(kind) if kind in _EXPENDABLE else len(_EXPENDABLE)


def _choose_pace(speech_ms: Sequence[int], *, target_ms: int, rules: Timing) -> float:
    """The pace nearest to the voice's own that lets the film meet its target with an easy amount of silence."""

    def least(pace: float) -> float:
        return _least_total_ms(speech_ms, pace, target_ms=target_ms, rules=rules)

    easy_ms = rules.easy_hold_ms * len(speech_ms)
    if least(1.0) > target_ms:
        return next((pace for pace in _PACES if pace > 1.0 and least(pace) <= target_ms), FASTEST_PACE)
    chosen = 1.0
    for pace in reversed(_PACES):
        if least(chosen) + easy_ms >= target_ms or least(pace) > target_ms:
            break
        # Shots at their shortest length do not get longer by a slower voice, so it would be slow for nothing.
        if least(pace) > least(chosen):
            chosen = pace
    return chosen


def _share_silence(speech_ms: Sequence[int], needed: Sequence[int], *, slack: int, rules: Timing) -> list[int]:
    """Spare frames for each shot: the one with the least silence is served first, none beyond the longest hold."""
    most = rules.longest_hold_ms * rules.fps // 1000
    extra = [0] * len(needed)
    silence = [frames - speech * rules.fps / 1000 for frames, speech in zip(needed, speech_ms, strict=True)]
    for _ in range(min(max(slack, 0), most * len(needed))):
        quietest = min(
            (index for index in range(len(needed)) if extra[index] < most),
            key=lambda index: (silence[index] + extra[index], -index),
        )
        extra[quietest] += 1
    return extra
