"""A few words on what each step of a run gave, and the film as a whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.answers import Artifact, Run, RunSteps, StepView
from cli.output import clock_length

_DECIDED = {"approved": "approved", "rejected": "rejected", "changes_requested": "changes asked for"}
RENDERED = "rendered_video"


@dataclass(frozen=True)
class Film:
    """A rendered film and what is known of it; None where a workflow does not say."""

    title: str
    artifact: Artifact
    duration_ms: int | None
    width: int | None
    height: int | None
    loudness_lufs: float | None
    true_peak_dbtp: float | None
    urls: tuple[str, ...]

    @property
    def picture(self) -> str | None:
        """`1080×1920`."""
        return f"{self.width}×{self.height}" if self.width and self.height else None

    @property
    def sound(self) -> str | None:
        """`-14.0 LUFS, peak -1.2 dBTP`, with real minus signs."""
        if self.loudness_lufs is None:
            return None
        peak = "" if self.true_peak_dbtp is None else f", peak {_signed(self.true_peak_dbtp)} dBTP"
        return f"{_signed(self.loudness_lufs)} LUFS{peak}"


def facts_of(steps: RunSteps) -> dict[str, str]:
    """Step → what it gave, in a few words; steps that gave nothing to speak of are left out."""
    told = {step.id: words for step in steps.steps if (words := _words(step))}
    if (idea := chosen_idea(steps)) and "ideation_approval" in told:
        told["ideation_approval"] = f"{told['ideation_approval']}: {idea['title']}"
    return told


def film_of(run: Run, steps: RunSteps, artifacts: Iterable[Artifact]) -> Film | None:
    """The newest film of a run; None while there is none."""
    videos = [artifact for artifact in artifacts if artifact.type == RENDERED]
    cut = _newest_cut(steps)
    wanted = _at(cut, "video", "sha256")
    artifact = next((video for video in videos if video.id == wanted), videos[-1] if videos else None)
    if artifact is None:
        return None
    title = _at(steps.output("publish_approval"), "title") or _at(steps.output("production"), "script", "title")
    posts = _at(steps.output("publishing"), "posts") or []
    return Film(
        title=str(title or run.brief or run.workflow),
        artifact=artifact,
        duration_ms=_at(cut, "duration_ms"),
        width=_at(cut, "width"),
        height=_at(cut, "height"),
        loudness_lufs=_at(cut, "loudness_lufs"),
        true_peak_dbtp=_at(cut, "true_peak_dbtp"),
        urls=tuple(str(post["url"]) for post in posts if isinstance(post, dict) and post.get("url")),
    )


def chosen_idea(steps: RunSteps) -> dict[str, Any] | None:
    """The idea that was approved."""
    decided = steps.output("ideation_approval")
    ideas, chosen = _at(decided, "ideas"), _at(decided, "chosen")
    if isinstance(ideas, list) and isinstance(chosen, int) and 0 <= chosen < len(ideas):
        idea = ideas[chosen]
        return idea if isinstance(idea, dict) and "title" in idea else None
    return None


def film_path(data: Path, run: Run) -> Path:
    """Where a run's film is put on this machine."""
    return data / "films" / str(run.run_id) / "film.mp4"


def _words(step: StepView) -> str | None:
    if step.decision and step.state == "done":
        decision = str(step.decision.get("decision", ""))
        return f"{_DECIDED.get(decision, decision)} by {step.decision.get('decided_by', 'somebody')}"
    teller = _TELLERS.get(step.id)
    return teller(step.output) if teller else None


def _production(output: Any) -> str | None:
    length, shots = _at(output, "duration_ms"), _count(_at(output, "shots"), "scene")
    return f"{shots}, {clock_length(length)}" if shots and length else shots


def _render(output: Any) -> str | None:
    cut = output[0] if isinstance(output, list) and output else None
    if not isinstance(cut, dict):
        return None
    return f"{cut.get('width')}×{cut.get('height')}, {clock_length(cut.get('duration_ms', 0))}"


def _posts(output: Any) -> str:
    return ", ".join(f"{post.get('platform')}: {post.get('visibility')}" for post in _at(output, "posts") or [])


_TELLERS: dict[str, Callable[[Any], str | None]] = {
    "ideation": lambda output: _count(_at(output, "ideas"), "idea"),
    "production": _production,
    "wait_for_videos": lambda output: _count(output, "clip"),
    "editing": lambda output: _count(_at(output, "scenes"), "scene"),
    "wait_for_render": _render,
    "publishing": _posts,
}


def _newest_cut(steps: RunSteps) -> Any:
    output = steps.output("wait_for_render")
    return output[0] if isinstance(output, list) and output else None


def _count(things: Any, name: str) -> str | None:
    if not isinstance(things, list):
        return None
    return f"{len(things)} {name}" if len(things) == 1 else f"{len(things)} {name}s"


def _at(value: Any, *path: str) -> Any:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _signed(value: float) -> str:
    return f"{value:.1f}".replace("-", "−")
