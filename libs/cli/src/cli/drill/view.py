"""A drill on the screen, and as a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from cli.drill.figures import Document, passed
from cli.output import GREEN, RED, card, listing, pairs, stacked

_SHOWN_FINDINGS = 12


def show(document: Document) -> RenderableType:
    """The verdict, the targets, and what was found."""
    good = passed(document)
    verdict = Text(
        "Nothing was lost, repeated or stuck." if good else "The drill failed.", style=GREEN if good else RED
    )
    facts = pairs(
        ("lost", str(document["lost"])),
        ("repeated", str(document["repeated"])),
        ("stuck", str(document["stuck"])),
        ("recovery", f"p50 {_seconds(document['recovery_p50_s'])}, p99 {_seconds(document['recovery_p99_s'])}"),
        ("kills", f"{document['kills']} while {document['runs']} runs went on, in {document['seconds']:.0f} s"),
        ("commit", document["commit"]),
        ("machine", document["machine"]),
    )
    table = listing("target", "kills", "p50", "p99", "unrecovered")
    for name, one in document["targets"].items():
        cells = (one["kills"], _seconds(one["recovery_p50_s"]), _seconds(one["recovery_p99_s"]), one["unrecovered"])
        table.add_row(name, *(str(cell) for cell in cells))
    return card(stacked(verdict, Text(), facts, Text(), table, *_findings(document)), title="Drill")


def page(document: Document, *, command: str, rounds: int) -> str:
    """The same as Markdown, for `docs/`."""
    lines = [
        "# What the full drill found",
        "",
        f"<!-- Written by `{command}`; do not edit. What the words mean is in drill.md. -->",
        "",
        f"`{command}` · commit `{document['commit']}` · {document['machine']} · {rounds} rounds",
        "",
        "| runs | kills | lost | repeated | stuck | recovery p50 | recovery p99 |",
        "|---|---|---|---|---|---|---|",
        "| {runs} | {kills} | {lost} | {repeated} | {stuck} |".format(**document)
        + f" {_seconds(document['recovery_p50_s'])} | {_seconds(document['recovery_p99_s'])} |",
        "",
        "| target | kills | recovery p50 | recovery p99 | not recovered from |",
        "|---|---|---|---|---|",
        *(
            f"| {name} | {one['kills']} | {_seconds(one['recovery_p50_s'])} | {_seconds(one['recovery_p99_s'])} |"
            f" {one['unrecovered']} |"
            for name, one in sorted(document["targets"].items())
        ),
    ]
    if not passed(document):
        lines += ["", "## Findings", ""]
        lines += [f"- {kind}: {sentence(one)}" for kind, found in document["findings"].items() for one in found]
    return "\n".join(lines) + "\n"


def _findings(document: Document) -> Iterable[RenderableType]:
    found = [(kind, one) for kind, all_of_it in document["findings"].items() for one in all_of_it]
    if found:
        yield Text()
    for kind, one in found[:_SHOWN_FINDINGS]:
        yield Text(f"{kind}: {sentence(one)}", style=RED)
    if len(found) > _SHOWN_FINDINGS:
        yield Text(f"… and {len(found) - _SHOWN_FINDINGS} more; --json has them all.", style=RED)


def sentence(finding: Mapping[str, Any]) -> str:
    """What must not be, and of which run."""
    what = finding.get("what") or f"stood still for {finding['seconds']} s, showing {finding['shown']}"
    return f"run {finding['run_id']} {what}" if finding["run_id"] else str(what)


def _seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f} s"
