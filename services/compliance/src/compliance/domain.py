"""Decisions without I/O: who may decide what, what an edit makes of the content, how risky an item looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from common.contracts.gates import Finding, Verdict, VerdictLevel
from common.contracts.message import BODY_LIMIT
from common.contracts.publishing import Window
from common.contracts.values import Decision, Downgrade, JsonObject
from common.errors import Invalid
from common.manifest import canonical_json, manifest_sha256
from common.merging import may_be_walked, merge_patch
from pydantic import ValidationError
from safety.rules.passage import escaped

from compliance.errors import (
    BlockedByPolicy,
    ConditionsNotMet,
    DowngradesNotAccepted,
    EditDoesNotFit,
    NotAReviewer,
    OwnWork,
    UnknownDowngrade,
)

COMMENT_LIMIT = 2000
CONTENT_LIMIT = BODY_LIMIT - 10 * 1024
"""A decision is told in one message with the content, so room is kept for its longest comment."""


class ItemStatus(StrEnum):
    """Where an item stands. A hold is a flag beside it."""

    OPEN = "open"
    APPROVED = "approved"
    CHANGES_REQUESTED = "changes_requested"
    REJECTED = "rejected"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    RELEASING = "releasing"
    RELEASED = "released"
    RELEASE_FAILED = "release_failed"


class ReleaseOutcome(StrEnum):
    """How a release ended."""

    RELEASED = "released"
    RELEASE_FAILED = "release_failed"


class TenantFlag(StrEnum):
    """Switches of a whole tenant; `kill_all`, which only the installation's own tenant has, is everybody's."""

    KILL = "kill"
    KILL_ALL = "kill_all"


class PolicyAction(StrEnum):
    """What was done with a policy pack."""

    ACTIVATE = "activate"
    DEACTIVATE = "deactivate"


HOLDABLE = frozenset({ItemStatus.OPEN, ItemStatus.APPROVED, ItemStatus.RELEASE_FAILED})
RELEASABLE = frozenset({ItemStatus.APPROVED, ItemStatus.RELEASE_FAILED})
WITHDRAWABLE = frozenset({ItemStatus.OPEN, ItemStatus.APPROVED, ItemStatus.RELEASE_FAILED})
TIMEOUT_ACTOR = "system:timeout"
ADMIN = "admin"
NEVER_DECIDE = frozenset({"service", "agent"})
_GONE = object()
"""Stands where an edit removed a value."""


@dataclass(frozen=True)
class Sealed:
    """Content with the hash a decision will name."""

    content: JsonObject
    manifest_sha256: str
    policy_version: str


def seal(content: JsonObject, *, policy_version: str) -> Sealed:
    """The content under its manifest hash. Raises `Invalid` when it is too large or has no canonical form."""
    may_be_walked(content)
    try:
        size = len(canonical_json(content))
        digest = manifest_sha256(content, policy_version=policy_version)
    except ValueError as error:
        # Numbers beyond 2^53 and lone surrogates would not survive another reader; RFC 8785 refuses them.
        raise Invalid(f"The content has no canonical form: {error}.") from error
    if size > CONTENT_LIMIT:
        raise Invalid(f"The content has {size} bytes; {CONTENT_LIMIT} are allowed. Keep large things as artifacts.")
    return Sealed(content, digest, policy_version)


def edited(content: JsonObject, edit: JsonObject) -> JsonObject:
    """The content with an RFC 7396 merge patch applied. Raises `Invalid` when the patch is nested without end."""
    may_be_walked(edit)
    merged: JsonObject = merge_patch(content, edit)
    return merged


def must_fit(content: JsonObject, *, held: JsonObject) -> None:
    """Raises `EditDoesNotFit` when a value that is `held` is gone from the edited content or is of another kind.

    What comes after the gate could not go on with either. Null may become anything, and be removed.
    """
    _must_fit([held], [("", content)])


def _must_fit(held: Sequence[Any], given: Sequence[tuple[str, Any]]) -> None:
    """The same for each `given` value, with its path: it must be like one of those `held`.

    They come in groups because a list's items have no names to tell them apart by: each new one has to be like those
    that were there, in whatever order. That also looks at every value once, however long the lists are.
    """
    kinds = {_kind(value) for value in held}
    if not held or "null" in kinds:
        return
    for path, value in given:
        if value is _GONE:
            raise EditDoesNotFit(f"The edit does not fit: {path} may be changed, not removed.", path=path)
        if _kind(value) not in kinds:
            expected = " or ".join(sorted(kinds))
            raise EditDoesNotFit(
                f"The edit does not fit: {path} must stay {expected}; the edit makes it {_kind(value)}.", path=path
            )
    objects = [value for value in held if isinstance(value, dict)]
    new_objects = [(path, value) for path, value in given if isinstance(value, dict)]
    # A member that one of them does without, nobody counts on.
    for name in [name for name in objects[0] if all(name in value for value in objects)] if objects else ():
        below = [(f"{path}/{escaped(name)}", value.get(name, _GONE)) for path, value in new_objects]
        _must_fit([value[name] for value in objects], below)
    items = [item for value in held if isinstance(value, list) for item in value]
    new_lists = [(path, value) for path, value in given if isinstance(value, list)]
    _must_fit(items, [(f"{path}/{index}", item) for path, value in new_lists for index, item in enumerate(value)])


def _kind(value: Any) -> str:
    """Which of JSON's six kinds it is."""
    match value:
        case None:
            return "null"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "a text"
        case dict():
            return "an object"
        case _:
            return "a list"


