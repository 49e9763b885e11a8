"""A film seen piece by piece is judged as one that is looked at whole, and only if it is made of just these pieces."""

from __future__ import annotations

import asyncio
import json
import subprocess
import zlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from common.artifacts import Artifacts
from common.clock import utc_now
from common.contracts.values import ArtifactRef
from common.db.pool import Pool
from common.db.work import Work
from common.forking import Process
from compliance.models import tables
from compliance.scanners.facts import PIECE, PictureFacts, Scanner
from compliance.scanners.judging import judge_picture
from compliance.scanners.looking import look
from compliance.scanners.pieces import OtherPictures, look_at_pieces, put_together, remember
from compliance.scanners.running import ColdStart, Runner, WarmStart
from compliance.scanners.scanning import Scans
from media.ffmpeg import ffmpeg_path
from testkit.films import flashing
from testkit.plugin import SettingsFor
from testkit.workshop import Rows

Pieces = dict[str, Path]
SIZE = "s=180x320:r=30"
PICTURES = {
    "tides": f"gradients={SIZE}:c0=0x04151f:c1=0x0a6c9c:x0=0:y0=0:x1=180:y1=320:speed=0.2",
    "sand": f"gradients={SIZE}:c0=0xc2b280:c1=0x5a4a20:x0=0:y0=0:x1=180:y1=320:speed=0.2:seed=7",
    "night": f"color=black:{SIZE}",
    "flicker": flashing(5.0).replace("s=540x960", "s=180x320"),
}
_H264 = ("-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-g", "60", "-x264-params", "open-gop=0")


def ffmpeg(*arguments: str, cwd: Path) -> None:
    subprocess.run([ffmpeg_path(), "-v", "error", "-y", *arguments], check=True, cwd=cwd)


def piece(folder: Path, name: str, picture: str, *, seconds: float = 0.5, encoder: Sequence[str] = ()) -> Path:
    """A piece of film, as the editor makes them."""
    ffmpeg("-f", "lavfi", "-i", picture, "-t", str(seconds), *_H264, *encoder, f"{name}.mp4", cwd=folder)
    return folder / f"{name}.mp4"


def joined(folder: Path, pieces: Sequence[Path], *, name: str = "film") -> Path:
    """The film of these pieces, as the editor joins them: packets are copied, and nothing else."""
    lines = ["ffconcat version 1.0", *(f"file {path.name}" for path in pieces)]
    (folder / "pieces.txt").write_text("\n".join(lines), encoding="utf-8")
    ffmpeg("-f", "concat", "-i", "pieces.txt", "-c", "copy", "-movflags", "+faststart", f"{name}.mp4", cwd=folder)
    return folder / f"{name}.mp4"


def remembered(pieces: Sequence[Path]) -> list[tuple[Path, Path]]:
    """Each piece with what is seen of it."""
    for path in pieces:
        path.with_suffix(".seen").write_bytes(remember(path))
    return [(path, path.with_suffix(".seen")) for path in pieces]


def measures(facts: PictureFacts) -> dict[str, object]:
    """All that must come out the same; what is looked at twice a second is looked at at other instants."""
    return facts.model_dump(exclude={"pieces", "samples", "lines", "colours"})


def rules(facts: PictureFacts) -> set[str]:
    return {finding.rule for finding in judge_picture(facts, where="/video")}


@pytest.fixture(scope="module")
def pieces(tmp_path_factory: pytest.TempPathFactory) -> Pieces:
    folder = tmp_path_factory.mktemp("pieces")
    return {name: piece(folder, name, picture) for name, picture in PICTURES.items()}


def test_what_goes_on_over_a_join_is_found_though_no_piece_has_it_alone(pieces: Pieces) -> None:
    """Half a second of five flashes a second is no fault, nor is a quarter of black; a whole one is."""
    night, flicker, tides = pieces["night"], pieces["flicker"], pieces["tides"]
    for made, found in (([tides, flicker, flicker], "media.flashing"), ([tides, night, night, tides], "media.black")):
        film = joined(tides.parent, made)
        facts, whole = look_at_pieces(film, remembered(made)), look(film)
        assert facts.pieces == len(made)
        assert measures(facts) == measures(whole)
        assert found in rules(facts)
        assert {colour.hex for colour in facts.colours}
        assert rules(facts) == rules(whole)
    assert "media.flashing" not in rules(look(flicker))


