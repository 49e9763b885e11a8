"""Make a film from a brief right here, without servers, and say how long each part took.

It calls the services' own functions (ideas, script, voice, music, clips, timeline, render) with a step that belongs to
no run, so what it times and shows is what a run makes. With --rounds it is the render benchmark.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from common.artifacts import Artifacts
from common.bus.calls import CallKind
from common.bus.connection import Bus
from common.bus.step import Done, Out, Save, Step
from common.compute import ComputePool
from common.contracts.editing import Timeline
from common.contracts.ideation import IdeationInput
from common.contracts.message import Header
from common.contracts.production import Clip, ClipInput, Format, ProductionInput, ProductionOutput, Shot
from common.contracts.safety import Side
from common.contracts.values import ArtifactRef, JsonObject, Value
from common.db.work import Work
from common.shield import Guard
from editor.cache import FolderCache
from editor.render import RenderedCut, render
from editor.timeline import assemble
from ideation.handlers import propose_ideas
from producer.handlers import make_clip, plan_production
from producer.shelf import EmptyShelf
from vendors.speech.espeak import EspeakSpeaker
from vendors.text_model.offline import OfflineTextModel

TENANT = "bench"
FULL = Format()
_NOBODY = UUID(int=0)


@dataclass
class Stopwatch:
    """Seconds by part. What happens side by side is counted from its first beginning to its last end."""

    spans: dict[str, tuple[float, float]] = field(default_factory=dict)

    @contextmanager
    def time(self, part: str) -> Iterator[None]:
        """Add what happens inside to a part."""
        began = time.perf_counter()
        yield
        first, _ = self.spans.get(part, (began, began))
        self.spans[part] = (first, time.perf_counter())

    @property
    def seconds(self) -> dict[str, float]:
        """How long each part took, in the order in which the parts were over."""
        return {part: round(end - start, 3) for part, (start, end) in self.spans.items()}


class Desk(Step):
    """A step of no run: it keeps artifacts in a folder, makes each call once and records nothing."""

    def __init__(self, artifacts: Artifacts, watch: Stopwatch) -> None:
        header = Header(id=_NOBODY, source="bench", type="film", time=datetime.now(UTC), tenant=TENANT, run=_NOBODY)
        # They are reached by `call`, `note`, `progress` and `shield` alone, and none of the handlers here takes a note.
        nothing = cast(Any, None)
        super().__init__(
            header=header,
            agent=None,
            owner=_NOBODY,
            work=cast(Work, nothing),
            bus=cast(Bus, nothing),
            artifacts=artifacts,
            guard=cast(Guard, nothing),
            capability="bench.film",
        )
        self._watch = watch

    async def call(
        self,
        name: str,
        key: str,
        fn: Callable[[], Awaitable[Out]],
        *,
        returns: type[Out],
        kind: CallKind,
        request: Value,
        repeatable: bool = True,
        cost_usd_micros: Callable[[Out], int] = lambda _: 0,
        at_most_usd_micros: int | None = None,
        save: Callable[[Out], Save | None] | None = None,
    ) -> Out:
        """Make the call and time it: whatever is asked of the voice is one part, the rest goes by its key."""
        with self._watch.time("voice" if key.startswith("voice") else key):
            return await fn()

    async def shield(self, content: JsonObject, *, side: Side) -> None:
        """Let everything pass: what is measured here is the making."""

    def progress(self, done: float, message: str = "") -> None:
        """Tell nobody."""


@dataclass(frozen=True, kw_only=True)
class Film:
    """A finished film, what it was made from, and how long that took."""

    production: ProductionOutput
    timeline: Timeline
    cut: RenderedCut
    seconds: dict[str, float]
    store: Path
    """The folder of artifacts: each file is named by the hash of what it holds."""

    def file(self, ref: ArtifactRef) -> Path:
        """Return where an artifact lies."""
        return self.store / TENANT / "sha256" / ref.sha256[:2] / ref.sha256


class FilmStudio:
    """Makes films into folders. What several films share, such as the pool of processes, is started once."""

    def __init__(self, root: Path, *, picture: Format = FULL, at_once: int = 2) -> None:
        self._root = root
        self._picture = picture
        self._slots = asyncio.Semaphore(at_once)
        self._compute = ComputePool()
        self._writer = OfflineTextModel()
        self._speaker = EspeakSpeaker()
        self.artifacts = Artifacts((root / "artifacts").as_uri())

    async def close(self) -> None:
        """End the processes."""
        self._compute.close()
        await self._speaker.close()

    async def warm_up(self) -> None:
        """Start the processes, which a service does once, so that no film pays for it."""
        await asyncio.gather(*(self._compute(time.sleep, 0.2) for _ in range(os.cpu_count() or 1)))

    async def film(self, brief: str, *, seconds: int, idea: int | None = None, feedback: str | None = None) -> Film:
        """Make the film of a brief; `idea` picks another one than the writer would. The same brief, the same bytes."""
        watch = Stopwatch()
        production = await self.plan(brief, seconds=seconds, idea=idea, feedback=feedback, watch=watch)
        clips = await self.clips(production.shots, watch)
        timeline = assemble(production, clips)
        cut = await self.cut(timeline, watch)
        return Film(
            production=production,
            timeline=timeline,
            cut=cut,
            seconds=watch.seconds,
            store=self._root / "artifacts",
        )

    async def plan(
        self, brief: str, *, seconds: int, watch: Stopwatch, idea: int | None = None, feedback: str | None = None
    ) -> ProductionOutput:
        """Write, speak, time and score a film."""
        asked = IdeationInput(brief=brief, target_seconds=seconds)
        proposed = await propose_ideas(asked, Desk(self.artifacts, watch), writer=self._writer)
        chosen = proposed.ideas[proposed.chosen if idea is None else idea]
        ordered = ProductionInput(
            idea=chosen, brief=brief, language=proposed.language, target_seconds=seconds, feedback=feedback
        )

        async def compute(fn: Callable[..., Any], *args: Any) -> Any:
            with watch.time(fn.__name__.strip("_")):
                return await self._compute(fn, *args)

        return await plan_production(
            ordered,
            Desk(self.artifacts, watch),
            writer=self._writer,
            speaker=self._speaker,
            compute=cast(ComputePool, compute),
            picture=self._picture,
            scratch=self._root,
            shelf=EmptyShelf(),
        )

    async def clips(self, shots: Sequence[Shot], watch: Stopwatch) -> list[Clip]:
        """Film shots, as many at once as there are slots."""

        async def film(shot: Shot) -> Clip:
            async with self._slots:
                desk = Desk(self.artifacts, watch)
                order, shelf = ClipInput(shot=shot), EmptyShelf()
                done = await make_clip(order, desk, compute=self._compute, scratch=self._root, shelf=shelf)
                # Only a vendor is waited for, and there is none here.
                return cast(Done[Clip], done).output

        with watch.time("clips"):
            return list(await asyncio.gather(*(film(shot) for shot in shots)))

    async def cut(self, timeline: Timeline, watch: Stopwatch, *, cache: Path | None = None) -> RenderedCut:
        """Render a timeline into a new folder; pieces are taken from and put into `cache`."""
        work = Path(tempfile.mkdtemp(dir=self._root, prefix="cut-"))

        async def file_of(ref: ArtifactRef) -> Path:
            return await self.artifacts.fetch(TENANT, ref, into=work)

        pieces = FolderCache(cache or work / "segments")
        with watch.time("render"):
            return await render(timeline, files=file_of, cache=pieces, work=work, progress=lambda _share, _doing: None)


@dataclass(frozen=True, kw_only=True)
class Round:
    """One round: seconds for the clips, for the cut, for the cut with nothing changed, and for one scene changed."""

    clips: float
    render: float
    render_cpu: float
    """What the cut's processes took of all cores together: what a busy machine does not change."""
    unchanged: float
    """The same cut again: nothing of it is rendered, and it has the same bytes."""
    one_scene: float
    one_scene_render: float


