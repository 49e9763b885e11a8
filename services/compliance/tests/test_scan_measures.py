"""What the scanners measure, on pictures and sounds made of numbers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from compliance.scanners import audio, flashes, frames, letters
from compliance.scanners.facts import Flashing, PictureFacts, SoundFacts, Stretch
from compliance.scanners.judging import cues_of, judge_picture, judge_sound
from compliance.scanners.limits import LIMITS
from numpy.typing import NDArray
from pydantic import ValidationError

FPS = 30
ROWS, COLUMNS = 96, 54


def flat(*values: tuple[int, int, int]) -> NDArray[np.uint8]:
    """Small pictures of one colour each."""
    return np.stack([np.full((ROWS, COLUMNS, 3), value, np.uint8) for value in values])


def clock(count: int, fps: float = FPS) -> list[float]:
    return [number / fps for number in range(count)]


def strobe(
    hz: float, *, seconds: float = 2, one: tuple[int, int, int], other: tuple[int, int, int], share: float = 1.0
) -> NDArray[np.uint8]:
    """Changes between two colours so many times a second, over an upper part of the picture."""
    pictures = flat(*[one] * round(seconds * FPS)).copy()
    for number, at in enumerate(clock(len(pictures))):
        if (at * hz) % 1 >= 0.5:
            pictures[number, : round(share * ROWS)] = other
    return pictures


WHITE, BLACK = (255, 255, 255), (0, 0, 0)


def worst(found: tuple[Flashing, ...], *, rate: int = 3) -> float:
    return max((flashing.share for flashing in found if flashing.flashes >= rate), default=0.0)


@pytest.mark.parametrize(("hz", "dangerous"), [(1.0, False), (2.0, False), (3.0, False), (4.0, True), (10.0, True)])
def test_more_than_three_flashes_in_a_second_are_too_many(hz: float, dangerous: bool) -> None:
    pictures = strobe(hz, one=WHITE, other=BLACK)
    assert (worst(flashes.general_flashes(pictures, clock(len(pictures)))) > 0.25) is dangerous


@pytest.mark.parametrize(
    ("one", "other", "counts"),
    [
        (WHITE, BLACK, True),
        ((110, 110, 110), (80, 80, 80), False),
        # A tenth is one of light, not of the stored value: 0.10 above 0.12 counts, 0.07 does not.
        ((130, 130, 130), (97, 97, 97), True),
        ((120, 120, 120), (97, 97, 97), False),
        # The darker of these is above 0.8 of full light.
        (WHITE, (232, 232, 232), False),
    ],
)
def test_a_flash_is_a_tenth_of_full_light_from_something_darker_than_four_fifths(
    one: tuple[int, int, int], other: tuple[int, int, int], counts: bool
) -> None:
    pictures = strobe(8, one=one, other=other)
    assert (worst(flashes.general_flashes(pictures, clock(len(pictures)))) > 0) is counts


def test_what_counts_is_the_share_of_a_field_of_view() -> None:
    """Of an upright film on WCAG's screen a field is 43 by 32 cells of 54 by 96."""
    assert flashes.field_size(COLUMNS, ROWS) == (43, 32)
    small = strobe(8, one=WHITE, other=BLACK, share=0.07)
    large = strobe(8, one=WHITE, other=BLACK, share=0.1)
    assert worst(flashes.general_flashes(small, clock(len(small)))) == pytest.approx(7 / 32)
    assert worst(flashes.general_flashes(large, clock(len(large)))) == pytest.approx(10 / 32)


def test_a_slow_rise_in_many_steps_is_one_change() -> None:
    steps = [(value, value, value) for value in (*range(0, 255, 5), *range(255, 0, -5))] * 2
    pictures = flat(*steps)
    assert worst(flashes.general_flashes(pictures, clock(len(pictures))), rate=2) == 0.0


def test_a_second_is_one_of_the_clock_not_of_thirty_pictures() -> None:
    pictures = strobe(10, one=WHITE, other=BLACK)
    assert worst(flashes.general_flashes(pictures, clock(len(pictures), fps=6))) == 0.0


