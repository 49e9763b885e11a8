"""`greenlight bench engine`: what it is told, what it adds up, and that what it times really ran."""

from __future__ import annotations

import re
import shlex
import subprocess
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cli.bench_commands import DashboardPart, EnginePart, RenderEngine
from cli.locks import read_pins
from media.fonts import INTER_BOLD
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from testkit.stack import Stack

from bench.dashboard.conduct import Part
from bench.engine import peers
from bench.engine.plan import Level, Turn, TurnTaken, keep_in_flight, read_turn
from bench.engine.report import write_report
from bench.engine.rounds import GREENLIGHT, Taken, summarize, take_greenlights_turn
from bench.engine.spreads import percentiles
from bench.engine.waiting import measure_waiting
from bench.render.__main__ import ENGINES
from bench.render.cut import read_cut, write_cut
from bench.render.report import write_growth

if TYPE_CHECKING:
    from libs.cli.tests.conftest import Invoke

SMALL = Turn(levels={1: 1, 4: 6}, warm_up=2, sequences=1)


def taken(number: int, engine: str, seconds: float) -> Taken:
    """A turn of ten runs, eighty steps, in so many seconds."""
    level = Level(in_flight=20, runs=10, seconds=seconds, run_ms=[100.0 * seconds] * 10)
    return Taken(number, engine, 0.5, 0.6, TurnTaken({"durability": "sync"}, [level], [seconds]))


def document(**parts: Any) -> dict[str, Any]:
    """What `conduct` finds, with these parts."""
    machine = {
        "cores": 2,
        "processor": "p",
        "memory_gb": 4.0,
        "system": "s",
        "python": "3",
        "postgres": {"fsync": "on"},
    }
    return {
        "command": "./greenlight bench engine --quick",
        "commit": "abc",
        "at": "2026-11-21T11:00:00Z",
        "size": {"rounds": 3},
        "machine": machine,
        "load_before": 0.1,
        "load_after": 0.2,
        "loads": {part: [0.1, 0.2] for part in parts},
        "failed": {},
    } | parts


def test_a_part_that_is_not_there_is_wrong_usage(greenlight: Invoke) -> None:
    assert greenlight("bench", "engine", "--only", "everything").exit_code == 2
    assert greenlight("bench", "engine", "--rounds", "0").exit_code == 2
    assert greenlight("bench", "dashboard", "--only", "everything").exit_code == 2
    assert greenlight("bench", "render", "--only", "everything").exit_code == 2


def test_every_part_of_the_other_benches_can_be_asked_for() -> None:
    assert [str(part) for part in DashboardPart] == list(Part)
    assert [str(engine) for engine in RenderEngine] == list(ENGINES)


