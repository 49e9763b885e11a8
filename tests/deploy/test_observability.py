"""Prometheus, its alerts and Grafana: all of it names metrics, labels and files that exist."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import common.observability.metrics as declared
import pytest
import yaml
from cli.compose.queries import dashboard_queries, filled_in
from common.contracts.catalogue import SERVICES
from prometheus_client import Counter, Gauge, Histogram
from prometheus_client.metrics import MetricWrapperBase

ROOT = Path(__file__).parents[2]
PROMETHEUS = ROOT / "deploy/prometheus"
RULES: list[dict[str, Any]] = [
    rule
    for path in sorted((PROMETHEUS / "rules").glob("*.yml"))
    for group in yaml.safe_load(path.read_text())["groups"]
    for rule in group["rules"]
]
DASHBOARDS: list[dict[str, Any]] = [
    json.loads(path.read_text()) for path in sorted((ROOT / "deploy/grafana/dashboards").glob("*.json"))
]
OF_EVERY_PROCESS = {"up", "process_resident_memory_bytes", "process_cpu_seconds_total", "process_open_fds"}
EXPRESSIONS = [query.expression for query in dashboard_queries()] + [rule["expr"] for rule in RULES]
ENDINGS: dict[type[MetricWrapperBase], tuple[str, ...]] = {
    Counter: ("_total",),
    Gauge: ("",),
    Histogram: ("_bucket", "_sum", "_count"),
}


def _series() -> dict[str, set[str]]:
    """Series → its labels, for everything the services export."""
    found: dict[str, set[str]] = {name: set() for name in OF_EVERY_PROCESS}
    for metric in vars(declared).values():
        if isinstance(metric, MetricWrapperBase):
            for ending in ENDINGS[type(metric)]:
                found[f"{metric._name}{ending}"] = set(metric._labelnames)
    return found


SERIES = _series()
OF_THE_SCRAPE = {"job", "instance", "service", "le"}


def _named(expression: str) -> set[str]:
    without_text = re.sub(r'"[^"]*"', "", expression)
    return set(re.findall(r"\b(?:up|(?:greenlight|http|process)_\w+)\b(?!\()", without_text))


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_every_metric_and_label_exists(expression: str) -> None:
    named = _named(expression)
    assert named
    assert named <= set(SERIES)
    labels = set().union(*(SERIES[name] for name in named)) | OF_THE_SCRAPE
    grouped = {label.strip() for group in re.findall(r"by \(([^)]*)\)", expression) for label in group.split(",")}
    matched = set(re.findall(r'(\w+)(?:=~|!~|!=|=)"', expression))
    assert grouped | matched <= labels


def test_every_service_is_scraped_replica_by_replica() -> None:
    jobs = yaml.safe_load((PROMETHEUS / "prometheus.yml").read_text())["scrape_configs"]
    (ours,) = (job for job in jobs if job["job_name"] == "greenlight")
    (discovery,) = ours["dns_sd_configs"]
    assert set(discovery["names"]) == set(SERVICES)
    assert discovery["type"] == "A"


def test_the_alert_for_what_is_gone_knows_every_service() -> None:
    (rule,) = (rule for rule in RULES if rule["alert"] == "ServiceDown")
    assert set(re.findall(r'absent\(up\{job="greenlight", service="(\w+)"\}\)', rule["expr"])) == set(SERVICES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule["alert"]))
def test_an_alert_names_a_runbook_whose_first_line_is_the_symptom(rule: dict[str, Any]) -> None:
    runbook = ROOT / rule["annotations"]["runbook"]
    assert runbook.read_text().startswith(f"# {rule['alert']}: ")
    assert runbook.name in (ROOT / "docs/runbooks/README.md").read_text()
    assert rule["labels"]["severity"] in {"page", "ticket"}


def test_every_runbook_belongs_to_an_alert() -> None:
    named = {rule["annotations"]["runbook"] for rule in RULES}
    there = {path.relative_to(ROOT).as_posix() for path in (ROOT / "docs/runbooks").glob("*.md")}
    assert there - {"docs/runbooks/README.md"} == named


@pytest.mark.parametrize("dashboard", DASHBOARDS, ids=lambda dashboard: str(dashboard["uid"]))
def test_a_dashboard_is_whole(dashboard: dict[str, Any]) -> None:
    sources = yaml.safe_load((ROOT / "deploy/grafana/provisioning/datasources/prometheus.yml").read_text())
    uids = {source["uid"] for source in sources["datasources"]}
    panels = dashboard["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        assert panel["datasource"]["uid"] in uids
        assert panel["description"]
        assert panel["targets"]
        at = panel["gridPos"]
        cells = {(at["x"] + x, at["y"] + y) for x in range(at["w"]) for y in range(at["h"])}
        assert taken.isdisjoint(cells)
        assert max(x for x, _ in cells) < 24
        taken |= cells


def test_grafana_finds_the_dashboards() -> None:
    (provider,) = yaml.safe_load((ROOT / "deploy/grafana/provisioning/dashboards/greenlight.yml").read_text())[
        "providers"
    ]
    grafana = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]["grafana"]
    mounts = dict(volume.split(":")[:2] for volume in grafana["volumes"])
    assert mounts["./deploy/grafana/dashboards"] == provider["options"]["path"]
    home = grafana["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
    assert (ROOT / "deploy/grafana/dashboards" / Path(home).name).is_file()
    assert Path(home).parent.as_posix() == provider["options"]["path"]


def test_no_variable_of_grafana_is_left_in_what_we_ask() -> None:
    assert filled_in("rate(x[$__rate_interval])") == "rate(x[5m])"
    assert [query for query in dashboard_queries() if "$" in query.expression] == []


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed")
def test_prometheus_accepts_the_rules() -> None:
    rules = [str(path) for path in (PROMETHEUS / "rules").glob("*.yml")]
    ended = subprocess.run(["promtool", "check", "rules", *rules], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed")
def test_alerts_fire_when_they_should() -> None:
    story = Path(__file__).with_name("alerts.yml")
    ended = subprocess.run(["promtool", "test", "rules", str(story)], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")
def test_nginx_accepts_its_configuration() -> None:
    configuration = ROOT / "deploy/nginx/nginx.conf"
    ended = subprocess.run(["nginx", "-t", "-c", str(configuration)], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
