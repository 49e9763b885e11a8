"""`.env` for Compose: a fresh random value for every secret, the same ones for as long as the file lives."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from secrets import token_hex

from common.contracts.catalogue import SERVICES
from embedded.files import write_atomically

_HEAD = """\
# Secrets of this installation, written by `./greenlight dev compose-env`. Keep a copy with your backups, never in git.
# GREENLIGHT_ADMIN_KEY and GREENLIGHT_REVIEWER_KEY are the first two people's API keys. Knobs of docs/settings.md may be
# added here as well: docker-compose.yml hands each to the service that reads it.
"""
_DIGESTS = "GREENLIGHT_SERVICE_KEYS"


def complete(path: Path) -> list[str]:
    """See that the file holds everything `docker-compose.yml` needs. → the names that were added.

    What is there is kept, so a repeat changes nothing and an upgrade adds what is new. The file is 0600.
    """
    text = path.read_text(encoding="utf-8") if path.exists() else _HEAD
    known = read_variables(text)
    missing = {name: value for name, value in _secrets().items() if not known.get(name)}
    values = known | missing
    digests = _digests(values)
    if known.get(_DIGESTS) != digests:
        missing[_DIGESTS] = digests
    if missing or not path.exists():
        kept = [line for line in text.splitlines() if line.partition("=")[0].strip() not in missing]
        # In single quotes nothing is interpolated, neither by docker-compose 1.29 nor by its successor.
        added = [f"{name}='{value}'" for name, value in missing.items()]
        write_atomically(path, "\n".join([*kept, *added]) + "\n")
    path.chmod(0o600)
    return sorted(missing)


def read_variables(text: str) -> dict[str, str]:
    """Name → value of a file of assignments; quotes around a value are not part of it."""
    pairs = (line.split("=", 1) for line in text.splitlines() if "=" in line and not line.lstrip().startswith("#"))
    return {name.strip(): _unquoted(value.strip()) for name, value in pairs}


def _secrets() -> dict[str, str]:
    fresh = {
        "POSTGRES_PASSWORD": _password(),
        "REDIS_PASSWORD": _password(),
        "GRAFANA_PASSWORD": _password(),
        "LITELLM_MASTER_KEY": f"sk-{token_hex(24)}",
        "GREENLIGHT_MASTER_KEY": _password(),
        "GREENLIGHT_AUDIT_SIGNING_KEY": _password(),
        "GREENLIGHT_ADMIN_KEY": f"gl_admin_{token_hex(24)}",
        "GREENLIGHT_REVIEWER_KEY": f"gl_reviewer_{token_hex(24)}",
    }
    for service in SERVICES:
        fresh[f"{service.upper()}_DATABASE_PASSWORD"] = _password()
        fresh[f"NATS_{service.upper()}_PASSWORD"] = _password()
        fresh[f"{service.upper()}_SERVICE_KEY"] = f"gl_service_{token_hex(24)}"
    return fresh


def _digests(values: Mapping[str, str]) -> str:
    keys = {service: values[f"{service.upper()}_SERVICE_KEY"] for service in SERVICES}
    return json.dumps({service: hashlib.sha256(key.encode()).hexdigest() for service, key in keys.items()})


def _password() -> str:
    # A letter first and no signs: it stands in URLs, and in nats.conf as configuration syntax.
    return f"p{token_hex(32)}"


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"" else value
