"""`docs/events.md`: who tells whom what, from the contracts and the declared consumers."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

from common.bus.streams import COMMANDS, DEAD, DURABLES, EVENTS
from common.contracts.audit import AuditEntry
from common.contracts.catalogue import CAPABILITIES
from common.contracts.dead import DEAD_SUBJECTS, DeadLetter
from common.contracts.message import AUDIT_SUBJECT, CATALOGUE, SIGNAL_SUBJECT, Capability, Event, Signal
from pydantic import BaseModel

PATH = "docs/events.md"
_HEAD = f"""\
<!-- Written by `./greenlight dev gen` from common.contracts and common.bus.streams. Do not edit. -->

# Messages

Commands travel on the stream `{COMMANDS}`, answers and facts on `{EVENTS}`, what nobody could handle on `{DEAD}`.
Every message carries CloudEvents 1.0 headers in binary mode; the body is JSON of the class named here, at most 64 KiB.
The JSON Schema of each class is in [libs/common/schemas](../libs/common/schemas).
"""


def generate() -> dict[str, str]:
    """The one file."""
    return {PATH: "\n".join(_lines()) + "\n"}


def _lines() -> Iterator[str]:
    yield _HEAD
    yield "## Capabilities"
    yield ""
    yield "Ordered by the orchestrator, served by one service, answered to the orchestrator alone."
    for capability in CAPABILITIES.values():
        yield from _capability(capability)
    yield ""
    yield "## Events"
    for _, event in sorted(CATALOGUE.items()):
        yield from _event(event)
    yield ""
    yield "## Open to every service"
    yield from _class_section(f"`{SIGNAL_SUBJECT}`", Signal, f"Read by {_readers(SIGNAL_SUBJECT)}.")
    yield from _class_section(f"`{AUDIT_SUBJECT}`", AuditEntry, f"Read by {_readers(AUDIT_SUBJECT)}.")
    yield from _class_section("`dead.<service>.<subject>`", DeadLetter, f"Read by {_readers(DEAD_SUBJECTS)}.")


def _capability(capability: Capability[Any, Any]) -> Iterator[str]:
    yield ""
    yield f"### `{capability.name}`"
    yield ""
    yield f"- order: `{capability.command_subject}`, read by {_readers(capability.command_subject)}"
    yield f"- answer: `{capability.finished_subject}`, read by {_readers(capability.finished_subject)}"
    yield f"- one attempt may take {capability.timeout_ms // 1000} s"
    yield from _fields("Input", capability.input)
    yield from _fields("Output", capability.output)


def _event(event: type[Event]) -> Iterator[str]:
    sender = event.subject.split(".")[1]
    return _class_section(f"`{event.subject}`", event, f"Sent by {sender}, read by {_readers(event.subject)}.")


def _class_section(title: str, kind: type[BaseModel], who: str) -> Iterator[str]:
    yield ""
    yield f"### {title}"
    yield ""
    yield who
    yield from _fields("Body", kind)


def _fields(what: str, kind: type[BaseModel]) -> Iterator[str]:
    yield ""
    yield f"**{what}**: `{kind.__name__}`. {_first_paragraph(kind)}"
    yield ""
    yield "| member | type | |"
    yield "|---|---|---|"
    for name, field in kind.model_fields.items():
        note = field.description or ""
        if not field.is_required():
            note = f"{note} Optional.".strip()
        yield f"| `{name}` | `{type_name(field.annotation)}` | {_cell(note)} |"


def _readers(subject: str) -> str:
    readers = {durable.service for durable in DURABLES.values() if subject in durable.subjects}
    return ", ".join(sorted(readers)) or "nobody yet"


def type_name(annotation: Any) -> str:
    """A type as a reader writes it, without modules."""
    if annotation is None or annotation is type(None):
        return "null"
    if isinstance(annotation, type) and not getattr(annotation, "__args__", None):
        return annotation.__name__
    arguments = getattr(annotation, "__args__", ())
    origin = getattr(annotation, "__origin__", None)
    if hasattr(annotation, "__metadata__"):
        return type_name(origin)
    if origin is None or "Union" in str(origin):
        return " or ".join(type_name(one) for one in arguments) or str(annotation)
    if "Literal" in str(origin):
        return " or ".join(repr(one) for one in arguments)
    inner = ", ".join("…" if one is Ellipsis else type_name(one) for one in arguments)
    return f"{getattr(origin, '__name__', origin)}[{inner}]"


def _first_paragraph(kind: type[BaseModel]) -> str:
    return " ".join((inspect.getdoc(kind) or "").split("\n\n")[0].split())


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
