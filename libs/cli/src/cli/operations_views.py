"""Schedules and dead letters on the screen."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from rich.text import Text

from cli.output import AMBER, GREEN, QUIET, RED, ago, card, console, listing, pairs, say, short_id, stacked

_STATES = {"open": RED, "redriven": GREEN, "resolved": QUIET}
_OUTCOMES = {"started": GREEN, "skipped": QUIET, "missed": AMBER, "refused": RED}


def show_schedules(found: Sequence[dict[str, Any]]) -> None:
    """A table, or a word when there is nothing to list."""
    if not found:
        say("No schedules yet. Make one: ./greenlight schedules create “30 6 * * MON-FRI” “How tides work”")
        return
    table = listing("schedule", "name", "when", "next", "workflow")
    for whole in (0, 3):
        table.columns[whole].no_wrap = True
    for one in found:
        when = Text(f"{one['cron']} ({one['timezone']})")
        coming = "paused" if one["paused"] else _instant(one["next_at"]) if one["next_at"] else "never"
        table.add_row(_short(one["id"]), one["name"], when, coming, Text(one["workflow"], style=QUIET))
    console().print(table)


def show_schedule(one: dict[str, Any]) -> None:
    """One schedule, when it is due next, and what became of the newest instants."""
    rows = pairs(
        ("schedule", one["id"]),
        ("when", f"{one['cron']} ({one['timezone']})"),
        ("starts", f"{one['workflow']} {json.dumps(one['input'], ensure_ascii=False)}"),
        ("catches up", {"skip": "on nothing", "last": "on the last instant", "all": "on all"}[one["catch_up"]]),
        ("overlap", "allowed" if one["overlap"] == "allow" else "skipped"),
        ("next", "paused" if one["paused"] else "\n".join(map(_instant, one["next"])) or "never"),
    )
    console().print(card(stacked(rows, _starts(one["starts"])), title=one["name"]))


def _starts(starts: Sequence[dict[str, Any]]) -> Any:
    if not starts:
        return None
    table = listing("due", "became", "run")
    for start in starts:
        outcome = Text(start["outcome"], style=_OUTCOMES.get(start["outcome"], ""))
        table.add_row(_instant(start["due_at"]), outcome, start["run_id"] or start["detail"] or "")
    return table


def show_letters(found: Sequence[dict[str, Any]]) -> None:
    """A table, or a word when there is nothing to list."""
    if not found:
        say("No dead letters.")
        return
    table = listing("letter", "state", "given up by", "about", "reason", "last")
    for whole in (0, 3):
        table.columns[whole].no_wrap = True
    now = datetime.now(UTC)
    for one in found:
        state = Text(one["state"], style=_STATES.get(one["state"], ""))
        last = Text(ago(datetime.fromisoformat(one["last_seen"]), now=now), style=QUIET)
        about = one["capability"] or one["subject"]
        table.add_row(_short(one["id"]), state, one["service"], about, Text(f"{one['code']}: {one['reason']}"), last)
    console().print(table)


def show_letter(one: dict[str, Any]) -> None:
    """One letter: what it is, why it died, and what was in it."""
    handled = f"{one['state']} by {one['handled_by']}" if one["handled_by"] else one["state"]
    rows = pairs(
        ("letter", one["id"]),
        ("state", Text(handled, style=_STATES.get(one["state"], ""))),
        ("note", one["note"]),
        ("given up by", one["service"]),
        ("subject", one["subject"]),
        ("reason", f"{one['code']}: {one['reason']}"),
        ("run", one["run_id"]),
        ("step", f"{one['step'] or '?'}, attempt {one['attempt']}" if one["attempt"] else None),
        ("times", f"{one['times']}, first {_instant(one['first_seen'])}, last {_instant(one['last_seen'])}"),
        ("headers", json.dumps(one["headers"], indent=2, ensure_ascii=False)),
        ("body", json.dumps(one["body"], indent=2, ensure_ascii=False)),
    )
    console().print(card(rows, title="Dead letter"))


def _short(text: str) -> str:
    return short_id(UUID(text))


def _instant(text: str) -> str:
    return f"{datetime.fromisoformat(text):%Y-%m-%d %H:%M:%S} UTC"
