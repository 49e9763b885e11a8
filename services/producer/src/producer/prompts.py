"""What a vendor of footage is asked to film for a shot."""

from __future__ import annotations

from collections.abc import Sequence

from common.contracts.production import Format, Shot
from vendors.clips import ClipRequest

_NARRATION_LIMIT = 600
_LOOKS = {
    "sea": "cool daylight over water",
    "sky": "wide open sky, soft clouds",
    "forest": "dappled light, natural greens",
    "fire": "warm glow, embers, deep shadows",
    "space": "deep space, quiet starlight",
    "night": "night, low light, gentle blues",
    "tech": "clean, modern, crisp reflections",
    "money": "orderly, polished, restrained",
    "sport": "energetic, dynamic light",
    "food": "appetising close-ups, warm light",
    "history": "aged textures, golden light",
    "health": "bright, calm, airy",
    "love": "soft focus, tender light",
    "travel": "sweeping landscapes, golden hour",
    "work": "calm office light, shallow focus",
}


def clip_request(shot: Shot, formats: Sequence[Format] = ()) -> ClipRequest:
    """The order for a shot's footage, in the first shape of `formats`. The same shot and shapes make the same order.

    No word is to be seen in it: the shot's own are laid over it, where they can be corrected and read.
    """
    wanted = formats[0] if formats else shot.format
    return ClipRequest(
        prompt=clip_prompt(shot, wanted),
        seconds=shot.frames / shot.format.fps,
        width=wanted.width,
        height=wanted.height,
        seed=shot.seed % 2**31,
        subject=_subject(shot),
    )


def _subject(shot: Shot) -> str:
    """What the shot shows in a few words: what is pictured in it, and the telling words of its headline."""
    pictured = shot.layout.partition(":")[2].replace("_", " ").split()
    said = [word.strip(".,;:!?\"'“”‘’…()").lower() for word in shot.beat.headline.split()]
    telling = [word for word in said if len(word) > 3]
    return " ".join(dict.fromkeys([*pictured, *telling]))[:100]


def clip_prompt(shot: Shot, wanted: Format) -> str:
    """The prompt, from what the beat says and shows, from the film's colours and its shape."""
    beat, palette = shot.beat, shot.palette
    pictured = shot.layout.partition(":")[2].replace("_", " ")
    look = _LOOKS.get(palette.name.partition("-")[0], "natural light")
    lies = "Square" if wanted.width == wanted.height else "Horizontal 16:9"
    shape = "Vertical 9:16" if wanted.height > wanted.width else lies
    lines = [
        f"{shape} footage without any text, for one shot of a short film.",
        f"What is said meanwhile: {beat.narration[:_NARRATION_LIMIT].strip()}",
        f"Its point: {beat.headline.strip()}" if beat.headline.strip() else "",
        f"Show: {pictured}." if pictured else "",
        f"Look: {look}; colours near {palette.first}, {palette.second} and {palette.accent} on {palette.ground}.",
        "One continuous take, slow and steady camera, calm in the middle where words will be laid over it.",
        "No letters, captions, logos, watermarks, brands or recognisable people.",
    ]
    return "\n".join(line for line in lines if line)
