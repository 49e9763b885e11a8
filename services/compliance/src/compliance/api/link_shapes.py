"""What the routes of links take and give."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from compliance.guests import Grant, Link
from compliance.links import LinkOrder

DAY = 24 * 60 * 60
PERSON_LIMIT = 120
Person = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=PERSON_LIMIT, pattern=r"^[^\x00-\x1f\x7f]*$"),
]


class LinkBody(BaseModel):
    """For whom the link is, and what they may do."""

    model_config = ConfigDict(extra="forbid")

    person: Person = Field(description="A name or an address. It is on every picture of the film that they see.")
    may: frozenset[Grant] = Field(
        default=frozenset({Grant.LOOK}),
        description="They may look in any case. `decide` needs a stage of the review with `external` in its reviewers.",
    )
    expires_in: int = Field(default=7 * DAY, ge=60, le=30 * DAY, description="Seconds.")
    uses: int = Field(default=5, ge=1, le=100, description="How many browsers may open it.")

    def order(self) -> LinkOrder:
        """The same, as the links take it."""
        return LinkOrder(self.person, self.may, timedelta(seconds=self.expires_in), self.uses)


class LinkView(BaseModel):
    """A link, without what makes it work."""

    id: UUID
    item_id: UUID
    person: str
    may: list[Grant]
    actor: str = Field(description="How the person is called in decisions, notes and the audit trail.")
    created_by: str
    created_at: datetime
    expires_at: datetime
    uses: int
    used: int
    last_used_at: datetime | None
    revoked_at: datetime | None
    revoked_by: str | None
    works: bool = Field(description="Whether it can be opened now.")


class NewLink(BaseModel):
    """A link that was just made. Its address is shown this once and kept nowhere."""

    link: LinkView
    url: str


def link_view(link: Link, *, now: datetime) -> LinkView:
    """A link as people of the tenant see it."""
    works = link.refusal(now) is None and not link.is_used_up
    return LinkView(**{**vars(link), "may": sorted(link.may)}, actor=link.actor, works=works)
