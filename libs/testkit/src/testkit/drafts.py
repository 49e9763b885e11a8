"""What the stand-in model writes when it is asked for an object: it reads the schema and the data, as a model would."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sandbox.kit.questions import count_wanted, data_in

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


def draft(body: dict[str, Any], members: Collection[str]) -> dict[str, Any]:
    """An object that has these members."""
    data = data_in(body)
    if "ideas" in members:
        return _ideas(data, count_wanted(body))
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
