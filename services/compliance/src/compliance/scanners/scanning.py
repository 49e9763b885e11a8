"""Looking at the media that content names: measured once a file, judged at every look, blocked where nobody looked."""

from __future__ import annotations

import asyncio
import hashlib
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from common.artifacts import Artifacts
from common.clock import Clock
from common.contracts.gates import Finding
from common.contracts.values import ArtifactRef, JsonObject
from common.db.work import Work
from common.errors import NotFound
from common.forking import can_fork
from common.observability.logging import get_logger
from common.observability.metrics import MEDIA_SCAN_SECONDS, MEDIA_SCANS
from common.observability.tracing import tracer_for
from opentelemetry.trace import Tracer
from pydantic import ValidationError
from safety.checks import check_failed
from safety.pack import LogoSpec
from safety.rules.passage import Passage, objects_of

from compliance.logofiles import read_logo
from compliance.repository.scans import MediaScans
from compliance.scanners.facts import Facts, LogoFacts, PictureFacts, Scanner, SoundFacts, Stretch, TagFacts
from compliance.scanners.judging import cues_of, judge_picture, judge_sound, judge_tags, not_scanned
from compliance.scanners.limits import LIMITS, Limits
from compliance.scanners.once import Once
from compliance.scanners.piecework import SERVICE, Piecework
from compliance.scanners.running import ColdStart, Runner, ScanFailed, WarmStart
from compliance.settings import Settings
from compliance.textfiles import CAPTION_TYPES, is_text, kind_of

log = get_logger(__name__)
UNCHECKED = (
    "Text in pictures was not read.",
    "What pictures show was not recognised: neither people nor things nor places.",
    "What is said was not recognised; only whether there is a sound like speech while captions promise it.",
)
_SCANNERS = {
    "video": (Scanner.PICTURE, Scanner.SOUND, Scanner.TAGS),
    "image": (Scanner.PICTURE, Scanner.TAGS),
    "audio": (Scanner.SOUND, Scanner.TAGS),
}
_CAPTION_BYTES = 1 << 20

_KNOWN_LIMIT = 256

Outcome = Facts | ScanFailed