def test_a_report_says_the_command_that_makes_it_again(greenlight: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[list[str]] = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[bytes]:
        ran.append(command)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr("cli.benches.subprocess.run", run)
    asked = ("--clips", "25", "--clips", "50", "--scale", "0.5", "--only", "moviepy")
    assert greenlight("bench", "render", *asked, "--report", "films.md").exit_code == 0
    assert greenlight("bench", "dashboard", "--quick", "--only", "crowd").exit_code == 0
    [render, dashboard] = ran
    assert render[1:3] == ["-m", "bench.render"]
    told = shlex.split(render[render.index("--command") + 1])
    assert told[:11] == ["./greenlight", "bench", "render", *asked]
    assert [told[11], Path(told[12]).name] == ["--report", "films.md"]
    assert dashboard[1:3] + dashboard[5:] == ["-m", "bench.dashboard", "--quick", "--only", "crowd"]


def test_the_command_line_knows_every_part() -> None:
    from bench.engine.conduct import PARTS

    assert tuple(part.value for part in EnginePart) == PARTS


def test_the_peers_are_locked_by_hash_without_addresses() -> None:
    text = peers.LOCK.read_text(encoding="utf-8")
    pins = read_pins(text)
    asked = [line for line in peers.LOCK.with_suffix(".in").read_text("utf-8").splitlines() if line[:1] not in "#"]
    assert {canonicalize_name(Requirement(line).name) for line in asked} <= set(pins)
    pinned = re.findall(r"^[A-Za-z0-9._-]+==[^\n]*\n( *--hash=sha256:)?", text, re.MULTILINE)
    assert len(pinned) >= len(pins)
    assert all(pinned)
    told = "".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    assert not re.search(r"https?://|index-url|find-links|file:", told)


def test_a_ratio_is_of_the_medians() -> None:
    raw = [taken(number, GREENLIGHT, seconds) for number, seconds in enumerate((0.01, 0.02, 0.08))]
    raw += [taken(number, "dbos", seconds) for number, seconds in enumerate((0.2, 0.1, 0.4))]
    found = summarize(raw)
    assert found.ratios == {"ratio_dbos": {20: 10.0}}
    [ours, theirs] = found.rates
    assert (ours.steps_per_second.least, ours.steps_per_second.median, ours.steps_per_second.most) == (1000, 4000, 8000)
    assert theirs.run_ms.count == 30
    page = write_report(document(throughput=asdict(found)), raw="raw.json")
    assert "| `ratio_dbos` | ≥ 4 | 10.00 |" in page
    assert "[raw.json](raw.json)" in page


def test_percentiles_are_values_that_were_there() -> None:
    found = percentiles([float(value) for value in range(1, 101)])
    assert (found.count, found.p50, found.p95, found.p99, found.most) == (100, 51.0, 96.0, 100.0, 100.0)


def test_a_busy_machine_is_told() -> None:
    busy = document(starts=None, loads={"starts": [2.5, 2.9]})
    del busy["starts"]
    assert "**The machine was busy**: load up to 2.9 on 2 cores" in write_report(busy, raw=None)
    assert "busy" not in write_report(document(), raw=None)


def test_a_failed_part_is_told() -> None:
    assert "**Failed:** starts: it broke" in write_report(document(failed={"starts": "it broke"}), raw=None)


async def test_as_many_are_in_flight_as_asked() -> None:
    now, most = 0, 0

    async def run() -> None:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await keep_in_flight(nothing, runs=3, in_flight=2)
        now -= 1

    async def nothing() -> None: ...

    level = await keep_in_flight(run, runs=9, in_flight=4)
    assert (level.runs, len(level.run_ms), now) == (9, 9, 0)
    assert most == 4


def test_a_turn_survives_the_command_line() -> None:
    import json

    assert read_turn(json.dumps(asdict(SMALL))) == SMALL


async def test_greenlights_turn_runs_every_step(stack: Stack) -> None:
    found = await take_greenlights_turn(SMALL, stack=stack)
    assert [(level.in_flight, len(level.run_ms)) for level in found.levels] == [(1, 1), (4, 6)]
    # Forty steps of 10 ms cannot be over sooner.
    assert found.sequence_seconds[0] > 0.4


async def test_waiting_runs_are_rows(stack: Stack) -> None:
    found = await measure_waiting(stack, runs=400, pages=4, seconds=1)
    assert found.bytes_by_table["runs"] > 400 * 300
    assert 300 < found.bytes_each < 8192
    assert found.list_page_ms.count == 4
    page = write_report(document(waiting=asdict(found)), raw=None)
    assert "## 400 waiting runs" in page


def test_more_clips_make_a_longer_cut_of_clips_as_long(tmp_path: Path) -> None:
    four, six = (
        write_cut(tmp_path / str(clips), width=54, height=96, seconds=6, font=INTER_BOLD.path, clips=clips)
        for clips in (4, 6)
    )
    assert read_cut(tmp_path / "6") == six
    assert (four.frames, four.scene_frames, six.scene_frames) == (180, 54, 54)
    assert six.frames == 180 + 2 * (54 - six.overlap)
    voices = [(tmp_path / "6" / name).read_bytes()[44:] for name in six.voices]
    assert b"".join(voices) == (tmp_path / "6" / six.voice).read_bytes()[44:][: sum(map(len, voices))]
    assert len(voices) == len({word.start_ms // 1400 for word in six.words}) == 6, "everybody is heard in each"


def test_what_grows_with_clips_is_a_row_for_each_cut() -> None:
    turn = {"seconds": 5.0, "cpu_seconds": 8.0, "peak_mb": 200.0}
    cut = {"width": 270, "height": 480, "fps": 30, "scene_frames": 60}
    found = [
        {
            "cut": cut | {"frames": 48 * clips, "clips": clips},
            "rounds": 1,
            "at": "1 Nov 2026",
            "load": 0.5,
            "engines": {"greenlight": "abc"},
            "turns": {"greenlight": [turn]} if clips < 8 else {},
            "missing": {} if clips < 8 else {"greenlight": "it fell over"},
        }
        for clips in (2, 4, 8)
    ]
    page = write_growth(found, "./greenlight bench render --clips 2 --clips 4 --clips 8")
    assert "| greenlight | 2 | 3 | 5.0 (5.0 to 5.0) | 8.0 | 4.00 | 200 |" in page
    assert "| greenlight | 4 | 6 | 5.0 (5.0 to 5.0) | 8.0 | 2.00 | 200 |" in page
    assert "- **greenlight** was not measured: it fell over" in page
    assert "    ./greenlight bench render --clips 2" in page
