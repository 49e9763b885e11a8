"""What was asked of the sandbox and what came of it: tests assert on effects, not on calls alone."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

_SECRETS = frozenset({"authorization", "xi-api-key", "x-api-key", "cookie"})
_KEPT = 5_000


@dataclass
class Asked:
    """One request. Its credentials are masked; `status` is None when it was never answered."""

    at: float
    method: str
    path: str
    query: str
    headers: dict[str, str]
    body_sha256: str
    body: Any = None
    status: int | None = None


@dataclass(frozen=True)
class Effect:
    """Something that happened and cannot be taken back: a job made, money spent, a call made to somebody."""

    at: float
    kind: str
    detail: dict[str, Any]


@dataclass
class Ledger:
    """Requests and effects in the order they came; the oldest are forgotten."""

    requests: list[Asked] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)

    def ask(self, asked: Asked) -> None:
        """Write down a request."""
        self.requests.append(asked)
        del self.requests[:-_KEPT]

    def note(self, at: float, kind: str, **detail: Any) -> None:
        """Write down an effect."""
        self.effects.append(Effect(at, kind, detail))
        del self.effects[:-_KEPT]

    def document(self) -> dict[str, Any]:
        """All of it as JSON."""
        return {
            "requests": [asdict(one) for one in self.requests],
            "effects": [asdict(one) for one in self.effects],
        }


def masked(headers: dict[str, str]) -> dict[str, str]:
    """Headers without their secrets."""
    return {name: "…" if name.lower() in _SECRETS else value for name, value in headers.items()}
