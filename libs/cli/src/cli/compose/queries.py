"""What the dashboards and alerts ask Prometheus, and its answers."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from cli.places import REPOSITORY

DASHBOARDS = REPOSITORY / "deploy/grafana/dashboards"
_GRAFANA = {"$__rate_interval": "5m", "$__interval": "1m", "$__range": "1h", "$service": ".*"}
"""What stands for Grafana's own variables when we ask instead of it."""


@dataclass(frozen=True)
class Query:
    """One expression of a panel."""

    dashboard: str
    panel: str
    expression: str


def dashboard_queries(folder: Path = DASHBOARDS) -> list[Query]:
    """Every expression of every panel, Grafana's variables filled in."""
    found = []
    for path in sorted(folder.glob("*.json")):
        dashboard = json.loads(path.read_text(encoding="utf-8"))
        for panel in dashboard["panels"]:
            found += [
                Query(dashboard["title"], panel["title"], filled_in(target["expr"])) for target in panel["targets"]
            ]
    return found


def filled_in(expression: str) -> str:
    """The expression with values for Grafana's variables, the longest names first."""
    for name in sorted(_GRAFANA, key=len, reverse=True):
        expression = expression.replace(name, _GRAFANA[name])
    return expression


class Prometheus:
    """A Prometheus server's HTTP API."""

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=url, timeout=20, trust_env=False)

    def ask(self, expression: str) -> list[float]:
        """The values of an instant query, those that are no number left out. Raises `httpx.HTTPError`."""
        series = self._data("/api/v1/query", query=expression)["result"]
        values = (float(one["value"][1]) for one in series)
        return [value for value in values if not math.isnan(value)]

    def rules(self) -> dict[str, str]:
        """Alert → `ok`, or what is wrong with its expression."""
        groups = self._data("/api/v1/rules")["groups"]
        return {
            rule["name"]: rule.get("lastError") or str(rule["health"]) for group in groups for rule in group["rules"]
        }

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def _data(self, path: str, **parameters: str) -> dict[str, Any]:
        answer = self._http.get(path, params=parameters)
        answer.raise_for_status()
        data: dict[str, Any] = answer.json()["data"]
        return data
