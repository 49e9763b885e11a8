"""What runs and held things look like in an answer, and in words."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
from common.contracts.values import Decision

from orchestrator.chat.shapes import Act, FilmCard, HeldCard, Proposal

_TITLE_LIMIT = 80
_LINE_LIMIT = 300
_CODE = 8
_SHIPS = ("title", "caption", "hashtags", "platforms", "account", "visibility", "window", "duration_ms", "language")
"""What of a post is shown before it is decided on: all that decides where it goes, and as what."""
_WOULD = {
    Decision.APPROVED: "approve",
    Decision.REJECTED: "reject, which ends the run,",
    Decision.CHANGES_REQUESTED: "ask for changes to",
}


def film_card(run: dict[str, Any]) -> FilmCard:
    """A run as `/v1/runs` shows it, in short."""
    brief = run["input"].get("brief")
    return FilmCard(
        run_id=run["run_id"],
        workflow=run["workflow"],
        brief=brief if isinstance(brief, str) else None,
        status=run["status"],
        current_step=run["current_step"],
        degraded=run["degraded"],
        cost_usd=str(run["cost_usd"]),
        created_at=run["created_at"],
    )


def held_card(item: dict[str, Any]) -> HeldCard:
    """An item as the airlock lists it, in short."""
    return HeldCard.model_validate(item | {"item_id": item["id"]})


def named(run: dict[str, Any]) -> str:
    """A run in a sentence: the beginning of its brief, and of its id."""
    brief = run["input"].get("brief")
    about = f"“{_short(brief, _TITLE_LIMIT)}”" if isinstance(brief, str) and brief.strip() else run["workflow"]
    return f"{about} ({run['run_id'][:13]})"


def status_of(run: dict[str, Any]) -> str:
    """Where a run stands, in sentences."""
    said = [f"{named(run)} is {run['status'].replace('_', ' ')}."]
    if run["current_step"] and not run["finished_at"]:
        said.append(f"It is at {run['current_step']}.")
    if run["error"]:
        said.append(f"It failed at {run['error']['stage']}: {run['error']['detail']}")
    if run["rejection"]:
        said.append(f"It was rejected: {run['rejection']}")
    if run["degraded"]:
        details = "; ".join(_short(one["detail"], _LINE_LIMIT) for one in run["downgrades"])
        said.append(f"It is degraded: {details}")
    said.append(f"It has cost {_money(run['cost_usd'])}.")
    return " ".join(said)


def proposal_of_decision(
    run: dict[str, Any], held: dict[str, Any], decision: Decision, comment: str, *, turn_id: UUID
) -> tuple[Proposal, str]:
    """What would be decided on, whole enough to be decided by its words, and how it is said."""
    item = held["item"]
    shows = _ships(held["content"]) | {
        "gate": item["gate"],
        "verdict": item["verdict"],
        "risk": item["risk"],
        "findings": [_short(one["message"], _LINE_LIMIT) for one in held["verdict"]["findings"]],
        "downgrades": [f"{one['code']}: {_short(one['detail'], _LINE_LIMIT)}" for one in held["downgrades"]],
    }
    codes = sorted({one["code"] for one in held["downgrades"]}) if decision is Decision.APPROVED else []
    proposal = _coded(
        Proposal(
            act=Act.DECIDE,
            confirm_with="",
            run_id=run["run_id"],
            item_id=item["id"],
            decision=decision,
            comment=comment,
            manifest_sha256=item["manifest_sha256"],
            accepts_downgrades=codes,
            shows=shows,
        ),
        turn_id,
    )
    lines = [f"  {name}: {_line(value)}" for name, value in shows.items() if value not in (None, "", [], {})]
    why = [f"  your words: {comment}"] if comment else []
    text = "\n".join(
        [
            f"I would {_WOULD[decision]} item {item['id']} of {named(run)}, content {item['manifest_sha256'][:_CODE]}:",
            *lines,
            *why,
            f"Nothing is decided yet. To do it, say: {proposal.confirm_with}",
        ]
    )
    return proposal, text


def proposal_of_cancel(run: dict[str, Any], *, turn_id: UUID) -> tuple[Proposal, str]:
    """What would be ended, and how it is said."""
    shows = {"brief": run["input"].get("brief"), "status": run["status"], "cost_usd": str(run["cost_usd"])}
    proposal = _coded(Proposal(act=Act.CANCEL, confirm_with="", run_id=run["run_id"], shows=shows), turn_id)
    said = f"I would cancel {named(run)}, which is {run['status']} and has cost {_money(run['cost_usd'])}."
    return proposal, f"{said}\nTo do it, say: {proposal.confirm_with}"


def code_for(proposal: Proposal) -> str:
    """The code that confirms it, with the downgrades that are accepted by that."""
    return proposal.confirm_with.removeprefix("confirm ")


def _coded(proposal: Proposal, turn_id: UUID) -> Proposal:
    # Another turn, item, content, decision or comment has another code: a code that lies around does nothing else.
    whole = f"{turn_id} {proposal.model_dump_json()}"
    code = hashlib.sha256(whole.encode()).hexdigest()[:_CODE]
    # Nobody accepts without having written what: a code is soon copied.
    accepting = f" accepting {', '.join(proposal.accepts_downgrades)}" if proposal.accepts_downgrades else ""
    return proposal.model_copy(update={"confirm_with": f"confirm {code}{accepting}"})


def _ships(content: dict[str, Any]) -> dict[str, Any]:
    """What of held content says what it is and where it goes."""
    shown = {name: content[name] for name in _SHIPS if content.get(name) not in (None, "")}
    ideas, chosen = content.get("ideas"), content.get("chosen")
    if isinstance(ideas, list) and isinstance(chosen, int) and 0 <= chosen < len(ideas):
        shown["idea"] = {name: ideas[chosen].get(name) for name in ("title", "hook", "summary")}
        shown["ideas"] = [idea.get("title") for idea in ideas]
    # A gate of an operator's own holds what we have no names for: all of it is shown, so far as it fits.
    return shown or {"content": _short(orjson.dumps(content).decode(), 2_000)}


def _money(usd: object) -> str:
    """In dollars and cents, and in more digits where it is less than a cent."""
    amount = Decimal(str(usd))
    return f"${amount:.2f}" if not amount or amount >= Decimal("0.01") else f"${amount.normalize():f}"


def _line(value: Any) -> str:
    return _short(value if isinstance(value, str) else orjson.dumps(value).decode(), 2_000)


def _short(text: object, limit: int) -> str:
    words = " ".join(str(text).split())
    return words if len(words) <= limit else words[: limit - 1] + "…"
