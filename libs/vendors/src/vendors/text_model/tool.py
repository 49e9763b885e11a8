"""A tool that a model may call, as whoever offers it writes it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from vendors.text_model.chat import ToolSpec
from vendors.text_model.schema import strict_schema


@dataclass(frozen=True)
class Tool:
    """Something a model may call. `repeatable` says that running it twice does no harm.

    `arguments` says what it takes: what the model writes is validated against it before `run` sees any of it. `run`
    gives plain JSON data; that a vendor behind it failed is such data, too. A sentence about wrong arguments goes back
    to the model.
    """

    name: str
    description: str
    arguments: type[BaseModel]
    run: Callable[[Any], Awaitable[Any] | Any]
    repeatable: bool = False

    @property
    def spec(self) -> ToolSpec:
        """The tool as the model is told of it."""
        return ToolSpec(name=self.name, description=self.description, parameters=strict_schema(self.arguments))
