"""PostgreSQL, NATS and Redis from wheels, each with the same small interface."""

from embedded.servers.nats import Nats
from embedded.servers.postgres import Postgres
from embedded.servers.protocol import Server, until_bound
from embedded.servers.redis import Redis

__all__ = ["Nats", "Postgres", "Redis", "Server", "until_bound"]
