"""How things are said to somebody who does not know our words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from common.contracts.gates import ContentType, Finding, Verdict, VerdictLevel
from common.contracts.values import Decision, JsonObject

from compliance.domain import ItemStatus
from compliance.repository.items import Item

STATUSES: dict[ItemStatus, tuple[str, str]] = {
    ItemStatus.OPEN: ("Waiting for a decision", "wait"),
    ItemStatus.APPROVED: ("Approved", "go"),
    ItemStatus.CHANGES_REQUESTED: ("Changes were asked for", "wait"),
    ItemStatus.REJECTED: ("Rejected", "stop"),
    ItemStatus.EXPIRED: ("Time is up", "stop"),
    ItemStatus.WITHDRAWN: ("Taken back", "stop"),
    ItemStatus.RELEASING: ("Going out right now", "go"),
    ItemStatus.RELEASED: ("Published", "go"),
    ItemStatus.RELEASE_FAILED: ("Approved, publishing failed", "wait"),
}
"""A status in words, and how it looks."""
DECISIONS: dict[Decision, str] = {
    Decision.APPROVED: "You approved it.",
    Decision.CHANGES_REQUESTED: "You asked for changes.",
    Decision.REJECTED: "You rejected it.",
}
KINDS: dict[ContentType, str] = {
    ContentType.IDEAS: "Ideas",
    ContentType.SCRIPT: "Script",
    ContentType.IMAGE: "Picture",
    ContentType.CUT: "Film",
    ContentType.POST: "Film",
    ContentType.CAMPAIGN: "Campaign",
}
AUDIENCES = {"public": "Everybody", "unlisted": "Whoever has its address", "private": "Nobody but the account"}
_REFUSALS = {
    "gate_already_decided": "It has been decided already. Your answer changes nothing any more.",
    "already_heard": "You have approved it already. One person counts once.",
    "content_changed": "It is not what you looked at: somebody changed it in between. Look at it again, then decide.",
    "not_a_reviewer": "It is not your turn to decide now.",
    "own_work": "Whoever made the film made this link, too, and nobody may decide on their own work.",
    "item_claimed": "Somebody is looking at it right now, and decides first. Come back in a few minutes.",
    "blocked_by_policy": "The checks refuse it as it is, so nobody can approve it. You can ask for changes.",
    "conditions_not_met": "It cannot be approved as it is. You can ask for changes.",
    "downgrades_not_accepted": "It is less than was asked for. Tick each point that you accept, or ask for changes."
    " Nothing was decided yet.",
    "reason_required": "Say in a few words why. Nothing was decided yet.",
    "release_in_flight": "It is going out at this very moment, and cannot be held any more.",
    "already_released": "It is out already, and cannot be held any more. Tell the people you got the link from.",
    "not_granted": "This link is not meant for that.",
    "form_expired": "The page was open for too long, or was opened in another way. Go back to it and try again.",
    "content_blocked": "What you wrote cannot be accepted. Say it in other words.",
    "rate_limited": "That was a lot in a short time. Wait a minute, then go on.",
    "no_more_notes": "There are as many notes as can be kept.",
    "nothing_to_review": "It is over: nobody can write about it any more.",
}


def refusal_in_words(code: str, detail: str) -> str:
    """Why something was not done. Ours are told without names: who works for us is not a client's business."""
    return _REFUSALS.get(code, detail)


def verdict_in_words(verdict: Verdict) -> tuple[str, str]:
    """What the checks say, and how it looks."""
    match verdict.level:
        case VerdictLevel.ALLOWED:
            return "The automatic checks found nothing that speaks against it.", "go"
        case VerdictLevel.NEEDS_REVIEW:
            return "The automatic checks ask people to look at this more closely:", "wait"
        case _:
            return "The automatic checks refuse this as it is:", "stop"


def where_in_words(finding: Finding) -> str:
    """Where in the film or the text something was found."""
    if finding.at_seconds is not None:
        return f"at {clock(int(finding.at_seconds * 1000))}"
    # People count from one.
    parts = [str(int(part) + 1) if part.isdecimal() else part for part in finding.where.split("/") if part]
    return f"in: {' '.join(parts).replace('_', ' ')}" if parts else ""


def kind_of(item: Item) -> str:
    """What is held, in one word."""
    if item.content_type is not None:
        return KINDS[item.content_type]
    if "video" in item.content:
        return "Film"
    return "Ideas" if "ideas" in item.content else "Content"


def instant(at: datetime) -> str:
    """`21 November 2026, 15:40 UTC`."""
    at = at.astimezone(UTC)
    return f"{at.day} {at:%B %Y, %H:%M} UTC"


def clock(ms: int) -> str:
    """`1:07` for a time in a film."""
    seconds = max(0, ms) // 1000
    return f"{seconds // 60}:{seconds % 60:02d}"


def chosen_idea(content: JsonObject) -> int | None:
    """Which of the ideas goes on unless somebody says otherwise; None when there is nothing to choose."""
    chosen: Any = content.get("chosen")
    ideas: Any = content.get("ideas")
    return chosen if type(chosen) is int and isinstance(ideas, list) and 0 <= chosen < len(ideas) else None


def texts(value: Any) -> list[str]:
    """Everything readable in a value, in order: for content of a kind that no page knows."""
    if isinstance(value, str):
        return [value] if value else []
    if isinstance(value, list):
        return [text for each in value for text in texts(each)]
    if isinstance(value, dict):
        return [text for each in value.values() for text in texts(each)]
    return [] if value is None or isinstance(value, bool) else [str(value)]
