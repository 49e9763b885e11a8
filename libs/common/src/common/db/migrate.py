"""Brings every schema up to date: `python -m common.db.migrate identity orchestrator …`, one after another."""

from __future__ import annotations

import asyncio
import importlib.resources
import json
import sys

from alembic import command
from alembic.config import Config
from psycopg import AsyncConnection
from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from common.db.roles import ensure_roles


class MigrationSettings(BaseSettings):
    """What migrations need: a URL that may create roles, and the password each service will log in with."""

    model_config = SettingsConfigDict(env_prefix="GREENLIGHT_", env_file=None)

    admin_database_url: SecretStr
    database_passwords: SecretStr
    """JSON object: service → password."""


def migrate(services: list[str], settings: MigrationSettings) -> None:
    """Make roles and schemas, then upgrade each to its newest migration. Doing it again changes nothing."""
    url = settings.admin_database_url.get_secret_value()
    passwords: dict[str, str] = json.loads(settings.database_passwords.get_secret_value())
    asyncio.run(_prepare(url, {service: passwords[service] for service in services}))
    for service in services:
        if not (importlib.resources.files(service) / "migrations").is_dir():
            continue
        command.upgrade(alembic_config(service, url), "head")


def alembic_config(service: str, url: str) -> Config:
    """Alembic's configuration for one service, whose migrations are part of its package."""
    config = Config()
    config.set_main_option("script_location", str(importlib.resources.files(service) / "migrations"))
    config.set_main_option("sqlalchemy.url", _sqlalchemy_url(url).replace("%", "%%"))
    return config


def _sqlalchemy_url(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


async def _prepare(url: str, passwords: dict[str, str]) -> None:
    plain = url.replace("postgresql+psycopg://", "postgresql://", 1)
    async with await AsyncConnection.connect(plain, connect_timeout=10) as connection:
        for service, password in passwords.items():
            await ensure_roles(connection, service, password=password)


if __name__ == "__main__":
    migrate(sys.argv[1:], MigrationSettings.model_validate({}))
