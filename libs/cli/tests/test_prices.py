"""The table of prices, out of LiteLLM's list: exact, and of models that cost by the token alone."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from cli.prices import TABLE, read_listing, table_of
from vendors.text_model.prices import price_table

LISTING = """{
  "sample_spec": {"mode": "one of: chat, embedding", "litellm_provider": "x", "input_cost_per_token": 0.0},
  "gpt-5": {"mode": "chat", "litellm_provider": "openai", "input_cost_per_token": 1.25e-06,
    "output_cost_per_token": 1e-05},
  "claude-x": {"mode": "chat", "litellm_provider": "anthropic", "input_cost_per_token": 7.5e-08,
    "output_cost_per_token": 0},
  "gpt-5-search-api": {"mode": "chat", "litellm_provider": "openai", "input_cost_per_token": 1e-06,
    "output_cost_per_token": 1e-05},
  "gpt-audio": {"mode": "chat", "litellm_provider": "openai", "input_cost_per_token": 1e-06,
    "output_cost_per_token": 1e-05, "output_cost_per_audio_token": 6.4e-05},
  "ft:gpt-4o": {"mode": "chat", "litellm_provider": "openai", "input_cost_per_token": 1e-06,
    "output_cost_per_token": 1e-05},
  "text-embedding-3": {"mode": "embedding", "litellm_provider": "openai", "input_cost_per_token": 1e-06,
    "output_cost_per_token": 0},
  "together_ai/NousResearch/Hermes": {"mode": "chat", "litellm_provider": "together_ai",
    "input_cost_per_token": 6e-07, "output_cost_per_token": 6e-07},
  "unpriced": {"mode": "chat", "litellm_provider": "openai"}
}"""


@pytest.mark.feature("P74")
def test_prices_are_exact_and_only_of_models_that_cost_by_the_token_alone(tmp_path: Path) -> None:
    (tmp_path / "prices.json").write_text(LISTING)
    table = json.loads(table_of(read_listing(tmp_path / "prices.json"), as_of=date(2026, 11, 1), source="litellm 9"))
    assert table["models"] == {
        "claude-x": ["0.075", "0"],
        "gpt-5": ["1.25", "10"],
        "together_ai/NousResearch/Hermes": ["0.6", "0.6"],
    }
    assert (table["as_of"], table["source"]) == ("2026-11-01", "litellm 9")


def test_what_is_no_list_is_refused(tmp_path: Path) -> None:
    for text in ("[]", '{"gpt-5": 3}', "no JSON"):
        (tmp_path / "prices.json").write_text(text)
        with pytest.raises(ValueError):
            read_listing(tmp_path / "prices.json")


def test_the_table_that_ships_is_as_it_is_written() -> None:
    written = TABLE.read_text(encoding="utf-8")
    listing = {
        name: {
            "mode": "chat",
            "litellm_provider": "openai",
            "input_cost_per_token": price.input / 1_000_000,
            "output_cost_per_token": price.output / 1_000_000,
        }
        for name, price in price_table().prices.items()
    }
    assert table_of(listing, as_of=price_table().as_of, source=price_table().source) == written
