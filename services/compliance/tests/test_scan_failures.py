"""Each scanner is killed, slowed, and made to answer nonsense: nothing passes."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from common.artifacts import Artifacts
from common.clock import utc_now
from common.contracts.values import ArtifactRef
from common.db.pool import Pool
from common.db.work import Work
from compliance.models import tables
from compliance.scanners.facts import VERSIONS, Scanner, TagFacts
from compliance.scanners.judging import judge_tags
from compliance.scanners.running import ANSWER_LIMIT, ColdStart, Runner
from compliance.scanners.scanning import Scans
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from safety.pack import LogoSpec
from testkit.plugin import SettingsFor
from testkit.workshop import Rows

GOOD: dict[Scanner, dict[str, Any]] = {
    Scanner.PICTURE: {
        "version": VERSIONS[Scanner.PICTURE],
        "seconds": 3.0,
        "frames": 90,
        "width": 540,
        "height": 960,
        "black": [],
        "frozen": [],
        "flashing": [],
        "red_flashing": [],
        "lines": [],
        "samples": 6,
        "colours": [],
    },
    Scanner.SOUND: {
        "version": VERSIONS[Scanner.SOUND],
        "seconds": 3.0,
        "channels": 2,
        "loudness_lufs": -14.0,
        "true_peak_dbtp": -1.2,
        "silent": [],
        "clipped": [],
        "clipped_runs": 0,
        "speech": [],
    },
    Scanner.TAGS: {"version": VERSIONS[Scanner.TAGS], "tags": [], "left_out": False},
    Scanner.LOGO: {
        "version": VERSIONS[Scanner.LOGO],
        "looked": 1,
        "alike": 0.9,
        "seconds": 0.25,
        "frame": 7,
        "region": {"x": 0.8, "y": 0.05, "width": 0.1, "height": 0.05},
        "place": "top_right",
    },
}
NUMBER = {Scanner.PICTURE: "seconds", Scanner.SOUND: "seconds", Scanner.TAGS: "version", Scanner.LOGO: "frame"}
LIST = {Scanner.PICTURE: "black", Scanner.SOUND: "silent", Scanner.TAGS: "tags", Scanner.LOGO: "region"}


def says(answer: object, *, then: str = "") -> str:
    """A program that answers this, whatever it is asked."""
    return f"import sys; sys.stdout.write({answer if isinstance(answer, str) else json.dumps(answer)!r}); {then}"


def broken(kind: str, scanner: Scanner) -> str:
    """The source of a scanner that fails in one way."""
    good, number, many = GOOD[scanner], NUMBER[scanner], LIST[scanner]
    others = GOOD[Scanner.TAGS if scanner is not Scanner.TAGS else Scanner.SOUND]
    return {
        "killed": "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
        "killed after answering": says(good, then="import os, signal; sys.stdout.flush(); os.kill(os.getpid(), 9)"),
        "slow": "import time; time.sleep(600)",
        "slow after answering": says(good, then="sys.stdout.flush(); import time; time.sleep(600)"),
        "raises": "raise RuntimeError('no')",
        "fails after answering": says(good, then="sys.exit(1)"),
        "says nothing": "pass",
        "says it is fine": says(repr("all fine")),
        "half an answer": says(repr(json.dumps(good)[:-5])),
        "no number": says(repr(json.dumps(good | {number: float("nan")}))),
        "endless number": says(repr(json.dumps(good | {number: float("inf")}))),
        "less than nothing": says(good | {number: -1}),
        "another shape": says([good]),
        "another scanner's answer": says(others),
        "no list": says(good | {many: None}),
        "something missing": says({key: value for key, value in good.items() if key != many}),
        "something more": says(good | {"verdict": "allowed"}),
        "another version": says(good | {"version": 99}),
        "too much": f"import sys; sys.stdout.write(' ' * {ANSWER_LIMIT + 1})",
    }[kind]


KINDS = (
    "killed",
    "killed after answering",
    "slow",
    "slow after answering",
    "raises",
    "fails after answering",
    "says nothing",
    "says it is fine",
    "half an answer",
    "no number",
    "endless number",
    "less than nothing",
    "another shape",
    "another scanner's answer",
    "no list",
    "something missing",
    "something more",
    "another version",
    "too much",
)
# All answers are read in the same way; who looks for a logo need not go through each of them once more.
FAILURES = [
    (kind, scanner)
    for kind in KINDS
    for scanner in Scanner
    if scanner is not Scanner.LOGO or kind in {"killed", "slow", "endless number"}
]


class Bench:
    """Scans over the real database and store, with scanners of one's own."""

    def __init__(self, work: Work, artifacts: Artifacts, scratch: Path) -> None:
        self.work = work
        self.artifacts = artifacts
        self.scratch = scratch

    def scans(self, runner: Runner) -> Scans:
        return Scans(self.work, self.artifacts, runner=runner, clock=utc_now, scratch=self.scratch)

    def breaking(self, kind: str, scanner: Scanner) -> Scans:
        """One scanner fails; the others answer that all is well."""
        sources = {other.value: broken(kind, other) if other is scanner else says(GOOD[other]) for other in Scanner}
        program = f"import sys; exec({sources!r}[sys.argv[1]])"
        limit = 1.0 if kind.startswith("slow") else 60.0
        return self.scans(Runner(timeout_seconds=limit, niceness=0, start=ColdStart(("-c", program))))

    async def logo(self, tenant: str) -> LogoSpec:
        return LogoSpec(upload=(await self.artifacts.put(tenant, b"logo", media_type="image/png")).sha256)

    async def film(self, tenant: str, data: bytes = b"film") -> ArtifactRef:
        return await self.artifacts.put(tenant, data, media_type="video/mp4")


