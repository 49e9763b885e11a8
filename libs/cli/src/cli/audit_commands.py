"""The audit trail: is it whole, who did what, and taking it away."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.exits import ExitCode
from cli.reporting import reported
from cli.run_commands import AsJson

if TYPE_CHECKING:
    from cli.client import Client

audit = typer.Typer(name="audit", no_args_is_help=True, help="Who did what, and whether the record of it is whole.")


class Report(StrEnum):
    """What there are reports of."""

    ACCESS = "access"
    DECISIONS = "decisions"
    VIOLATIONS = "violations"


class Form(StrEnum):
    """As what something is taken away."""

    NDJSON = "ndjson"
    CSV = "csv"


Since = Annotated[datetime | None, typer.Option("--from", help="Recorded then or later, in UTC.")]
Until = Annotated[datetime | None, typer.Option("--to", help="Recorded before then, in UTC.")]
Actor = Annotated[str | None, typer.Option(help="Who did it.")]
Action = Annotated[str | None, typer.Option(help="What was done; `gate.` finds all that begin with it.")]
Resource = Annotated[str | None, typer.Option(help="To what, such as `run:0194…`.")]
Run = Annotated[str | None, typer.Option(help="Only entries of this run, by its whole id.")]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Into this file instead of stdout.")]


@audit.callback()
def record() -> None:
    """Search the record of who did what, prove that it is whole, take it away."""


@audit.command()
@reported
def verify(
    tenant: Annotated[str | None, typer.Option(help="Another tenant's; for the platform's administrators.")] = None,
    anchors: Annotated[
        Path | None, typer.Option(help="Signed anchors kept elsewhere, from `audit anchor --list`.", exists=True)
    ] = None,
    export: Annotated[
        Path | None, typer.Option(help="Check this exported file instead, without any stack.", exists=True)
    ] = None,
    as_json: AsJson = False,
) -> ExitCode:
    """Recompute the chain of hashes. Exit code 1 when something was changed, and it says where."""
    from cli.audit_file import check_export, read_anchors

    kept = read_anchors(anchors) if anchors else []
    if export is not None:
        found = check_export(export, anchors=kept)
    else:
        with _client(quiet=as_json) as client:
            params = {"tenant": tenant} if tenant else None
            found = (
                client.ask("POST", "/v1/audit/verify", params=params, body={"anchors": kept})
                if kept
                else client.ask("GET", "/v1/audit/verify", params=params)
            )
    _print(found) if as_json else _show_verification(found)
    return ExitCode.OK if found["ok"] else ExitCode.RUN_FAILED


@audit.command()
@reported
def search(  # noqa: PLR0917 — Typer passes all by name
    words: Annotated[str | None, typer.Argument(help="Words that occur in the entry.")] = None,
    actor: Actor = None,
    action: Action = None,
    resource: Resource = None,
    run: Run = None,
    since: Since = None,
    until: Until = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 50,
    as_json: AsJson = False,
) -> None:
    """Find entries, the oldest first."""
    asked = _asked(actor=actor, action=action, resource=resource, run_id=run, since=since, until=until, q=words)
    found: list[dict[str, Any]] = []
    with _client(quiet=as_json) as client:
        cursor: str | None = None
        while len(found) < limit:
            page: dict[str, str | int] = {**asked, "limit": min(200, limit - len(found))}
            answer = client.ask("GET", "/v1/audit", params=page | ({"cursor": cursor} if cursor else {}))
            found += answer["items"]
            cursor = answer["next_cursor"]
            if cursor is None:
                break
    _print(found) if as_json else _show_entries(found)


@audit.command()
@reported
def export(  # noqa: PLR0917 — Typer passes all by name
    actor: Actor = None,
    action: Action = None,
    resource: Resource = None,
    run: Run = None,
    since: Since = None,
    until: Until = None,
    form: Annotated[
        Form, typer.Option("--format", help="NDJSON proves itself; CSV is for a spreadsheet.")
    ] = Form.NDJSON,
    output: Output = None,
) -> None:
    """Take entries away, with the links of the chain that prove them."""
    asked = _asked(actor=actor, action=action, resource=resource, run_id=run, since=since, until=until)
    with _client(quiet=True) as client:
        _write(client.lines("/v1/audit/export", params={**asked, "format": form.value}), output)


@audit.command()
@reported
def report(
    kind: Report,
    since: Since = None,
    until: Until = None,
    csv: Annotated[bool, typer.Option("--csv", help="As a table.")] = False,
    output: Output = None,
) -> ExitCode:
    """Report a period, the last 30 days unless told. Exit code 1 when the chain it is computed from is broken."""
    from datetime import UTC, timedelta

    end = (until or datetime.now(UTC)).replace(tzinfo=UTC)
    begin = since.replace(tzinfo=UTC) if since else end - timedelta(days=30)
    asked: dict[str, str | int] = {"from": begin.isoformat(), "to": end.isoformat()}
    path = f"/v1/audit/reports/{kind.value}"
    with _client(quiet=True) as client:
        made = client.ask("GET", path, params=asked)
        if csv:
            _write(client.lines(path, params={**asked, "format": "csv"}), output)
    if not csv:
        _print(made, output)
    return ExitCode.OK if made["chain"]["ok"] else ExitCode.RUN_FAILED


@audit.command()
@reported
def anchor(
    listed: Annotated[bool, typer.Option("--list", help="Print all there are, to be kept elsewhere.")] = False,
    output: Output = None,
) -> None:
    """Sign the head of the chain now, and print the anchor. Whoever keeps it can prove what was there."""
    with _client(quiet=True) as client:
        if listed:
            _print(_anchors(client), output)
            return
        made = client.ask("POST", "/v1/audit/anchors")
        newest = _anchors(client)[-1:] if made is None else [made]
        _print(newest, output)


@audit.command()
@reported
def erase(
    user: Annotated[str, typer.Argument(help="The id of the person to be forgotten.")],
    reason: Annotated[str, typer.Option("--reason", "-m", help="Why, for the officer who looks later.")] = "",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Forget a person everywhere. What was decided, and the chain, stay; it cannot be undone."""
    from cli.output import say

    if not yes:
        typer.confirm(f"Forget {user} for good?", abort=True)
    with _client(quiet=as_json) as client:
        ordered = client.ask("POST", "/v1/audit/erasures", body={"user_id": user, "reason": reason})
    _print(ordered) if as_json else say(f"Ordered: erasure {ordered['id']}. It goes on by itself.")


