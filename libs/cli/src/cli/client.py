"""Talking to a stack over HTTP; every refusal becomes a `Trouble` that says what to do."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import httpx
from common.contracts.values import Decision
from pydantic import TypeAdapter

from cli.answers import Artifact, HeldItem, Run, RunSteps, Workflow
from cli.exits import ExitCode
from cli.places import shown
from cli.target import Credential, Target
from cli.trouble import Trouble

_SECONDS = 20.0
_PAGE = 200
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_DOORS = {Decision.APPROVED: "approve", Decision.REJECTED: "reject", Decision.CHANGES_REQUESTED: "request-changes"}
_EXITS = {
    400: ExitCode.USAGE,
    401: ExitCode.REFUSED,
    403: ExitCode.REFUSED,
    404: ExitCode.NOT_FOUND,
    409: ExitCode.REFUSED,
    413: ExitCode.USAGE,
    416: ExitCode.USAGE,
    422: ExitCode.USAGE,
    429: ExitCode.REFUSED,
}
_NEXT_STEPS = {
    401: "Check GREENLIGHT_TOKEN; a token lasts 15 minutes, an API key until it is revoked.",
    403: "Somebody else has to do this, or use another token in GREENLIGHT_TOKEN.",
    404: "See what there is with ./greenlight runs.",
    409: "Look where the run stands with ./greenlight show.",
    429: "Wait a moment, then try again.",
}


class Client:
    """One stack's API. Reading and starting is done as the author, deciding as the reviewer."""

    def __init__(
        self, target: Target, *, transport: httpx.BaseTransport | None = None, seconds: float = _SECONDS
    ) -> None:
        self.target = target
        self._http = httpx.Client(
            base_url=target.url,
            timeout=httpx.Timeout(seconds, connect=min(seconds, 5.0)),
            # A proxy of the environment is for the way out, never for this machine.
            trust_env=urlsplit(target.url).hostname not in _LOOPBACK,
            headers={"user-agent": "greenlight-cli"},
            transport=transport,
        )

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def sign_in_link(self, *, as_reviewer: bool = False, user: str | None = None) -> str:
        """An address that signs one browser in, once: as the author, the reviewer, or for `user`."""
        who = self.target.reviewer if as_reviewer else self.target.author
        answer = self._ask("POST", "/v1/sign-in-links", who=who, json={"user_id": user})
        return str(answer.json()["url"])

    def start(self, workflow: str, values: dict[str, Any], *, key: str | None = None, private: bool = False) -> UUID:
        """Start a run. → its id; the same `key` starts one run, however often it comes."""
        # A key of our own makes a repeat after a lost answer harmless.
        headers = {"Idempotency-Key": key or str(uuid4())}
        body = {"workflow": workflow, "input": values} | ({"visibility": "private"} if private else {})
        return UUID(self._ask("POST", "/v1/runs", json=body, headers=headers).json()["run_id"])

    def read_script(self, path: Path) -> dict[str, Any]:
        """A finished script, read from a file: what a run takes as `script`, and what of the file is not in it."""
        answer = self._ask("POST", "/v1/scripts/read", params={"name": path.name}, content=path.read_bytes())
        found: dict[str, Any] = answer.json()
        return found

    def run(self, run_id: UUID) -> Run:
        """One run."""
        return Run.model_validate_json(self._ask("GET", f"/v1/runs/{run_id}").content)

    def steps(self, run_id: UUID) -> RunSteps:
        """A run step by step."""
        return RunSteps.model_validate_json(self._ask("GET", f"/v1/runs/{run_id}/state").content)

    def runs(self, *, status: str | None = None, limit: int = 20) -> list[Run]:
        """Runs, the newest first."""
        asked: dict[str, str | int] = {"limit": min(limit, _PAGE)} | ({"status": status} if status else {})
        found: list[Run] = []
        while True:
            page = self._ask("GET", "/v1/runs", params=asked).json()
            found += [Run.model_validate(item) for item in page["items"]]
            if len(found) >= limit or not page["next_cursor"]:
                return found[:limit]
            asked["cursor"] = page["next_cursor"]

    def history(self, run_id: UUID) -> list[dict[str, Any]]:
        """Everything that happened to a run, in order."""
        entries: list[dict[str, Any]] = []
        while True:
            after = entries[-1]["seq"] if entries else 0
            page = self._ask("GET", f"/v1/runs/{run_id}/history", params={"after_seq": after, "limit": 1000}).json()
            entries += page
            if len(page) < 1000:
                return entries

    def artifacts(self, run_id: UUID) -> list[Artifact]:
        """What a run made."""
        answer = self._ask("GET", f"/v1/runs/{run_id}/artifacts")
        return TypeAdapter(list[Artifact]).validate_json(answer.content)

    def workflows(self, *, hidden: bool = False) -> list[Workflow]:
        """What may be started; on request also what people are not meant to choose."""
        answer = self._ask("GET", "/v1/workflows", params={"hidden": hidden})
        return TypeAdapter(list[Workflow]).validate_json(answer.content)

    def held(self, item_id: str) -> HeldItem:
        """What is held at a gate, and what the checks say about it."""
        answer = self._ask("GET", f"/v1/airlock/items/{item_id}", who=self.target.reviewer)
        return HeldItem.model_validate_json(answer.content)

    def queue(self, *, order: str, limit: int) -> list[dict[str, Any]]:
        """What waits for a decision, as the reviewer sees it, by `risk`, `due` or `age`."""
        asked: dict[str, str | int] = {"status": "open", "order": order, "limit": limit}
        answer = self._ask("GET", "/v1/airlock/items", params=asked, who=self.target.reviewer)
        found: list[dict[str, Any]] = answer.json()["items"]
        return found

    def notes(self, item_id: str) -> list[dict[str, Any]]:
        """The notes on what is held at a gate, the oldest first."""
        found: list[dict[str, Any]] = []
        asked: dict[str, str | int] = {"limit": _PAGE}
        while True:
            page = self._ask("GET", f"/v1/airlock/items/{item_id}/notes", params=asked, who=self.target.reviewer).json()
            found += page["items"]
            if not page["next_cursor"]:
                return found
            asked["cursor"] = page["next_cursor"]

    def write_note(self, item_id: str, text: str, *, timecode: str | None) -> None:
        """Write a note as the reviewer."""
        # A key of our own makes a repeat after a lost answer harmless.
        headers = {"Idempotency-Key": str(uuid4())}
        body = {"text": text} | ({"timecode": timecode} if timecode else {})
        path = f"/v1/airlock/items/{item_id}/notes"
        self._ask("POST", path, json=body, headers=headers, who=self.target.reviewer)

    def rework(self, item_id: str) -> dict[str, Any]:
        """What asking for changes would have done again just now."""
        path = f"/v1/airlock/items/{item_id}/rework"
        answer: dict[str, Any] = self._ask("GET", path, who=self.target.reviewer).json()
        return answer

    def decide(
        self,
        run_id: UUID,
        decision: Decision,
        *,
        item_id: str | None = None,
        comment: str = "",
        edit: dict[str, Any] | None = None,
        accepts: Sequence[str] = (),
    ) -> dict[str, Any]:
        """Decide as the reviewer at the gate a run waits at. → the airlock's answer."""
        body: dict[str, Any] = {"comment": comment} | ({"interrupt_id": item_id} if item_id else {})
        if edit is not None:
            body["data"] = edit
        if accepts:
            body["accepts_downgrades"] = list(accepts)
        path = f"/v1/runs/{run_id}/{_DOORS[decision]}"
        decided: dict[str, Any] = self._ask("POST", path, json=body, who=self.target.reviewer).json()
        return decided

    def steer(self, run_id: UUID, action: str) -> Run:
        """Pause, resume, cancel, terminate or retry a run. Repeating it changes nothing."""
        return Run.model_validate_json(self._ask("POST", f"/v1/runs/{run_id}/{action}").content)

    def steer_all(self, action: str, *, workflow: str | None, dry_run: bool) -> list[dict[str, Any]]:
        """The same for every run there is now that it makes sense for. → what became of each."""
        body = _bulk(action, workflow=workflow, dry_run=dry_run)
        found: list[dict[str, Any]] = []
        while True:
            answer = self._ask("POST", "/v1/runs/bulk", json=body).json()
            found += answer["results"]
            # What was refused, or was only asked about, would be found again.
            if dry_run or not answer["more"] or not answer["counts"]["changed"]:
                return found

    def fork(self, run_id: UUID, body: dict[str, Any]) -> UUID:
        """Fork a run. → the new run's id."""
        # A key of our own makes a repeat after a lost answer harmless.
        headers = {"Idempotency-Key": str(uuid4())}
        return UUID(self._ask("POST", f"/v1/runs/{run_id}/fork", json=body, headers=headers).json()["run_id"])

    def fork_all(self, fork: dict[str, Any], *, workflow: str | None, dry_run: bool) -> dict[str, Any]:
        """Fork the newest runs that are over, once each. → what became of each, and whether there are `more`."""
        body = _bulk("fork", workflow=workflow, dry_run=dry_run) | {"fork": fork}
        headers = {"Idempotency-Key": str(uuid4())}
        answer: dict[str, Any] = self._ask("POST", "/v1/runs/bulk", json=body, headers=headers).json()
        return answer

    def download(self, artifact: Artifact, to: Path) -> Path:
        """Put an artifact's bytes there. Its hash is checked first; a file that is already there and right is kept."""
        if to.is_file() and _sha256(to) == artifact.id:
            return to
        to.parent.mkdir(parents=True, exist_ok=True)
        partial = to.with_name(f".{to.name}.partial")
        digest = hashlib.sha256()
        try:
            with (
                self._http.stream("GET", f"/v1/artifacts/{artifact.id}", headers=self._headers(None)) as answer,
                partial.open("wb") as file,
            ):
                if answer.is_error:
                    answer.read()
                    raise refused(answer)
                for piece in answer.iter_bytes():
                    digest.update(piece)
                    file.write(piece)
            if digest.hexdigest() != artifact.id:
                raise Trouble(
                    f"The bytes of {artifact.name!r} are not those its hash names; nothing was kept.",
                    exit_code=ExitCode.NO_STACK,
                    code="artifact_damaged",
                    next_step=f"Try again; if it stays so, the artifact store of the stack is damaged ({shown(to)}).",
                )
            partial.replace(to)
        except httpx.HTTPError as error:
            raise unreachable(self.target.url, error) from error
        finally:
            partial.unlink(missing_ok=True)
        return to

    def lines(self, path: str, *, params: dict[str, str | int]) -> Iterator[bytes]:
        """An answer too long to be held at once, in pieces, asked for as the author."""
        try:
            with self._http.stream("GET", path, headers=self._headers(None), params=params) as answer:
                if answer.is_error:
                    answer.read()
                    raise refused(answer)
                yield from answer.iter_bytes()
        except httpx.HTTPError as error:
            raise unreachable(self.target.url, error) from error

    def ask(
        self, method: str, path: str, *, params: dict[str, str | int] | None = None, body: Any = None, key: str = ""
    ) -> Any:
        """The JSON of any answer, asked for as the author; None when there is none. A `key` makes a repeat harmless."""
        headers = {"Idempotency-Key": key} if key else None
        answer = self._ask(method, path, params=params, json=body, headers=headers)
        return answer.json() if answer.content else None

    def _ask(
        self,
        method: str,
        path: str,
        *,
        who: Credential | None = None,
        headers: dict[str, str] | None = None,
        params: dict[str, str | int] | None = None,
        json: Any = None,
        content: bytes | None = None,
    ) -> httpx.Response:
        sent = self._headers(who) | (headers or {})
        try:
            answer = self._http.request(method, path, headers=sent, params=params, json=json, content=content)
        except httpx.HTTPError as error:
            raise unreachable(self.target.url, error) from error
        if answer.is_error:
            raise refused(answer)
        return answer

    def _headers(self, who: Credential | None) -> dict[str, str]:
        return (who or self.target.author).headers


