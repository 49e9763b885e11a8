"""How a gate's file says who looks at its content, in which order, and whom to call when nobody does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from common.contracts.gates import EXTERNAL, ContentType, Escalation, Priority, Review, ReviewStage
from common.contracts.values import Decision, Role

if TYPE_CHECKING:
    from orchestrator.definitions.files import Node
    from orchestrator.definitions.reading import Reading

_DECISIONS = {
    "approve": Decision.APPROVED,
    "changes": Decision.CHANGES_REQUESTED,
    "reject": Decision.REJECTED,
}
_ROLES = (*(role.value for role in Role if role is not Role.SERVICE), EXTERNAL)
_MOST = 50
_MOST_CALLED = 20


def read_review(node: Node, reading: Reading) -> Review:
    """What a gate says of its review. Raises `WorkflowInvalid` naming file, line and field."""
    return Review(
        stages=_read_stages(node),
        require_reason=_read_reasons(node),
        escalate=_read_escalation(node, reading),
        remind_after_ms=_positive(node, "remind", reading.duration(node, "remind")),
        due_after_ms=_positive(node, "due", reading.duration(node, "due")),
    )


def read_content_type(node: Node) -> ContentType | None:
    """What kind of thing the gate holds, if it says."""
    written = node.take("content_type", str, None)
    if written is None:
        return None
    if written not in set(ContentType):
        raise node.place("content_type").error(f"one of {', '.join(ContentType)}")
    return ContentType(written)


def read_priority(node: Node) -> Priority:
    """How much the gate's content presses."""
    written = node.take("priority", str, Priority.MEDIUM.value)
    if written not in set(Priority):
        raise node.place("priority").error(f"one of {', '.join(Priority)}")
    return Priority(written)


def read_roles(node: Node, key: str) -> tuple[str, ...]:
    """A list of roles."""
    roles = _names(node, key)
    for position, role in enumerate(roles):
        if role not in _ROLES:
            raise node.place(key, position).error(f"{role!r} is no role; there are {', '.join(_ROLES)}")
    return roles


def _read_stages(node: Node) -> tuple[ReviewStage, ...] | None:
    if not node.has("stages"):
        return None
    if node.has("reviewers"):
        raise node.place("reviewers").error("with 'stages', each stage says its own reviewers")
    written = node.children("stages")
    if not 1 <= len(written) <= 10:
        raise node.place("stages").error("between 1 and 10 stages")
    stages: list[ReviewStage] = []
    for each in written:
        stage = _read_stage(each)
        if stage.name in {earlier.name for earlier in stages}:
            raise each.place("name").error(f"there are two stages {stage.name!r}")
        stages.append(stage)
    return tuple(stages)


def _read_stage(node: Node) -> ReviewStage:
    name = node.take("name", str).strip()
    if not 1 <= len(name) <= 64:
        raise node.place("name").error("a name has between 1 and 64 characters")
    reviewers, any_of = read_roles(node, "reviewers"), _names(node, "any_of")
    if not reviewers and not any_of:
        raise node.place().error("a stage needs 'reviewers' (roles), 'any_of' (user ids), or both")
    quorum: Any = node.take("quorum", (int, str), 1)
    if isinstance(quorum, str) and quorum != "all":
        raise node.place("quorum").error("a number, or 'all'")
    if quorum == "all" and not any_of:
        raise node.place("quorum").error("'all' means everybody in 'any_of'; how many have a role is not known")
    if isinstance(quorum, int) and not 1 <= quorum <= _MOST:
        raise node.place("quorum").error(f"between 1 and {_MOST}")
    if isinstance(quorum, int) and not reviewers and quorum > len(any_of):
        raise node.place("quorum").error(f"{quorum} of {len(any_of)} people can never approve")
    node.finish()
    return ReviewStage(name=name, reviewers=reviewers, any_of=any_of, quorum=quorum)


def _read_reasons(node: Node) -> tuple[Decision, ...] | None:
    if not node.has("require_reason"):
        return None
    written = _names(node, "require_reason")
    for position, name in enumerate(written):
        if name not in _DECISIONS:
            raise node.place("require_reason", position).error(f"one of {', '.join(_DECISIONS)}")
    return tuple(_DECISIONS[name] for name in written)


def _read_escalation(node: Node, reading: Reading) -> Escalation | None:
    written = node.child("escalate")
    if written is None:
        return None
    after = reading.duration(written, "after", required=True)
    _positive(written, "after", after)
    to = _names(written, "to")
    if not to:
        raise written.place("to").error("name at least one role or user id")
    if len(to) > _MOST_CALLED:
        raise written.place("to").error(f"at most {_MOST_CALLED} names")
    if Role.SERVICE.value in to:
        raise written.place("to").error("a service cannot decide")
    written.finish()
    return Escalation(after_ms=after, to=to)


def _positive(node: Node, key: str, ms: int | None) -> int | None:
    if ms is not None and ms < 1:
        raise node.place(key).error("longer than no time at all")
    return ms


def _names(node: Node, key: str) -> tuple[str, ...]:
    names = node.take(key, list, [])
    for position, name in enumerate(names):
        if not isinstance(name, str) or not 1 <= len(name.strip()) <= 200:
            raise node.place(key, position).error("expected a name")
    if len(set(names)) < len(names):
        raise node.place(key).error("each name once")
    if len(names) > _MOST:
        raise node.place(key).error(f"at most {_MOST} names")
    return tuple(names)
