"""Generated files: up to date, and right about what they are generated from."""

from __future__ import annotations

import json
import re

import pytest
from cli.generate import events, generate_all, list_stale, nats, nginx, settings
from cli.generate.commands import list_commands
from cli.places import REPOSITORY
from common.contracts.catalogue import CAPABILITIES, SERVICES
from common.contracts.edge import ROUTES, owner_of
from common.service.dashboard import SECURITY_HEADERS
from pydantic import BaseModel, SecretStr
from pydantic_settings import BaseSettings


def test_generated_files_are_up_to_date() -> None:
    assert list_stale(REPOSITORY) == [], "write them with ./greenlight dev gen"


def test_every_command_is_documented() -> None:
    text = generate_all()["docs/cli.md"]
    assert all(f"## `./greenlight {name}`" in text for name in list_commands())


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.prefix)
def test_nginx_sends_a_path_where_the_edge_would(route: object) -> None:
    text = nginx.generate()[nginx.PATH]
    for one in ROUTES:
        if one is not route:
            continue
        for path in (one.prefix, f"{one.prefix}/below/it"):
            assert _nginx_upstream(text, path) == getattr(owner_of(path), "service", None)


def test_nginx_opens_sockets_only_where_the_table_says() -> None:
    text = nginx.generate()[nginx.PATH]
    upgraded = set(re.findall(r"location = (\S+) \{[^}]*Upgrade \$http_upgrade", text))
    assert upgraded == {route.prefix for route in ROUTES if route.websocket}


def test_nats_has_a_user_a_service_and_no_password() -> None:
    text = nats.generate()[nats.PATH]
    assert re.findall(r'user: "(\w+)"', text) == list(SERVICES)
    assert re.findall(r"password: (\S+),", text) == [f"$NATS_{service.upper()}_PASSWORD" for service in SERVICES]


def test_every_capability_has_a_section_and_two_schemas() -> None:
    files = generate_all()
    for name in CAPABILITIES:
        assert f"### `{name}`" in files[events.PATH]
        for end in ("input", "output"):
            assert json.loads(files[f"libs/common/schemas/{name}.{end}.json"])["type"] == "object"


def test_docstrings_under_fields_become_descriptions() -> None:
    class Knobs(BaseSettings):
        """Some."""

        plain: int = 3
        told: SecretStr
        """What it
        does."""

    assert settings.field_docstrings(Knobs) == {"told": "What it does."}
    plain, told = settings.knobs_of(Knobs)
    assert (plain.variable, plain.default, plain.secret) == ("PLAIN", "3", False)
    assert (told.default, told.secret, told.about) == (None, True, "What it does.")


def test_types_are_written_without_modules() -> None:
    class Shape(BaseModel):
        many: tuple[int, ...] | None
        named: dict[str, list[SecretStr]]

    fields = Shape.model_fields
    assert events.type_name(fields["many"].annotation) == "tuple[int, …] or null"
    assert events.type_name(fields["named"].annotation) == "dict[str, list[SecretStr]]"


def _nginx_upstream(text: str, path: str) -> str | None:
    """The service nginx would choose: an exact location, else the longest prefix."""
    found = re.findall(r"location (= )?(\S+) \{\s+set \$upstream http://(\w+):", text)
    exact = [service for equals, where, service in found if equals and where == path]
    prefixes = [(where, service) for equals, where, service in found if not equals and path.startswith(where)]
    return exact[0] if exact else max(prefixes, key=lambda one: len(one[0]), default=("", None))[1]


def test_nginx_serves_pages_only_to_who_asks_for_one() -> None:
    text = nginx.generate()[nginx.PATH]
    policy = SECURITY_HEADERS["Content-Security-Policy"]
    assert text.count(f'add_header Content-Security-Policy "{policy}" always;') == 2
    assert "try_files $uri $page @nothing;" in text
    assert "try_files $uri @nothing;" in text
