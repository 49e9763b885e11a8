"""A kit's logo is looked for in the film itself, where the kit has it: drawn frames with it, without, and elsewhere."""

from __future__ import annotations

import io
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from common.artifacts import Artifacts
from common.contracts.gates import Finding, GateOpened, VerdictLevel
from common.contracts.scenes import Anchor
from compliance.scanners.limits import LIMITS
from compliance.scanners.logos import NoShape, find_logo
from compliance.scanners.spotting import spot
from PIL import Image, ImageDraw
from prometheus_client import REGISTRY
from testkit.plugin import SettingsFor

WIDE, HIGH, FPS, WIDTH = 270, 480, 4, 0.16
RIGHT, LEFT = (215, 24), (12, 24)
KIT = """\
pack: coast
version: {version}
description: How this house looks.
extends: [brand]
brand: {{film: {{logo: {{upload: "{logo}", place: {place}, width: 0.16}}}}}}
rules:
  - {{id: coast.rival, severity: review, text: A rival., remedy: Leave it out., phrases: [acmesoft]}}
tests:
  - {{text: "Use acmesoft", expect: [coast.rival]}}
"""


def a_logo() -> Image.Image:
    """A disc and two bars, white on nothing."""
    logo = Image.new("RGBA", (400, 200), (0, 0, 0, 0))
    draw = ImageDraw.Draw(logo)
    draw.ellipse((10, 30, 150, 170), fill="white")
    draw.rectangle((180, 60, 390, 90), fill="white")
    draw.rectangle((180, 120, 330, 150), fill="white")
    return logo


