"""Stopping all publishing of the installation, and letting it go on."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cli.reporting import reported

PATH = "/v1/airlock/kill-all"


@reported
def stop_publishing(
    reason: Annotated[str, typer.Option("--reason", help="Why, for everybody who is held up.")] = "Stopped by hand.",
) -> None:
    """Stop all publishing, of all tenants. When it returns, no platform is told anything any more."""
    from cli.output import say

    shown = _ask("PUT", body={"reason": reason})
    say(f"Publishing is stopped since {shown['at']} by {shown['by']}: {shown['reason']}")
    for release in shown["in_flight"]:
        say(f"in flight: {release['item_id']} of {release['tenant']}, since {release['since']}")
    say("Let it go on: ./greenlight resume-publishing")


@reported
def resume_publishing() -> None:
    """Let publishing go on. Runs that were held up go on by themselves, within a minute or so."""
    from cli.output import say

    _ask("DELETE")
    say("Publishing goes on.")


def _ask(method: str, *, body: dict[str, Any] | None = None) -> dict[str, Any]:
    from cli.client import Client
    from cli.settings import Settings
    from cli.target import get_target

    with Client(get_target(Settings())) as client:
        answer: dict[str, Any] = client.ask(method, PATH, body=body)
    return answer


def publishing_state() -> dict[str, Any] | None:
    """What stops the caller's publishing, as the stack that is there says; None when that cannot be asked."""
    from cli.client import Client
    from cli.settings import Settings
    from cli.target import find_target
    from cli.trouble import Trouble

    try:
        target = find_target(Settings())
        if target is None:
            return None
        with Client(target) as client:
            shown: dict[str, Any] = client.ask("GET", "/v1/airlock/kill")
    except Trouble:
        return None
    return {name: shown[name] for name in ("stopped", "everywhere", "by", "at", "reason")}
