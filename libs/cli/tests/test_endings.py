"""What is said of who made a film: never more than is true."""

from __future__ import annotations

import pytest
from cli.endings import HONEST, said_of


@pytest.mark.parametrize(
    ("origins", "said", "unsaid"),
    [
        (["offline"], "nothing left this machine", "sandbox"),
        (["offline", "sandbox"], "sandbox of vendors", "nothing left this machine"),
        (["real", "offline"], "Made with offline stand-ins", "drawn scenes"),
        (["real", "sandbox"], "no vendor was asked for it", "offline"),
    ],
)
def test_stand_ins_are_named(origins: list[str], said: str, unsaid: str) -> None:
    assert said in said_of(origins)
    assert unsaid not in said_of(origins)


def test_of_vendors_alone_nothing_has_to_be_said() -> None:
    assert said_of(["real"]) == said_of([]) == ""
    assert said_of(["offline"]) == HONEST