@pytest.mark.parametrize(
    ("one", "other", "counts"),
    [((200, 0, 0), (0, 0, 0), True), ((150, 0, 0), (0, 0, 60), True), ((200, 120, 120), (0, 0, 0), False)],
)
def test_a_saturated_red_counts_where_its_light_alone_does_not(
    one: tuple[int, int, int], other: tuple[int, int, int], counts: bool
) -> None:
    pictures = strobe(6, one=one, other=other)
    assert (worst(flashes.red_flashes(pictures, clock(len(pictures)))) > 0.25) is counts


def test_black_and_frozen_parts_are_named_with_where_they_begin() -> None:
    moving = [(60 + number % 90, 80, 90) for number in range(60)]
    pictures = flat(*moving[:30], *[BLACK] * 15, *moving[30:])
    (black,) = frames.black_stretches(pictures, clock(75), end=2.5, least=0.2)
    assert (black.frame, black.start_seconds, black.end_seconds) == (30, 1.0, 1.5)
    still = flat(*moving[:30], *[(70, 80, 90)] * 40)
    (frozen,) = frames.frozen_stretches(still, clock(70), end=70 / FPS, least=1.0)
    assert (frozen.frame, frozen.end_seconds) == (30, 70 / FPS)
    assert frames.frozen_stretches(flat(*moving), clock(60), end=2.0, least=0.2) == ()


def test_stills_that_follow_each_other_are_not_one_still() -> None:
    pictures = flat(*([(10, 10, 10)] * 10 + [(200, 200, 200)] * 10) * 3)
    assert frames.frozen_stretches(pictures, clock(60), end=2.0, least=0.5) == ()


def test_dominant_colours_take_shades_together() -> None:
    picture = np.zeros((100, 100, 3), np.uint8)
    picture[:60] = (10, 108, 156)
    picture[60:65] = (14, 112, 160)
    picture[65:95] = (253, 224, 167)
    picture[95:] = (200, 20, 20)
    colours = frames.Colours()
    colours.add(picture)
    blue, sand, red = colours.dominant()
    assert (blue.share, sand.share, red.share) == pytest.approx((0.65, 0.3, 0.05), abs=0.05)
    assert sand.hex == "#fde0a7"


def test_texture_and_shapes_are_no_writing() -> None:
    random = np.random.default_rng(7)
    noise = random.integers(0, 255, (960, 540, 3)).astype(np.uint8)
    soft = np.repeat(np.repeat(random.integers(0, 255, (60, 34, 3)).astype(np.uint8), 16, 0), 16, 1)
    slope = np.broadcast_to(np.linspace(0, 255, 540)[None, :, None], (960, 540, 3)).astype(np.uint8)
    box = np.full((960, 540, 3), 30, np.uint8)
    box[200:500, 100:400] = 220
    bars = np.full((960, 540, 3), 20, np.uint8)
    for number in range(15):
        bars[800 - 9 * (number * 7 % 11) :, number * 36 : number * 36 + 28] = 60 + number
    for picture in (noise, soft[:960, :540], slope, box, bars):
        assert letters.writing(np.ascontiguousarray(picture)) == []


def test_silence_and_clipping_are_found_where_they_are() -> None:
    rate = 48_000
    at = np.arange(4 * rate) / rate
    sound = np.stack([0.5 * np.sin(2 * np.pi * 440 * at)] * 2).astype(np.float32)
    sound[:, rate : 2 * rate] = 0
    sound[:, 3 * rate :] = np.clip(4 * sound[:, 3 * rate :], -1, 1)
    (silent,) = audio.silent_stretches(sound, rate=rate)
    assert (silent.start_seconds, silent.end_seconds) == pytest.approx((1.0, 2.0), abs=0.06)
    runs, parts = audio.clipped(sound, rate=rate)
    assert runs > 1000
    assert parts[0].start_seconds == pytest.approx(3.0, abs=0.1)
    assert audio.clipped((0.9 * np.sign(sound)).astype(np.float32), rate=rate) == (0, ())


