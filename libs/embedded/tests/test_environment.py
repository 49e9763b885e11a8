"""What the apps, the migrations and NATS are told."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from common.contracts.catalogue import SERVICES
from embedded.environment import EDGE, Site, migration_environment, service_environment
from embedded.nats_conf import NatsUser, render_nats_conf
from embedded.ports import PREFERRED_PORTS
from embedded.programs import host_programs, nats_users
from embedded.sandbox import SandboxSite
from embedded.secrets import derive, load_secrets
from embedded.settings import HostSettings
from embedded.urls import with_credentials, without_credentials
from sandbox.models import SHIELD


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A stack on the design's ports."""
    return Site(
        data=tmp_path,
        secrets=load_secrets(tmp_path),
        database_url="postgresql://greenlight:super@127.0.0.1:5555/greenlight",
        nats_url="nats://127.0.0.1:4333",
        redis_url="redis://:pw@127.0.0.1:6380/0",
        services={name: f"http://127.0.0.1:{port}" for name, port in PREFERRED_PORTS.items()},
    )


def test_with_the_sandbox_every_service_asks_its_llama_guard_unless_another_was_chosen(site: Site) -> None:
    mode = "GREENLIGHT_SAFETY_MODE"
    for wanted, expected in (({}, "llama_stack"), ({mode: "rules"}, None)):
        sandbox = SandboxSite("http://127.0.0.1:8090", "key", "secret", wanted=wanted)
        told = [service_environment(service, replace(site, sandbox=sandbox)) for service in SERVICES]
        assert {variables.get(mode) for variables in told} == {expected}
    guard = SandboxSite("http://127.0.0.1:8090", "key", "secret", wanted={}).tell("compliance")
    assert (guard["GREENLIGHT_SAFETY_URL"], guard["GREENLIGHT_SAFETY_SHIELD"]) == (
        "http://127.0.0.1:8090/llama_stack",
        SHIELD,
    )


def test_every_service_has_its_own_logins(site: Site) -> None:
    told = {service: service_environment(service, site) for service in SERVICES}
    master = site.secrets.master.get_secret_value()
    for service, variables in told.items():
        database = derive(master, "database", service)
        assert variables["GREENLIGHT_DATABASE_URL"] == (
            f"postgresql+psycopg://{service}:{database}@127.0.0.1:5555/greenlight"
        )
        assert variables["GREENLIGHT_NATS_URL"] == f"nats://{service}:{derive(master, 'nats', service)}@127.0.0.1:4333"
        assert variables["GREENLIGHT_PORT"] == str(PREFERRED_PORTS[service])
        assert variables["GREENLIGHT_ARTIFACTS_URL"] == f"file://{site.data}/artifacts"
        assert master not in json.dumps(variables)
    assert len({variables["GREENLIGHT_SERVICE_KEY"] for variables in told.values()}) == len(SERVICES)


def test_only_identity_knows_who_is_who(site: Site) -> None:
    identity = service_environment("identity", site)
    known = json.loads(identity["GREENLIGHT_SERVICE_KEYS"])
    for service in SERVICES:
        variables = service_environment(service, site)
        assert known[service] == hashlib.sha256(variables["GREENLIGHT_SERVICE_KEY"].encode()).hexdigest()
        assert ("GREENLIGHT_ADMIN_KEY" in variables) == (service == "identity")
    assert identity["GREENLIGHT_ADMIN_KEY"] == site.secrets.admin_key.get_secret_value()


def test_the_edge_knows_addresses_and_no_secret(site: Site) -> None:
    edge = service_environment(EDGE, replace(site, edge_host="0.0.0.0"))
    assert edge["GREENLIGHT_HOST"] == "0.0.0.0"
    assert set(json.loads(edge["GREENLIGHT_UPSTREAMS"])) == set(SERVICES)
    assert not {"GREENLIGHT_DATABASE_URL", "GREENLIGHT_NATS_URL", "GREENLIGHT_SERVICE_KEY"} & edge.keys()


def test_outside_servers_keep_their_address(site: Site) -> None:
    outside = replace(
        site,
        database_url="postgres://admin:p%40ss@db.example:6432/suite?sslmode=require",
        nats_url="nats://shared:token@nats.example:4222",
        outside_nats=True,
    )
    variables = service_environment("editor", outside)
    password = outside.secrets.derive("database", "editor")
    assert variables["GREENLIGHT_DATABASE_URL"] == (
        f"postgresql+psycopg://editor:{password}@db.example:6432/suite?sslmode=require"
    )
    assert variables["GREENLIGHT_NATS_URL"] == "nats://shared:token@nats.example:4222"
    assert migration_environment(outside)["GREENLIGHT_ADMIN_DATABASE_URL"] == (
        "postgresql+psycopg://admin:p%40ss@db.example:6432/suite?sslmode=require"
    )


def test_migrations_know_every_services_password(site: Site) -> None:
    passwords = json.loads(migration_environment(site)["GREENLIGHT_DATABASE_PASSWORDS"])
    for service in SERVICES:
        assert f"{service}:{passwords[service]}@" in service_environment(service, site)["GREENLIGHT_DATABASE_URL"]


def test_the_shared_process_gets_what_the_single_ones_would(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    (shared,) = host_programs(site, "one")
    single = host_programs(site, "each")
    assert {program.name for program in single} == {*SERVICES, EDGE}
    for name, value in shared.environment.items():
        monkeypatch.setenv(name, value)
    assert HostSettings().service_environments == {program.name: program.environment for program in single}
    assert set(shared.ready) == {url for program in single for url in program.ready}


@pytest.mark.parametrize(
    ("url", "plain", "other"),
    [
        ("nats://a:b@host:1", "nats://host:1", "nats://u:p%2F@host:1"),
        ("redis://:b@[::1]:1/0", "redis://[::1]:1/0", "redis://u:p%2F@[::1]:1/0"),
        ("http://host", "http://host", "http://u:p%2F@host"),
    ],
)
def test_credentials_are_taken_off_and_put_on(url: str, plain: str, other: str) -> None:
    assert without_credentials(url) == plain
    assert with_credentials(url, user="u", password="p/") == other


def test_nats_accepts_what_we_render_with_passwords_and_with_variables(tmp_path: Path, site: Site) -> None:
    users = nats_users(site.secrets)
    assert {user.name for user in users} == set(SERVICES)
    from_environment = [
        NatsUser(user.name, f"$NATS_{user.name.upper()}_PASSWORD", user.publish, user.subscribe) for user in users
    ]
    for rendered in (users, from_environment):
        text = render_nats_conf(rendered, listen="0.0.0.0:4222", monitoring="0.0.0.0:8222", store=str(tmp_path / "js"))
        (tmp_path / "nats.conf").write_text(text)
        checked = subprocess.run(
            [Path(sys.executable).with_name("nats-server"), "-t", "-c", tmp_path / "nats.conf"],
            env={f"NATS_{service.upper()}_PASSWORD": f"a{service}1" for service in SERVICES},
            capture_output=True,
            text=True,
            check=False,
        )
        assert checked.returncode == 0, checked.stderr
    assert not any(derive(site.secrets.master.get_secret_value(), "nats", name) in text for name in SERVICES)
