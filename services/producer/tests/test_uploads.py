"""Music and footage that people bring along: measured, kept once on its terms, and used in a film."""

from __future__ import annotations

import hashlib
import importlib
import io
import wave
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import av
import httpx
import numpy as np
import producer.wiring
import pytest
from common.artifacts import Artifacts
from common.contracts.ideation import Idea
from common.contracts.message import Finished, Outcome
from common.contracts.production import Clip, ClipInput, MakeClip, PlanProduction, ProductionInput, ProductionOutput
from common.contracts.rework import Rework, ReworkStage
from common.contracts.uploads import FootageChoice
from common.contracts.values import ArtifactRef
from common.errors import NotFound
from media.ffmpeg import run_ffmpeg
from PIL import Image
from producer.music import wav_bytes
from testkit.listening import listening
from testkit.orders import Orders
from testkit.people import People, Person
from testkit.plugin import Serving, SettingsFor
from testkit.stack import Stack
from testkit.workshop import Rows

IDEA = Idea(
    id="1", title="Why tides rise", hook="The sea breathes twice a day.", angle="plain",
    summary="The moon pulls the sea.", points=("The moon pulls the sea.", "The earth turns beneath."), why="Short.",
)  # fmt: skip
ORDER = ProductionInput(idea=IDEA, brief="How tides work", target_seconds=6)
OWN = {"kind": "music", "title": "A tone", "licence": "own"}
CC = {
    "kind": "music",
    "title": "Low tide",
    "licence": "cc_by",
    "licence_text": "CC BY 4.0",
    "author": "Cleo Dusk",
    "source": "https://music.example/low-tide",
}
CREDIT = "Music: Low tide by Cleo Dusk (CC BY 4.0), https://music.example/low-tide"


def tone(hertz: float, *, seconds: float = 3.0, peak: float = 0.2) -> bytes:
    """A WAV file with one tone in it."""
    time = np.arange(int(48_000 * seconds)) / 48_000
    return wav_bytes(np.stack([peak * np.sin(2 * np.pi * hertz * time)] * 2, axis=1).astype(np.float32))


async def made(folder: Path, name: str, *args: str) -> bytes:
    """A file as ffmpeg makes it."""
    await run_ffmpeg(["-v", "error", *args, str(folder / name)], timeout_s=60)
    return (folder / name).read_bytes()


async def a_film(folder: Path) -> bytes:
    """Two seconds of bars, without sound."""
    source = ["-f", "lavfi", "-i", "testsrc=s=360x640:r=24:d=2"]
    return await made(folder, "film.mp4", *source, "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")


def a_picture(form: str = "PNG", *, side: int = 400) -> bytes:
    """A picture, of which the left half is red."""
    drawn, made = Image.new("RGB", (2 * side, side), (0, 0, 255)), io.BytesIO()
    drawn.paste((255, 0, 0), (0, 0, side, side))
    drawn.save(made, form)
    return made.getvalue()


@dataclass
class Desk:
    """The running producer, and a creator who uploads."""

    client: httpx.AsyncClient
    creator: Person
    orders: Orders
    tenant: str
    artifacts: Artifacts

    async def upload(self, data: bytes, **terms: str) -> httpx.Response:
        return await self.client.post("/v1/uploads", params=terms, content=data, headers=self.creator.headers)

    async def kept(self, data: bytes, **terms: str) -> str:
        answer = await self.upload(data, **terms)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["sha256"])

    async def plan(self, **change: Any) -> Finished:
        return await self.orders.order(PlanProduction, ORDER.model_copy(update=change), tenant=self.tenant)


@pytest.fixture
async def desk(serving: Serving, people: People, orders: Orders, tenant: str, stack: Stack) -> AsyncIterator[Desk]:
    creator = await people.join(tenant, "creator")
    async with serving("producer", render_scale=0.1) as client:
        yield Desk(client, creator, orders, tenant, Artifacts((stack.site.data / "artifacts").as_uri()))


def plan_of(finished: Finished) -> ProductionOutput:
    assert finished.outcome is Outcome.DONE, finished.problem
    return ProductionOutput.model_validate(finished.output)


def loudest(wav: bytes) -> float:
    """The strongest frequency of a WAV file, in hertz."""
    with wave.open(io.BytesIO(wav)) as reader:
        sound = np.frombuffer(reader.readframes(reader.getnframes()), dtype="<i2").reshape(-1, 2)[:, 0]
    return float(np.abs(np.fft.rfft(sound.astype(float)))[1:].argmax() + 1) * 48_000 / len(sound)