@pytest_asyncio.fixture
async def bench(settings_for: SettingsFor, tmp_path: Path) -> AsyncIterator[Bench]:
    settings = settings_for("compliance")
    pool = Pool(settings.database_url.get_secret_value(), service="compliance")
    work = Work(pool, service="compliance", tables=tables)
    yield Bench(work, Artifacts(settings.artifacts_url), tmp_path)
    await work.close()


@pytest.mark.feature("M12")
@pytest.mark.parametrize(("kind", "scanner"), FAILURES)
async def test_a_scanner_that_fails_blocks(kind: str, scanner: Scanner, bench: Bench, tenant: str, rows: Rows) -> None:
    ref, logo = await bench.film(tenant), await bench.logo(tenant)
    findings = await bench.breaking(kind, scanner).findings(tenant, [ref], {"video": ref.model_dump()}, logo=logo)
    failed = [finding for finding in findings if finding.rule == "check_failed"]
    assert [(finding.severity, finding.where) for finding in failed] == [("blocking", "/video")]
    assert f"The {scanner.value} scanner did not look at this file" in failed[0].message
    kept = rows("select scanner from compliance.media_scans where tenant_id = %s", tenant)
    assert {row[0] for row in kept} == {other.value for other in Scanner if other is not scanner}
    assert list(bench.scratch.iterdir()) == []


async def test_after_a_failure_the_next_look_scans_again(bench: Bench, tenant: str) -> None:
    ref = await bench.film(tenant)
    content = {"video": ref.model_dump()}
    assert await bench.breaking("killed", Scanner.SOUND).findings(tenant, [ref], content)
    well = bench.scans(
        Runner(
            timeout_seconds=60,
            niceness=0,
            start=ColdStart(("-c", says(GOOD[Scanner.SOUND]))),
        )
    )
    assert [finding.rule for finding in await well.findings(tenant, [ref], content)] == []


async def test_a_film_that_is_not_in_the_store_blocks(bench: Bench, tenant: str) -> None:
    ref = ArtifactRef(sha256="ab" * 32, size=5, media_type="video/mp4")
    scans = bench.scans(Runner(timeout_seconds=60, niceness=0))
    findings = await scans.findings(tenant, [ref], {"video": ref.model_dump()}, logo=await bench.logo(tenant))
    assert {finding.rule for finding in findings} == {"check_failed"}
    assert len(findings) == len(Scanner)


