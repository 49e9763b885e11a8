"""What stands in an address is looked for in the database, which cannot look for a text with NUL in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from cli.generate.permissions import wired_apps

ANY_TEXT = {("knowledge", "query")}
"""Words to search by, of which what cannot be kept is left out."""
PAGES = "/feed/"
"""For people, to whom what cannot be there is not found."""


def texts(service: str, document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every text a service reads from an address: where, and its schema."""
    for path, operations in document["paths"].items():
        if path.startswith(PAGES):
            continue
        for method, operation in operations.items():
            for parameter in operation.get("parameters", ()):
                if parameter["in"] in {"path", "query"} and (service, parameter["name"]) not in ANY_TEXT:
                    schema = parameter["schema"]
                    for kind in schema.get("anyOf", [schema]):
                        yield f"{method} {path} {parameter['name']}", kind.get("items", kind)


def test_no_address_asks_for_what_cannot_be_looked_for() -> None:
    read = [one for service, app in wired_apps() for one in texts(service, app.openapi())]
    free = [
        (where, kind) for where, kind in read if kind.get("type") == "string" and not {"format", "enum"} & set(kind)
    ]
    assert len(free) > 50
    assert [where for where, kind in free if re.search(kind.get("pattern", ""), "\0")] == []
