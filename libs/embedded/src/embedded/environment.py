"""What each service is told through its environment. The same names as in Compose, so the apps see no difference."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from common.contracts.catalogue import SERVICES

from embedded.errors import StackFailed
from embedded.sandbox import NAME as SANDBOX
from embedded.sandbox import SandboxSite
from embedded.secrets import StackSecrets, load_secrets
from embedded.stack import find_running
from embedded.urls import for_sqlalchemy, with_credentials

EDGE = "edge"
DASHBOARD = Path(__file__).resolve().parents[4] / "dashboard" / "dist"
"""Where `./greenlight` builds the dashboard; members are always installed from their folders."""


@dataclass(frozen=True)
class Site:
    """Everything that is known about a stack once its servers run and its ports are chosen."""

    data: Path
    secrets: StackSecrets
    database_url: str
    """With the credentials of a role that may create others."""
    nats_url: str
    redis_url: str
    services: Mapping[str, str]
    """Service, or `edge`, → its address as seen from this machine."""
    edge_host: str = "127.0.0.1"
    outside_nats: bool = False
    sandbox: SandboxSite | None = None
    """The sandbox of vendors, where the stack has one."""

    @property
    def edge_url(self) -> str:
        """The one origin for everything."""
        return self.services[EDGE]


def site_of(data: Path) -> Site:
    """What is known about the stack that runs for `data`.

    Raises `StackFailed` when none does, or one on servers that run elsewhere: their logins are not ours to know.
    """
    state = find_running(data)
    if state is None or not (state.database_url and state.nats_url and state.redis_url):
        raise StackFailed(f"No stack runs for {data}.")
    if elsewhere := {"postgres", "nats", "redis"} - state.processes.keys():
        raise StackFailed(f"The stack for {data} has servers elsewhere: {', '.join(sorted(elsewhere))}.")
    sandbox = state.services.get(SANDBOX)
    secrets = load_secrets(data)
    return Site(
        data=data,
        secrets=secrets,
        database_url=with_credentials(
            state.database_url, user="greenlight", password=secrets.derive("database", "greenlight")
        ),
        nats_url=state.nats_url,
        redis_url=with_credentials(state.redis_url, user="default", password=secrets.derive("redis", "greenlight")),
        services=state.services,
        sandbox=SandboxSite.at(sandbox, secrets) if sandbox else None,
    )


def service_environment(service: str, site: Site) -> dict[str, str]:
    """The variables of one service, or of `edge`: its own logins, its own address, and whom it may ask."""
    environment = {
        "GREENLIGHT_ENVIRONMENT": "embedded",
        "GREENLIGHT_DATA_DIR": str(site.data),
        "GREENLIGHT_HOST": site.edge_host if service == EDGE else "127.0.0.1",
        "GREENLIGHT_PORT": site.services[service].rpartition(":")[2],
        "GREENLIGHT_EDGE_URL": site.edge_url,
        "GREENLIGHT_IDENTITY_URL": site.services["identity"],
        "GREENLIGHT_COMPLIANCE_URL": site.services["compliance"],
        "GREENLIGHT_ORCHESTRATOR_URL": site.services["orchestrator"],
    }
    if service == EDGE:
        upstreams = {name: url for name, url in site.services.items() if name != EDGE}
        return environment | {"GREENLIGHT_UPSTREAMS": json.dumps(upstreams), "GREENLIGHT_DASHBOARD_DIR": str(DASHBOARD)}
    environment |= {
        "GREENLIGHT_DATABASE_URL": _database_url(service, site),
        "GREENLIGHT_NATS_URL": _nats_url(service, site),
        "GREENLIGHT_REDIS_URL": site.redis_url,
        "GREENLIGHT_SERVICE_KEY": site.secrets.derive("service", service),
        "GREENLIGHT_ARTIFACTS_URL": (site.data / "artifacts").as_uri(),
    }
    if site.sandbox is not None:
        environment |= site.sandbox.tell(service)
    return environment | _identity_environment(site) if service == "identity" else environment


def migration_environment(site: Site) -> dict[str, str]:
    """The variables of the migration child: a role that may create roles, and the password each service will use."""
    passwords = {service: site.secrets.derive("database", service) for service in SERVICES}
    return {
        "GREENLIGHT_ENVIRONMENT": "embedded",
        "GREENLIGHT_ADMIN_DATABASE_URL": for_sqlalchemy(site.database_url),
        "GREENLIGHT_DATABASE_PASSWORDS": json.dumps(passwords),
    }


def _identity_environment(site: Site) -> dict[str, str]:
    keys = {service: site.secrets.derive("service", service) for service in SERVICES}
    digests = {service: hashlib.sha256(key.encode()).hexdigest() for service, key in keys.items()}
    return {
        # Derived like all others: whoever holds identity's key cannot compute a database password from it.
        "GREENLIGHT_MASTER_KEY": site.secrets.derive("master", "identity"),
        "GREENLIGHT_ADMIN_KEY": site.secrets.admin_key.get_secret_value(),
        "GREENLIGHT_REVIEWER_KEY": site.secrets.reviewer_key.get_secret_value(),
        "GREENLIGHT_SERVICE_KEYS": json.dumps(digests),
    }


def _database_url(service: str, site: Site) -> str:
    password = site.secrets.derive("database", service)
    return with_credentials(for_sqlalchemy(site.database_url), user=service, password=password)


def _nats_url(service: str, site: Site) -> str:
    if site.outside_nats:
        return site.nats_url
    return with_credentials(site.nats_url, user=service, password=site.secrets.derive("nats", service))
