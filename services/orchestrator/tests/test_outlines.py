"""What is told of a workflow's steps: enough to draw it."""

from __future__ import annotations

from pathlib import Path

from orchestrator.api.outlines import outline_of
from orchestrator.definitions.loader import load_workflow

ROOT = Path(__file__).parents[3] / "workflows"


def test_steps_inside_of_others_name_them() -> None:
    found = outline_of(load_workflow(ROOT / "examples" / "writers_room"))
    assert [(one.id, one.kind, one.parent, one.block, one.at_most) for one in found] == [
        ("seasons", "loop", None, "", 2),
        ("room", "loop", "seasons", "body", 4),
        ("draft", "run", "room", "body", None),
        ("critics", "parallel", "room", "body", None),
        ("kind_critic", "run", "critics", "kind", None),
        ("strict_critic", "run", "critics", "strict", None),
        ("read_through", "gate", "seasons", "body", None),
    ]


def test_hidden_steps_are_left_out_and_agents_and_subruns_are_named() -> None:
    film = {one.id: one for one in outline_of(load_workflow(ROOT / "short_video"))}
    assert "brief_check" not in film
    assert film["ideation"].agent == "ideator"
    assert (film["production.started"].kind, film["production.started"].parent) == ("foreach", "production")
    launch = {one.id: one for one in outline_of(load_workflow(ROOT / "examples" / "timed_launch"))}
    assert launch["film"].workflow == "short_video"
    assert launch["without_partner"].parent == "partner"


def test_a_gate_says_whom_its_file_names() -> None:
    [left_open] = [one for one in outline_of(load_workflow(ROOT / "examples" / "writers_room")) if one.kind == "gate"]
    assert left_open.reviewers == []
    [named] = [one for one in outline_of(load_workflow(ROOT / "drill")) if one.kind == "gate"]
    assert named.reviewers == ["reviewer"]