def test_lines_and_the_ways_they_are_placed_are_those_of_the_film(pieces: Pieces) -> None:
    film = joined(pieces["tides"].parent, [pieces["tides"]] * 4)
    facts = look_at_pieces(film, remembered([pieces["tides"]] * 4))
    assert facts.pieces == 4
    assert (facts.frames, facts.samples, round(facts.seconds, 3)) == (60, 4, 2.0)


@pytest.mark.parametrize("names", [["tides", "sand", "tides"], ["flicker", "tides", "tides"], ["tides", "flicker"]])
@pytest.mark.parametrize("more", [[], ["tides", "tides"]])
def test_pieces_that_are_not_those_of_the_film_do_not_count(pieces: Pieces, names: list[str], more: list[str]) -> None:
    film = joined(pieces["tides"].parent, [pieces[name] for name in ("tides", "flicker", "tides")])
    facts = look_at_pieces(film, remembered([pieces[name] for name in names + more]))
    assert facts == look(film)
    assert facts.pieces == 0


def test_pictures_that_say_on_their_way_how_they_are_read_are_looked_at_whole(pieces: Pieces, tmp_path: Path) -> None:
    """One whose parameters are others changes, in a film, how what comes after it is decoded."""
    made = [
        piece(tmp_path, "one", PICTURES["tides"]),
        piece(tmp_path, "other", PICTURES["sand"], encoder=("-bf", "0", "-refs", "1", "-profile:v", "main")),
    ]
    film = joined(tmp_path, made)
    assert look_at_pieces(film, remembered(made)).pieces == 0
    again = piece(tmp_path, "vp9", PICTURES["tides"], encoder=("-c:v", "mpeg4"))
    assert look_at_pieces(joined(tmp_path, [again]), remembered([again])).pieces == 0


def test_a_piece_that_begins_in_the_middle_does_not_count(pieces: Pieces, tmp_path: Path) -> None:
    """What a decoder makes of it depends on what came before it in the film."""
    film = piece(tmp_path, "film", PICTURES["tides"], encoder=("-bf", "0"))
    ((_, seen),) = remembered([film])
    assert put_together(film, [(film, seen)]).times
    fresh, leaning = b"\x65\x88", b"\x41\x88"
    film.write_bytes(film.read_bytes().replace(fresh, leaning, 1))
    with pytest.raises(OtherPictures, match="stands alone"):
        put_together(film, [(film, seen)])


