"""What operators ask a stack for: schedules and dead letters, by id or by what a person types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from cli.client import Client
from cli.exits import ExitCode
from cli.trouble import Trouble

_SHOWN = 1000
_PAGE = 200


def all_schedules(client: Client) -> list[dict[str, Any]]:
    """Schedules, the newest first."""
    return _pages(client, "/v1/schedules", {})


def find_schedule(client: Client, wanted: str) -> str:
    """The id of the schedule meant by an id, a part of it or a name. Raises `Trouble`."""
    if _is_id(wanted):
        return wanted
    found = all_schedules(client)
    named = [one["id"] for one in found if one["name"] == wanted]
    return _only(named or _like(found, wanted), wanted, "schedule", "./greenlight schedules list")


def letter_filter(
    *, service: str | None, capability: str | None, run: str | None, nobodys: bool
) -> dict[str, str | bool]:
    """Which letters, as the API asks for them; what was not said is left out."""
    said: dict[str, str | bool | None] = {"service": service, "capability": capability, "run_id": run}
    said["nobodys"] = nobodys or None
    return {name: value for name, value in said.items() if value is not None}


def all_letters(client: Client, *, state: str | None, **wanted: str | bool) -> list[dict[str, Any]]:
    """Dead letters, the newest first, up to a thousand."""
    params: dict[str, str | int] = {name: str(value).lower() for name, value in wanted.items()}
    return _pages(client, "/admin/dlq", params | ({"state": state} if state else {}))


def find_letter(client: Client, wanted: str) -> str:
    """The id of the letter meant by an id or a part of it. Raises `Trouble`."""
    if _is_id(wanted):
        return wanted
    found = all_letters(client, state=None)
    return _only(_like(found, wanted), wanted, "dead letter", "./greenlight dead-letters list")


def treat_all(client: Client, verb: str, body: dict[str, Any]) -> tuple[int, list[dict[str, Any]]]:
    """Replay or resolve all open letters of a kind. → to how many it was done, and those it could not be done to."""
    count = 0
    while True:
        answer = client.ask("POST", f"/admin/dlq/{verb}", body=body)
        count += len(answer["done"])
        # What was refused stays open and would come first again.
        if not answer["more"] or not answer["done"]:
            return count, answer["refused"]


def _pages(client: Client, path: str, params: dict[str, str | int]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor: dict[str, str | int] = {}
    while len(found) < _SHOWN:
        page = client.ask("GET", path, params=params | {"limit": _PAGE} | cursor)
        found += page["items"]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    return found


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _like(found: Sequence[dict[str, Any]], wanted: str) -> list[str]:
    text = wanted.lower()
    return [one["id"] for one in found if text and (one["id"].startswith(text) or one["id"].endswith(text))]


def _only(ids: Sequence[str], wanted: str, what: str, see: str) -> str:
    if len(ids) == 1:
        return ids[0]
    raise Trouble(
        f"{wanted!r} could be any of {len(ids)}." if ids else f"There is no {what} {wanted!r}.",
        exit_code=ExitCode.USAGE if ids else ExitCode.NOT_FOUND,
        code="ambiguous" if ids else "not_found",
        next_step=f"See them with {see}.",
    )
