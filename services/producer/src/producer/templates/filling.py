"""Gaps in a design, and what is put into them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from common.errors import Invalid
from pydantic import ValidationError

from producer.designs import DesignRequest

GAP = re.compile(r"\{([a-z][a-z0-9_]{0,39})\}")
_WORDS = ("headline", "kicker", "detail", "about")


def gaps_in(design: DesignRequest) -> tuple[str, ...]:
    """The names that a design leaves open, such as `guest` of "An evening with {guest}", in order of the alphabet."""
    texts = (*(getattr(design, name) for name in _WORDS), *design.emphasis)
    return tuple(sorted({gap for text in texts for gap in GAP.findall(text)}))


def filled(design: DesignRequest, values: Mapping[str, str]) -> DesignRequest:
    """The design with its gaps filled; what is put in is text, whatever is in it.

    Raises `Invalid` for a gap without a value, a value without a gap, and a design that is none any more, because a
    text of it has become too long.
    """
    gaps = gaps_in(design)
    if missing := [gap for gap in gaps if not values.get(gap, "").strip()]:
        raise Invalid(f"The template also wants {', '.join(missing)}.")
    if unknown := sorted(set(values) - set(gaps)):
        wanted = ", ".join(gaps) or "nothing"
        raise Invalid(f"The template does not know {', '.join(unknown)}; it wants {wanted}.")

    def fill(text: str) -> str:
        return GAP.sub(lambda gap: values[gap[1]].strip(), text)

    words = {name: fill(getattr(design, name)) for name in _WORDS}
    emphasis = tuple(fill(text) for text in design.emphasis)
    try:
        return DesignRequest.model_validate(design.model_dump() | words | {"emphasis": emphasis})
    except ValidationError as error:
        said = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
        raise Invalid(f"Filled in, it is no design any more: {said}.") from error