def nonsense(seen: bytes) -> dict[str, bytes]:
    """Ways in which what was seen of a piece may be none."""
    length = int.from_bytes(seen[:4], "big")
    said, packed = json.loads(seen[4 : 4 + length]), seen[4 + length :]
    pictures = zlib.decompress(packed)
    region = {"x": 0.1, "y": 0.1, "width": 0.1, "height": 0.1}

    def saying(**other: object) -> bytes:
        text = json.dumps({**said, **other}).encode()
        return len(text).to_bytes(4, "big") + text + packed

    def showing(other: bytes) -> bytes:
        return seen[: 4 + length] + zlib.compress(other)

    return {
        "nothing": b"",
        "words": b"all fine",
        "half": seen[: len(seen) // 2],
        "no words": seen[:4] + bytes(len(seen)),
        "damaged": seen[: 4 + length] + bytes(64) + packed[64:],
        "fewer pictures": showing(pictures[:-1]),
        "more pictures": showing(pictures + b"0"),
        "very many": showing(bytes(1 << 24)),
        "a picture behind the end": saying(close=[[99, []]]),
        "a picture before the first": saying(close=[[-1, []]]),
        "less than nothing": saying(colours=[[0, -1, [0.0, 0.0, 0.0]]]),
        "no such colour": saying(colours=[[4096, 1, [0.0, 0.0, 0.0]]]),
        "two channels": saying(colours=[[0, 1, [0.0, 0.0]]]),
        "no number": saying(colours=[[0, 1, [float("nan"), 0.0, 0.0]]]),
        "writing outside": saying(close=[[0, [{"region": region | {"x": 7.0}, "contrast": 3.0, "height": 0.1}]]]),
        "no contrast": saying(close=[[0, [{"region": region, "contrast": float("inf"), "height": 0.1}]]]),
        "something more": saying(verdict="allowed"),
    }


def test_what_was_seen_must_make_sense(pieces: Pieces) -> None:
    made = [pieces["tides"], pieces["flicker"], pieces["flicker"]]
    film = joined(pieces["tides"].parent, made)
    pairs = remembered(made)
    kept = pairs[0][1].read_bytes()
    whole = look(film)
    for name, seen in nonsense(kept).items():
        pairs[0][1].write_bytes(seen)
        assert look_at_pieces(film, pairs) == whole, name
    pairs[0][1].unlink()
    assert look_at_pieces(film, pairs) == whole


@dataclass(frozen=True)
class Fails:
    """Scans as they are, but for those of pieces, which are this program."""

    warm: WarmStart
    program: str

    async def __call__(self, arguments: Sequence[str], *, stdout: int, stderr: int) -> Process:
        start = ColdStart(("-c", self.program)) if arguments[0] == PIECE else self.warm
        return await start(arguments, stdout=stdout, stderr=stderr)

    async def close(self) -> None:
        await self.warm.close()


@dataclass(frozen=True)
class Bench:
    """Scans over the real database and store."""

    work: Work
    artifacts: Artifacts
    scratch: Path
    warm: WarmStart

    def scans(self, *, piece: str | None = None) -> Scans:
        """Scans, of pieces by a program of one's own."""
        start = Fails(self.warm, piece) if piece else self.warm
        runner = Runner(timeout_seconds=4, niceness=0, start=start)
        return Scans(self.work, self.artifacts, runner=runner, clock=utc_now, scratch=self.scratch)

    async def keep(self, tenant: str, paths: Sequence[Path]) -> list[ArtifactRef]:
        return [await self.artifacts.put_file(tenant, path, media_type="video/mp4") for path in paths]


@pytest_asyncio.fixture
async def bench(settings_for: SettingsFor, tmp_path: Path) -> AsyncIterator[Bench]:
    settings = settings_for("compliance")
    pool = Pool(settings.database_url.get_secret_value(), service="compliance")
    work = Work(pool, service="compliance", tables=tables)
    scratch = tmp_path / "scans"
    scratch.mkdir()
    warm = WarmStart()
    yield Bench(work, Artifacts(settings.artifacts_url), scratch, warm)
    await warm.close()
    await work.close()


async def picture_of(scans: Scans, tenant: str, film: ArtifactRef, pieces: Sequence[ArtifactRef]) -> PictureFacts:
    facts = (await scans.scan(tenant, film, pieces=pieces))[Scanner.PICTURE]
    assert isinstance(facts, PictureFacts), facts
    return facts


@pytest.mark.feature("M12")
async def test_pieces_are_looked_at_before_there_is_a_film_and_not_again(
    bench: Bench, pieces: Pieces, tenant: str, rows: Rows
) -> None:
    """They may be taken back meanwhile; nothing of them is left behind, and another tenant's say nothing."""
    made = [pieces["tides"], pieces["flicker"], pieces["flicker"]]
    film = joined(pieces["tides"].parent, made)
    scans = bench.scans()
    lent = await bench.keep(tenant, made)
    await asyncio.gather(*(scans.see(tenant, one) for one in lent))
    assert rows("select scanner from compliance.media_scans where tenant_id = %s", tenant) == []
    for one in lent:
        await bench.artifacts.discard(tenant, one.sha256)
    (video,) = await bench.keep(tenant, [film])
    facts = await picture_of(scans, tenant, video, lent)
    assert facts.pieces == 3
    assert "media.flashing" in rules(facts)
    (elsewhere,) = await bench.keep(f"{tenant}-2", [film])
    assert (await picture_of(scans, f"{tenant}-2", elsewhere, lent)).pieces == 0
    await scans.close()
    assert list(bench.scratch.iterdir()) == []


@pytest.mark.feature("M12")
async def test_a_scanner_of_pieces_that_fails_lets_nothing_pass(bench: Bench, pieces: Pieces, tenant: str) -> None:
    made = [pieces["flicker"], pieces["flicker"]]
    lent = await bench.keep(tenant, made)
    programs = (
        "pass",
        "import os; os.kill(os.getpid(), 9)",
        "import sys; sys.stdout.write('all fine')",
        "import time; time.sleep(600)",
    )
    for number, program in enumerate(programs):
        scans = bench.scans(piece=program)
        film = joined(pieces["tides"].parent, [*made, *[pieces["tides"]] * number])
        (video,) = await bench.keep(tenant, [film])
        facts = await picture_of(scans, tenant, video, [*lent, *await bench.keep(tenant, [pieces["tides"]] * number)])
        assert facts.pieces == 0, program
        assert "media.flashing" in rules(facts)
        await scans.close()
