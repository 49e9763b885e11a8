"""SQLAlchemy's statements as the driver takes them: put together once, and run any number of times.

What stands in the hot path says its columns, its conditions and who may see it in SQLAlchemy like everything else, and
pays for that once in a process; see `Transaction.run` for what running it costs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from json import dumps
from typing import Any, LiteralString

from sqlalchemy import JSON, BindParameter, ClauseElement, bindparam
from sqlalchemy.dialects.postgresql.psycopg import PGDialectAsync_psycopg
from sqlalchemy.types import TypeEngine

from common.db.connection import Statement

_DIALECT: Any = PGDialectAsync_psycopg()  # type: ignore[no-untyped-call]


@dataclass(frozen=True)
class Spoken:
    """A statement's text, and the values that it was made with."""

    text: LiteralString
    fixed: Mapping[str, Any]
    json: Mapping[str, JSON]
    """Of the names of its values, those that are JSON."""

    def with_values(self, **values: Any) -> Statement:
        """The statement with what was left to be `given`; lists are arrays, and JSON is given as it is."""
        for name in self.json.keys() & values.keys():
            if values[name] is not None or not self.json[name].none_as_null:
                values[name] = dumps(values[name])
        return self.text, {**self.fixed, **values}


def given(name: str, type_: TypeEngine[Any] | None = None) -> BindParameter[Any]:
    """A value that is given each time. Of what is not compared with a column, the type is said."""
    return bindparam(name, None, type_, required=False)


def spoken(statement: ClauseElement) -> Spoken:
    """The statement, put together. Keep what this gives, as by `lru_cache`: making it takes longer than running it."""
    compiled: Any = statement.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
    json = {name: bind.type for name, bind in compiled.binds.items() if isinstance(bind.type, JSON)}
    left = {name for name, bind in compiled.binds.items() if bind.value is None}
    # A tuple would be a row to the driver.
    said = {name: list(value) if isinstance(value, tuple) else value for name, value in compiled.params.items()}
    fixed = {name: value for name, value in said.items() if name not in left}
    return Spoken(str(compiled), fixed, json)
