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


def write_report(found: Mapping[str, Any], command: str) -> str:
    """Return the Markdown page of what was found of one cut."""
    cut, turns = found["cut"], found["turns"]
    seconds = cut["frames"] / cut["fps"]
    lines = [
        "# Rendering, against MoviePy and Remotion",
        "",
        f"The same cut of {seconds:.1f} s, {cut['width']}x{cut['height']} at {cut['fps']} frames a second: "
        f"{cut['clips']} clips that push each other up, {cut['words']} captioned words, a voice and music.",
        _taken(found),
        "",
        f"    {command}",
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
    lines += _too_few(found)
    return "\n".join(lines) + "\n"


def write_growth(found: Sequence[Mapping[str, Any]], command: str) -> str:
    """Return the Markdown page of what was found of cuts that differ in the number of their clips."""
    first = found[0]
    cut = first["cut"]
    lines = [
        "# Rendering, by the number of clips",
        "",
        f"Cuts of {', '.join(str(one['cut']['clips']) for one in found)} clips that push each other up, each "
        f"{cut['scene_frames'] / cut['fps']:.1f} s long with captions and a voice file of its own, over music; "
        f"{cut['width']}x{cut['height']} at {cut['fps']} frames a second.",
        _taken(first),
        "",
        f"    {command}",
        "",
        "| engine | clips | film, s | seconds, median (spread) | processor seconds | processor seconds a clip "
        "| peak memory, MB |",
        "|---|---|---|---|---|---|---|",
    ]
    for name in first["engines"]:
        lines += [_grown(name, one["cut"], one["turns"][name]) for one in found if name in one["turns"]]
    missing = {name: why for one in found for name, why in one["missing"].items()}
    lines += ["", *(f"- **{name}** was not measured: {why}" for name, why in missing.items()), *_too_few(first)]
    return "\n".join(lines) + "\n"


def _grown(name: str, cut: Mapping[str, Any], turns: Sequence[Mapping[str, float]]) -> str:
    took, used = [turn["seconds"] for turn in turns], _median(turns, "cpu_seconds")
    return (
        f"| {name} | {cut['clips']} | {cut['frames'] / cut['fps']:.0f} | {statistics.median(took):.1f} "
        f"({min(took):.1f} to {max(took):.1f}) | {used:.1f} | {used / cut['clips']:.2f} "
        f"| {_median(turns, 'peak_mb'):.0f} |"
    )


def _taken(found: Mapping[str, Any]) -> str:
    return (
        f"{found['rounds']} alternating round{'s' if found['rounds'] > 1 else ''} on {found['at']}; "
        f"{os.cpu_count()} cores, {platform.machine()}, load {found['load']:.1f} when it began."
    )


def _too_few(found: Mapping[str, Any]) -> list[str]:
    if found["rounds"] >= 5:
        return []
    return [f"- {found['rounds']} round(s) prove that it runs; they are no measurement."]


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