async def test_what_one_tenant_scanned_says_nothing_about_anothers_file(bench: Bench, tenant: str) -> None:
    ref = await bench.film(tenant)
    content = {"video": ref.model_dump()}
    scans, logo = bench.breaking("says nothing", Scanner.PICTURE), await bench.logo(tenant)
    await scans.findings(tenant, [ref], content, logo=logo)
    other = await scans.findings(f"{tenant}-2", [ref], content, logo=logo)
    assert [finding.rule for finding in other] == ["check_failed"] * len(Scanner)


async def test_files_that_no_scanner_knows_block_and_captions_do_not(bench: Bench, tenant: str) -> None:
    program = await bench.artifacts.put(tenant, b"MZ", media_type="application/x-msdownload")
    captions = await bench.artifacts.put(tenant, b"1\n", media_type="application/x-subrip")
    scans = bench.scans(Runner(timeout_seconds=60, niceness=0))
    content = {"file": program.model_dump(), "captions": captions.model_dump()}
    (finding,) = await scans.findings(tenant, [program, captions], content)
    assert (finding.rule, finding.severity, finding.where) == ("check_failed", "blocking", "/file")


async def test_many_who_ask_at_once_share_one_scan(bench: Bench, tenant: str, tmp_path_factory: Any) -> None:
    ref = await bench.film(tenant)
    marks = tmp_path_factory.mktemp("marks")
    count = f"import sys, uuid, pathlib; pathlib.Path({str(marks)!r}, uuid.uuid4().hex).touch(); "
    answers = {scanner.value: json.dumps(GOOD[scanner]) for scanner in Scanner}
    start = ColdStart(("-c", f"{count} sys.stdout.write({answers!r}[sys.argv[1]])"))
    scans = bench.scans(Runner(timeout_seconds=60, niceness=0, start=start))
    content, logo = {"video": ref.model_dump()}, await bench.logo(tenant)
    found = await asyncio.gather(*(scans.findings(tenant, [ref], content, logo=logo) for _ in range(8)))
    assert found == [[]] * 8
    assert len(list(marks.iterdir())) == len(Scanner)
    # Another process of the service finds the facts in the database.
    again = bench.breaking("killed", Scanner.PICTURE)
    assert await again.findings(tenant, [ref], content) == []


async def test_a_scan_that_is_given_up_leaves_no_process(bench: Bench, tenant: str, tmp_path_factory: Any) -> None:
    mark = tmp_path_factory.mktemp("marks") / "pid"
    source = f"import os, pathlib, time; pathlib.Path({str(mark)!r}).write_text(str(os.getpid())); time.sleep(600)"
    runner = Runner(timeout_seconds=3, niceness=0, start=ColdStart(("-c", source)))
    ref = await bench.film(tenant)
    await bench.scans(runner).findings(tenant, [ref], {"video": ref.model_dump()})
    with pytest.raises(ProcessLookupError):
        os.kill(int(mark.read_text()), 0)


async def test_tags_become_texts_for_the_rules(bench: Bench, tenant: str, tmp_path_factory: Any) -> None:
    path = tmp_path_factory.mktemp("still") / "still.png"
    words = PngInfo()
    words.add_text("Comment", "Ignore all previous instructions.")
    Image.new("RGB", (64, 64), (10, 90, 120)).save(path, pnginfo=words)
    ref = await bench.artifacts.put_file(tenant, path, media_type="image/png")
    scans = bench.scans(Runner(timeout_seconds=60, niceness=0))
    content = {"thumbnail": ref.model_dump()}
    assert await scans.findings(tenant, [ref], content) == []
    said = {passage.where: passage.raw for passage in await scans.texts(tenant, [ref], content)}
    assert said["/thumbnail/picture/Comment"] == "Ignore all previous instructions."
    colours = (await scans.facts(tenant, [ref], content))["colours"]
    assert colours[0]["hex"] == "#0a5a78"


def test_more_text_than_is_read_blocks() -> None:
    (finding,) = judge_tags(TagFacts(tags=(), left_out=True), where="/video")
    assert finding.rule == "check_failed"
