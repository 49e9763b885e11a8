"""A gate's conditions: CEL over the content it holds, worked out before an approval counts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import cel
from common.contracts.gates import Accepts
from common.contracts.values import JsonObject
from common.observability.logging import get_logger

log = get_logger(__name__)


def unmet(accepts: Sequence[Accepts], content: JsonObject) -> list[str]:
    """The sentences of the conditions that do not hold, in order. What cannot be worked out does not hold."""
    names = cel.Context()
    names.add_variable("content", content)
    # The library's own `size` of a text counts UTF-8 bytes (0.10.0), and it cannot be replaced.
    names.add_function("characters", _characters)
    return [condition.otherwise for condition in accepts if not _holds(condition.when, names)]


def _holds(when: str, names: cel.Context) -> bool:
    try:
        return _compiled(when).execute(names) is True
    except (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError) as error:
        log.warning("gate.condition_unclear", when=when, error=str(error))
        return False


def _characters(text: str) -> int:
    if not isinstance(text, str):
        raise TypeError(f"only texts have characters, found {type(text).__name__}")
    return len(text)


@lru_cache(maxsize=512)
def _compiled(when: str) -> Any:
    return cel.compile(when)
