"""Addresses with other credentials, or with none."""

from __future__ import annotations

from urllib.parse import quote, urlsplit, urlunsplit


def with_credentials(url: str, *, user: str, password: str) -> str:
    """The same host, port, path and query with this user and password."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"{quote(user, safe='')}:{quote(password, safe='')}@{_host(url)}"))


def without_credentials(url: str) -> str:
    """The address alone, fit for a state file or a log."""
    return urlunsplit(urlsplit(url)._replace(netloc=_host(url)))


def for_sqlalchemy(url: str) -> str:
    """The PostgreSQL address with the one driver of the suite, whatever the scheme was."""
    return urlunsplit(urlsplit(url)._replace(scheme="postgresql+psycopg"))


def _host(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2]
