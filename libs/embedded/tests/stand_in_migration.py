"""Stands in for the migrations: counts the starts in a table of its own, so a test can see the data survive."""

from __future__ import annotations

import psycopg
from embedded.settings import inherited_environment


def main() -> None:
    """Note one more start. With `STAND_IN_PROBLEM`, fail with it."""
    told = inherited_environment()
    if problem := told.get("STAND_IN_PROBLEM"):
        raise SystemExit(problem)
    url = told["GREENLIGHT_ADMIN_DATABASE_URL"].replace("+psycopg", "")
    with psycopg.connect(url) as connection:
        connection.execute("create extension if not exists vector")
        connection.execute("create table if not exists starts (at timestamptz default now())")
        connection.execute("insert into starts default values")


if __name__ == "__main__":
    main()