def _anchors(client: Client) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        asked: dict[str, str | int] = {"limit": 200} | ({"cursor": cursor} if cursor else {})
        answer = client.ask("GET", "/v1/audit/anchors", params=asked)
        found += answer["items"]
        cursor = answer["next_cursor"]
        if cursor is None:
            return found


def _asked(*, since: datetime | None, until: datetime | None, **wanted: str | None) -> dict[str, str | int]:
    from datetime import UTC

    asked: dict[str, str | int] = {name: value for name, value in wanted.items() if value is not None}
    if since:
        asked["from"] = since.replace(tzinfo=UTC).isoformat()
    if until:
        asked["to"] = until.replace(tzinfo=UTC).isoformat()
    return asked


def _show_verification(found: dict[str, Any]) -> None:
    from cli.output import say

    if found["ok"]:
        say(f"Whole: {found['entries']} entries, {found['blanked']} of them blanked.")
    else:
        first, last = found["first_bad_seq"], found["last_bad_seq"]
        where = f"entry {first}" if first == last else f"somewhere from entry {first} to {last}"
        say(f"BROKEN at {where}: {found['reason']}")
    for gap in found["gaps"]:
        say(f"Missing or on their way: {gap['source']}, numbers {gap['first']} to {gap['last']}.")
    say(found["tail"])


def _show_entries(found: list[dict[str, Any]]) -> None:
    from cli.output import console, listing, say

    if not found:
        say("Nothing is on record that fits.")
        return
    table = listing("entry", "at", "who", "what", "to what", "how")
    for item in found:
        entry = item["entry"] or {"actor": "", "action": "blanked", "resource": "", "result": ""}
        at = item["recorded_at"][:19].replace("T", " ")
        table.add_row(str(item["seq"]), at, entry["actor"], entry["action"], entry["resource"], entry["result"])
    console().print(table)


def _write(pieces: Any, output: Path | None) -> None:
    import sys

    if output is None:
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        sys.stdout.flush()
        return
    with output.open("wb") as file:
        for piece in pieces:
            file.write(piece)


def _print(document: Any, output: Path | None = None) -> None:
    import json

    from cli.output import print_json

    if output is None:
        print_json(document)
    else:
        output.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


def _client(*, quiet: bool = False) -> Any:
    from cli.connecting import connected
    from cli.settings import Settings

    return connected(Settings(), quiet=quiet)
