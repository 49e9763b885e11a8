"""A note on one scene, from the plan to the pieces of the picture: only what it names is filmed and rendered again."""

from __future__ import annotations

import hashlib
from pathlib import Path
from types import ModuleType
from typing import Any

from common.contracts.ideation import IdeationInput
from common.contracts.production import Format, ProductionInput
from common.contracts.rework import Rework, ReworkStage
from editor.timeline import assemble, scene_marks
from producer.keeping import Band
from producer.rework import redo
from producer.shelf import EmptyShelf

BRIEF = "How tides work"
WANTED = "The moon pulls at every sea there is."


def pieces(cache: Path) -> dict[str, str]:
    """Every rendered piece: its key and the hash of its bytes."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in cache.glob("??/*") if path.is_file()}


async def test_another_sentence_and_picture_cost_one_scene_and_its_transitions(
    film_bench: ModuleType, tmp_path: Path
) -> None:
    studio: Any = film_bench.FilmStudio(tmp_path, picture=Format(width=108, height=192))
    watch, cache = film_bench.Stopwatch(), tmp_path / "segments"
    try:
        plan = await studio.plan(BRIEF, seconds=12, watch=watch)
        clips = await studio.clips(plan.shots, watch)
        await studio.cut(assemble(plan, clips), watch, cache=cache)
        before = pieces(cache)
        proposed = await film_bench.propose_ideas(
            IdeationInput(brief=BRIEF, target_seconds=12),
            film_bench.Desk(studio.artifacts, watch),
            writer=film_bench.OfflineTextModel(),
        )
        orders = (
            Rework(scene=1, stage=ReworkStage.SCRIPT, instruction=f"It should say '{WANTED}'"),
            Rework(scene=1, stage=ReworkStage.CLIP, instruction="Show another picture"),
        )
        asked = ProductionInput(
            idea=proposed.ideas[proposed.chosen],
            brief=BRIEF,
            target_seconds=12,
            rework=orders,
            previous=plan,
            clips=tuple(clips),
        )
        speaker = film_bench.EspeakSpeaker()
        desk = film_bench.Desk(studio.artifacts, watch)
        again = await redo(
            asked,
            plan,
            desk,
            writer=film_bench.OfflineTextModel(),
            speaker=speaker,
            compute=studio._compute,
            band=Band(desk, studio._compute, studio._root),
            shelf=EmptyShelf(),
        )
        await speaker.close()
        filmed = await studio.clips(again.shots, watch)
        timeline = assemble(again, filmed)
        await studio.cut(timeline, watch, cache=cache)
    finally:
        await studio.close()
    assert len(plan.shots) >= 3
    assert again.script.beats[1].narration == WANTED
    changed = [old.video.sha256 != new.video.sha256 for old, new in zip(clips, filmed, strict=True)]
    assert changed == [place == 1 for place in range(len(clips))]
    after = pieces(cache)
    assert {key: after[key] for key in before} == before
    # The scene's body, the transitions at its ends, and what was seen of each; the sound, which is mixed as a whole;
    # then the finished film, its still, and what was measured on it.
    assert len(after.keys() - before.keys()) == 2 * 3 + 1 + 3
    marks = scene_marks(timeline)
    assert [mark.clip_sha256 for mark in marks] == [clip.video.sha256 for clip in filmed]
    assert all(mark.still_sha256 for mark in marks)
