"""`deploy/nats/nats.conf`, from the rights that are declared beside the streams."""

from __future__ import annotations

from common.bus.streams import permissions
from common.contracts.catalogue import SERVICES
from embedded.nats_conf import NatsUser, render_nats_conf

PATH = "deploy/nats/nats.conf"


def generate() -> dict[str, str]:
    """The one file. Passwords come from the server's environment: `$NATS_<SERVICE>_PASSWORD`."""
    users = []
    for service in SERVICES:
        rights = permissions(service)
        users.append(NatsUser(service, f"$NATS_{service.upper()}_PASSWORD", rights.publish, rights.subscribe))
    text = render_nats_conf(users, listen="0.0.0.0:4222", monitoring="0.0.0.0:8222", store="/data")
    head = "# Written by `./greenlight dev gen` from libs/common/src/common/bus/streams.py. Do not edit.\n"
    return {PATH: head + text}