async def test_an_upload_is_kept_once_on_its_terms_and_for_its_tenant(desk: Desk, people: People, rows: Rows) -> None:
    data = tone(220, seconds=8)
    assert len(data) > 1 << 20, "what other requests may not be"
    first = await desk.upload(data, **CC)
    again = await desk.upload(data, **CC)
    other = await desk.upload(data, **OWN)
    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 409), first.text
    assert first.json() == again.json()
    assert other.json()["error"] == "uploaded_otherwise"
    told = first.json()
    assert (told["media_type"], told["duration_ms"], told["credit"]) == ("audio/wav", 8000, CREDIT)
    stranger = await people.join(f"{desk.tenant}-2", "creator")
    reviewer = await people.join(desk.tenant, "reviewer")
    listed = [await desk.client.get("/v1/uploads", headers=one.headers) for one in (desk.creator, stranger)]
    assert [one.json() for one in listed] == [[told], []]
    refused = await desk.client.post("/v1/uploads", params=OWN, content=data, headers=reviewer.headers)
    unknown = await desk.client.post("/v1/uploads", params=OWN, content=data)
    assert (refused.status_code, unknown.status_code) == (403, 401)
    kept = "select convert_from(body, 'utf8')::jsonb from producer.outbox where tenant_id = %s"
    kept += " and convert_from(body, 'utf8')::jsonb ->> 'action' = 'upload.kept'"
    [(entry,)] = rows(kept, desk.tenant)
    assert (entry["actor"], entry["after_sha256"]) == (desk.creator.user_id, hashlib.sha256(data).hexdigest())


@pytest.mark.parametrize(
    "terms",
    [
        OWN | {"licence": "licensed"},
        CC | {"author": " "},
        CC | {"source": "javascript:alert(1)"},
        OWN | {"kind": "poem"},
        OWN | {"title": " "},
        {"kind": "music", "title": "x"},
        OWN | {"path": "../../etc/passwd"},
    ],
)
async def test_terms_that_do_not_say_enough_are_refused(desk: Desk, terms: dict[str, str]) -> None:
    assert (await desk.upload(tone(220), **terms)).status_code == 422


async def test_what_is_said_of_a_file_passes_the_shield(desk: Desk) -> None:
    answer = await desk.upload(tone(220), **OWN | {"title": "How to make a pipe bomb at home"})
    assert (answer.status_code, answer.json()["error"]) == (400, "content_blocked")


