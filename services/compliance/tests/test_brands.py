"""The brand kit that a film is to wear: the one in force or one by its name, and what is wrong with it said at once."""

from __future__ import annotations

import hashlib
import io
from typing import Any

import pytest
from common.artifacts import Artifacts
from common.contracts.brand import BrandInput, BrandKit, BrandRead, ReadBrand
from common.contracts.message import Outcome
from common.contracts.scenes import Anchor, Face
from PIL import Image

KIT = """\
pack: {name}
version: {version}
description: How this house looks.
extends: [brand]
brand:
  colours: ["{colour}", "#FF6B35"]
  film:
    typeface: fraunces
    logo: {{upload: "{logo}", place: top_left}}
    end_card: {{title: Blue Coast, line: bluecoast.example}}
rules:
  - {{id: {name}.rival, severity: review, text: A rival., remedy: Leave it out., phrases: [acmesoft]}}
tests:
  - {{text: "Use acmesoft", expect: [{name}.rival]}}
"""


def png() -> bytes:
    made = io.BytesIO()
    Image.new("RGBA", (64, 32), (255, 107, 53, 200)).save(made, "PNG")
    return made.getvalue()


def kit(name: str = "coast", *, version: str = "1.0.0", colour: str = "#0B3D91", logo: bytes = b"") -> str:
    sha256 = hashlib.sha256(logo or png()).hexdigest()
    return KIT.format(name=name, version=version, colour=colour, logo=sha256)


@pytest.fixture
async def keep(airlock: Any) -> Any:
    """Put a pack in, and in force if that is wanted."""
    headers = (await airlock.person("compliance_officer")).headers

    async def put(source: str, *, name: str = "coast", activate: bool = False) -> None:
        answer = await airlock.client.put(f"/v1/policies/{name}", headers=headers, json={"source": source})
        assert answer.status_code == 200, answer.text
        if activate:
            answer = await airlock.client.post(f"/v1/policies/{name}/activate", headers=headers, json={})
            assert answer.status_code == 200, answer.text

    return put


async def read(airlock: Any, name: str = "", *, tenant: str | None = None) -> BrandKit | None:
    finished = await airlock.orders.order(ReadBrand, BrandInput(name=name), tenant=tenant or airlock.tenant)
    assert finished.outcome is Outcome.DONE, finished.problem
    return BrandRead.model_validate(finished.output).kit


async def problem(airlock: Any, name: str, *, tenant: str | None = None) -> tuple[str, str]:
    finished = await airlock.orders.order(ReadBrand, BrandInput(name=name), tenant=tenant or airlock.tenant)
    assert finished.problem is not None
    return finished.problem.code, finished.problem.detail


async def test_a_film_gets_the_kit_that_is_named_or_in_force(airlock: Any, keep: Any) -> None:
    store = Artifacts((airlock.stack.site.data / "artifacts").as_uri())
    await store.put(airlock.tenant, png(), media_type="image/png")
    assert await read(airlock) is None, "a tenant without a kit has films without a brand"
    await keep(kit())
    assert await read(airlock) is None, "what is not in force has to be named"
    named = await read(airlock, "coast")
    assert named is not None
    assert (named.name, named.colours, named.face) == ("coast", ("#0b3d91", "#ff6b35"), Face.FRAUNCES)
    assert named.logo is not None
    assert (named.logo.image.size, named.logo.place) == (len(png()), Anchor.TOP_LEFT)
    assert named.end_card is not None
    assert (named.end_card.title, named.end_card.seconds) == ("Blue Coast", 2.0)
    await keep(kit(), activate=True)
    assert await read(airlock) == named
    # A newer version that is not in force does not change what films wear.
    await keep(kit(version="1.1.0", colour="#112233"))
    assert await read(airlock, "coast") == named
    await keep(kit("night", colour="#221144"), name="night")
    night = await read(airlock, "night")
    assert night is not None
    assert night.colours[0] == "#221144"


async def test_a_kit_that_cannot_be_worn_is_refused_with_the_reason(airlock: Any, keep: Any) -> None:
    assert await problem(airlock, "coast") == (
        "brand_unknown",
        "There is no brand kit 'coast': no policy pack of yours is called that.",
    )
    await keep(kit())
    code, said = await problem(airlock, "coast")
    assert code == "brand_unusable"
    assert "logo of the brand kit 'coast' is not there" in said
    # Another tenant's upload does not help, and its kit is none of anybody else's.
    store = Artifacts((airlock.stack.site.data / "artifacts").as_uri())
    await store.put(f"{airlock.tenant}-2", png(), media_type="image/png")
    assert (await problem(airlock, "coast"))[0] == "brand_unusable"
    assert (await problem(airlock, "coast", tenant=f"{airlock.tenant}-2"))[0] == "brand_unknown"
    text = b"These are words."
    await store.put(airlock.tenant, text, media_type="text/plain")
    await keep(kit("words", logo=text), name="words")
    assert "is no PNG" in (await problem(airlock, "words"))[1]
    plain = (
        kit("plain").replace("extends: [brand]\n", "").split("brand:")[0] + "rules:" + kit("plain").split("rules:")[1]
    )
    await keep(plain, name="plain")
    assert "has no brand kit" in (await problem(airlock, "plain"))[1]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("fraunces", "comic sans"), "brand.film.typeface"),
        (("place: top_left", "place: under"), "brand.film.logo.place"),
        (("line: blue", "lines: blue"), "brand.film.end_card"),
        (("title: Blue Coast", "title: ''"), "brand.film.end_card.title"),
    ],
)
async def test_a_wrong_kit_is_refused_where_it_is_written(airlock: Any, change: tuple[str, str], said: str) -> None:
    headers = (await airlock.person("compliance_officer")).headers
    source = kit().replace(*change)
    answer = await airlock.client.put("/v1/policies/coast", headers=headers, json={"source": source})
    assert answer.status_code == 422
    assert any(said in one for one in answer.json()["problems"]), answer.text
