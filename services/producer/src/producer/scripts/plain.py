"""Plain text: a scene is a paragraph, or a line where there are no empty lines between."""

from __future__ import annotations

import re

from producer.scripts.found import Found, FoundScene


def read_plain(text: str) -> Found:
    """Its scenes. Any text has some, unless it has no words."""
    if not re.search(r"\S[^\S\n]*\n[^\S\n]*\n\s*\S", text):
        lines = ((number, line) for number, line in enumerate(text.split("\n"), 1))
        return Found(tuple(FoundScene(number, " ".join(line.split())) for number, line in lines if line.strip()))
    scenes: list[FoundScene] = []
    said: list[str] = []
    for number, line in enumerate([*text.split("\n"), ""], 1):
        if line.strip():
            said.append(line)
        elif said:
            scenes.append(FoundScene(number - len(said), " ".join(" ".join(said).split())))
            said = []
    return Found(tuple(scenes))