async def test_only_what_decodes_to_its_end_is_kept(desk: Desk, tmp_path: Path) -> None:
    film, whole = await a_film(tmp_path), tone(220, seconds=4)
    mp3 = await made(tmp_path, "tone.mp3", "-f", "lavfi", "-i", "sine=440:d=4", "-b:a", "64k")
    silent = tone(220, peak=0.0)
    wrong: dict[str, tuple[bytes, str]] = {
        "nothing": (b"", "music"),
        "text": (b"These are words.", "music"),
        "a playlist": (b"#EXTM3U\n#EXTINF:1,\n/etc/hostname\n", "footage"),
        "a list of files": (b"ffconcat version 1.0\nfile /etc/hostname\n", "footage"),
        "half a picture": (b"\x89PNG\r\n\x1a\n" + b"0" * 64, "footage"),
        "half a logo": (a_picture()[:-40], "logo"),
        "a photo as a logo": (a_picture("JPEG"), "logo"),
        "a picture as music": (a_picture(), "music"),
        "a small logo": (a_picture(side=8), "logo"),
        "a film as a logo": (film, "logo"),
        "a film without sound": (film, "music"),
        "sound without a film": (mp3, "footage"),
        "half of it": (whole[: len(whole) // 2], "music"),
        "half a film": (film[: len(film) // 2], "footage"),
        "silence": (silent, "music"),
        "too short": (tone(220, seconds=0.3), "music"),
        "noise with a good beginning": (whole[:12] + b"\xff" * 4000, "music"),
    }
    for name, (data, kind) in wrong.items():
        answer = await desk.upload(data, **OWN | {"kind": kind})
        assert answer.status_code == 422, name
        assert answer.json()["error"] in {"upload_unusable", "invalid"}, name
    assert (await desk.client.get("/v1/uploads", headers=desk.creator.headers)).json() == []
    taken = (
        (mp3, "music", "audio/mpeg"),
        (film, "footage", "video/mp4"),
        (a_picture("JPEG"), "footage", "image/jpeg"),
        (a_picture(), "logo", "image/png"),
    )
    for data, kind, media_type in taken:
        answer = await desk.upload(data, **OWN | {"kind": kind})
        assert (answer.status_code, answer.json()["media_type"]) == (201, media_type), answer.text


async def test_there_is_an_end_to_what_one_may_bring(
    serving: Serving, people: People, tenant: str, stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    creator = await people.join(tenant, "creator")
    monkeypatch.setattr(producer.wiring, "UPLOAD_MEGABYTES", 1)
    data = tone(220, seconds=3)

    async def pieces(count: int) -> AsyncIterator[bytes]:
        for _ in range(count):
            yield data

    async with serving("producer", uploads_bytes=len(data)) as client:
        told = await client.post("/v1/uploads", params=OWN, content=data * 2, headers=creator.headers)
        untold = await client.post("/v1/uploads", params=OWN, content=pieces(2), headers=creator.headers)
        assert (told.status_code, untold.status_code) == (413, 413)
        fits = await client.post("/v1/uploads", params=OWN, content=pieces(1), headers=creator.headers)
        full = await client.post("/v1/uploads", params=OWN, content=tone(300), headers=creator.headers)
        again = await client.post("/v1/uploads", params=OWN, content=data, headers=creator.headers)
    assert fits.status_code == 201, fits.text
    assert (full.status_code, full.json()["error"]) == (413, "uploads_full")
    assert again.status_code == 200
    store = Artifacts((stack.site.data / "artifacts").as_uri())
    refused = ArtifactRef(sha256=hashlib.sha256(tone(300)).hexdigest(), size=1, media_type="audio/wav")
    with pytest.raises(NotFound):
        await store.get(tenant, refused)


async def test_a_film_has_the_music_that_was_brought(desk: Desk) -> None:
    sha256 = await desk.kept(tone(330), **CC)
    plain = plan_of(await desk.plan())
    finished = await desk.plan(music=sha256)
    plan = plan_of(finished)
    assert (plan.credits, plan.duration_ms) == ((CREDIT,), plain.duration_ms)
    assert plan.brought_music is not None
    kept = {record.name: record for record in finished.artifacts if record.type == "music"}
    assert {name: one.ref.sha256 for name, one in kept.items()} == {
        "music-original": sha256,
        "music.wav": plan.music.sha256,
    }
    assert {(one.origin.value, "CC BY 4.0" in str(one.licence)) for one in kept.values()} == {("upload", True)}
    bed = await desk.artifacts.get(desk.tenant, plan.music)
    own = await desk.artifacts.get(desk.tenant, plain.music)
    # Three seconds begin again and again; it is as long as our own would be, as loud, and silent at both ends.
    assert loudest(bed) == pytest.approx(330, abs=1)
    for one in (bed, own):
        with wave.open(io.BytesIO(one)) as reader:
            sound = np.frombuffer(reader.readframes(reader.getnframes()), dtype="<i2").reshape(-1, 2) / 32_768
        assert len(sound) == pytest.approx(plan.duration_ms * 48, abs=48)
        assert float(np.sqrt(np.mean(sound**2))) == pytest.approx(0.1, abs=0.02)
        assert float(np.abs(sound[-48:]).max()) < 0.01
    assert plan_of(await desk.plan(music=sha256)).music == plan.music

    louder = Rework(scene=None, stage=ReworkStage.SOUND, instruction="Other music")
    longer = Rework(scene=0, stage=ReworkStage.CUT, instruction="Hold this longer")
    again = plan_of(await desk.plan(music=sha256, rework=(louder, longer), previous=plan))
    assert [one.done for one in again.remarks] == [False, True]
    assert (again.credits, again.brought_music) == (plan.credits, plan.brought_music)
    assert again.duration_ms > plan.duration_ms
    assert loudest(await desk.artifacts.get(desk.tenant, again.music)) == pytest.approx(330, abs=1)


async def test_footage_that_was_brought_is_shown_where_the_brief_says(desk: Desk, tmp_path: Path) -> None:
    terms = CC | {"kind": "footage", "title": "Bars"}
    sha256 = await desk.kept(await a_film(tmp_path), **terms)
    finished = await desk.plan(footage=(FootageChoice(upload=sha256, scene=0), FootageChoice(upload=sha256, scene=40)))
    plan = plan_of(finished)
    assert [shot.footage is not None for shot in plan.shots] == [True] + [False] * (len(plan.shots) - 1)
    assert [one.code for one in finished.downgrades] == ["footage_unused"]
    filmed = await desk.orders.order(MakeClip, ClipInput(shot=plan.shots[0]), tenant=desk.tenant)
    assert filmed.outcome is Outcome.DONE, filmed.problem
    clip = Clip.model_validate(filmed.output)
    assert (clip.provider, clip.frames) == ("upload", plan.shots[0].frames)
    assert clip.credit == "Footage: Bars by Cleo Dusk (CC BY 4.0), https://music.example/low-tide"
    assert {record.origin.value for record in filmed.artifacts} == {"upload"}
    assert sha256 in {record.ref.sha256 for record in filmed.artifacts}
    drawn = await desk.orders.order(
        MakeClip, ClipInput(shot=plan.shots[0].model_copy(update={"footage": None})), tenant=desk.tenant
    )
    assert Clip.model_validate(drawn.output).video != clip.video


async def test_a_picture_that_was_brought_stands_for_its_scene_and_comes_nearer(desk: Desk, tmp_path: Path) -> None:
    sha256 = await desk.kept(a_picture("JPEG"), **OWN | {"kind": "footage"})
    plan = plan_of(await desk.plan(footage=(FootageChoice(upload=sha256, scene=0),)))
    filmed = await desk.orders.order(MakeClip, ClipInput(shot=plan.shots[0]), tenant=desk.tenant)
    assert filmed.outcome is Outcome.DONE, filmed.problem
    clip = Clip.model_validate(filmed.output)
    file = await desk.artifacts.fetch(desk.tenant, clip.video, into=tmp_path)
    with av.open(str(file)) as film:
        frames = [frame.to_ndarray(format="rgb24").astype(int) for frame in film.decode(video=0)]
    assert len(frames) == plan.shots[0].frames
    # What is at the edge at first has left the picture at the end, and the middle is where it was.
    top = frames[0].shape[0] // 12
    first, last = (frame[:top, :, 0] for frame in (frames[0], frames[-1]))
    assert np.argmax(np.diff(first.mean(axis=0)) < -40) == pytest.approx(
        np.argmax(np.diff(last.mean(axis=0)) < -40), abs=3
    )
    assert np.abs(frames[0] - frames[-1]).mean() > 0.5


async def test_what_was_not_uploaded_here_is_no_music_and_no_footage(desk: Desk) -> None:
    sha256 = await desk.kept(tone(330), **OWN)
    choice = FootageChoice(upload=sha256, scene=0)
    theirs = await desk.orders.order(
        PlanProduction, ORDER.model_copy(update={"music": sha256}), tenant=f"{desk.tenant}-2"
    )
    for finished in (await desk.plan(music="0" * 64), await desk.plan(footage=(choice,)), theirs):
        assert finished.problem is not None
        assert (finished.output, finished.problem.code) == (None, "upload_unknown")


async def test_who_begins_a_failed_run_again_after_its_files_were_deleted_is_told_what_to_do_and_can_do_it(
    desk: Desk, serving: Serving, settings_for: SettingsFor, compliance_url: str
) -> None:
    music, picture = tone(345), a_picture()
    sha256, shown = await desk.kept(music, **OWN), await desk.kept(picture, **OWN | {"kind": "footage"})
    asked = {"music": sha256, "footage": (FootageChoice(upload=shown, scene=0),)}
    shot = plan_of(await desk.plan(**asked)).shots[0]
    # No run of an orchestrator names them, as when one has failed: they go, row and bytes.
    async with (
        listening(importlib.import_module("orchestrator.main").app(settings_for("orchestrator"))) as url,
        serving("producer", orchestrator_url=url, compliance_url=compliance_url) as door,
    ):
        for one, kind in ((sha256, "music"), (shown, "footage")):
            gone = await door.delete(f"/v1/uploads/{kind}/{one}", headers=desk.creator.headers)
            assert gone.status_code == 204, gone.text

    async def begun_again(steps: tuple[UUID, UUID], attempt: int) -> tuple[Finished, Finished]:
        """What has a plan already begins with its clips, what has none with the plan."""
        scope = {"tenant": desk.tenant, "attempt": attempt}
        filmed = await desk.orders.order(MakeClip, ClipInput(shot=shot), step=steps[0], **scope)
        return filmed, await desk.orders.order(PlanProduction, ORDER.model_copy(update=asked), step=steps[1], **scope)

    steps = (uuid4(), uuid4())
    for refused in await begun_again(steps, 1):
        assert refused.problem is not None
        assert (refused.outcome, refused.problem.code) == (Outcome.REFUSED, "upload_unknown")
        assert "deleted since. Upload the same file (POST /v1/uploads)." in refused.problem.detail
        assert (refused.output, refused.artifacts, refused.downgrades) == (None, (), ())
    await desk.kept(music, **OWN)
    await desk.kept(picture, **OWN | {"kind": "footage"})
    filmed, planned = await begun_again(steps, 2)
    assert shown in {record.ref.sha256 for record in filmed.artifacts}
    assert plan_of(planned).brought_music is not None