def test_tones_noise_and_drums_are_no_speech() -> None:
    rate = audio.SPEECH_RATE
    at = np.arange(6 * rate) / rate
    random = np.random.default_rng(3)
    beat = np.exp(-30 * (at % 0.5))
    for sound in (
        0.3 * np.sin(2 * np.pi * 440 * at) * (0.6 + 0.4 * np.sin(2 * np.pi * 4 * at)),
        0.1 * random.standard_normal(len(at)),
        0.1 * random.standard_normal(len(at)) * (0.55 + 0.45 * np.sin(2 * np.pi * 4 * at)),
        0.5 * random.standard_normal(len(at)) * beat + 0.5 * np.sin(2 * np.pi * 60 * at) * beat,
        np.zeros(len(at)),
    ):
        assert audio.speech_stretches(sound.astype(np.float32)) == ()


def test_a_sound_of_an_instant_is_measured_too() -> None:
    assert audio.speech_stretches(np.zeros(10, np.float32)) == ()
    assert audio.clipped(np.zeros((1, 10), np.float32), rate=48_000) == (0, ())
    assert audio.silent_stretches(np.zeros((1, 10), np.float32), rate=48_000)[0].end_seconds == pytest.approx(
        10 / 48_000
    )


def test_cues_are_read_from_both_kinds_of_captions_and_nonsense_promises_nothing() -> None:
    vtt = "WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.500 align:start\nHello\n\n01:02.000 --> 01:03.000\nthere"
    assert [cue.seconds for cue in cues_of(vtt)] == [1.5, 1.0]
    assert cues_of("1\n00:00:01,000 --> 00:00:02,000\nHello")[0].seconds == 1.0
    assert cues_of("00:00:05.000 --> 00:00:02.000\nback") == []
    assert cues_of("999:99:99.999 --> 999:99:99.999\n-->") == []


PICTURE = PictureFacts(
    seconds=10.0,
    frames=300,
    width=1080,
    height=1920,
    black=(),
    frozen=(),
    flashing=(),
    red_flashing=(),
    lines=(),
    samples=20,
    colours=(),
)
SOUND = SoundFacts(
    seconds=10.0,
    channels=2,
    loudness_lufs=-14.0,
    true_peak_dbtp=-1.2,
    silent=(),
    clipped=(),
    clipped_runs=0,
    speech=(Stretch(start_seconds=0.0, end_seconds=10.0),),
)


def test_good_facts_make_no_finding() -> None:
    assert judge_picture(PICTURE, where="/video") == []
    assert judge_sound(SOUND, where="/video", cues=[Stretch(start_seconds=1.0, end_seconds=9.0)]) == []


def test_the_same_facts_are_judged_by_other_limits_without_a_new_look() -> None:
    facts = PICTURE.model_copy(update={"frozen": (Stretch(start_seconds=2.0, end_seconds=4.0, frame=60),)})
    assert judge_picture(facts, where="/video") == []
    (finding,) = judge_picture(facts, where="/video", limits=replace(LIMITS, frozen_seconds=1.5))
    assert (finding.rule, finding.frame, finding.at_seconds, finding.where) == ("media.frozen", 60, 2.0, "/video")


def test_a_finding_says_frame_second_and_region_and_what_to_do() -> None:
    pictures = strobe(10, one=WHITE, other=BLACK)
    facts = PICTURE.model_copy(update={"flashing": flashes.general_flashes(pictures, clock(len(pictures)))})
    (finding,) = judge_picture(facts, where="/video")
    assert finding.severity == "blocking"
    assert finding.frame is not None
    assert finding.at_seconds is not None
    assert finding.region is not None
    assert finding.region.width == 1.0
    assert "flashes a second" in finding.remedy


@pytest.mark.parametrize(
    "change",
    [
        {"seconds": float("nan")},
        {"seconds": float("inf")},
        {"frames": -1},
        {"frames": 0},
        {"width": 0},
        {"black": [{"start_seconds": 5.0, "end_seconds": 4.0, "frame": 0}]},
        {"black": [{"start_seconds": 5.0, "end_seconds": 400.0, "frame": 0}]},
        {"frozen": [{"start_seconds": 1, "end_seconds": 3}, {"start_seconds": 2, "end_seconds": 4}]},
        {"colours": [{"hex": "#000000", "share": 0.9}, {"hex": "#ffffff", "share": 0.9}]},
        {"colours": [{"hex": "red", "share": 0.9}]},
        {"samples": "many"},
        {"verdict": "allowed"},
    ],
)
def test_facts_that_make_no_sense_are_no_facts(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        PictureFacts.model_validate(PICTURE.model_dump() | change, strict=False)
