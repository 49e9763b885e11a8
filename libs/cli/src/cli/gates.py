"""A gate on the terminal: what is held, what the checks found, and the person's answer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from common.contracts.gates import Finding, Verdict, VerdictLevel
from common.contracts.screenplay import Screenplay
from common.contracts.values import Decision
from pydantic import ValidationError
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from cli.answers import HeldItem
from cli.facts import Film
from cli.journey import title_of
from cli.keys import forget_typed, read_key, read_line
from cli.output import AMBER, GREEN, QUIET, RED, card, clock_length, notes, pairs, remark, size, stacked
from cli.places import shown

_SEVERITY_STYLES = {"blocking": RED, "info": QUIET}
_LONGEST_VALUE = 200
_LEVELS = {
    VerdictLevel.ALLOWED: ("nothing stands against it.", QUIET),
    VerdictLevel.NEEDS_REVIEW: ("look at this before you decide.", AMBER),
    VerdictLevel.BLOCKED: ("blocked; nobody can approve it as it is.", RED),
}


@dataclass(frozen=True)
class Held:
    """What waits at a gate, with the film if there is one already."""

    step: str
    item: HeldItem
    film: Film | None = None
    film_path: Path | None = None

    @property
    def ideas(self) -> list[dict[str, Any]]:
        """The ideas to choose from; empty at other gates."""
        ideas = self.item.content.get("ideas")
        return [idea for idea in ideas if isinstance(idea, dict)] if isinstance(ideas, list) else []

    @property
    def chosen(self) -> int:
        """Index of the idea that goes on unless somebody picks another."""
        chosen = self.item.content.get("chosen")
        return chosen if isinstance(chosen, int) else 0

    @property
    def screenplay(self) -> Screenplay | None:
        """The screenplay to read; None at other gates."""
        try:
            return Screenplay.model_validate(self.item.content.get("screenplay"))
        except ValidationError:
            return None


@dataclass(frozen=True)
class Answer:
    """What a person said."""

    decision: Decision
    comment: str = ""
    edit: dict[str, Any] | None = None
    accepts: tuple[str, ...] = ()
    """Codes of what the run fell back to."""


class Decider(Protocol):
    """Somebody who answers at gates."""

    def __call__(self, held: Held) -> Answer | None:
        """The answer; None leaves the run waiting."""


def approve_all(held: Held) -> Answer | None:
    """The demo's `--yes`. What the checks block cannot be approved by anybody, so it is left waiting.

    It accepts in the person's place what the run fell back to, and says so.
    """
    if held.item.verdict.level is VerdictLevel.BLOCKED:
        notes().print(_findings(held.item.verdict))
        return None
    if held.item.downgrades:
        notes().print(
            stacked(_downgrades(held.item), Text(f"Accepted by --yes: {', '.join(held.item.codes)}", style=AMBER))
        )
    return Answer(Decision.APPROVED, comment="approved by --yes", accepts=held.item.codes)


def ask(held: Held) -> Answer | None:
    """Show what is held and read the answer from the keyboard; `q` leaves the run waiting."""
    notes().print(show(held))
    forget_typed()
    while True:
        numbers = [str(number) for number in range(1, min(9, len(held.ideas)) + 1)]
        notes().print(_keys_line(held, numbers))
        key = read_key({*numbers, "a", "c", "r", "q"})
        if key == "q":
            return None
        if key in {"c", "r"}:
            what = "What should change?" if key == "c" else "Why is it rejected?"
            comment = read_line(f"[bold]{what}[/]")
            if not comment:
                continue
            return Answer(Decision.CHANGES_REQUESTED if key == "c" else Decision.REJECTED, comment=comment)
        if held.item.verdict.level is VerdictLevel.BLOCKED:
            remark("The checks block this, so nobody can approve it: c or r.", style=RED)
            continue
        if not accepts(held.item):
            continue
        edit = choice(held, int(key) - 1) if key in numbers else None
        return Answer(Decision.APPROVED, edit=edit, accepts=held.item.codes)


def accepts(item: HeldItem) -> bool:
    """Whether the person accepts everything that the run fell back to; nobody is asked where there is nothing."""
    if not item.downgrades:
        return True
    notes().print(stacked(_downgrades(item), Text(" y  accept this   n  do not approve")))
    return read_key({"y", "n", "q"}) == "y"


def choice(held: Held, index: int) -> dict[str, Any] | None:
    """The edit that picks an idea; none when it is the one that would go on anyway."""
    return {"chosen": index} if index != held.chosen else None


def show(held: Held) -> RenderableType:
    """The whole gate as something to read."""
    parts: list[RenderableType | None] = [Text()]
    if held.ideas:
        parts += [_idea(number, idea, held.chosen == number - 1) for number, idea in enumerate(held.ideas, 1)]
    elif "video" in held.item.content:
        parts.append(_release(held))
    elif screenplay := held.screenplay:
        parts.append(_outline(screenplay))
    elif beats := dict(held.item.content.get("script") or {}).get("beats"):
        told = [(str(number), str(beat.get("narration", ""))) for number, beat in enumerate(beats, 1)]
        parts.append(card(pairs(*told), title=str(held.item.content["script"].get("title", "")), style=AMBER))
    else:
        rows = [(name, _brief(value)) for name, value in held.item.content.items()]
        parts.append(card(pairs(*rows), title=title_of(held.step), style=AMBER))
    parts.append(_findings(held.item.verdict))
    if held.item.downgrades:
        parts.append(_downgrades(held.item))
    return stacked(*parts)


def _idea(number: int, idea: dict[str, Any], is_suggested: bool) -> RenderableType:
    points = Text()
    for point in idea.get("points", ()):
        points.append("• ", style=GREEN).append(f"{point}\n")
    points.rstrip()
    body = stacked(
        Text(str(idea.get("hook", "")), style="italic"),
        Text(str(idea.get("angle", "")), style=QUIET),
        points,
    )
    return card(
        body,
        title=f"{number}  {idea.get('title', '')}",
        style=GREEN if is_suggested else QUIET,
        subtitle="suggested" if is_suggested else None,
    )


def _outline(screenplay: Screenplay) -> RenderableType:
    told = Text(f"{screenplay.logline}\n", style="italic")
    people = ", ".join(f"{one.name} ({one.role})" for one in screenplay.characters)
    told.append(f"{screenplay.genre}, {screenplay.minutes} minutes, with {people}\n", style=QUIET)
    for number, act in enumerate(screenplay.acts, 1):
        told.append(f"\nAct {number}  {act.title}\n", style="bold not italic")
        for scene in act.scenes:
            told.append(f"{scene.heading}\n", style=f"{QUIET} not italic")
            for beat in scene.beats:
                told.append(f"  {beat}\n", style="not italic")
    told.rstrip()
    return card(told, title=screenplay.title, style=AMBER)


def _release(held: Held) -> RenderableType:
    content, film = held.item.content, held.film
    tags = " ".join(f"#{tag}" if not str(tag).startswith("#") else str(tag) for tag in content.get("hashtags", ()))
    length = content.get("duration_ms")
    facts = [
        clock_length(length) if isinstance(length, int) else None,
        film.picture if film else None,
        size(film.artifact.size) if film else None,
        film.sound if film else None,
    ]
    rows = pairs(
        ("caption", str(content.get("caption", ""))),
        ("tags", tags or None),
        ("goes to", ", ".join(str(name) for name in content.get("platforms", ())) or None),
        ("film", ", ".join(fact for fact in facts if fact)),
        ("watch it", Text(shown(held.film_path), style="bold") if held.film_path else None),
    )
    return card(rows, title=str(content.get("title", title_of(held.step))), style=AMBER)


def _findings(verdict: Verdict) -> RenderableType:
    rules = f"{verdict.checked_rules} rules, " if verdict.checked_rules else ""
    if not verdict.findings:
        return Text(f"Checks: {rules}nothing found.", style=QUIET)
    told, style = _LEVELS[verdict.level]
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for finding in verdict.findings:
        severity = Text(finding.severity, style=_SEVERITY_STYLES.get(finding.severity, AMBER))
        table.add_row(severity, _line(finding))
    return stacked(Text(f"Checks: {rules}{told}", style=style), table)


def _downgrades(item: HeldItem) -> RenderableType:
    lines = [Text(f"  {one.detail}").append(f"  {one.code}", style=QUIET) for one in item.downgrades]
    return stacked(Text("Degraded: it is less than was asked for.", style=AMBER), *lines)


def _line(finding: Finding) -> Text:
    line = Text(finding.message)
    if finding.quote:
        line.append(f" “{finding.quote}”", style="italic")
    if finding.remedy:
        line.append(f" {finding.remedy}")
    return line.append(f"  {finding.rule} at {finding.where}", style=QUIET)


def _keys_line(held: Held, numbers: list[str]) -> Text:
    offered = []
    if numbers:
        offered.append((f"{numbers[0]}–{numbers[-1]}" if len(numbers) > 1 else "1", "film that one"))
    offered += [
        ("a", f"approve {held.chosen + 1}" if numbers else "approve"),
        ("c", "ask for changes"),
        ("r", "reject"),
        ("q", "leave it waiting"),
    ]
    line = Text()
    for key, meaning in offered:
        line.append(f" {key} ", style="bold black on grey70").append(f" {meaning}   ")
    return line


def _brief(value: Any) -> str:
    text = value if isinstance(value, str) else str(value)
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"