def refused(answer: httpx.Response) -> Trouble:
    """A problem document (RFC 9457), or whatever came instead of one, as trouble."""
    try:
        body = answer.json()
    except ValueError:
        body = {}
    problem: dict[str, Any] = body if isinstance(body, dict) else {}
    kept = problem.get("kept")
    return Trouble(
        str(problem.get("detail") or f"The stack answered {answer.status_code} {answer.reason_phrase}."),
        exit_code=_EXITS.get(answer.status_code, ExitCode.NO_STACK),
        code=str(problem.get("error", "refused")),
        title="Refused" if answer.status_code < 500 else "The stack could not answer",
        stage=problem.get("stage"),
        kept=", ".join(kept) if isinstance(kept, list) else kept,
        next_step=problem.get("next_action") or _NEXT_STEPS.get(answer.status_code),
    )


def unreachable(url: str, error: Exception) -> Trouble:
    """No answer at all."""
    return Trouble(
        f"{url} does not answer: {error or type(error).__name__}.",
        exit_code=ExitCode.NO_STACK,
        code="unreachable",
        title="The stack does not answer",
        kept="everything: runs go on by themselves and can be looked at later",
        next_step="See ./greenlight status; start a stack with ./greenlight up --detach.",
    )


def _bulk(action: str, *, workflow: str | None, dry_run: bool) -> dict[str, Any]:
    """What is asked of every run there is now that it makes sense for."""
    wanted = {"created_before": datetime.now(UTC).isoformat()} | ({"workflow": workflow} if workflow else {})
    return {"action": action, "filter": wanted, "dry_run": dry_run, "limit": _PAGE}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
