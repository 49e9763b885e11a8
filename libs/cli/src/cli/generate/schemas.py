"""`libs/common/schemas/*.json`: the JSON Schema of everything that crosses the bus."""

from __future__ import annotations

import json

from common.contracts.audit import AuditEntry
from common.contracts.catalogue import CAPABILITIES
from common.contracts.dead import DeadLetter
from common.contracts.message import AUDIT_SUBJECT, CATALOGUE, SIGNAL_SUBJECT, CommandBody, Finished, Signal
from pydantic import BaseModel

FOLDER = "libs/common/schemas"


def generate() -> dict[str, str]:
    """One file a class: a capability's input and output, each event, and the bodies all messages share."""
    classes: dict[str, type[BaseModel]] = {
        "command": CommandBody,
        "finished": Finished,
        SIGNAL_SUBJECT: Signal,
        AUDIT_SUBJECT: AuditEntry,
        "dead_letter": DeadLetter,
        **CATALOGUE,
    }
    for capability in CAPABILITIES.values():
        classes[f"{capability.name}.input"] = capability.input
        classes[f"{capability.name}.output"] = capability.output
    return {f"{FOLDER}/{name}.json": _text(schema_of(kind)) for name, kind in sorted(classes.items())}


def schema_of(kind: type[BaseModel]) -> dict[str, object]:
    """The schema as a reader of another language needs it."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **kind.model_json_schema(by_alias=True)}


def _text(schema: dict[str, object]) -> str:
    return json.dumps(schema, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
