"""What waits for somebody to decide, over all runs."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

import typer

from cli.reporting import reported
from cli.run_commands import AsJson


class First(StrEnum):
    """What comes first."""

    RISK = "risk"
    DUE = "due"
    AGE = "age"


@reported
def queue(
    first: Annotated[First, typer.Option(help="What comes first: what presses and risks most, is due, or is old.")] = (
        First.RISK
    ),
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=200, help="How many.")] = 20,
    as_json: AsJson = False,
) -> None:
    """List what waits at gates, as the reviewer sees it: the queue of the airlock."""
    from cli.connecting import connected
    from cli.output import console, listing, print_json, remark, short_id
    from cli.settings import Settings

    with connected(Settings(), quiet=as_json) as client:
        found = client.queue(order=first.value, limit=limit)
    if as_json:
        print_json(found)
    elif not found:
        remark("Nothing waits for anybody.")
    else:
        table = listing("run", "gate", "what", "checks", "risk", "due", "with")
        for item in found:
            run = short_id(UUID(item["run_id"])) if item["run_id"] else ""
            table.add_row(run, _gate(item), item["title"], item["verdict"], str(item["risk"]), _due(item), _whose(item))
        console().print(table)


def _gate(item: dict[str, Any]) -> str:
    stage = item["stage"]
    return f"{item['gate']}, {stage['name']} {stage['number']}/{stage['of']}" if stage["of"] > 1 else item["gate"]


def _due(item: dict[str, Any]) -> str:
    return "overdue" if item["overdue"] else f"{item['heat']} % gone"


def _whose(item: dict[str, Any]) -> str:
    return str(item["claim"]["by"] if item["claim"] else item["assigned_to"] or "")
