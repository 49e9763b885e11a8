"""Which stack a command talks to, and as whom."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from embedded.stack import StackPhase, StackState, find_running
from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from cli.exits import ExitCode
from cli.output import notes, span
from cli.places import data_folder, shown
from cli.settings import Settings
from cli.trouble import Trouble


@dataclass(frozen=True)
class Credential:
    """What goes with a request to say who asks."""

    secret: SecretStr

    @property
    def headers(self) -> dict[str, str]:
        """A bearer token is a JWT; anything else is an API key."""
        secret = self.secret.get_secret_value()
        is_token = secret.startswith("eyJ") and secret.count(".") == 2
        return {"Authorization": f"Bearer {secret}"} if is_token else {"X-API-Key": secret}


@dataclass(frozen=True)
class Target:
    """A stack to talk to. Authors cannot decide about their own work, so a local stack has two people."""

    url: str
    author: Credential
    reviewer: Credential
    reviewer_name: str | None
    """Who decides; None when that is whoever the given token belongs to."""
    data: Path
    """Where films are put on this machine."""
    lasts: bool = True
    """False when the stack was started for this command and stops with it."""


class _LocalKeys(BaseModel):
    model_config = ConfigDict(extra="ignore")

    admin_key: SecretStr
    reviewer_key: SecretStr


def find_target(settings: Settings) -> Target | None:
    """The stack that is there: the one in the environment, else a local one that is ready. Starts nothing.

    Raises `Trouble` when a URL comes without a token.
    """
    data = data_folder(settings)
    if settings.url is not None:
        if settings.token is None:
            raise Trouble(
                "GREENLIGHT_URL is set, but GREENLIGHT_TOKEN is not.",
                exit_code=ExitCode.USAGE,
                code="token_missing",
                next_step="Set GREENLIGHT_TOKEN to an API key or a token of that stack.",
            )
        one = Credential(settings.token)
        return Target(settings.url.rstrip("/"), one, one, None, data)
    state = find_running(data)
    if state is None or state.phase is not StackPhase.READY:
        return None
    return _local(state, settings, lasts=True)


def get_target(settings: Settings) -> Target:
    """The same, for commands for which a stack of their own would make no sense. Raises `Trouble` if none is there."""
    target = find_target(settings)
    if target is None:
        raise Trouble(
            f"No stack is running for {shown(data_folder(settings))}.",
            exit_code=ExitCode.NO_STACK,
            code="no_stack",
            next_step="Start one with ./greenlight up --detach, or set GREENLIGHT_URL and GREENLIGHT_TOKEN.",
        )
    return target


@contextmanager
def reach(settings: Settings, *, quiet: bool = False) -> Iterator[Target]:
    """A stack for the block: the one that is there, else one of our own that is stopped at the end."""
    if found := find_target(settings):
        yield found
        return
    from cli.supervised import start_supervisor, wait_for_other

    data = data_folder(settings)
    waiting = nullcontext() if quiet else notes().status("Starting a stack …", spinner="dots")
    supervisor = None
    try:
        with waiting as status:

            def tick(what: str) -> None:
                if status is not None:
                    status.update(f"Starting a stack … [dim]{what}[/]")

            state = None
            if find_running(data) is None:
                supervisor = start_supervisor(data, detached=False)
                state = supervisor.wait_until_ready(tick)
            ours = state is not None
            state = state or wait_for_other(data, tick)
        if not quiet and ours:
            _say_started(state)
        yield _local(state, settings, lasts=not ours)
    finally:
        if supervisor is not None:
            supervisor.stop()


def _say_started(state: StackState) -> None:
    from datetime import UTC, datetime

    took = span((datetime.now(UTC) - state.started_at).total_seconds())
    notes().print(f"[dim]Stack ready in {took} at {state.edge_url}; it stops with this command.[/]")


def _local(state: StackState, settings: Settings, *, lasts: bool) -> Target:
    data = data_folder(settings)
    if settings.token is not None:
        author = reviewer = Credential(settings.token)
        name = None
    else:
        keys = _local_keys(data)
        author, reviewer, name = Credential(keys.admin_key), Credential(keys.reviewer_key), "reviewer"
    return Target(state.edge_url or "", author, reviewer, name, data, lasts)


def _local_keys(data: Path) -> _LocalKeys:
    path = data / "secrets.json"
    try:
        return _LocalKeys.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValidationError) as error:
        raise Trouble(
            f"The keys of the local stack cannot be read from {shown(path)}.",
            exit_code=ExitCode.NO_STACK,
            code="keys_missing",
            next_step="Set GREENLIGHT_TOKEN, or run this as the user who started the stack.",
        ) from error
