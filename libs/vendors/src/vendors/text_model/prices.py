"""What models cost, as it was known on a day; and what a question may cost at most, before it is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from functools import lru_cache
from importlib import resources

import orjson

from vendors.text_model.chat import Answer, Question
from vendors.text_model.models_file import ModelEntry, Price

_MESSAGE_TOKENS = 16
"""What a chat template adds to a message, generously."""


@dataclass(frozen=True)
class PriceTable:
    """Prices by a model's name, all known since the same day."""

    as_of: date
    source: str
    prices: dict[str, Price]


@lru_cache
def price_table() -> PriceTable:
    """The table that comes with Greenlight."""
    found = orjson.loads((resources.files("vendors.text_model") / "prices.json").read_bytes())
    day = date.fromisoformat(found["as_of"])
    prices = {
        name: Price(input=Decimal(read), output=Decimal(written), as_of=day)
        for name, (read, written) in found["models"].items()
    }
    return PriceTable(as_of=day, source=found["source"], prices=prices)


def price_of(entry: ModelEntry) -> Price | None:
    """A model's price: the file's own, or the table's. None when neither knows it."""
    return entry.price or price_table().prices.get(entry.priced_as or entry.name)


def cost_of(answer: Answer, price: Price | None) -> int | None:
    """What an answer cost in micro-dollars: as its endpoint says, else by its tokens; None when nobody knows."""
    if answer.cached:
        return 0
    if answer.cost_usd_micros is not None:
        return answer.cost_usd_micros
    counted = answer.usage.input_tokens + answer.usage.output_tokens
    if price is None or (not counted and (price.input or price.output)):
        return None
    return _micros(answer.usage.input_tokens * price.input + answer.usage.output_tokens * price.output)


def most_for(question: Question, price: Price | None) -> int | None:
    """What asking may cost at most: no tokenizer makes more tokens than bytes. None when no price is known."""
    if price is None:
        return None
    written = len(question.model_dump_json().encode()) + _MESSAGE_TOKENS * len(question.messages)
    return _micros(written * price.input + question.max_output_tokens * price.output)


def _micros(dollars_for_a_million: Decimal) -> int:
    # Dollars for a million tokens, times tokens, are millionths of a dollar.
    return int(dollars_for_a_million.to_integral_value(ROUND_CEILING))
