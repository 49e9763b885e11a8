"""A kit's logo in films that the editor rendered with it: found where it stands, missed where it is not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from common.contracts.production import Format
from common.contracts.scenes import Anchor, Brand, Logo
from compliance.scanners.limits import LIMITS
from compliance.scanners.logos import NoShape
from compliance.scanners.spotting import spot
from editor.timeline import conform
from PIL import Image, ImageDraw

if TYPE_CHECKING:
    from bench.film import Film, FilmStudio

UPRIGHT, LYING = Format(width=270, height=480), Format(width=480, height=270)


def a_disc() -> Image.Image:
    """A disc and two bars, white on nothing: it is its outline."""
    logo = Image.new("RGBA", (400, 200), (0, 0, 0, 0))
    draw = ImageDraw.Draw(logo)
    draw.ellipse((10, 30, 150, 170), fill="white")
    draw.rectangle((180, 60, 390, 90), fill="white")
    draw.rectangle((180, 120, 330, 150), fill="white")
    return logo


def a_badge(mark: str) -> Image.Image:
    """A blue square with something white in it: its outline is that of any square."""
    logo = Image.new("RGBA", (300, 300), (20, 60, 160, 255))
    draw = ImageDraw.Draw(logo)
    if mark == "disc":
        draw.ellipse((60, 60, 240, 240), fill="white")
        draw.polygon([(150, 90), (210, 210), (90, 210)], fill=(20, 60, 160, 255))
    else:
        draw.rectangle((40, 40, 110, 260), fill="white")
        draw.rectangle((190, 40, 260, 260), fill="white")
    return logo


LOGOS = {"disc": a_disc(), "badge": a_badge("disc"), "other badge": a_badge("bars")}


class House:
    """One film without a logo, and a studio that cuts it anew with one."""

    def __init__(self, bench: ModuleType, studio: FilmStudio, film: Film, folder: Path) -> None:
        self._bench = bench
        self._studio = studio
        self._folder = folder
        self.film = film

    def file(self, name: str) -> Path:
        """A logo's PNG."""
        path = self._folder / f"{name}.png"
        LOGOS[name].save(path)
        return path

    async def cut(self, name: str, *, place: Anchor, width: float, size: Format) -> Path:
        """The film with that logo, in that size."""
        data = self.file(name).read_bytes()
        image = await self._studio.artifacts.put(self._bench.TENANT, data, media_type="image/png")
        brand = Brand(logo=Logo(image=image, place=place, width=width))
        timeline = conform(self.film.timeline, size).model_copy(update={"brand": brand})
        cut = await self._studio.cut(timeline, self._bench.Stopwatch())
        video: Path = cut.video
        return video


@pytest_asyncio.fixture(scope="module")
async def house(film_bench: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    folder = tmp_path_factory.mktemp("logo")
    studio = film_bench.FilmStudio(folder, picture=UPRIGHT)
    yield House(film_bench, studio, await studio.film("Five ways to sleep better", seconds=6), folder)
    await studio.close()


@pytest.mark.parametrize(
    ("name", "other", "place", "width", "size"),
    [
        ("disc", "badge", Anchor.TOP_RIGHT, 0.14, UPRIGHT),
        ("badge", "other badge", Anchor.BOTTOM_LEFT, 0.08, UPRIGHT),
        ("badge", "disc", Anchor.TOP_LEFT, 0.08, LYING),
    ],
)
async def test_the_logo_of_a_film_is_found_and_another_is_not(
    house: House, *, name: str, other: str, place: Anchor, width: float, size: Format
) -> None:
    video = await house.cut(name, place=place, width=width, size=size)
    facts = spot(video, house.file(name), place=place, width=width)
    assert facts.alike >= LIMITS.logo_alike
    middle = facts.region.x + facts.region.width / 2, facts.region.y + facts.region.height / 2
    assert (middle[0] > 0.5, middle[1] > 0.5) == (place.endswith("right"), place.startswith("bottom"))
    assert facts.region.width * size.width == pytest.approx(width * min(size.width, size.height), rel=0.3)
    assert spot(video, house.file(other), place=place, width=width).alike < LIMITS.logo_alike
    elsewhere = Anchor.BOTTOM_RIGHT if place is not Anchor.BOTTOM_RIGHT else Anchor.TOP_LEFT
    assert spot(video, house.file(name), place=elsewhere, width=width).alike < LIMITS.logo_alike


@pytest.mark.parametrize("name", LOGOS)
@pytest.mark.parametrize("place", [Anchor.TOP_LEFT, Anchor.TOP_RIGHT, Anchor.BOTTOM_LEFT, Anchor.CENTRE])
def test_a_film_without_a_logo_has_none(house: House, name: str, place: Anchor) -> None:
    facts = spot(house.film.cut.video, house.file(name), place=place, width=0.08)
    assert (facts.looked, facts.alike < LIMITS.logo_alike) == (6, True)


def test_a_logo_of_a_few_pixels_is_not_guessed_at(house: House) -> None:
    with pytest.raises(NoShape):
        spot(house.film.cut.video, house.file("disc"), place=Anchor.TOP_LEFT, width=0.03)
