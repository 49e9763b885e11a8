"""The configuration of nats-server: who may log in, and who may say what. Pure, so Compose gets the same file."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

_VARIABLE = re.compile(r"\$[A-Z][A-Z0-9_]*")


@dataclass(frozen=True)
class NatsUser:
    """One login and its rights; every other subject is refused by the server.

    A password such as `$NATS_IDEATION_PASSWORD` stands for an environment variable of the server. The server reads
    its value as configuration syntax, so it should start with a letter and consist of letters and digits.
    """

    name: str
    password: str
    publish: tuple[str, ...]
    subscribe: tuple[str, ...]


def render_nats_conf(
    users: Sequence[NatsUser],
    *,
    listen: str,
    monitoring: str,
    store: str,
    max_file: str = "2GB",
    max_memory: str = "64MB",
    server_name: str = "greenlight",
) -> str:
    """The file's text: one JetStream server on `listen` (host:port), its health on `monitoring`, its files in `store`.

    The server needs `max_file` of free disk only as it fills; without the limit it would claim a share of the disk.
    """
    lines = [
        f"server_name: {_text(server_name)}",
        f"listen: {_text(listen)}",
        f"http: {_text(monitoring)}",
        f"jetstream {{ store_dir: {_text(store)}, max_file: {max_file}, max_mem: {max_memory} }}",
        "authorization {",
        "  users: [",
        *(_user(user) for user in users),
        "  ]",
        "}",
    ]
    return "\n".join(lines) + "\n"


def _user(user: NatsUser) -> str:
    password = user.password if _VARIABLE.fullmatch(user.password) else _text(user.password)
    return (
        f"    {{ user: {_text(user.name)}, password: {password}, permissions: {{\n"
        f"      publish: {_subjects(user.publish)}\n"
        f"      subscribe: {_subjects(user.subscribe)}\n"
        "    } }"
    )


def _subjects(subjects: Sequence[str]) -> str:
    # An empty list would mean "everything"; nothing at all has to be said the other way round.
    if not subjects:
        return '{ deny: [">"] }'
    return f"{{ allow: [{', '.join(_text(subject) for subject in subjects)}] }}"


def _text(value: str) -> str:
    return json.dumps(value)
