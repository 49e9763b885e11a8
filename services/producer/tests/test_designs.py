"""Designs without a run: real pictures, of the size and about the thing that was asked for."""

from __future__ import annotations

import base64
import hashlib
import io
from typing import Any

import numpy as np
import pytest
from PIL import Image
from testkit.people import People
from testkit.plugin import Serving

ASKED = {"headline": "Why tides rise", "emphasis": ["tides"], "width": 360, "height": 640}


@pytest.mark.feature("A28")
async def test_a_design_is_a_picture_of_what_was_asked_for(serving: Serving, people: People, tenant: str) -> None:
    creator, reviewer = await people.join(tenant, "creator"), await people.join(tenant, "reviewer")
    async with serving("producer") as client:
        answers = [
            await client.post("/v1/designs", json=ASKED | change, headers=creator.headers)
            for change in ({}, {}, {"headline": "Bread"}, {"template": "quote"}, {"width": 640, "height": 360})
        ]
        refused = await client.post("/v1/designs", json=ASKED, headers=reviewer.headers)
        told: dict[str, Any] = {"content": "Why tides rise", "design_type": "post"}
        seeds = await client.post("/create-design", json=told, headers=creator.headers)
        wrong = await client.post("/v1/designs", json=ASKED | {"template": "none"}, headers=creator.headers)
    assert [answer.status_code for answer in answers] == [200] * 5
    assert (refused.status_code, wrong.status_code) == (403, 422)
    assert {answer.headers["content-type"] for answer in answers} == {"image/jpeg"}
    same, again, *others = [answer.content for answer in answers]
    assert same == again
    assert len({same, *others}) == 4
    pictures = [Image.open(io.BytesIO(content)) for content in (same, *others)]
    assert [picture.size for picture in pictures] == [(360, 640)] * 3 + [(640, 360)]
    assert min(np.asarray(picture.convert("L")).std() for picture in pictures) > 20, "there is nothing on it"

    made = seeds.json()
    image = base64.b64decode(made["image_base64"])
    assert (seeds.status_code, made["provider"], made["design_type"]) == (200, "local", "post")
    assert made["design_id"] == hashlib.sha256(image).hexdigest()
    assert Image.open(io.BytesIO(image)).size == (1080, 1080)
