"""docs/workflows.md: every piece of YAML in it is a workflow that can be loaded."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from orchestrator.definitions.loader import load_workflow
from orchestrator.library import load_folders

ROOT = Path(__file__).parents[3]
PIECES = re.findall(r"^```yaml\n(.*?)^```", (ROOT / "docs" / "workflows.md").read_text(encoding="utf-8"), re.M | re.S)
FILES = [piece for piece in PIECES if piece.startswith("# workflows/")]
STEPS = [piece for piece in PIECES if piece.startswith("- id:")]
EXAMPLES = ("writers_room", "timed_launch", "film_pitch")


def test_the_guide_has_pieces_of_both_sorts() -> None:
    assert (len(FILES), len(FILES) + len(STEPS)) == (3, len(PIECES))
    assert len(STEPS) >= 10


@pytest.mark.parametrize("piece", STEPS, ids=[piece.split()[2] for piece in STEPS])
def test_each_piece_of_the_guide_can_be_loaded(tmp_path: Path, piece: str) -> None:
    folder = tmp_path / "piece"
    folder.mkdir()
    (folder / "orchestrator.yaml").write_text(f"workflow_name: piece\ninput: {{brief: str}}\nsteps:\n{piece}")
    assert load_workflow(folder).has(piece.split()[2])


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_example_of_composition_can_be_loaded(name: str) -> None:
    assert load_workflow(ROOT / "workflows" / "examples" / name).description


def test_the_guides_workflows_can_be_loaded_together(tmp_path: Path) -> None:
    for piece in FILES:
        path = tmp_path / piece.split()[1].removeprefix("workflows/")
        path.parent.mkdir(exist_ok=True)
        path.write_text(piece)
    loaded, problems = load_folders(tmp_path)
    assert (set(loaded), problems) == ({"pitch_night", "title_check"}, {})
