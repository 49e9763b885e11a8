"""The Compose file says what the code needs, and nothing that would break scaling or security."""

from __future__ import annotations

import importlib
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from cli.compose.environment import complete, read_variables
from common.contracts.catalogue import SERVICES
from common.contracts.edge import PORTS
from common.service.settings import ServiceSettings
from testkit.model_servers import SERVERS

ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
CONTAINERS: dict[str, dict[str, Any]] = COMPOSE["services"]
SET_IN_THE_IMAGE = {"host", "port", "data_dir", "artifacts_url", "workflows_dir"}
NEVER_IN_COMPOSE = {"testing_points"}
OURS = pytest.mark.parametrize("service", SERVICES)


def test_both_composes_can_read_it() -> None:
    assert set(COMPOSE) <= {"services", "networks", "volumes"} | {name for name in COMPOSE if name.startswith("x-")}


@pytest.mark.parametrize("name", CONTAINERS)
def test_every_container_is_kept_small_and_replaceable(name: str) -> None:
    container = CONTAINERS[name]
    assert "container_name" not in container
    assert container["read_only"]
    assert container["init"]
    assert "no-new-privileges:true" in container["security_opt"]
    assert container["mem_limit"]
    image = container["image"]
    assert ":" in image
    assert not image.endswith(":latest")


@OURS
def test_a_service_may_have_any_number_of_replicas(service: str) -> None:
    container = CONTAINERS[service]
    assert "ports" not in container
    assert container["cap_drop"] == ["ALL"]
    assert container["build"]["args"] == {"SERVICE": service}
    assert container["build"]["target"] == ("orchestrator" if service == "orchestrator" else "service")
    assert container["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    # A named volume would be shared by all replicas.
    assert [volume for volume in container["volumes"] if volume != "artifacts:/data/artifacts"] == ["/data/scratch"]


@OURS
def test_every_knob_reaches_its_service(service: str) -> None:
    settings: type[ServiceSettings] = importlib.import_module(f"{service}.settings").Settings
    knobs = {
        str(field.validation_alias or f"GREENLIGHT_{name.upper()}") for name, field in settings.model_fields.items()
    }
    elsewhere = {f"GREENLIGHT_{name.upper()}" for name in SET_IN_THE_IMAGE | NEVER_IN_COMPOSE}
    told = {name for name in CONTAINERS[service]["environment"] if name.startswith(("GREENLIGHT_", "OTEL_"))}
    assert knobs - told <= elsewhere
    assert told <= knobs, "a variable that nobody reads"


@OURS
def test_a_service_holds_its_own_logins_only(service: str) -> None:
    environment = CONTAINERS[service]["environment"]
    others = {other.upper() for other in SERVICES if other != service}
    text = json.dumps(environment)
    assert not [other for other in others if f"{other}_DATABASE_PASSWORD" in text or f"NATS_{other}_PASSWORD" in text]
    assert f"//{service}:" in environment["GREENLIGHT_DATABASE_URL"]
    assert f"//{service}:" in environment["GREENLIGHT_NATS_URL"]


def test_migrations_bring_every_schema_up_to_date() -> None:
    migrate = CONTAINERS["migrate"]
    assert tuple(migrate["build"]["args"]["SERVICE"].split()) == SERVICES
    assert set(json.loads(migrate["environment"]["GREENLIGHT_DATABASE_PASSWORDS"])) == set(SERVICES)


def test_nats_is_given_every_password_it_reads() -> None:
    read = set(re.findall(r"\$(NATS_\w+)", (ROOT / "deploy/nats/nats.conf").read_text()))
    assert read == set(CONTAINERS["nats"]["environment"])


def test_the_servers_with_data_cannot_be_reached_from_the_edge() -> None:
    assert COMPOSE["networks"]["data"] == {"internal": True}
    for name in ("postgres", "nats", "redis", "migrate"):
        assert CONTAINERS[name]["networks"] == ["data"]
        assert "ports" not in CONTAINERS[name]
    assert CONTAINERS["edge"]["networks"] == ["edge"]


@pytest.mark.feature("F39")
def test_the_gateway_is_told_every_key_that_its_file_names() -> None:
    gateway = CONTAINERS["litellm"]
    assert gateway["profiles"] == ["models"]
    configuration = (ROOT / "deploy/litellm/config.yaml").read_text()
    named = set(re.findall(r"os\.environ/(\w+)", configuration))
    assert "LITELLM_MASTER_KEY" in named
    # Where OpenAI is may be said, too: LiteLLM reads that variable by itself.
    assert set(gateway["environment"]) == named | {"OPENAI_API_BASE"}
    assert "./deploy/litellm/config.yaml:/app/config.yaml:ro" in gateway["volumes"]
    [installed] = (server for server in SERVERS if server.name.startswith("litellm"))
    assert (ROOT / "deploy/litellm/requirements.in").read_text().split() == list(installed.packages)


def test_mounted_files_are_there() -> None:
    mounted = [volume for container in CONTAINERS.values() for volume in container.get("volumes", [])]
    sources = [volume.split(":")[0] for volume in mounted if volume.startswith("./")]
    assert sources
    # The dashboard is built where it will run, and may be missing; the edge then goes on without it.
    assert [source for source in sources if not (ROOT / source).exists() and source != "./dashboard/dist"] == []


def test_published_service_ports_are_those_of_the_port_map() -> None:
    published = yaml.safe_load((ROOT / "deploy/docker-compose.ports.yml").read_text())["services"]
    first = {name: int(container["ports"][0].split(":")[-2]) for name, container in published.items()}
    assert first == PORTS


def test_compose_env_writes_what_compose_asks_for(tmp_path: Path) -> None:
    complete(tmp_path / ".env")
    known = read_variables((tmp_path / ".env").read_text())
    asked = set(re.findall(r"\$\{(\w+)(?::\?[^}]*)?\}", (ROOT / "docker-compose.yml").read_text()))
    assert asked <= set(known)


@pytest.mark.skipif(shutil.which("docker-compose") is None, reason="docker-compose is not installed")
def test_docker_compose_accepts_it(tmp_path: Path) -> None:
    complete(tmp_path / "env")
    files = ("-f", "docker-compose.yml", "-f", "deploy/docker-compose.ports.yml")
    command = ("docker-compose", "--env-file", str(tmp_path / "env"), *files, "--profile", "observability", "config")
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    understood = yaml.safe_load(ended.stdout)["services"]
    assert understood["ideation"]["environment"]["FORWARDED_ALLOW_IPS"] == "127.0.0.1"
    digests = json.loads(understood["identity"]["environment"]["GREENLIGHT_SERVICE_KEYS"])
    assert set(digests) == set(SERVICES)
