"""Who has to be named is named in the post: what `credited` and `distinct` give, and what short_video makes of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from orchestrator.definitions.credits import CAPTION_LIMIT, credited, distinct, uncredited
from orchestrator.definitions.expressions import ExpressionFailed, evaluate, fill
from orchestrator.definitions.loader import load_workflow
from orchestrator.kinds.gate import GateStep

ADA = "Ada Shore on Pexels, https://pexels.example/video/101/"
BEN = "Ben Reef on Pexels, https://pexels.example/video/102/"


def test_each_credit_is_there_once_below_the_captions_own_words() -> None:
    assert credited("Tides.", [ADA, BEN, ADA, "", " "]) == f"Tides.\n\nCredits:\n{ADA}\n{BEN}"
    assert credited("", [ADA]) == f"Credits:\n{ADA}"
    assert credited(f"By {ADA}", [ADA]) == f"By {ADA}"
    assert credited("Tides.\n", []) == "Tides.\n"
    again = credited("Tides.", [ADA])
    assert credited(again, [ADA]) == again


@pytest.mark.parametrize("own", ["word " * 600, "w" * 3000, "ü" * 2200, "short"])
def test_the_captions_own_words_give_way_where_both_are_too_long(own: str) -> None:
    made = credited(own, [ADA, BEN])
    assert len(made) <= CAPTION_LIMIT
    assert made.endswith(f"{ADA}\n{BEN}")
    assert made.startswith(own[:5]) or len(own.split()) == 1


@pytest.mark.parametrize("own", ["Tides.", "", "Tides.\n\nCredits:\nmy mother", f"By {ADA}", "Two\n\nparts"])
def test_the_captions_own_words_are_found_again_below_which_credits_were_set(own: str) -> None:
    assert uncredited(credited(own, [ADA, BEN]), [ADA, BEN]) == own
    assert uncredited(own, []) == own


def test_a_credit_that_a_person_wrote_into_the_list_is_theirs_and_stays() -> None:
    edited = f"{credited('Tides.', [ADA])}\nand the harbour master"
    assert uncredited(edited, [ADA]) == edited


def test_credits_are_never_cut() -> None:
    many = [f"{number} {ADA}" for number in range(60)]
    assert credited("Tides.", many) == "Credits:\n" + "\n".join(many)


def test_what_is_no_caption_and_no_list_fails() -> None:
    assert distinct([ADA, "", None, BEN, ADA]) == [ADA, BEN]
    for wrong in ("credited(1, [])", "credited('a', 'b')", "distinct('ab')", "uncredited(1, [])"):
        with pytest.raises(ExpressionFailed):
            evaluate(wrong, {})


def held(*clips: dict[str, Any], music: tuple[str, ...] = ()) -> dict[str, Any]:
    """What short_video's second gate holds of captions and credits."""
    gate = next(
        step for step in load_workflow(Path(__file__).parents[3] / "workflows" / "short_video").steps
        if isinstance(step, GateStep) and step.gate == "publish"
    )  # fmt: skip
    assert isinstance(gate.holds, dict)
    script = {"post": {"caption": "Tides."}}
    steps = {
        "production": {"output": {"script": script, "credits": list(music)}},
        "wait_for_videos": {"output": list(clips)},
    }
    return {name: fill(gate.holds[name], lambda _: {"steps": steps}) for name in ("caption", "credits")}


def test_whoever_decides_sees_the_credits_and_the_caption_names_them() -> None:
    assert held({"index": 0, "credit": None}, {"index": 1}) == {"caption": "Tides.", "credits": []}
    shown = held({"credit": ADA}, {"credit": None}, {"credit": ADA}, {"credit": BEN}, music=("Music: Cleo",))
    assert shown["credits"] == ["Music: Cleo", ADA, BEN]
    assert shown["caption"] == f"Tides.\n\nCredits:\nMusic: Cleo\n{ADA}\n{BEN}"
