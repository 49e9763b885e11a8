"""`dashboard/openapi/<service>.json`: the routes of each service, from which the dashboard's client is typed."""

from __future__ import annotations

import json

from common.contracts.edge import owner_of

from cli.generate.permissions import wired_apps

FOLDER = "dashboard/openapi"


def generate() -> dict[str, str]:
    """One file a service that people reach through the edge: what is not served there, nobody's page can ask for."""
    files = {}
    for service, app in wired_apps():
        document = app.openapi()
        paths = {
            path: operations
            for path, operations in document["paths"].items()
            if (route := owner_of(path)) is not None and route.service == service
        }
        if paths:
            text = json.dumps({**document, "paths": paths}, indent=1, sort_keys=True, ensure_ascii=False)
            files[f"{FOLDER}/{service}.json"] = text + "\n"
    return files
