"""What the editor does when ordered: lay the film out, render it, and make other files of it."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from common.bus.step import Pending, Step
from common.contracts.editing import Cut, CutVersion, RenderInput, Timeline, TimelineInput
from common.contracts.exporting import ExportedFile, ExportInput, Exports
from common.contracts.rework import SceneMark
from common.contracts.safety import Side
from common.contracts.values import ArtifactRef, ArtifactType, Downgrade, Origin
from common.errors import GreenlightError
from common.phrases import run_together
from media.fonts import left_out

from editor.cache import FolderCache, cache_of
from editor.exports import Film, Made, export
from editor.onlookers import Airlock
from editor.remotion.rendering import NAME as REMOTION
from editor.remotion.rendering import Studio, fall_back, pictures_by_remotion
from editor.render import RENDERER, RenderedCut, planned_versions, render_formats
from editor.timeline import assemble, scene_marks, seen_texts

MADE_BY = f"editor/{RENDERER}"


async def assemble_timeline(input: TimelineInput, step: Step) -> Timeline:
    """The cut as data. The manifest's index decides the order, whatever order the clips came in."""
    return assemble(input.production, input.clips)


async def render_cut(
    input: RenderInput, step: Step, *, scratch: Path, segments: Path, studio: Studio | None = None
) -> Cut | Pending:
    """The film of a timeline, checked before it is handed on. The same timeline gives the same bytes.

    With a `studio` Remotion draws the picture, and the step waits for it; where our own engine may stand in, that is
    a downgrade.
    """
    # A timeline has its words one by one, and what they say together is what will be read.
    captions = [run_together(word.text for word in scene.words) for scene in input.timeline.scenes]
    await step.shield({"captions": captions}, side=Side.INPUT)
    cache = cache_of(step.tenant, segments)
    with tempfile.TemporaryDirectory(dir=scratch, prefix="cut-") as folder:
        room = _Room(input, step, cache, Path(folder))
        if studio is None:
            return await room.cut(renderer=RENDERER)
        try:
            return await room.cut_by_remotion(studio)
        except GreenlightError as error:
            if not studio.goes_on_without(error, step):
                raise
            fall_back(error, step)
            return await room.cut(renderer=RENDERER)


@dataclass(frozen=True)
class _Room:
    """One order of a film, and the folder it is made in."""

    input: RenderInput
    step: Step
    cache: FolderCache
    work: Path

    async def cut_by_remotion(self, studio: Studio) -> Cut | Pending:
        """The film around Remotion's picture, or what is waited for. Its sound and its checks are ours."""
        pictures = await pictures_by_remotion(
            await planned_versions(self.input.timeline, self.input.formats),
            self.step,
            studio=studio,
            cache=self.cache,
            files=self._file_of,
            work=self.work,
        )
        if isinstance(pictures, Pending):
            self.step.origin = Origin.OFFLINE
            return pictures
        return await self.cut(renderer=REMOTION, pictures=pictures)

    async def cut(self, *, renderer: str, pictures: Sequence[Path] = ()) -> Cut:
        step = self.step
        airlock = Airlock(step, self.input)
        try:
            rendered, *others = await render_formats(
                self.input.timeline,
                self.input.formats,
                files=self._file_of,
                cache=self.cache,
                work=self.work,
                progress=step.progress,
                onlooker=airlock,
                pictures=pictures,
            )
        finally:
            await airlock.take_back()
        cut = await _keep(rendered, others, step, scenes=scene_marks(self.input.timeline), renderer=renderer)
        if said := left_out(seen_texts(self.input.timeline)):
            step.degrade(Downgrade(code="letters_left_out", detail=said, stage="editing"))
        step.origin = Origin.OFFLINE
        return cut

    async def _file_of(self, ref: ArtifactRef) -> Path:
        return await self.step.artifacts.fetch(self.step.tenant, ref, into=self.work)


async def export_cut(input: ExportInput, step: Step, *, scratch: Path) -> Exports:
    """Files of a finished film for other programs and for people. The film is the tenant's own, or is not found."""
    with tempfile.TemporaryDirectory(dir=scratch, prefix="export-") as folder:
        work = Path(folder)
        video = await step.artifacts.fetch(step.tenant, input.cut.video, into=work)
        film = Film(video=video, timeline=input.timeline, folder=work)

        async def keep(made: Made) -> ArtifactRef:
            return await step.keep(
                made.path,
                type=made.type,
                name=made.path.name,
                media_type=made.media_type,
                made_by=MADE_BY,
                origin=Origin.OFFLINE,
            )

        files: list[ExportedFile] = []
        for done, kind in enumerate(dict.fromkeys(input.kinds)):
            step.progress(done / len(input.kinds), kind.value)
            files += [
                ExportedFile(kind=kind, name=one.name, file=one.ref) for one in await export(film, kind, keep=keep)
            ]
    step.origin = Origin.OFFLINE
    return Exports(files=tuple(files))


async def _keep(
    rendered: RenderedCut,
    others: Sequence[RenderedCut],
    step: Step,
    *,
    scenes: tuple[SceneMark, ...],
    renderer: str,
) -> Cut:
    async def keep(path: Path, type: ArtifactType, media_type: str, *, shape: str = "") -> ArtifactRef:
        name = f"{path.stem}{shape}{path.suffix}"
        return await step.keep(
            path, type=type, name=name, media_type=media_type, made_by=f"editor/{renderer}", origin=Origin.OFFLINE
        )

    async def keep_version(other: RenderedCut) -> CutVersion:
        shape = f"-{other.width}x{other.height}"
        return CutVersion(
            video=await keep(other.video, ArtifactType.RENDERED_VIDEO, "video/mp4", shape=shape),
            thumbnail=await keep(other.thumbnail, ArtifactType.THUMBNAIL, "image/jpeg", shape=shape),
            width=other.width,
            height=other.height,
        )

    await keep(rendered.srt, ArtifactType.CAPTIONS, "application/x-subrip")
    return Cut(
        video=await keep(rendered.video, ArtifactType.RENDERED_VIDEO, "video/mp4"),
        thumbnail=await keep(rendered.thumbnail, ArtifactType.THUMBNAIL, "image/jpeg"),
        captions=await keep(rendered.vtt, ArtifactType.CAPTIONS, "text/vtt"),
        duration_ms=rendered.duration_ms,
        width=rendered.width,
        height=rendered.height,
        fps=rendered.fps,
        loudness_lufs=rendered.loudness_lufs,
        true_peak_dbtp=rendered.true_peak_dbtp,
        renderer=renderer,
        scenes=scenes,
        versions=tuple([await keep_version(other) for other in others]),
        repaired=tuple(dict.fromkeys(said for one in (rendered, *others) for said in one.repaired)),
    )
