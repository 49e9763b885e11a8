"""`python -m bench.render`, which `./greenlight bench render` runs: one cut by us, MoviePy and Remotion in turns."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from media.fonts import INTER_BOLD
from media.probe import probe

from bench.render.cut import CLIPS, BenchCut, write_cut
from bench.render.engines import Engine, NotHere, ready
from bench.render.measure import Turn, take_turn
from bench.render.report import write_growth, write_report

ENGINES = ("greenlight", "moviepy", "remotion")


def main(arguments: list[str]) -> int:
    """Measure what the command line asks for. → 1 when an engine failed, else 0."""
    parser = argparse.ArgumentParser(prog="bench.render", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="a folder for footage, films and the peers")
    parser.add_argument("--rounds", type=int, default=5, help="alternating rounds (5)")
    parser.add_argument("--seconds", type=int, default=20, help="how long a cut of four clips is (20)")
    parser.add_argument(
        "--clips", type=int, action="append", help="how many clips, each as long as one of four (4); may be given again"
    )
    parser.add_argument("--scale", type=float, default=1.0, help="1 is 1080x1920 (default), 0.5 is 540x960")
    parser.add_argument("--only", choices=ENGINES, action="append", help="only this engine; may be given again")
    parser.add_argument("--report", type=Path, help="write the Markdown page here and the raw numbers beside it")
    parser.add_argument("--command", default=f"python -m bench.render {shlex.join(arguments)}", help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    data = asked.data.absolute()
    width, height = 2 * round(540 * asked.scale), 2 * round(960 * asked.scale)
    found = []
    for clips in asked.clips or (CLIPS,):
        folder = data / f"cut-{clips}"
        cut = write_cut(folder, width=width, height=height, seconds=asked.seconds, font=INTER_BOLD.path, clips=clips)
        found.append(_conduct(cut, folder=folder, data=data, names=asked.only or ENGINES, rounds=asked.rounds))
    page = write_report(found[0], asked.command) if len(found) == 1 else write_growth(found, asked.command)
    if asked.report:
        asked.report.write_text(page, encoding="utf-8")
        raw = json.dumps({"command": asked.command, "cuts": found})
        asked.report.with_suffix(".json").write_text(f"{raw}\n", encoding="utf-8")
    sys.stdout.write(page)
    return 1 if any(one["missing"] for one in found) else 0


def _conduct(
    cut: BenchCut, *, folder: Path, data: Path, names: tuple[str, ...] | list[str], rounds: int
) -> dict[str, Any]:
    engines: dict[str, Engine] = {}
    missing: dict[str, str] = {}
    for name in names:
        _tell(f"getting {name} ready")
        try:
            engines[name] = ready(name, cut=folder, data=data)
        except NotHere as why:
            missing[name] = str(why)
    load = os.getloadavg()[0]
    turns: dict[str, list[dict[str, float]]] = {name: [] for name in engines}
    for number in range(rounds):
        # Every other round backwards, so that none always comes after the same one.
        for name in list(engines)[:: 1 if number % 2 == 0 else -1]:
            try:
                turns[name].append(asdict(_turn(engines[name], cut, to=data / f"{name}.mp4")))
            except RuntimeError as error:
                missing[name] = str(error)
                continue
            _tell(f"round {number + 1}: {name} {turns[name][-1]['seconds']:.1f} s")
    return {
        "cut": {"width": cut.width, "height": cut.height, "fps": cut.fps, "frames": cut.frames}
        | {"scene_frames": cut.scene_frames}
        | {"clips": len(cut.clips), "words": len(cut.words)},
        "rounds": rounds,
        "at": f"{datetime.now(UTC):%d %b %Y}",
        "load": load,
        "engines": {name: engine.version for name, engine in engines.items() if turns[name]},
        "turns": {name: taken for name, taken in turns.items() if taken},
        "missing": missing,
    }


def _turn(engine: Engine, cut: BenchCut, *, to: Path) -> Turn:
    """One render. Raises `RuntimeError` also for a film that is not the one that was asked for."""
    to.unlink(missing_ok=True)
    turn = take_turn(engine.command(to), cwd=engine.cwd)
    info = probe(to)
    if (info.frames, info.width, info.height) != (cut.frames, cut.width, cut.height) or info.audio_codec is None:
        raise RuntimeError(f"{engine.name} made {info}, which is not the cut.")
    return turn


def _tell(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