async def measure(studio: FilmStudio, film: Film, folder: Path) -> Round:
    """Film and render everything again, then change the headline of one scene in the middle and do what that needs."""
    watch = Stopwatch()
    shots = film.production.shots
    clips = await studio.clips(shots, watch)
    cache = Path(tempfile.mkdtemp(dir=folder, prefix="pieces-"))
    before = _children_cpu()
    first = await studio.cut(assemble(film.production, clips), watch, cache=cache)
    render_cpu = _children_cpu() - before

    idle = Stopwatch()
    same = await studio.cut(assemble(film.production, clips), idle, cache=cache)
    if same.segments_rendered or same.video.read_bytes() != first.video.read_bytes():
        raise RuntimeError(f"an unchanged film was made anew: {same.segments_rendered} segments were rendered")

    again = Stopwatch()
    place = len(shots) // 2
    beat = shots[place].beat.model_copy(update={"headline": "Another headline"})
    changed = shots[place].model_copy(update={"beat": beat})
    clips[place] = (await studio.clips([changed], again))[0]
    production = film.production.model_copy(update={"shots": (*shots[:place], changed, *shots[place + 1 :])})
    await studio.cut(assemble(production, clips), again, cache=cache)
    return Round(
        clips=watch.seconds["clips"],
        render=watch.seconds["render"],
        render_cpu=render_cpu,
        unchanged=idle.seconds["render"],
        one_scene=again.seconds["clips"] + again.seconds["render"],
        one_scene_render=again.seconds["render"],
    )