def a_picture(seed: int, at: tuple[int, int] | None, *, width: int = 43) -> Image.Image:
    """Something busy, with the logo over it as the editor puts it there: a little of the ground is seen through it."""
    random = np.random.default_rng(seed)
    blocks = random.integers(0, 255, (HIGH // 30, WIDE // 30, 3)).astype(np.uint8)
    picture = Image.fromarray(blocks).resize((WIDE, HIGH), Image.Resampling.BICUBIC)
    if at is not None:
        small = a_logo().resize((width, width // 2), Image.Resampling.LANCZOS)
        picture.paste(small.convert("RGB"), at, small.split()[3].point(lambda value: int(value * 0.9)))
    return picture


def a_film(path: Path, *, at: tuple[int, int] | None, since: int = 0, pictures: int = 12) -> Path:
    """Three seconds, with the logo at `at` from picture `since` on."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=Fraction(FPS))
        stream.width, stream.height, stream.pix_fmt = WIDE, HIGH, "yuv420p"
        for number in range(pictures):
            picture = np.asarray(a_picture(number, at if number >= since else None))
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    return path


@pytest.fixture(scope="module")
def logo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("logo") / "logo.png"
    a_logo().save(path)
    return path


@pytest.mark.parametrize("width", [37, 43, 50])
def test_a_logo_is_found_where_it_is_at_several_sizes(width: int) -> None:
    picture = np.asarray(a_picture(5, (150, 90), width=width).convert("L"), np.float64)
    sighting = find_logo(picture, np.asarray(a_logo()), width=43, enough=LIMITS.logo_alike)
    assert sighting.alike >= LIMITS.logo_alike
    assert (sighting.region.x * WIDE, sighting.region.y * HIGH) == pytest.approx((150, 90), abs=8)


@pytest.mark.parametrize("seed", range(4))
def test_a_picture_without_the_logo_is_like_nothing(seed: int) -> None:
    picture = np.asarray(a_picture(seed, None).convert("L"), np.float64)
    assert find_logo(picture, np.asarray(a_logo()), width=43, enough=LIMITS.logo_alike).alike < LIMITS.logo_alike
    flat = np.full((HIGH, WIDE), 90.0)
    assert find_logo(flat, np.asarray(a_logo()), width=43, enough=LIMITS.logo_alike).alike == 0
    with pytest.raises(NoShape):
        find_logo(picture, np.zeros((50, 50, 4), np.uint8), width=43, enough=LIMITS.logo_alike)


def test_a_film_has_it_where_the_kit_has_it_or_has_it_not(logo: Path, tmp_path: Path) -> None:
    worn = a_film(tmp_path / "worn.mp4", at=RIGHT)
    facts = spot(worn, logo, place=Anchor.TOP_RIGHT, width=WIDTH)
    assert facts.alike >= LIMITS.logo_alike
    assert (facts.region.x * WIDE, facts.region.y * HIGH) == pytest.approx(RIGHT, abs=8)
    elsewhere = spot(worn, logo, place=Anchor.BOTTOM_LEFT, width=WIDTH)
    assert (elsewhere.looked, elsewhere.alike < LIMITS.logo_alike) == (6, True)
    late = spot(a_film(tmp_path / "late.mp4", at=RIGHT, since=8), logo, place=Anchor.TOP_RIGHT, width=WIDTH)
    assert late.alike >= LIMITS.logo_alike
    assert late.frame == pytest.approx(9, abs=1)
    assert late.seconds == pytest.approx(2.25, abs=0.26)


@pytest.fixture
async def gate(airlock: Any, settings_for: SettingsFor, tmp_path: Path) -> Callable[..., Any]:
    """`await gate(place=…, at=…)`: a kit in force that has its logo there, and a film that has it `at`."""
    store = Artifacts(settings_for("compliance").artifacts_url)
    headers = (await airlock.person("compliance_officer")).headers

    async def opened(
        *, place: str = "top_right", at: tuple[int, int] | None, is_there: bool = True, version: str = "1.0.0"
    ) -> GateOpened:
        made = io.BytesIO()
        a_logo().save(made, "PNG")
        logo = await store.put(airlock.tenant, made.getvalue(), media_type="image/png")
        source = KIT.format(logo=logo.sha256 if is_there else "ab" * 32, place=place, version=version)
        put = await airlock.client.put("/v1/policies/coast", headers=headers, json={"source": source})
        assert put.status_code == 200, put.text
        (await airlock.client.post("/v1/policies/coast/activate", headers=headers, json={})).raise_for_status()
        # An encoder may give the same pictures other bytes when the machine is busy, so it is asked once.
        film = tmp_path / f"{at}.mp4"
        film = film if film.exists() else a_film(film, at=at)
        video = await store.put_file(airlock.tenant, film, media_type="video/mp4")
        post = {"title": "Tides", "caption": "The moon pulls.", "hashtags": ["#AIgenerated"], "platforms": []}
        answer: GateOpened = await airlock.open({**post, "video": video.model_dump()})
        return answer

    return opened


def of_the_logo(opened: GateOpened) -> list[Finding]:
    logos = [one for one in opened.verdict.findings if "logo" in one.rule or "logo" in one.message]
    return [one for one in logos if one.where in {"/", "/video"}]


async def test_a_film_with_the_kits_logo_has_no_finding_about_it(gate: Callable[..., Any]) -> None:
    opened = await gate(at=RIGHT)
    assert of_the_logo(opened) == []
    assert any("fonts" in one for one in opened.verdict.unchecked)


async def test_a_film_without_the_kits_logo_asks_for_a_look_and_says_where_it_looked(gate: Callable[..., Any]) -> None:
    opened = await gate(place="top_left", at=RIGHT)
    (finding,) = of_the_logo(opened)
    assert (finding.rule, finding.severity) == ("brand.logo", "review")
    assert "looked for in 6 pictures, in the part called top_left" in finding.quote
    assert " s, frame " in finding.quote


async def test_what_was_seen_of_a_logo_stays_when_the_kit_has_another_version(gate: Callable[..., Any]) -> None:
    first = await gate(at=RIGHT, place="top_left")
    scanned, kept = looks("scanned"), looks("kept")
    again = await gate(at=RIGHT, place="top_left", version="1.1.0")
    assert again.verdict.policy_version != first.verdict.policy_version
    assert of_the_logo(again) == of_the_logo(first) != []
    assert (looks("scanned"), looks("kept") > kept) == (scanned, True)
    await gate(at=RIGHT, place="bottom_left", version="1.2.0")
    assert looks("scanned") == scanned + 1


def looks(outcome: str) -> float:
    """How often a logo was to be looked for with that outcome, in this process."""
    names = {"service": "compliance", "scanner": "logo", "outcome": outcome}
    return REGISTRY.get_sample_value("greenlight_media_scans_total", names) or 0.0


async def test_a_logo_that_nobody_could_look_for_blocks(gate: Callable[..., Any]) -> None:
    opened = await gate(at=RIGHT, is_there=False)
    assert opened.verdict.level is VerdictLevel.BLOCKED
    assert [one.rule for one in of_the_logo(opened)] == ["check_failed", "brand.logo_unmeasured"]