class Scans:
    """Runs the scanners and keeps their facts. The same file is scanned once, however many ask for it."""

    unchecked: tuple[str, ...] = UNCHECKED

    def __init__(
        self,
        work: Work,
        artifacts: Artifacts,
        *,
        runner: Runner,
        clock: Clock,
        scratch: Path,
        at_once: int = 2,
        limits: Limits = LIMITS,
        tracer: Tracer | None = None,
    ) -> None:
        self._work = work
        self._artifacts = artifacts
        self._runner = runner
        self._clock = clock
        self._scratch = scratch
        self._slots = asyncio.Semaphore(at_once)
        self._limits = limits
        self._tracer = tracer or tracer_for(SERVICE)
        self._known: dict[tuple[str, str], dict[Scanner, Facts]] = {}
        self._once: Once[dict[Scanner, Outcome]] = Once()
        self._pieces = Piecework(artifacts, runner=runner, slots=self._slots, scratch=scratch)

    async def findings(
        self, tenant: str, refs: Sequence[ArtifactRef], content: JsonObject, *, logo: LogoSpec | None = None
    ) -> Sequence[Finding]:
        """What is wrong with the films, pictures and sounds among `refs`; a file nobody looked at is `check_failed`.

        Captions that stand beside a film in the content say when it promises speech. A `logo` is looked for in films.
        """
        named = _named(refs, content)
        scanned = await asyncio.gather(*(self.scan(tenant, ref) for _, ref in named if _scanners_of(ref)))
        outcomes = iter(scanned)
        findings: list[Finding] = []
        for where, ref in named:
            if _scanners_of(ref):
                cues = await self._cues(tenant, where, ref, content)
                seen = next(outcomes) | (await self._seek(tenant, ref, logo) if logo and _is_film(ref) else {})
                for scanner, outcome in seen.items():
                    findings += self._judged(scanner, outcome, where=where, cues=cues)
            elif not is_text(ref):
                findings.append(
                    check_failed(f"A file of the kind {ref.media_type!r}, which no scanner knows,", where=where)
                )
        return findings

    async def facts(
        self, tenant: str, refs: Sequence[ArtifactRef], content: JsonObject, *, logo: LogoSpec | None = None
    ) -> JsonObject:
        """The colours of the film, or of the first picture where there is none, and where the `logo` was seen.

        As far as `findings` measured them; of several films, of the one that is least like having the logo.
        """
        colours: list[JsonObject] = []
        marks: list[LogoFacts] = []
        for _, ref in _named(refs, content):
            if logo and _is_film(ref) and isinstance(mark := await self._sought(tenant, ref, logo), LogoFacts):
                marks.append(mark)
            seen = (await self._kept(tenant, ref)).get(Scanner.PICTURE)
            if isinstance(seen, PictureFacts) and (not colours or seen.frames > 1):
                colours = [colour.model_dump() for colour in seen.colours]
        found: JsonObject = {"colours": colours} if colours else {}
        if marks:
            worst = min(marks, key=lambda mark: mark.alike)
            found["logo"] = worst.model_dump() | {"seen": worst.alike >= self._limits.logo_alike}
        return found

    async def texts(self, tenant: str, refs: Sequence[ArtifactRef], content: JsonObject) -> Sequence[Passage]:
        """What the files carry as text beside pictures and sound, as far as `findings` found it: for rules to judge."""
        found: list[Passage] = []
        for where, ref in _named(refs, content):
            tags = (await self._kept(tenant, ref)).get(Scanner.TAGS)
            if isinstance(tags, TagFacts):
                found += [Passage(f"{where}{tag.where}", tag.text) for tag in tags.tags]
        return found

    async def scan(
        self, tenant: str, ref: ArtifactRef, *, pieces: Sequence[ArtifactRef] = ()
    ) -> dict[Scanner, Outcome]:
        """The facts of a file by each scanner its kind has, or why there are none. Facts are kept; failures are not.

        What was seen of the `pieces` that a film is said to be joined from counts if the film turns out to be.
        """
        return await self._once((tenant, ref.sha256), self._scan(tenant, ref, pieces))

    async def see(self, tenant: str, piece: ArtifactRef) -> None:
        """Look at a piece of a film to come, so that less is left to look at in the film."""
        await self._pieces.see(tenant, piece)

    async def _seek(self, tenant: str, ref: ArtifactRef, logo: LogoSpec) -> dict[Scanner, Outcome]:
        """Where in a film the logo is, once for each film, logo and place."""
        return await self._once((tenant, _question(ref, logo)), self._look_for(tenant, ref, logo))

    async def _sought(self, tenant: str, ref: ArtifactRef, logo: LogoSpec) -> Facts | None:
        async with self._work.transaction(tenant) as tx:
            return (await MediaScans(tx).find(_question(ref, logo))).get(Scanner.LOGO)

    async def _look_for(self, tenant: str, ref: ArtifactRef, logo: LogoSpec) -> dict[Scanner, Outcome]:
        if known := await self._sought(tenant, ref, logo):
            MEDIA_SCANS.labels(SERVICE, Scanner.LOGO.value, "kept").inc()
            return {Scanner.LOGO: known}
        try:
            async with self._slots, self._file(tenant, ref) as path:
                mark = path.with_name("logo")
                await asyncio.to_thread(mark.write_bytes, await read_logo(self._artifacts, tenant, logo.upload))
                more = (str(mark), logo.place.value, str(logo.width))
                outcome = await self._run(tenant, ref, Scanner.LOGO, path, *more, kept_as=_question(ref, logo))
        except NotFound:
            outcome = ScanFailed("the film, or the logo of the brand kit, is not in the store")
        return {Scanner.LOGO: outcome}

    async def close(self) -> None:
        """End the scans that are under way; what they found is lost, and nothing waits for it."""
        await self._once.close()
        await self._pieces.close()
        await self._runner.start.close()

    async def _scan(self, tenant: str, ref: ArtifactRef, pieces: Sequence[ArtifactRef]) -> dict[Scanner, Outcome]:
        wanted = _scanners_of(ref)
        known = await self._kept(tenant, ref)
        for scanner in known:
            MEDIA_SCANS.labels(SERVICE, scanner.value, "kept").inc()
        missing = [scanner for scanner in wanted if scanner not in known]
        if not missing:
            return dict(known)
        await asyncio.gather(*(self._pieces.see(tenant, piece) for piece in pieces))
        try:
            async with self._slots, self._file(tenant, ref) as path:
                more = {Scanner.PICTURE: self._pieces.files(tenant, pieces)}
                scans = (self._run(tenant, ref, scanner, path, *more.get(scanner, ())) for scanner in missing)
                made = await asyncio.gather(*scans)
        except NotFound:
            made = [ScanFailed("it is not in the store") for _ in missing]
        outcomes = known | dict(zip(missing, made, strict=True))
        return {scanner: outcomes[scanner] for scanner in wanted}

    async def _kept(self, tenant: str, ref: ArtifactRef) -> dict[Scanner, Facts]:
        """The facts that are known of a file. Once all are known they never change, and stay in memory for a while."""
        key = (tenant, ref.sha256)
        wanted = _scanners_of(ref)
        known = self._known.get(key, {})
        if wanted and not known.keys() >= set(wanted):
            async with self._work.transaction(tenant) as tx:
                known = await MediaScans(tx).find(ref.sha256)
            self._known[key] = known
            while len(self._known) > _KNOWN_LIMIT:
                self._known.pop(next(iter(self._known)))
        return {scanner: known[scanner] for scanner in wanted if scanner in known}

    async def _run(
        self, tenant: str, ref: ArtifactRef, scanner: Scanner, path: Path, *more: str, kept_as: str = ""
    ) -> Outcome:
        began = time.perf_counter()
        attributes = {"scanner": scanner.value, "sha256": ref.sha256, "media_type": ref.media_type}
        with self._tracer.start_as_current_span("safety.check", attributes=attributes) as span:
            try:
                facts = await self._runner.scan(scanner, path, *more)
            except ScanFailed as failure:
                span.set_attribute("outcome", "failed")
                MEDIA_SCANS.labels(SERVICE, scanner.value, "failed").inc()
                log.warning("scan.failed", scanner=scanner.value, sha256=ref.sha256, reason=str(failure))
                return failure
            span.set_attribute("outcome", "scanned")
        took = time.perf_counter() - began
        MEDIA_SCANS.labels(SERVICE, scanner.value, "scanned").inc()
        MEDIA_SCAN_SECONDS.labels(SERVICE, scanner.value).observe(took)
        async with self._work.transaction(tenant) as tx:
            took_ms = round(took * 1000)
            await MediaScans(tx).add(kept_as or ref.sha256, scanner, facts, took_ms=took_ms, at=self._clock())
        return facts

    @asynccontextmanager
    async def _file(self, tenant: str, ref: ArtifactRef) -> AsyncIterator[Path]:
        """The file's verified bytes in a folder that goes with it."""
        with tempfile.TemporaryDirectory(dir=self._scratch, prefix="scan-") as folder:
            yield await self._artifacts.fetch(tenant, ref, into=Path(folder))

    async def _cues(self, tenant: str, where: str, ref: ArtifactRef, content: JsonObject) -> list[Stretch]:
        """When the captions beside a film in the content promise words. Unreadable ones are found elsewhere."""
        if not _is_film(ref):
            return []
        for place, captions in _references(content):
            beside = place.rpartition("/")[0] == where.rpartition("/")[0]
            if beside and kind_of(captions) in CAPTION_TYPES and captions.size <= _CAPTION_BYTES:
                try:
                    return cues_of((await self._artifacts.get(tenant, captions)).decode("utf-8", "replace"))
                except NotFound:
                    return []
        return []

    def _judged(self, scanner: Scanner, outcome: Outcome, *, where: str, cues: Sequence[Stretch]) -> list[Finding]:
        match outcome:
            case ScanFailed():
                return [not_scanned(scanner.value, str(outcome), where=where)]
            case PictureFacts():
                return judge_picture(outcome, where=where, limits=self._limits)
            case SoundFacts():
                return judge_sound(outcome, where=where, cues=cues, limits=self._limits)
            case TagFacts():
                return judge_tags(outcome, where=where)
            case LogoFacts():
                # What it means that a film has no logo is for the brand kit's rules.
                return []