def _children_cpu() -> float:
    """Seconds of CPU of every process that was started here and has ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def facts(film: Film) -> dict[str, object]:
    """Return what was made and measured, for people and for JSON."""
    cut, seconds = film.cut, film.seconds
    whole = sum(seconds.get(part, 0.0) for part in ("ideas", "script", "voice", "bed", "clips", "render"))
    frames = round(cut.duration_ms * cut.fps / 1000)
    return {
        "title": film.production.script.title,
        "palette": film.production.palette.name,
        "layouts": [shot.layout for shot in film.production.shots],
        "transitions": list(film.timeline.transitions),
        "seconds": seconds,
        "brief_to_film_seconds": round(whole, 2),
        "frames": frames,
        "render_fps": round(frames / seconds["render"], 1),
        "clips_fps": round(sum(shot.frames for shot in film.production.shots) / seconds["clips"], 1),
        "duration_ms": cut.duration_ms,
        "size": f"{cut.width}x{cut.height}@{cut.fps}",
        "megabytes": round(cut.size_bytes / 1e6, 2),
        "loudness_lufs": cut.loudness_lufs,
        "true_peak_dbtp": cut.true_peak_dbtp,
        "segments": cut.segments,
    }


def summary(rounds: Sequence[Round], duration_s: float) -> dict[str, str]:
    """Return median and spread of what the rounds measured."""

    def line(values: Sequence[float], unit: str) -> str:
        return f"{statistics.median(values):.2f} {unit} ({min(values):.2f} to {max(values):.2f})"

    return {
        "render": line([duration_s / one.render for one in rounds], "x realtime"),
        "render, processor time": line([one.render_cpu for one in rounds], "s"),
        "render, if two cores had nothing else": line(
            [2 * duration_s / one.render_cpu for one in rounds], "x realtime"
        ),
        "clips": line([duration_s / one.clips for one in rounds], "x realtime"),
        "clips and render": line([duration_s / (one.clips + one.render) for one in rounds], "x realtime"),
        "render again, nothing changed": line([one.unchanged for one in rounds], "s"),
        "one changed scene": line([100 * one.one_scene_render / one.render for one in rounds], "% of a full render"),
        "one changed scene with its clip": line(
            [100 * one.one_scene / (one.clips + one.render) for one in rounds], "% of clips and render"
        ),
    }


def _hand_over(film: Film, to: Path) -> None:
    to.mkdir(parents=True, exist_ok=True)
    for made in (film.cut.video, film.cut.thumbnail, film.cut.vtt, film.cut.srt):
        (to / made.name).write_bytes(made.read_bytes())
    (to / "production.json").write_text(film.production.model_dump_json(indent=1), encoding="utf-8")
    (to / "timeline.json").write_text(film.timeline.model_dump_json(indent=1), encoding="utf-8")
    (to / "facts.json").write_text(json.dumps(facts(film), indent=1, ensure_ascii=False), encoding="utf-8")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


async def _main(asked: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory(prefix="greenlight-film-") as scratch:
        folder = Path(scratch)
        picture = Format(width=round(540 * asked.scale) * 2, height=round(960 * asked.scale) * 2)
        studio = FilmStudio(folder, picture=picture)
        try:
            await studio.warm_up()
            film = await studio.film(asked.brief, seconds=asked.seconds, idea=asked.idea, feedback=asked.feedback)
            _hand_over(film, asked.to)
            for name, value in facts(film).items():
                _say(f"{name:>24}  {value}")
            rounds = [await measure(studio, film, folder) for _ in range(asked.rounds)]
            if rounds:
                _say(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, {len(rounds)} rounds, median (spread)")
                for name, text in summary(rounds, film.cut.duration_ms / 1000).items():
                    _say(f"{name:>38}  {text}")
        finally:
            await studio.close()


def main() -> None:
    """Read the command line and make the film."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("brief", help="what the film is about, in quotes")
    parser.add_argument("--to", type=Path, required=True, help="the folder for film.mp4 and what belongs to it")
    parser.add_argument("--seconds", type=int, default=20, help="how long the film should be (default 20)")
    parser.add_argument(
        "--idea", type=int, help="which of the writer's ideas to film, from 0 (default: its own choice)"
    )
    parser.add_argument("--feedback", help="what a reviewer would want changed")
    parser.add_argument("--scale", type=float, default=1.0, help="1 is 1080x1920 (default), 0.25 is 270x480")
    parser.add_argument("--rounds", type=int, default=0, help="film and render so many times more, as a benchmark")
    asyncio.run(_main(parser.parse_args()))


if __name__ == "__main__":
    main()
