"""Alembic for one schema a service; a service's `migrations/env.py` is one call of `run`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields

from alembic import context, op
from sqlalchemy import Connection, MetaData, Table, create_engine, pool, text

from common.db.roles import protect, protect_system
from common.db.table import SYSTEM_TABLES, TENANTLESS, RuntimeTables, metadata_for, runtime_tables, told_of_calls


def run(metadata: MetaData) -> None:
    """Run the migrations Alembic was asked for, as the schema's owner, waiting at most 5 s for a lock."""
    schema = metadata.schema
    if schema is None:
        raise ValueError("a service's metadata names its schema")
    engine = create_engine(context.config.get_main_option("sqlalchemy.url") or "", poolclass=pool.NullPool)
    with engine.begin() as connection:
        _configure(connection, metadata, schema)
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


def _configure(connection: Connection, metadata: MetaData, schema: str) -> None:
    connection.execute(text("set local lock_timeout = '5s'"))
    connection.execute(text(f'set local role "{schema}_owner"'))
    context.configure(
        connection=connection,
        target_metadata=metadata,
        version_table_schema=schema,
        include_schemas=True,
        include_name=lambda name, kind, _parents: kind != "schema" or name == schema,
        compare_type=True,
    )


def create_runtime_tables(service: str) -> None:
    """For a service's first migration: the tables of `runtime_tables`, each under row-level security."""
    metadata = metadata_for(service)
    runtime_tables(metadata)
    metadata.create_all(op.get_bind(), checkfirst=False)
    for table in metadata.sorted_tables:
        if table.name in TENANTLESS:
            grant_table(service, table.name)
        else:
            protect_table(service, table.name, system=table.name in SYSTEM_TABLES)


def create_tables(service: str, *define: Callable[[MetaData], Table]) -> None:
    """Tables that several services have, as the functions describe them, each under row-level security."""
    metadata = metadata_for(service)
    tables = [make(metadata) for make in define]
    metadata.create_all(op.get_bind(), checkfirst=False)
    for table in tables:
        protect_table(service, table.name)


def tell_of_calls(service: str) -> None:
    """For a database whose calls were declared before they said what was asked. Elsewhere it changes nothing."""
    for column in told_of_calls():
        op.add_column("calls", column, schema=service, if_not_exists=True)
    op.create_index("ix_calls_run_id", "calls", ["tenant_id", "run_id"], schema=service, if_not_exists=True)


def stop_telling_of_calls(service: str) -> None:
    """For the downgrade of what `tell_of_calls` did."""
    op.drop_index("ix_calls_run_id", "calls", schema=service)
    for column in told_of_calls():
        op.drop_column("calls", column.name, schema=service)


def drop_runtime_tables(service: str) -> None:
    """For the downgrade of a service's first migration: what `create_runtime_tables` made."""
    for table in fields(RuntimeTables):
        op.drop_table(table.name, schema=service)


def protect_table(service: str, table: str, *, system: bool = False, append_only: bool = False) -> None:
    """Put a table of tenants under row-level security (see `roles.protect`)."""
    for statement in protect(service, table, system=system, append_only=append_only):
        op.execute(statement)


def grant_table(service: str, table: str) -> None:
    """Open a table without tenants to the service's system role (see `roles.protect_system`)."""
    for statement in protect_system(service, table):
        op.execute(statement)