def scans_of(settings: Settings, *, work: Work, artifacts: Artifacts, clock: Clock, scratch: Path) -> Scans:
    """The scans of a service with these settings."""
    start = WarmStart() if can_fork() else ColdStart()
    runner = Runner(timeout_seconds=settings.scan_timeout_seconds, niceness=settings.scan_niceness, start=start)
    return Scans(work, artifacts, runner=runner, clock=clock, scratch=scratch, at_once=settings.scans_at_once)


def _named(refs: Sequence[ArtifactRef], content: JsonObject) -> list[tuple[str, ArtifactRef]]:
    """Where in the content each of the files is named, each file once."""
    wanted = {ref.sha256 for ref in refs}
    found: dict[str, tuple[str, ArtifactRef]] = {}
    for where, ref in _references(content):
        if ref.sha256 in wanted:
            found.setdefault(f"{ref.sha256} {ref.media_type}", (where, ref))
    return list(found.values())


def _references(content: JsonObject) -> Iterator[tuple[str, ArtifactRef]]:
    for where, value in objects_of(content):
        if {"sha256", "size", "media_type"} <= value.keys():
            try:
                yield where, ArtifactRef.model_validate(value)
            except ValidationError:
                continue


def _scanners_of(ref: ArtifactRef) -> tuple[Scanner, ...]:
    return _SCANNERS.get(kind_of(ref).partition("/")[0], ())


def _is_film(ref: ArtifactRef) -> bool:
    return kind_of(ref).startswith("video/")


def _question(ref: ArtifactRef, logo: LogoSpec) -> str:
    """Under which hash it is kept whether this film has this logo, there and that wide."""
    return hashlib.sha256(f"{ref.sha256} {logo.upload} {logo.place.value} {logo.width}".encode()).hexdigest()
