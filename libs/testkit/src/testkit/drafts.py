"""What the stand-in model writes when it is asked for an object: it reads the schema and the data, as a model would."""

from __future__ import annotations

import re
from typing import Any

import orjson

_FENCED = re.compile(r"<(data-[0-9a-f]{16})>\n(.*)\n</\1>", re.S)
_COUNT = re.compile(r"exactly (\d+) concepts")
_SCHEMA = re.compile(r"JSON Schema:\n(\{.*\})\s*$", re.S)
_ANGLES = (
    "harbour mornings empty boats waiting",
    "grandmother counts shells beside rocks",
    "fisherman reads almanac under lamplight",
    "engineer measures turbines during storms",
    "children chase foam across sandbanks",
    "astronaut watches oceans bulge below",
    "crab hides between pools until evening",
    "painter mixes grey paint for every wave",
)


def members_wanted(body: dict[str, Any]) -> dict[str, Any] | None:
    """The members of the object a question asks for; None when it asks for words."""
    told = body.get("response_format") or {}
    schema = (told.get("json_schema") or {}).get("schema")
    if schema is None:
        found = _SCHEMA.search(_said(body, "system"))
        schema = orjson.loads(found[1]) if found else None
    members: dict[str, Any] | None = schema.get("properties") if schema else None
    return members


def draft(body: dict[str, Any], members: dict[str, Any]) -> dict[str, Any]:
    """An object that has these members."""
    fenced = _FENCED.search(_said(body, "user"))
    data = orjson.loads(fenced[2]) if fenced else {}
    if "ideas" in members:
        count = _COUNT.search(_said(body, "system"))
        return _ideas(data, int(count[1]) if count else 1)
    if "beats" in members:
        return _script(data)
    if "acts" in members:
        return _screenplay(data)
    if "characters" in members:
        return _profiles(data)
    post = {"title": "Why the sea leaves", "caption": "The moon pulls. The sea follows.", "hashtags": ["tides", "#sea"]}
    if "beat" in members:
        beat = data["beat"] | {"narration": "The moon tugs at the sea.", "headline": "The moon tugs"}
        return {"beat": beat, "done": True, "said": "The sentence is plainer."}
    return {"post": post, "done": True, "said": "The caption is shorter."}


def _ideas(data: dict[str, Any], count: int) -> dict[str, Any]:
    ideas = [
        {
            "title": angle.title(),
            "hook": f"{angle.capitalize()}.",
            "angle": angle,
            "summary": f"{angle.capitalize()}, told plainly.",
            "points": [angle, angle[::-1]],
            "sources": [claim["number"] for claim in data.get("claims", [])][:1],
            "why": f"It answers: {str(data.get('brief', ''))[:80]}",
        }
        for angle in _ANGLES[:count]
    ]
    return {"language": "en", "ideas": ideas, "chosen": 0}


def _script(data: dict[str, Any]) -> dict[str, Any]:
    says = ("The sea is leaving.", "The moon pulls at it.", "So it comes back.")
    beats = [
        {
            "kind": kind,
            "narration": narration,
            "headline": narration.rstrip("."),
            "emphasis": ["sea"],
            "kicker": "",
            "detail": "",
            "figure": None,
            "items": [],
        }
        for kind, narration in zip(("hook", "point", "close"), says, strict=True)
    ]
    title = data["idea"]["title"]
    return {"title": title, "beats": beats, "post": {"title": title, "caption": says[0], "hashtags": ["tides"]}}


def _screenplay(data: dict[str, Any]) -> dict[str, Any]:
    """A screenplay about the first words of the concept; a reviewer's wish is in its logline."""
    about = " ".join(str(data["concept"]).split()[:6]).rstrip(".,")
    wished = f" ({data['feedback']})" if data.get("feedback") else ""
    people = (("Ada", "protagonist"), ("The Tide", "antagonist"))
    scene = {"heading": "EXT. BEACH - DAY", "beats": [f"Ada reads: {about}."], "characters": ["Ada"]}
    return {
        "title": f"About {about}",
        "logline": f"Ada wants to know: {about}{wished}.",
        "genre": data.get("genre", "drama"),
        "language": data.get("language", "en"),
        "characters": [{"name": name, "role": role, "description": f"{name} wants the sea."} for name, role in people],
        "acts": [{"title": f"Act {number}", "purpose": "The water turns.", "scenes": [scene]} for number in (1, 2, 3)],
    }


def _profiles(data: dict[str, Any]) -> dict[str, Any]:
    people = (data.get("screenplay") or {"characters": [{"name": "Ada", "role": "protagonist"}]})["characters"]
    profiles = [
        {
            "name": one["name"],
            "role": one["role"],
            "backstory": f"{one['name']} grew up inland.",
            "motivation": "To see the sea once.",
            "traits": ["patient", "stubborn"],
            "arc": f"{one['name']} learns to wait.",
        }
        for one in people
    ]
    return {"characters": profiles}


def _said(body: dict[str, Any], role: str) -> str:
    """What that side said first: later turns are about its answers."""
    for message in body["messages"]:
        if message["role"] == role:
            content = message.get("content")
            return content if isinstance(content, str) else "".join(part.get("text", "") for part in content or ())
    return ""
