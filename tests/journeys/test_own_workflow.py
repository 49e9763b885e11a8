"""A workflow author's first day: folders of YAML, taken from docs/workflows.md, run without touching any Python."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from testkit.studio import ROOT, Studio, running_studio, until

pytestmark = pytest.mark.journey
GUIDE = ROOT / "docs" / "workflows.md"
OTHERS = 20


def write_guide(folder: Path) -> None:
    """The files of the guide, as they stand there."""
    for name, text in re.findall(r"^```yaml\n# workflows/(\S+)\n(.*?)^```", GUIDE.read_text(), re.M | re.S):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)


def entries(studio: Studio, run_id: str) -> list[dict[str, Any]]:
    """The run's history."""
    return list(studio.creator.get(f"/v1/runs/{run_id}/history").json())


def opened(studio: Studio, run_id: str) -> int:
    """How many gates the run has come to."""
    return sum(one["type"] == "gate.opened" for one in entries(studio, run_id))


@pytest.mark.feature("M8")
@pytest.mark.feature("M60")
def test_a_folder_with_another_order_and_other_gates_runs(tmp_path: Path, own_data: Path) -> None:
    folder = tmp_path / "workflows"
    shutil.copytree(ROOT / "workflows" / "short_video", folder / "short_video")
    write_guide(folder)
    nap = "workflow_name: {}\nsteps:\n  - {{id: nap, sleep: 1s}}\n"
    for number in range(OTHERS):
        (folder / f"project_{number}").mkdir()
        (folder / f"project_{number}" / "orchestrator.yaml").write_text(nap.format(f"project_{number}"))

    with running_studio(own_data, environment={"GREENLIGHT_WORKFLOWS_DIR": str(folder)}) as studio:
        listed = {one["name"]: one["status"] for one in studio.creator.get("/v1/workflows").json()}
        assert listed == dict.fromkeys([path.name for path in folder.iterdir()], "ready")

        body = {"workflow": "pitch_night", "input": {"brief": "Why cats purr"}}
        run_id = studio.creator.post("/v1/runs", json=body).json()["run_id"]
        waiting = studio.wait(run_id, "awaiting_clearance")
        assert waiting["current_step"] == "clearance", "the gate comes before any idea"
        studio.approve(run_id)
        studio.wait(run_id, "awaiting_choice")
        assert studio.decide(run_id, "request-changes", comment="Make it about lions.").status_code == 200
        until(lambda: opened(studio, run_id) == 3 or None, seconds=60, what="the gate to be opened again")
        studio.wait(run_id, "awaiting_choice")
        studio.approve(run_id)
        done = studio.wait(run_id)
        history = entries(studio, run_id)
    assert done["status"] == "completed"
    assert [one["data"]["decision"] for one in history if one["type"] == "gate.decided"] == [
        "approved", "changes_requested", "approved",
    ]  # fmt: skip
    assert {one["type"] for one in history} >= {"subrun.ended", "branch.taken", "step.sleeping", "run.completed"}
