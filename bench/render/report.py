"""The page: medians, spreads and ratios of alternating rounds, with what the numbers do not say."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Mapping, Sequence
from typing import Any

_CAVEATS = (
    "Each turn is a process of its own, measured from its start to its end, imports included; memory is the "
    "proportional set size of its whole family, looked at five times a second.",
    "Greenlight's turn begins with an empty cache, and includes what the others do not do: sound brought to -14 LUFS "
    "under a true-peak limiter, ducking, the check of the finished file, a still, and subtitles.",
    "All encode H.264 with x264 `veryfast` at CRF 20. The captions look alike and are not the same: Greenlight's boxes "
    "pop, MoviePy's are plain rectangles.",
    "Remotion's bundle is made ahead and not measured. Its browser is Debian's; where the headless shell is missing, "
    "the full one is used, which is slower by a third.",
    "Footage, voice and music are made by the bench: moving gradients under grain, noise in the rhythm of speech.",
)


def write_report(found: Mapping[str, Any]) -> str:
    """Return the Markdown page of what was found."""
    cut, turns = found["cut"], found["turns"]
    seconds = cut["frames"] / cut["fps"]
    lines = [
        "# Rendering, against MoviePy and Remotion",
        "",
        f"The same cut of {seconds:.1f} s, {cut['width']}x{cut['height']} at {cut['fps']} frames a second: "
        f"{cut['clips']} clips that push each other up, {cut['words']} captioned words, a voice and music.",
        f"{found['rounds']} alternating round{'s' if found['rounds'] > 1 else ''} on {found['at']}; "
        f"{os.cpu_count()} cores, {platform.machine()}, load {found['load']:.1f} when it began.",
        "",
        f"    {found['command']}",
        "",
        "| engine | seconds, median (spread) | × realtime | processor seconds | peak memory, MB | Greenlight is |",
        "|---|---|---|---|---|---|",
    ]
    ours = _median(turns.get("greenlight", ()), "seconds")
    for name, version in found["engines"].items():
        lines.append(
            _row(f"{name} {version}", turns[name], seconds=seconds, ours=ours if name != "greenlight" else None)
        )
    lines += ["", *(f"- **{name}** was not measured: {why}" for name, why in found["missing"].items())]
    lines += ["", "## What these numbers do not say", "", *(f"- {caveat}" for caveat in _CAVEATS)]
    if found["rounds"] < 5:
        lines.append(f"- {found['rounds']} round(s) prove that it runs; they are no measurement.")
    return "\n".join(lines) + "\n"


def _row(name: str, turns: Sequence[Mapping[str, float]], *, seconds: float, ours: float | None) -> str:
    took = [turn["seconds"] for turn in turns]
    median = statistics.median(took)
    ratio = f"{median / ours:.1f} × faster" if ours else "—"
    return (
        f"| {name} | {median:.1f} ({min(took):.1f} to {max(took):.1f}) | {seconds / median:.2f} | "
        f"{_median(turns, 'cpu_seconds'):.1f} | {_median(turns, 'peak_mb'):.0f} | {ratio} |"
    )


def _median(turns: Sequence[Mapping[str, float]], what: str) -> float:
    return statistics.median([turn[what] for turn in turns]) if turns else 0.0
