"""The table of models' prices that comes with Greenlight, out of LiteLLM's own list of models."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from cli.places import REPOSITORY

TABLE = REPOSITORY / "libs" / "vendors" / "src" / "vendors" / "text_model" / "prices.json"
_PROVIDERS = {"anthropic", "deepseek", "gemini", "groq", "mistral", "openai", "together_ai"}
_MILLION = 1_000_000
_ALSO_CHARGED = ("output_cost_per_audio_token", "output_cost_per_image")
_SEARCHES = re.compile(r"\bsearch\b")


def read_listing(path: Path) -> dict[str, dict[str, Any]]:
    """LiteLLM's `model_prices_and_context_window.json`, its numbers exact. Raises `ValueError` for what is none."""
    found = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal, parse_int=Decimal)
    if not isinstance(found, dict) or not all(isinstance(entry, dict) for entry in found.values()):
        raise ValueError(f"{path.name} is no list of models by their names")
    return found


def table_of(listing: Mapping[str, Mapping[str, Any]], *, as_of: date, source: str) -> str:
    """The table as JSON: dollars for a million tokens of models that chat and cost by the token alone."""
    kept = {name: entry for name, entry in sorted(listing.items()) if _is_kept(name, entry)}
    head = {"as_of": as_of.isoformat(), "source": source}
    told = head | {"unit": "US dollars for a million tokens: [input, output]"}
    prices = {name: [_dollars(entry, "input"), _dollars(entry, "output")] for name, entry in kept.items()}
    lines = ",\n".join(f"    {json.dumps(name)}: {json.dumps(price)}" for name, price in prices.items())
    said = "".join(f"  {json.dumps(name)}: {json.dumps(value)},\n" for name, value in told.items())
    return f'{{\n{said}  "models": {{\n{lines}\n  }}\n}}\n'


def _dollars(entry: Mapping[str, Any], side: str) -> str:
    return format((Decimal(entry[f"{side}_cost_per_token"]) * _MILLION).normalize(), "f")


def _is_kept(name: str, entry: Mapping[str, Any]) -> bool:
    chats = entry.get("mode") == "chat" and entry.get("litellm_provider") in _PROVIDERS
    is_priced = "input_cost_per_token" in entry and "output_cost_per_token" in entry
    # Fine-tuned models are somebody's own; searches and sounds are charged besides the tokens.
    also_charged = any(cost in entry for cost in _ALSO_CHARGED) or _SEARCHES.search(name)
    return bool(chats and is_priced and not also_charged) and not name.startswith("ft:")
