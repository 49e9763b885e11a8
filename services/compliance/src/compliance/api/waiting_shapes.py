"""What `/v1/airlock/waiting` answers."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field


class GateWait(BaseModel):
    """How long one gate waited for people, from its opening to the decision that closed it."""

    gate: str
    decided: int
    median_ms: int | None = Field(description="Null where nobody decided anything.")
    ninth_ms: int | None = Field(description="Nine of ten were decided sooner.")
    longest_ms: int | None
    open: int = Field(description="Waiting now, whenever it was opened.")
    oldest_open_at: datetime | None


class DayWait(BaseModel):
    """The same for what was decided on one day (UTC)."""

    day: date
    decided: int
    median_ms: int


class WaitingView(BaseModel):
    """How long gates waited for people."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "since": "2026-11-01T00:00:00Z",
                    "gates": [
                        {
                            "gate": "ideation",
                            "decided": 9,
                            "median_ms": 240000,
                            "ninth_ms": 5400000,
                            "longest_ms": 7200000,
                            "open": 1,
                            "oldest_open_at": "2026-11-21T09:00:00Z",
                        }
                    ],
                    "days": [{"day": "2026-11-20", "decided": 4, "median_ms": 180000}],
                }
            ]
        }
    )

    since: datetime
    gates: list[GateWait]
    days: list[DayWait] = Field(description="In order; days on which nobody decided are left out.")
