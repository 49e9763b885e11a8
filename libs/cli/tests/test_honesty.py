"""A film's card says who made it, and never more than that."""

from __future__ import annotations

import pytest
from cli.endings import HONEST, honest_about


@pytest.mark.parametrize(
    ("origins", "said"),
    [
        (["offline"], HONEST),
        (["real"], ""),
        (["real", "upload"], ""),
        ([], ""),
        (["offline", "real"], "Made by offline stand-ins and vendors."),
        (["sandbox", "offline"], "Made by offline stand-ins and a sandbox in a vendor's place."),
        (["sandbox"], "Made by a sandbox in a vendor's place."),
    ],
)
def test_who_made_it_is_said(origins: list[str], said: str) -> None:
    assert honest_about(origins) == said
    assert ("No model was asked" in honest_about(origins)) == (origins == ["offline"])
