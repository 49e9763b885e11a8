"""A gate on the terminal."""

from __future__ import annotations

from typing import Any

import pytest
from cli import gates
from cli.answers import HeldItem
from cli.gates import Held, approve_all, ask, show
from common.contracts.gates import Finding, Verdict, VerdictLevel
from common.contracts.values import Decision, Downgrade
from rich.console import Console

IDEAS = [{"title": f"Idea {number}", "hook": "Look!", "angle": "Odd", "points": ["One."]} for number in (1, 2, 3)]


VOICE = Downgrade(code="voice_stand_in", detail="The draft voice [bold]speaks[/].", stage="production")
DRAWN = [Downgrade(code="clip_drawn", detail=f"Shot {number} is drawn.", stage="production") for number in (1, 2)]


def held(
    content: dict[str, Any], *, level: VerdictLevel = VerdictLevel.ALLOWED, downgrades: tuple[Downgrade, ...] = ()
) -> Held:
    blocking = Finding(rule="r.1", severity="blocking", message="No.", where="/")
    findings = () if level is VerdictLevel.ALLOWED else (blocking,)
    verdict = Verdict(level=level, findings=findings, policy_version="1", checked_rules=27)
    return Held(
        "ideation_approval", HeldItem(content=content, verdict=verdict, policy_version="1", downgrades=downgrades)
    )


def typing(monkeypatch: pytest.MonkeyPatch, keys: str, *lines: str) -> None:
    """What a person types: keys one by one, and whole lines where a line is asked for."""
    pressed, written = iter(keys), iter(lines)
    monkeypatch.setattr(gates, "read_key", lambda allowed: next(key for key in pressed if key in allowed))
    monkeypatch.setattr(gates, "read_line", lambda prompt: next(written))
    monkeypatch.setattr(gates, "forget_typed", lambda: None)


@pytest.mark.parametrize(("key", "edit"), [("1", None), ("a", None), ("2", {"chosen": 1}), ("3", {"chosen": 2})])
def test_a_number_films_that_idea(monkeypatch: pytest.MonkeyPatch, key: str, edit: dict[str, int] | None) -> None:
    typing(monkeypatch, "x9" + key)
    answer = ask(held({"ideas": IDEAS, "chosen": 0}))
    assert answer is not None
    assert (answer.decision, answer.edit) == (Decision.APPROVED, edit)


def test_changes_need_words_and_an_empty_line_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    typing(monkeypatch, "rc", "", "Shorter.")
    answer = ask(held({"ideas": IDEAS, "chosen": 0}))
    assert answer is not None
    assert (answer.decision, answer.comment) == (Decision.CHANGES_REQUESTED, "Shorter.")


def test_leaving_decides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    typing(monkeypatch, "q")
    assert ask(held({"ideas": IDEAS})) is None


def test_what_is_blocked_cannot_be_approved(monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = held({"ideas": IDEAS}, level=VerdictLevel.BLOCKED)
    assert approve_all(blocked) is None
    typing(monkeypatch, "ar", "It cannot be.")
    answer = ask(blocked)
    assert answer is not None
    assert answer.decision is Decision.REJECTED


def test_a_degraded_run_is_approved_only_by_somebody_who_accepts_that(monkeypatch: pytest.MonkeyPatch) -> None:
    degraded = held({"ideas": IDEAS, "chosen": 0}, downgrades=(*DRAWN, VOICE))
    typing(monkeypatch, "an" + "2y")
    answer = ask(degraded)
    assert answer is not None
    assert (answer.edit, answer.accepts) == ({"chosen": 1}, ("clip_drawn", "voice_stand_in"))
    typing(monkeypatch, "anr", "Not so.")
    answer = ask(degraded)
    assert answer is not None
    assert (answer.decision, answer.accepts) == (Decision.REJECTED, ())


def test_yes_says_what_it_accepts(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Console(width=80)
    monkeypatch.setattr(gates, "notes", lambda: screen)
    with screen.capture() as capture:
        answer = approve_all(held({"ideas": IDEAS}, downgrades=(*DRAWN, VOICE)))
    assert answer is not None
    assert answer.accepts == ("clip_drawn", "voice_stand_in")
    for said in (
        "Shot 2 is drawn.",
        "The draft voice [bold]speaks[/].",
        "Accepted by --yes: clip_drawn, voice_stand_in",
    ):
        assert said in capture.get()


def test_a_screenplay_is_shown_to_be_read() -> None:
    scene = {"heading": "EXT. BEACH - DAY", "beats": ["The sea [bold]leaves[/]."]}
    acts = [{"title": f"Part {number}", "purpose": "It turns.", "scenes": [scene]} for number in (1, 2, 3)]
    people = [{"name": "Ada", "role": "protagonist", "description": "Ada."}]
    told = {"title": "Low water", "logline": "Ada follows the sea.", "genre": "drama", "minutes": 9}
    screen = Console(width=80)
    with screen.capture() as capture:
        screen.print(show(held({"screenplay": told | {"acts": acts, "characters": people}})))
    seen = capture.get()
    for said in ("Low water", "Ada follows the sea.", "Ada (protagonist)", "Act 3  Part 3", "The sea [bold]leaves[/]."):
        assert said in seen


def test_a_gate_of_a_workflow_we_do_not_know_still_shows_what_it_holds() -> None:
    screen = Console(width=80)
    with screen.capture() as capture:
        screen.print(show(held({"pitch": "A film about [bold]brackets[/]", "budget": 3})))
    assert "A film about [bold]brackets[/]" in capture.get()
