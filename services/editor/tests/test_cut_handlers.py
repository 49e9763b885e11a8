"""Laying out and rendering, ordered over the real bus on artifacts of the real store."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from common.artifacts import Artifacts
from common.contracts.editing import (
    AssembleTimeline,
    Cut,
    FilmJoined,
    PieceMade,
    RenderCut,
    RenderInput,
    Timeline,
    TimelineInput,
)
from common.contracts.exporting import ExportCut, ExportInput, ExportKind, Exports
from common.contracts.message import Finished, Outcome
from common.contracts.production import Clip, Format, ProductionOutput
from common.contracts.values import ArtifactRef, ArtifactType
from common.errors import NotFound
from editor.cache import prune
from testkit.listening import eventually
from testkit.orders import Orders
from testkit.plugin import Serving
from testkit.stack import Stack
from testkit.workshop import Rows

Production = Callable[..., tuple[ProductionOutput, list[Clip]]]


@dataclass
class Desk:
    """The running editor, who orders from it, and the footage it is to cut."""

    orders: Orders
    store: Artifacts
    data: Path
    tenant: str
    a_production: Production
    footage: Mapping[str, Path]

    async def keep(self, tenant: str | None = None) -> dict[str, ArtifactRef]:
        """The footage as artifacts of a tenant."""
        return {
            name: await self.store.put_file(tenant or self.tenant, path, media_type="application/octet-stream")
            for name, path in self.footage.items()
        }

    async def lay_out(self, production: ProductionOutput, clips: Sequence[Clip]) -> Finished:
        """Order the timeline."""
        order = TimelineInput(production=production, clips=tuple(clips))
        return await self.orders.order(AssembleTimeline, order, tenant=self.tenant)

    async def render(self, refs: dict[str, ArtifactRef]) -> Finished:
        """Order the film of this footage."""
        laid_out = await self.lay_out(*self.a_production(refs=refs))
        order = RenderInput(timeline=Timeline.model_validate(laid_out.output))
        return await self.orders.order(RenderCut, order, tenant=self.tenant)


@pytest.fixture
def footage_and_productions(footage: dict[str, Path], a_production: Production) -> tuple[dict[str, Path], Production]:
    return footage, a_production


@pytest.fixture
async def desk(
    serving: Serving,
    orders: Orders,
    stack: Stack,
    tenant: str,
    footage_and_productions: tuple[dict[str, Path], Production],
) -> AsyncIterator[Desk]:
    footage, a_production = footage_and_productions
    async with serving("editor"):
        store = Artifacts((stack.site.data / "artifacts").as_uri())
        yield Desk(orders, store, stack.site.data, tenant, a_production, footage)


def answer_code(finished: Finished) -> tuple[Outcome, str, bool]:
    assert finished.problem is not None
    return finished.outcome, finished.problem.code, finished.problem.retryable


async def test_clips_in_any_order_make_the_same_timeline(desk: Desk) -> None:
    production, clips = desk.a_production()
    made = [await desk.lay_out(production, order) for order in (clips, clips[::-1])]
    assert [one.outcome for one in made] == [Outcome.DONE] * 2
    assert made[0].output == made[1].output
    assert [scene.index for scene in Timeline.model_validate(made[0].output).scenes] == [0, 1, 2]


@pytest.mark.parametrize(
    ("choose", "code"),
    [
        (lambda clips: clips[:2], "missing_clip"),
        (lambda clips: [*clips, clips[0]], "doubled_clip"),
        (lambda clips: [*clips[:2], clips[2].model_copy(update={"frames": 5})], "clip_length_wrong"),
    ],
)
async def test_clips_that_make_no_film_are_refused(desk: Desk, choose: Any, code: str) -> None:
    production, clips = desk.a_production()
    finished = await desk.lay_out(production, choose(clips))
    assert answer_code(finished) == (Outcome.REFUSED, code, False)


async def test_a_rendered_cut_is_stored_and_the_same_every_time(desk: Desk) -> None:
    refs = await desk.keep()
    made = [await desk.render(refs) for _ in range(2)]
    assert made[0].outcome is Outcome.DONE, made[0].problem
    assert made[0].output == made[1].output
    cut = Cut.model_validate(made[0].output)
    assert (cut.width, cut.height, cut.fps) == (270, 480, 30)
    types = sorted(record.type.value for record in made[0].artifacts)
    assert types == ["captions", "captions", "rendered_video", "thumbnail"]
    for record in made[0].artifacts:
        assert len(await desk.store.get(desk.tenant, record.ref)) == record.ref.size
    assert (await desk.store.get(desk.tenant, cut.captions)).startswith(b"WEBVTT")
    assert (made[0].origin, made[0].cost_usd_micros) == ("offline", 0)
    assert made[0].downgrades == ()
    pieces = [path.stat().st_size for path in (desk.data / "segments").rglob("*") if path.is_file()]
    assert pieces
    assert prune(desk.data / "segments", max_bytes=0) == sum(pieces), "every piece is where pruning looks for it"
    assert (await desk.render(refs)).output == made[0].output


@pytest.mark.feature("F85")
async def test_a_cut_is_exported_as_files_behind_the_same_door(desk: Desk) -> None:
    refs = await desk.keep()
    laid_out = await desk.lay_out(*desk.a_production(refs=refs))
    cut = await desk.render(refs)
    assert cut.outcome is Outcome.DONE, cut.problem
    order = ExportInput(
        timeline=Timeline.model_validate(laid_out.output),
        cut=Cut.model_validate(cut.output),
        kinds=(ExportKind.EDL, ExportKind.HLS, ExportKind.WAVEFORM),
    )
    finished = await desk.orders.order(ExportCut, order, tenant=desk.tenant)
    assert finished.outcome is Outcome.DONE, finished.problem
    made = Exports.model_validate(finished.output)
    assert [one.name for one in made.files] == [
        *("timeline.edl", "preview.m3u8", "preview.m4s", "waveform.json", "waveform.png")
    ]
    assert {record.ref for record in finished.artifacts} == {one.file for one in made.files}
    playlist = (await desk.store.get(desk.tenant, made.files[1].file)).decode()
    assert f'URI="{made.files[2].file.sha256}"' in playlist, "the playlist names the media by its address"
    stolen = await desk.orders.order(ExportCut, order, tenant=f"{desk.tenant}-b")
    assert answer_code(stolen) == (Outcome.REFUSED, "not_found", False)


async def test_one_order_gives_the_film_in_several_shapes(desk: Desk) -> None:
    refs = await desk.keep()
    laid_out = await desk.lay_out(*desk.a_production(refs=refs))
    timeline = Timeline.model_validate(laid_out.output)
    wide = timeline.format.model_copy(update={"width": 480, "height": 270})
    order = RenderInput(timeline=timeline, formats=(timeline.format, wide))
    finished = await desk.orders.order(RenderCut, order, tenant=desk.tenant)
    assert finished.outcome is Outcome.DONE, finished.problem
    cut = Cut.model_validate(finished.output)
    assert (cut.width, cut.height) == (270, 480)
    assert [(one.width, one.height) for one in cut.versions] == [(480, 270)]
    assert cut.repaired == ()
    kept = [record.name for record in finished.artifacts if record.type is ArtifactType.RENDERED_VIDEO]
    assert kept == ["film.mp4", "film-480x270.mp4"]


async def test_the_pieces_of_a_large_film_are_lent_to_who_looks_at_films_while_others_are_rendered(
    desk: Desk, rows: Rows
) -> None:
    refs = await desk.keep()
    laid_out = await desk.lay_out(*desk.a_production(refs=refs))
    order = RenderInput(timeline=Timeline.model_validate(laid_out.output), formats=(Format(),))
    finished = await desk.orders.order(RenderCut, order, tenant=desk.tenant)
    assert finished.outcome is Outcome.DONE, finished.problem
    told = "select convert_from(body, 'utf8') from editor.outbox where tenant_id = %s and subject = %s order by seq"
    made = [PieceMade.model_validate_json(body).piece for (body,) in rows(told, desk.tenant, PieceMade.subject)]
    ((body,),) = rows(told, desk.tenant, FilmJoined.subject)
    joined = FilmJoined.model_validate_json(body)
    assert joined.video == Cut.model_validate(finished.output).video
    assert len(joined.pieces) == 5
    assert {piece.sha256 for piece in made} == {piece.sha256 for piece in joined.pieces}
    for piece in made:
        with pytest.raises(NotFound):
            await desk.store.get(desk.tenant, piece)


async def test_letters_that_no_typeface_has_are_missing_in_the_film_and_that_is_said(desk: Desk) -> None:
    refs = await desk.keep()
    laid_out = await desk.lay_out(*desk.a_production(refs=refs))
    timeline = Timeline.model_validate(laid_out.output)
    first, *others = timeline.scenes
    words = (first.words[0].model_copy(update={"text": "ไทย"}), *first.words[1:])
    changed = timeline.model_copy(update={"scenes": (first.model_copy(update={"words": words}), *others)})
    finished = await desk.orders.order(RenderCut, RenderInput(timeline=changed), tenant=desk.tenant)
    assert finished.outcome is Outcome.DONE, finished.problem
    [lost] = finished.downgrades
    assert (lost.code, lost.stage) == ("letters_left_out", "editing")
    assert "ไ ท ย" in lost.detail


async def test_footage_that_is_not_there_or_somebody_elses_makes_no_film(desk: Desk) -> None:
    finished = await desk.render(await desk.keep(f"{desk.tenant}-b"))
    assert answer_code(finished) == (Outcome.REFUSED, "not_found", False)
    assert finished.artifacts == ()


async def test_damaged_footage_is_noticed_before_it_is_cut(desk: Desk) -> None:
    refs = await desk.keep()
    damaged = refs["clip1"].sha256
    spoil(desk.data / "artifacts" / desk.tenant / "sha256" / damaged[:2] / damaged)
    finished = await desk.render(refs)
    assert answer_code(finished) == (Outcome.FAILED, "artifact_damaged", True)
    # A cut of the test before may still be clearing up.
    await eventually(lambda: not list((desk.data / "scratch").rglob("cut-*")))


def spoil(path: Path) -> None:
    """Flip one bit in the middle."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