def may_decide(
    user_id: str,
    *,
    roles: frozenset[str],
    reviewers: Sequence[str],
    requested_by: str,
    people: Sequence[str] = (),
) -> None:
    """Raises `NotAReviewer` or `OwnWork`. Services and agents never decide, whatever other roles they carry.

    Everybody else may who has one of the `reviewers`' roles, is an administrator, or is named in `people`.
    """
    if roles & NEVER_DECIDE:
        raise NotAReviewer("A service or an agent cannot decide; a person does.")
    if not roles & {*reviewers, ADMIN} and user_id not in people:
        wanted = f"one of these roles: {', '.join(reviewers)}" if reviewers else "one of the people it names"
        raise NotAReviewer(f"Deciding this gate needs {wanted}.")
    if user_id == requested_by:
        raise OwnWork("The author of a run cannot decide at its gates; somebody else must.")


def window_of(content: JsonObject) -> Window:
    """When held content may go out. What is no window keeps it in: nobody can say when it may."""
    try:
        return Window.model_validate(content.get("window") or {})
    except ValidationError:
        return Window(not_after=datetime.min.replace(tzinfo=UTC))


def may_be_approved(verdict: Verdict) -> None:
    """Raises `BlockedByPolicy` naming the rules."""
    if verdict.level is VerdictLevel.BLOCKED:
        rules = blocking_rules(verdict)
        raise BlockedByPolicy(
            f"The checks refuse this content ({', '.join(rules)}); edit it or send it back.", rules=rules
        )


def must_meet(unmet: Sequence[str]) -> None:
    """Raises `ConditionsNotMet` with the sentences of the gate's conditions that do not hold."""
    if unmet:
        raise ConditionsNotMet(" ".join(unmet), unmet=list(unmet))


def codes_of(downgrades: Sequence[Downgrade]) -> list[str]:
    """What happened, by its codes: each once, in their order."""
    return sorted({one.code for one in downgrades})


def must_accept(codes: Sequence[str], downgrades: Sequence[Downgrade]) -> None:
    """Raises `DowngradesNotAccepted` with what happened, unless the `codes` name every one of the downgrades.

    Raises `UnknownDowngrade` for a code that none of them has: who accepts it has read something else.
    """
    if unknown := sorted({*codes} - {*codes_of(downgrades)}):
        raise UnknownDowngrade(f"This item has no downgrade {', '.join(unknown)}.", codes=unknown)
    if left_out := [one for one in downgrades if one.code not in codes]:
        listed = " ".join(f"{one.code}: {one.detail}" for one in left_out)
        raise DowngradesNotAccepted(
            f"The run is degraded, and an approval has to accept that by name. {listed}",
            downgrades=[one.model_dump(mode="json") for one in left_out],
        )


def blocking_rules(verdict: Verdict) -> list[str]:
    """The rules that block, each once, in order."""
    return list(dict.fromkeys(finding.rule for finding in verdict.findings if finding.severity == "blocking"))


def news_in(verdict: Verdict, shown: Verdict) -> list[Finding]:
    """What speaks against an approval: everything that blocks, and what its reviewer had not been `shown`."""
    known = {(finding.rule, finding.where, finding.quote) for finding in shown.findings}
    return [
        finding
        for finding in verdict.findings
        if finding.severity == "blocking"
        or (finding.severity != "info" and (finding.rule, finding.where, finding.quote) not in known)
    ]


def status_after(decision: Decision) -> ItemStatus:
    """Where a decision leads."""
    return ItemStatus(decision.value)


def risk_of(verdict: Verdict, downgrades: Sequence[Downgrade]) -> int:
    """0 to 100, for ordering a queue: what the policy makes of it, else what was found, and fallbacks."""
    if verdict.risk_parts:
        return verdict.risk
    start = {VerdictLevel.ALLOWED: 0, VerdictLevel.NEEDS_REVIEW: 40, VerdictLevel.BLOCKED: 90}[verdict.level]
    serious = sum(finding.severity != "info" for finding in verdict.findings)
    return min(100, start + 5 * max(0, serious - 1) + 3 * len(downgrades))
